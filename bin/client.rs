//! `carnet client`: the programs that may ask the daemon. Secrets are shown when they are made,
//! and never again.

use carnet_book::NewClient;
use carnet_model::Client;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::exit::Failure;
use crate::log;
use crate::out;
use crate::place::{OpenBook, wait_for};
use crate::settings::{Flags, Settings};

/// Add, list and remove the clients that may ask the daemon.
///
/// Works on a data directory that no daemon holds.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Work on this data directory [env: CARNET_DATA] [default: ./carnet-data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<std::path::PathBuf>,
    /// Read the settings from this file [env: CARNET_CONFIG] [default: carnet.toml in the data
    /// directory, else in the working directory]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<std::path::PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a client; its secret is shown this once
    Add {
        /// What people call it
        name: String,
        /// What it may do: admin, agent, viewer, lookup, or a role of carnet.toml
        #[arg(long)]
        role: String,
        /// Its id [default: a random one]
        #[arg(long)]
        id: Option<String>,
        /// Its secret, 16 characters or more [default: a random one]
        #[arg(long)]
        secret: Option<String>,
    },
    /// List the clients
    List,
    /// Remove a client; its tokens end at once
    Remove {
        /// The client's id
        id: String,
    },
    /// Give a client another secret; the old one and its tokens end at once
    Rotate {
        /// The client's id
        id: String,
    },
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::read(&Flags {
        data: arguments.data.clone(),
        config: arguments.config.clone(),
        ..Flags::default()
    })?;
    log::start_quietly(&settings);
    match &arguments.action {
        Action::Add { name, role, id, secret } => {
            let book = OpenBook::at(&settings).map_err(without_url)?;
            let made = wait_for(book.add_client(name, role, id.clone(), secret.clone()))?;
            show(&made?, arguments.json)
        }
        Action::List => {
            let book = OpenBook::existing(&settings).map_err(without_url)?;
            list(&book.clients()?, arguments.json)
        }
        Action::Remove { id } => {
            let book = OpenBook::existing(&settings).map_err(without_url)?;
            if !wait_for(book.remove_client(id))?? {
                return Err(unknown(id));
            }
            match arguments.json {
                true => out::json(&json!({ "id": id, "removed": true })),
                false => out::line(&format!("client {id} is removed")),
            }
        }
        Action::Rotate { id } => {
            let book = OpenBook::existing(&settings).map_err(without_url)?;
            let rotated = wait_for(book.rotate_client(id))??;
            show(&rotated.ok_or_else(|| unknown(id))?, arguments.json)
        }
    }
}

/// Clients are not kept over HTTP, so the way out that other commands name is none here.
fn without_url(failure: Failure) -> Failure {
    if failure.code != crate::exit::IN_USE {
        return failure;
    }
    let sentence = "the data directory is in use by a running carnet; stop it first, because \
        clients are not changed through --url";
    Failure { sentence: Some(sentence.to_owned()), ..failure }
}

fn unknown(id: &str) -> Failure {
    Failure::failed(format!("there is no client with the id {id}"))
}

fn show(client: &NewClient, as_json: bool) -> Result<(), Failure> {
    let NewClient { id, secret } = client;
    match as_json {
        true => out::json(&json!({ "id": id, "secret": secret })),
        false => {
            out::line(&format!("id      {id}\nsecret  {secret}\nThe secret is shown this once."))
        }
    }
}

fn list(clients: &[Client], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let clients: Vec<_> = clients
            .iter()
            .map(|client| {
                json!({
                    "id": client.id,
                    "name": client.name,
                    "role": client.role,
                    "createDate": day_and_time(client),
                })
            })
            .collect();
        return out::json(&json!({ "clients": clients }));
    }
    let width = clients.iter().map(|client| client.id.chars().count()).max().unwrap_or(0);
    for client in clients {
        let Client { id, role, name, .. } = client;
        out::line(&format!("{id:width$}  {role:8}  {}  {name}", day_and_time(client)))?;
    }
    Ok(())
}

fn day_and_time(client: &Client) -> String {
    let moment = jiff::Timestamp::from_millisecond(client.create_date.0);
    moment.map(|moment| moment.to_string()).unwrap_or_default()
}

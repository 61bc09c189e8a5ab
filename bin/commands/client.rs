//! `carnet client`: the programs that may ask the daemon. A secret is shown once, when it is made.

use std::env;
use std::path::PathBuf;

use carnet_book::NewClient;
use carnet_model::Client;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::failure::{Failure, IN_USE};
use crate::settings::{Flags, Settings};
use crate::target::open_book::{OpenBook, wait_for};
use crate::target::sign_in::{Destination, OPTIONS_AS, SignIn};
use crate::terminal::log;
use crate::terminal::output;
use carnet_client::{CARNET_PATH, ID_HELP, Remote, segment};

/// Add, list and remove the clients that may ask the daemon.
///
/// Works on a data directory that no daemon holds, or with --url on a running daemon. There,
/// --as-id and --as-secret (or CARNET_ID and CARNET_SECRET) say who asks, a client with the
/// permission carnet:admin; --id and --secret of `client add` are those of the new client.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: ClientTargetOptions,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

/// Where the clients are. The options are those of [`crate::target::TargetOptions`], but for two
/// names: `--id` and `--secret` are the new client's here.
#[derive(Args, Debug, Default)]
struct ClientTargetOptions {
    /// Work on this data directory [env: CARNET_DATA] [default: ./carnet-data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Read the settings from this file [env: CARNET_CONFIG] [default: carnet.toml in the data
    /// directory, else in the working directory]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Work on the running daemon at this address, such as http://127.0.0.1:8420 [env: CARNET_URL]
    #[arg(long, value_name = "URL", global = true)]
    url: Option<String>,
    #[arg(long, value_name = "ID", global = true, help = ID_HELP)]
    as_id: Option<String>,
    /// The secret with which to sign in, with --url; other users of this machine see the command
    /// line, so prefer the environment [env: CARNET_SECRET]
    #[arg(long, value_name = "SECRET", global = true)]
    as_secret: Option<String>,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a client; its secret is shown this once
    Add {
        /// Name of the client, for people
        name: String,
        /// Role of the client: admin, agent, viewer, lookup, or a role of carnet.toml
        #[arg(long)]
        role: String,
        /// The new client's id [default: a random one]
        #[arg(long)]
        id: Option<String>,
        /// The new client's secret, 16 characters or more [default: a random one]
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
    let Arguments { target, json, action } = arguments;
    let answer = match target.sign_in().resolve(|name| env::var(name).ok())? {
        Destination::Daemon { url, id, secret } => {
            there(&Remote::sign_in(&url, id, secret)?, action)?
        }
        Destination::Directory => {
            let settings = target.settings()?;
            log::start_quietly(&settings);
            here(&settings, action)?
        }
    };
    match (json, action) {
        (true, _) => output::json(&answer),
        (false, Action::Add { .. } | Action::Rotate { .. }) => show(&answer),
        (false, Action::List) => list(&answer),
        (false, Action::Remove { id }) => output::line(&format!("client {id} is removed")),
    }
}

impl ClientTargetOptions {
    fn sign_in(&self) -> SignIn<'_> {
        SignIn {
            has_directory: self.data.is_some(),
            url: self.url.as_deref(),
            id: self.as_id.as_deref(),
            secret: self.as_secret.as_deref(),
            names: OPTIONS_AS,
        }
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let flags =
            Flags { config: self.config.clone(), data: self.data.clone(), ..Flags::default() };
        Settings::read(&flags)
    }
}

/// Works on a data directory, and answers as a daemon would.
fn here(settings: &Settings, action: &Action) -> Result<Value, Failure> {
    let existing = || OpenBook::existing(settings).map_err(|failure| in_use(failure, settings));
    match action {
        Action::Add { name, role, id, secret } => {
            let book = OpenBook::at(settings).map_err(|failure| in_use(failure, settings))?;
            let client = wait_for(book.add_client(name, role, id.clone(), secret.clone()))??;
            Ok(made(&client))
        }
        Action::List => {
            let clients = existing()?.clients()?;
            Ok(json!({ "clients": clients.iter().map(listed).collect::<Vec<_>>() }))
        }
        Action::Remove { id } => match wait_for(existing()?.remove_client(id))?? {
            true => Ok(removed(id)),
            false => Err(unknown(id)),
        },
        Action::Rotate { id } => {
            let client = wait_for(existing()?.rotate_client(id))??;
            Ok(made(&client.ok_or_else(|| unknown(id))?))
        }
    }
}

/// Has a running daemon do the work.
fn there(daemon: &Remote, action: &Action) -> Result<Value, Failure> {
    let clients = format!("{CARNET_PATH}/clients");
    let one = |id: &str| format!("{clients}/{}", segment(id));
    match action {
        Action::Add { name, role, id, secret } => {
            let body = json!({ "name": name, "role": role, "id": id, "secret": secret });
            Ok(daemon.post(&clients, JSON, body.to_string().as_bytes())?)
        }
        Action::List => Ok(daemon.get(&clients, &[])?),
        Action::Remove { id } => {
            daemon.delete(&one(id))?;
            Ok(removed(id))
        }
        Action::Rotate { id } => Ok(daemon.post(&format!("{}/rotate", one(id)), JSON, b"")?),
    }
}

const JSON: &str = "application/json";

/// Other commands name `--id` and `--secret` as the way to the running one.
fn in_use(failure: Failure, settings: &Settings) -> Failure {
    if failure.code != IN_USE {
        return failure;
    }
    let sentence = format!(
        "{} is in use by another carnet; ask the running one with --url http://HOST:PORT \
         --as-id ID --as-secret SECRET, or stop it first",
        settings.data.display()
    );
    Failure { sentence: Some(sentence), ..failure }
}

fn unknown(id: &str) -> Failure {
    Failure::failed(format!("there is no client with the id {id}"))
}

fn removed(id: &str) -> Value {
    json!({ "id": id, "removed": true })
}

fn made(NewClient { id, secret, key }: &NewClient) -> Value {
    let mut made = json!({ "id": id, "secret": secret });
    if let Some(key) = key {
        made["key"] = json!(key);
    }
    made
}

fn listed(client: &Client) -> Value {
    json!({
        "id": client.id,
        "name": client.name,
        "role": client.role,
        "createDate": day_and_time(client),
    })
}

fn show(client: &Value) -> Result<(), Failure> {
    let (id, secret) = (text(client, "id"), text(client, "secret"));
    output::line(&format!("id      {id}\nsecret  {secret}"))?;
    if let Some(key) = client["key"].as_str() {
        // Escaped as an address needs it, so that it can be pasted there.
        let key: Vec<String> = key.split('.').map(segment).collect();
        output::line(&format!("key     {}", key.join(".")))?;
    }
    output::line("The secret is shown this once.")
}

fn list(answer: &Value) -> Result<(), Failure> {
    let clients = answer["clients"].as_array().map(Vec::as_slice).unwrap_or_default();
    let width = clients.iter().map(|client| text(client, "id").chars().count()).max().unwrap_or(0);
    for client in clients {
        let [id, role, name, date] = ["id", "role", "name", "createDate"].map(|f| text(client, f));
        output::line(&format!("{id:width$}  {role:8}  {date}  {name}"))?;
    }
    Ok(())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// In the API's form, so that a directory and a daemon say the same.
fn day_and_time(client: &Client) -> String {
    let moment = jiff::Timestamp::from_millisecond(client.create_date.0);
    moment.map(|moment| format!("{moment:.3}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::USAGE;
    use clap::Parser;

    fn parse(words: &str) -> Arguments {
        let words = format!("carnet client {words}");
        match crate::Cli::parse_from(words.split(' ')).command {
            crate::Command::Client(arguments) => arguments,
            other => panic!("{other:?}"),
        }
    }

    fn check(words: &str, variables: &[(&str, &str)], expected: Result<Destination, &str>) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let settled = parse(words).target.sign_in().resolve(variable);
        match (settled, expected) {
            (Ok(settled), Ok(expected)) => assert_eq!(settled, expected, "{words}"),
            (Err(failure), Err(part)) => {
                assert_eq!(failure.code, USAGE, "{words}");
                let sentence = failure.sentence.unwrap();
                assert!(sentence.contains(part), "{words}: {sentence}");
            }
            (settled, expected) => panic!("{words}: {settled:?}, not {expected:?}"),
        }
    }

    fn daemon(id: &str, secret: &str) -> Result<Destination, &'static str> {
        Ok(Destination::Daemon { url: "http://u".into(), id: id.into(), secret: secret.into() })
    }

    #[test]
    fn who_asks_and_who_is_made_are_two() {
        let words = "add New --role viewer --id new --secret new-secret \
                     --url http://u --as-id old --as-secret old-secret";
        check(words, &[], daemon("old", "old-secret"));
        let Action::Add { name, role, id, secret } = parse(words).action else {
            panic!("another action");
        };
        assert_eq!((&*name, &*role), ("New", "viewer"));
        assert_eq!((id.as_deref(), secret.as_deref()), (Some("new"), Some("new-secret")));
        // The new client's never stand in for those of the one who asks, and the other way round.
        check("add New --role viewer --id a --secret b --url http://u", &[], Err("--as-id"));
        let words = "add New --role viewer --url http://u --as-id old --as-secret old-secret";
        let Action::Add { id, secret, .. } = parse(words).action else {
            panic!("another action");
        };
        assert_eq!((id, secret), (None, None));
    }

    #[test]
    fn flags_win_over_the_environment_and_a_directory_over_its_url() {
        let all = [("CARNET_URL", "http://u"), ("CARNET_ID", "i"), ("CARNET_SECRET", "s")];
        let empty = [("CARNET_URL", "")];
        for (words, variables, expected) in [
            ("list", &[][..], Ok(Destination::Directory)),
            ("list", &empty, Ok(Destination::Directory)),
            ("list --data d", &all, Ok(Destination::Directory)),
            ("list", &all, daemon("i", "s")),
            ("--url http://u list --as-id j", &all[1..], daemon("j", "s")),
            ("remove x --as-secret t", &all, daemon("i", "t")),
            ("rotate x --url http://u --as-id i", &[], Err("CARNET_SECRET")),
            ("list --as-id i", &[], Err("--url")),
            ("list --url http://u --data d", &all, Err("exclude")),
            ("--data d list --url http://u", &all, Err("exclude")),
        ] {
            check(words, variables, expected);
        }
    }
}

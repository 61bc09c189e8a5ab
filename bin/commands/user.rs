//! `carnet user`: the people who may sign in to the page. A password is asked for, never given on the
//! command line, which other users of the machine can see.

use carnet_book::NewPassword;
use carnet_client::{CARNET_PATH, Remote, segment};
use carnet_model::User;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::target::open_book::{OpenBook, wait_for};
use crate::target::{Target, TargetOptions};
use crate::terminal::{log, output, password};

/// Add, list and remove the people who may sign in to the page, and change their roles and passwords.
///
/// Works on a data directory that no daemon holds, or with --url on a running daemon. A password is
/// asked for on the terminal; without one it is the first line of standard input.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Args, Debug)]
struct Common {
    #[command(flatten)]
    target: TargetOptions,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Add a person; asks for the password
    Add {
        /// Name with which the person signs in
        name: String,
        /// Role of the person: admin, agent, viewer, lookup, or a role of carnet.toml
        #[arg(long)]
        role: String,
        #[command(flatten)]
        common: Common,
    },
    /// List the people
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Remove a person; the sessions end at once
    Remove {
        /// Name of the person
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Give a person another role
    Role {
        /// Name of the person
        name: String,
        /// The new role
        #[arg(long)]
        role: String,
        #[command(flatten)]
        common: Common,
    },
    /// Give a person another password; asks for it, and ends the sessions
    Password {
        /// Name of the person
        name: String,
        #[command(flatten)]
        common: Common,
    },
}

/// Runs the command.
pub(crate) fn run(Arguments { action }: &Arguments) -> Result<(), Failure> {
    let common = action.common();
    let people = People::open(&common.target)?;
    let answer = match action {
        Action::Add { name, role, .. } => people.add(name, role)?,
        Action::List { .. } => people.list()?,
        Action::Remove { name, .. } => people.remove(name)?,
        Action::Role { name, role, .. } => people.edit(name, Some(role), None)?,
        Action::Password { name, .. } => {
            let text = password::ask(&format!("New password of {name}"))?;
            people.edit(name, None, Some(text))?
        }
    };
    if common.json {
        return output::json(&answer);
    }
    match action {
        Action::Add { .. } => output::line(&format!("{} can sign in now", text(&answer, "name"))),
        Action::List { .. } => list(&answer),
        Action::Remove { name, .. } => output::line(&format!("{name} is removed")),
        Action::Role { .. } => {
            let (name, role) = (text(&answer, "name"), text(&answer, "role"));
            output::line(&format!("{name} has the role {role} now"))
        }
        Action::Password { .. } => {
            let name = text(&answer, "name");
            output::line(&format!("{name} has another password now, and must sign in again"))
        }
    }
}

impl Action {
    fn common(&self) -> &Common {
        match self {
            Action::Add { common, .. }
            | Action::List { common }
            | Action::Remove { common, .. }
            | Action::Role { common, .. }
            | Action::Password { common, .. } => common,
        }
    }
}

/// The people, here or at a daemon. Both answer with the API's JSON.
enum People {
    Book(OpenBook),
    Daemon(Box<Remote>),
}

impl People {
    fn open(target: &TargetOptions) -> Result<People, Failure> {
        match target.resolve()? {
            Target::Daemon(remote) => Ok(People::Daemon(remote)),
            Target::Directory(settings) => {
                log::start_quietly(&settings);
                Ok(People::Book(OpenBook::at(&settings)?))
            }
        }
    }

    fn add(&self, name: &str, role: &str) -> Result<Value, Failure> {
        let text = password::ask(&format!("Password of {name}"))?;
        match self {
            People::Book(book) => {
                let hashed = NewPassword::new(&text)?;
                Ok(listed(&wait_for(book.add_user(name, role, hashed))??))
            }
            People::Daemon(daemon) => {
                let body = json!({ "name": name, "role": role, "password": text });
                Ok(daemon.post(&users(), JSON, body.to_string().as_bytes())?)
            }
        }
    }

    fn list(&self) -> Result<Value, Failure> {
        match self {
            People::Book(book) => {
                Ok(json!({ "users": book.users()?.iter().map(listed).collect::<Vec<_>>() }))
            }
            People::Daemon(daemon) => Ok(daemon.get(&users(), &[])?),
        }
    }

    fn remove(&self, name: &str) -> Result<Value, Failure> {
        match self {
            People::Book(book) => wait_for(book.remove_user(name))??,
            People::Daemon(daemon) => drop(daemon.delete(&one(name))?),
        }
        Ok(json!({ "name": name, "removed": true }))
    }

    fn edit(
        &self,
        name: &str,
        role: Option<&str>,
        password: Option<String>,
    ) -> Result<Value, Failure> {
        match self {
            People::Book(book) => {
                let password = password.as_deref().map(NewPassword::new).transpose()?;
                let role = role.map(str::to_owned);
                Ok(listed(&wait_for(book.edit_user(name, role, password))??))
            }
            People::Daemon(daemon) => {
                let body = json!({ "role": role, "password": password });
                Ok(daemon.put(&one(name), JSON, body.to_string().as_bytes())?)
            }
        }
    }
}

const JSON: &str = "application/json";

fn users() -> String {
    format!("{CARNET_PATH}/users")
}

fn one(name: &str) -> String {
    format!("{}/{}", users(), segment(name))
}

fn listed(user: &User) -> Value {
    let made = jiff::Timestamp::from_millisecond(user.create_date.0);
    let made = made.map(|moment| format!("{moment:.3}")).unwrap_or_default();
    json!({ "name": user.name, "role": user.role, "createDate": made })
}

fn list(answer: &Value) -> Result<(), Failure> {
    let people = answer["users"].as_array().map(Vec::as_slice).unwrap_or_default();
    for person in people {
        let [name, role, date] = ["name", "role", "createDate"].map(|field| text(person, field));
        output::line(&format!("{role:8}  {date}  {name}"))?;
    }
    Ok(())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

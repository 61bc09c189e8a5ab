//! Where a command works: on a data directory of this machine, or on a running daemon.

pub(crate) mod open_book;
pub(crate) mod sign_in;

use std::env;
use std::path::PathBuf;

use carnet_client::{ID_HELP, Remote, SECRET_HELP};
use clap::Args;

use crate::failure::Failure;
use crate::settings::{Flags, Settings};
use sign_in::{Destination, OPTIONS, SignIn};

/// The options of every command that works on data.
#[derive(Args, Debug, Default)]
pub(crate) struct TargetOptions {
    /// Work on this data directory [env: CARNET_DATA] [default: ./carnet-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Read the settings from this file [env: CARNET_CONFIG] [default: carnet.toml in the data
    /// directory, else in the working directory]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Work on the running daemon at this address, such as http://127.0.0.1:8420 [env: CARNET_URL]
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    url: Option<String>,
    #[arg(long = "id", value_name = "ID", help = ID_HELP)]
    id: Option<String>,
    #[arg(long = "secret", value_name = "SECRET", help = SECRET_HELP)]
    secret: Option<String>,
}

/// Where a command works.
pub(crate) enum Target {
    /// On a data directory, with these settings.
    Directory(Box<Settings>),
    /// On a running daemon that is signed in to.
    Daemon(Box<Remote>),
}

impl TargetOptions {
    /// Resolves the options: reads the settings of a directory, or signs in to a daemon.
    pub(crate) fn resolve(&self) -> Result<Target, Failure> {
        let sign_in = SignIn {
            has_directory: self.data.is_some(),
            url: self.url.as_deref(),
            id: self.id.as_deref(),
            secret: self.secret.as_deref(),
            names: OPTIONS,
        };
        match sign_in.resolve(|name| env::var(name).ok())? {
            Destination::Directory => Ok(Target::Directory(Box::new(self.settings()?))),
            Destination::Daemon { url, id, secret } => {
                Ok(Target::Daemon(Box::new(Remote::sign_in(&url, id, secret)?)))
            }
        }
    }

    /// The settings for a data directory.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let flags =
            Flags { config: self.config.clone(), data: self.data.clone(), ..Flags::default() };
        Settings::read(&flags)
    }
}

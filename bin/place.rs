//! Where a command works: on a data directory of this machine, or on a running daemon.

use std::env;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use carnet_book::AddressBook;
use clap::Args;

use crate::exit::Failure;
use crate::progress;
use crate::settings::{Flags, Settings};
use carnet_client::Remote;

/// The file by which a data directory is known: the store.
const STORE_FILE: &str = "carnet.redb";

/// The options of every command that works on data.
#[derive(Args, Debug, Default)]
pub(crate) struct Place {
    /// Work on this data directory [env: CARNET_DATA] [default: ./carnet-data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Read the settings from this file [env: CARNET_CONFIG] [default: carnet.toml in the data
    /// directory, else in the working directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Work on the running daemon at this address, such as http://127.0.0.1:8420 [env: CARNET_URL]
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    url: Option<String>,
    /// Sign in as this client, with --url [env: CARNET_ID]
    #[arg(long = "id", value_name = "ID")]
    id: Option<String>,
    /// The client's secret, with --url; other users of this machine see the command line, so
    /// prefer the environment [env: CARNET_SECRET]
    #[arg(long = "secret", value_name = "SECRET")]
    secret: Option<String>,
}

/// Where a command works.
pub(crate) enum Where {
    /// On a data directory, with these settings.
    Here(Box<Settings>),
    /// On a running daemon.
    There(Box<Remote>),
}

impl Place {
    /// Decides where, and signs in if it is a daemon. `--data` wins over `CARNET_URL`.
    pub(crate) fn settle(&self) -> Result<Where, Failure> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let url = match (&self.url, &self.data) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(_)) => None,
            (None, None) => variable("CARNET_URL"),
        };
        let Some(url) = url else {
            if self.id.is_some() || self.secret.is_some() {
                return Err(Failure::usage("--id and --secret belong to --url, which is missing"));
            }
            return Ok(Where::Here(Box::new(self.settings()?)));
        };
        let given = |flag: &Option<String>, name| flag.clone().or_else(|| variable(name));
        let id = given(&self.id, "CARNET_ID");
        let secret = given(&self.secret, "CARNET_SECRET");
        let (Some(id), Some(secret)) = (id, secret) else {
            return Err(Failure::usage(
                "a running daemon wants a client's id and secret: give --id and --secret, or \
                 CARNET_ID and CARNET_SECRET",
            ));
        };
        Ok(Where::There(Box::new(Remote::sign_in(&url, id, secret)?)))
    }

    /// The settings for a data directory.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let flags =
            Flags { config: self.config.clone(), data: self.data.clone(), ..Flags::default() };
        Settings::read(&flags)
    }
}

/// An open address book that is closed when the command is done with it, however it ends.
pub(crate) struct OpenBook(AddressBook);

impl OpenBook {
    /// Opens a data directory that has a store. Nothing is made: a mistyped directory stays as
    /// it is.
    pub(crate) fn existing(settings: &Settings) -> Result<OpenBook, Failure> {
        if !settings.data.is_dir() {
            return Err(Failure::failed(format!(
                "there is no data directory {}; `carnet serve` or `carnet import` makes one, \
                 --data names another",
                settings.data.display()
            )));
        }
        if !has_store(&settings.data) {
            return Err(Failure::failed(format!(
                "{} has no {STORE_FILE}, so it is no data directory of carnet; `carnet serve` or \
                 `carnet import` makes one, --data names another",
                settings.data.display()
            )));
        }
        open(settings)
    }

    /// Opens a data directory, and makes it where it is missing.
    pub(crate) fn at(settings: &Settings) -> Result<OpenBook, Failure> {
        make_private(&settings.data)?;
        open(settings)
    }

    /// The same for an import, in which nobody searches.
    pub(crate) fn for_import(settings: &Settings) -> Result<OpenBook, Failure> {
        make_private(&settings.data)?;
        open_with(settings, carnet_book::Settings { bulk: true, ..settings.book() })
    }

    /// Waits until search can be answered, with a spinner while the index is made again.
    pub(crate) fn searchable(self) -> Result<OpenBook, Failure> {
        if !self.status().searchable {
            let waiting = progress::waiting("the index is being brought level", true);
            self.wait_until_searchable()?;
            waiting.finish_and_clear();
        }
        Ok(self)
    }
}

impl Deref for OpenBook {
    type Target = AddressBook;

    fn deref(&self) -> &AddressBook {
        &self.0
    }
}

impl Drop for OpenBook {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Whether a directory is a data directory already.
pub(crate) fn has_store(data: &Path) -> bool {
    data.join(STORE_FILE).is_file()
}

fn open(settings: &Settings) -> Result<OpenBook, Failure> {
    open_with(settings, settings.book())
}

fn open_with(settings: &Settings, book: carnet_book::Settings) -> Result<OpenBook, Failure> {
    AddressBook::open(book).map(OpenBook).map_err(|error| Failure::open(&settings.data, &error))
}

/// Makes a directory that only its owner enters. One that exists is left as it is.
fn make_private(data: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let what = || format!("the data directory {} cannot be made", data.display());
    builder.create(data).map_err(|error| Failure::file(what(), &error))
}

/// Runs one of the book's writes to its end. The book has threads of its own; nothing here
/// needs more than a place to wait.
pub(crate) fn wait_for<T>(write: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::file("the command cannot start", &e))?;
    Ok(runtime.block_on(write))
}

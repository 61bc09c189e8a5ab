//! Whether a command goes to a running daemon, and as which client: by its options, else by the
//! environment. Nothing is asked here.

use carnet_client::{ClientError, credentials};

use crate::failure::Failure;

/// The names of the options and the sentence without which a command cannot sign in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OptionNames {
    id: &'static str,
    secret: &'static str,
    /// The sentence when the id or the secret is missing.
    missing: Option<&'static str>,
}

/// The options of most commands.
pub(crate) const OPTIONS: OptionNames =
    OptionNames { id: "--id", secret: "--secret", missing: None };

/// The options of `carnet client`, where `--id` and `--secret` are those of another client.
pub(crate) const OPTIONS_AS: OptionNames = OptionNames {
    id: "--as-id",
    secret: "--as-secret",
    missing: Some(
        "a running daemon wants the id and secret of a client that may keep clients: give --as-id \
         and --as-secret, or CARNET_ID and CARNET_SECRET",
    ),
};

/// The options of a command line about where it works.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn<'a> {
    /// Whether `--data` was given.
    pub(crate) has_directory: bool,
    /// `--url`
    pub(crate) url: Option<&'a str>,
    /// The id of the client.
    pub(crate) id: Option<&'a str>,
    /// The client's secret.
    pub(crate) secret: Option<&'a str>,
    /// The names of the last two.
    pub(crate) names: OptionNames,
}

/// Where a command goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// To a data directory.
    Directory,
    /// To a running daemon, to sign in with these.
    Daemon {
        /// The daemon's address.
        url: String,
        /// The client's id.
        id: String,
        /// The client's secret.
        secret: String,
    },
}

impl SignIn<'_> {
    /// Resolves the options; `variable` gives the environment, in which an empty variable counts
    /// as none. `--data` wins over `CARNET_URL`.
    pub(crate) fn resolve(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Destination, Failure> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let OptionNames { id, secret, missing } = self.names;
        let url = match (self.url, self.has_directory) {
            // Options may stand before and behind a subcommand, where the parser misses this.
            (Some(_), true) => return Err(Failure::usage("--url and --data exclude each other")),
            (Some(url), false) => Some(url.to_owned()),
            (None, true) => None,
            (None, false) => variable("CARNET_URL"),
        };
        let Some(url) = url else {
            if self.id.is_some() || self.secret.is_some() {
                let sentence = format!("{id} and {secret} belong to --url, which is missing");
                return Err(Failure::usage(sentence));
            }
            return Ok(Destination::Directory);
        };
        match credentials(self.id, self.secret, variable) {
            Ok((id, secret)) => Ok(Destination::Daemon { url, id, secret }),
            Err(error @ ClientError::NoCredentials) => Err(match missing {
                Some(sentence) => Failure::usage(sentence),
                None => Failure::from(error),
            }),
            Err(error) => Err(Failure::from(error)),
        }
    }
}

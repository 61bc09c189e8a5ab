//! The id and the secret by which a program signs in, as its command line and its environment name
//! them: the same options, variables and sentences for every command that asks a daemon.

use crate::error::ClientError;

/// Help for the option `--id`.
pub const ID_HELP: &str = "Sign in as this client, with --url [env: CARNET_ID]";

/// Help for the option `--secret`.
pub const SECRET_HELP: &str = "The client's secret, with --url; other users of this machine see \
                               the command line, so prefer the environment [env: CARNET_SECRET]";

/// The id and the secret of a client: the options where they were given, else the variables
/// `CARNET_ID` and `CARNET_SECRET` of the environment, as `variable` gives it. An empty variable
/// counts as none.
///
/// # Errors
/// When either is missing.
pub fn credentials(
    id: Option<&str>,
    secret: Option<&str>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(String, String), ClientError> {
    let variable = |name| variable(name).filter(|value| !value.is_empty());
    let id = id.map(str::to_owned).or_else(|| variable("CARNET_ID"));
    let secret = secret.map(str::to_owned).or_else(|| variable("CARNET_SECRET"));
    id.zip(secret).ok_or(ClientError::NoCredentials)
}

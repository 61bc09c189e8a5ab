//! `carnet serve`: opens the address book, listens, and stops on a signal.

mod first_client;

use std::path::PathBuf;

use carnet_http::{Server, ServerSettings};
use clap::Args;

use crate::failure::{Failure, sentence};
use crate::settings::{Flags, Settings};
use crate::target::open_book::OpenBook;
use crate::terminal::log;
use crate::terminal::output;
use crate::terminal::signals::Signals;

/// Run the daemon.
///
/// Starts on an empty directory, too: then it makes one client with the role admin and prints
/// its id and secret, once. Stops on SIGTERM and SIGINT, after what is being answered;
/// a second one ends it at once.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Keep the data in this directory; it is made when it is missing [env: CARNET_DATA]
    /// [default: ./carnet-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Listen on this address and port [env: CARNET_LISTEN] [default: 127.0.0.1:8420]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Read the settings from this file [env: CARNET_CONFIG] [default: carnet.toml in the data
    /// directory, else in the working directory]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Allow an address that other machines reach, although nothing is encrypted
    /// [env: CARNET_INSECURE_LISTEN]
    #[arg(long)]
    insecure_listen: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::read(&Flags {
        config: arguments.config.clone(),
        data: arguments.data.clone(),
        listen: arguments.listen.clone(),
        insecure_listen: arguments.insecure_listen,
    })?;
    log::start(&settings);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::file("the daemon cannot start", &error))?;
    // Dropped after the runtime's work is done, and that closes it.
    let book = OpenBook::at(&settings)?;
    runtime.block_on(serve(&settings, &book))
}

async fn serve(settings: &Settings, book: &OpenBook) -> Result<(), Failure> {
    // Listened to from here on: a stop that comes while starting must not be lost.
    let signals = Signals::install();
    let mut signals = signals.map_err(|e| Failure::file("signals cannot be heard", &e))?;
    let stop = async move {
        let signal = signals.next().await;
        tracing::info!("told to stop by {signal}");
        // Acknowledged writes are durable, so a second signal need not wait for slow callers.
        tokio::spawn(signals.end_at_next());
    };
    let listen = ServerSettings {
        insecure_listen: settings.insecure_listen,
        fast_path: settings.fast_path,
        caller_id: settings.caller_id.clone(),
        cors: settings.cors.clone(),
        ..ServerSettings::new(settings.listen)
    };
    let server = Server::bind(listen, (**book).clone()).await;
    let server = server.map_err(|error| Failure::failed(sentence(&error)))?;
    let address = server.address();
    tracing::info!(%address, data = %settings.data.display(), "listening");
    let welcome = first_client::welcome(book, &settings.data, address).await?;
    // The daemon serves whether or not somebody reads this.
    let _ = output::line(&format!("carnet listens on http://{address}{welcome}"));
    let served = server.run(stop).await;
    tracing::info!("stopped");
    served.map_err(|error| Failure::failed(sentence(&error)))
}

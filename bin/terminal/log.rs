//! The log: tracing's events on standard error. Events never carry numbers, names or secrets;
//! that is up to who writes them, this file only says how many are kept and in which form.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::settings::{Settings, Source};

/// Starts the daemon's log, as the settings say.
pub(crate) fn start(settings: &Settings) {
    start_at(settings, settings.log_level);
}

/// Starts a command's log: warnings and worse, unless someone asked for a level.
pub(crate) fn start_quietly(settings: &Settings) {
    let asked = settings.source("log.level") != Some(&Source::Default);
    let level = if asked { settings.log_level } else { LevelFilter::WARN };
    start_at(settings, level);
}

fn start_at(settings: &Settings, level: LevelFilter) {
    // The engines' own news are of no use to an administrator, their warnings are.
    let targets =
        Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("carnet", level);
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let layer = match settings.log_json {
        true => layer.json().boxed(),
        false => layer.boxed(),
    };
    // It fails only where a log runs already, and then there is one.
    let _ = tracing_subscriber::registry().with(layer.with_filter(targets)).try_init();
}

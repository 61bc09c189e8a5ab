//! `carnet bench`: how fast is this here? A load generator, its yardstick and its report in the
//! binary, so that anybody can check a figure on their own machine with one command.

mod error;
mod load;
mod options;
mod progress;
mod questions;
mod report;
mod runs;
mod sut;
mod yardstick;

use std::net::SocketAddr;
use std::path::PathBuf;

use hyper::header::HeaderValue;

pub use error::{BenchError, Stop};
use options::What;
pub use options::{Arguments, Options, YardstickArguments};
use progress::say;
pub use report::Report;
use report::results::Results;
use report::text as table;
use runs::{edits, import, lookups as numbers, searches, size, start};
use sut::Subject;
use sut::machine::Machine;

/// Measures as the command line says, until `stop` answers that it shall end.
///
/// # Errors
/// Options that make no sense together, anything that keeps carnet from being started or asked,
/// and a stop. Bad answers are no error: they are counted in the report.
pub fn measure(arguments: &Arguments, stop: Stop) -> Result<Report, BenchError> {
    let options = &arguments.options;
    let machine = Machine::look();
    let mut results = Results::default();
    match arguments.what {
        Some(What::Import) => import::import(options, &mut results, stop)?,
        Some(what) => {
            on_each(options, stop, |subject| one(what, options, subject, &mut results, stop))?
        }
        None => everything(&options.brief(), &mut results, stop)?,
    }
    Ok(Report::new(machine, results))
}

/// Measures one thing.
fn one(
    what: What,
    options: &Options,
    subject: &mut Subject,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    match what {
        What::Lookup => {
            results.runs.extend(numbers::run(options, subject, &numbers::about(options), stop)?);
        }
        What::Cid => {
            results.runs.extend(numbers::run(
                options,
                subject,
                &numbers::AboutNumbers::CallerId,
                stop,
            )?);
        }
        What::Search => results.runs.extend(searches::run(options, subject, stop)?),
        What::Write => edits::run(options, subject, results, stop)?,
        What::Mixed => edits::mixed(options, subject, results, stop)?,
        What::Start => start::start(options, subject, results, stop)?,
        What::Size => size::size(subject, results, stop)?,
        // These two have no carnet under them.
        What::Import | What::Yardstick => {}
    }
    Ok(())
}

/// A little of everything.
fn everything(options: &Options, results: &mut Results, stop: Stop) -> Result<(), BenchError> {
    on_each(options, stop, |subject| {
        if let Some(ended) = &subject.imported {
            import::imported(&subject.people, ended, results);
        }
        let mut misses = options.clone();
        misses.misses = 1.0;
        let parts: [(&str, What, &Options); 7] = [
            ("look-ups", What::Lookup, options),
            ("numbers that nobody has", What::Lookup, &misses),
            ("caller ID", What::Cid, options),
            ("search", What::Search, options),
            ("size", What::Size, options),
            ("edits", What::Write, options),
            ("start", What::Start, options),
        ];
        for (name, what, options) in parts {
            say(name);
            // Starting by itself is not ours to do with a daemon that runs already.
            if !(what == What::Start && subject.data().is_none()) {
                one(what, options, subject, results, stop)?;
            }
        }
        Ok(())
    })
}

/// Does something with each carnet that the options name, and puts everything back after it.
fn on_each(
    options: &Options,
    stop: Stop,
    mut run: impl FnMut(&mut Subject) -> Result<(), BenchError>,
) -> Result<(), BenchError> {
    let mut with = |subject: Result<Subject, BenchError>| {
        let mut subject = subject?;
        let done = run(&mut subject);
        // Also after a failure; the first one is told.
        let ended = subject.end();
        done.and(ended)
    };
    if let Some(data) = &options.data {
        return with(Subject::directory(data, stop));
    }
    if options.url.is_some() {
        return with(Subject::running(options, stop));
    }
    for contacts in options.sizes() {
        say(&format!("making up and importing {} contacts", table::grouped(contacts as f64)));
        with(Subject::made_up(options, contacts, stop))?;
    }
    Ok(())
}

/// Serves the same answer to everything until the process ends; `listens` is called with the
/// address once it can be reached.
///
/// # Errors
/// When the body cannot be read, or nobody can listen there, and those of `listens`.
pub fn serve_yardstick<E: From<BenchError>>(
    arguments: &YardstickArguments,
    listens: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> Result<(), E> {
    let body = match arguments.bytes.parse::<u32>() {
        Ok(count) => vec![b'x'; usize::try_from(count).unwrap_or_default()],
        Err(_) => {
            let path = PathBuf::from(&arguments.bytes);
            std::fs::read(&path).map_err(|error| BenchError::file(path.display(), &error))?
        }
    };
    let media_type = HeaderValue::from_str(&arguments.media_type);
    let media_type =
        media_type.map_err(|_| BenchError::usage("--media-type: this is no media type"))?;
    let told = yardstick::Told { body: body.into(), media_type };
    yardstick::run(arguments.listen, &told, listens)
}

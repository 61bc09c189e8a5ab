//! Measures how fast carnet is on a machine: a load generator, a bare server to compare with, and
//! a report, so that figures can be checked with one command, `carnet bench`.
//!
//! carnet is measured from the outside, as a process that is asked over HTTP. Nothing here knows
//! how contacts are stored, nor exit codes, signals and standard output: those are the command's.

mod bare_server;
mod error;
mod load;
mod options;
mod progress;
mod questions;
mod report;
mod runs;
mod sut;

use std::net::SocketAddr;
use std::path::PathBuf;

use hyper::header::HeaderValue;

pub use error::{BenchError, Stop};
use options::Benchmark;
pub use options::{Arguments, BareServerArguments, Options};
use progress::say;
pub use report::Report;
use report::results::Results;
use report::text;
use runs::{edits, import, lookups, searches, size, start};
use sut::Sut;
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
        Some(Benchmark::Import) => import::import(options, &mut results, stop)?,
        Some(what) => on_each(options, stop, |sut| one(what, options, sut, &mut results, stop))?,
        None => everything(&options.brief(), &mut results, stop)?,
    }
    Ok(Report::new(machine, results))
}

/// Measures one thing.
fn one(
    what: Benchmark,
    options: &Options,
    sut: &mut Sut,
    results: &mut Results,
    stop: Stop,
) -> Result<(), BenchError> {
    match what {
        Benchmark::Lookup => {
            results.runs.extend(lookups::run(options, sut, &lookups::kind(options), stop)?);
        }
        Benchmark::Cid => {
            results.runs.extend(lookups::run(
                options,
                sut,
                &lookups::NumberQuestion::CallerId,
                stop,
            )?);
        }
        Benchmark::Search => results.runs.extend(searches::run(options, sut, stop)?),
        Benchmark::Write => edits::run(options, sut, results, stop)?,
        Benchmark::Mixed => edits::mixed(options, sut, results, stop)?,
        Benchmark::Start => start::start(options, sut, results, stop)?,
        Benchmark::Size => size::size(sut, results, stop)?,
        // These two measure no running carnet.
        Benchmark::Import | Benchmark::BareServer => {}
    }
    Ok(())
}

/// A little of everything.
fn everything(options: &Options, results: &mut Results, stop: Stop) -> Result<(), BenchError> {
    on_each(options, stop, |sut| {
        if let Some(ended) = &sut.imported {
            import::imported(&sut.people, ended, results);
        }
        let mut misses = options.clone();
        misses.misses = 1.0;
        let steps: [(&str, Benchmark, &Options); 7] = [
            ("look-ups", Benchmark::Lookup, options),
            ("numbers that nobody has", Benchmark::Lookup, &misses),
            ("caller ID", Benchmark::Cid, options),
            ("search", Benchmark::Search, options),
            ("size", Benchmark::Size, options),
            ("edits", Benchmark::Write, options),
            ("start", Benchmark::Start, options),
        ];
        for (name, what, options) in steps {
            say(name);
            // A daemon that runs already cannot be started here.
            if !(what == Benchmark::Start && sut.data().is_none()) {
                one(what, options, sut, results, stop)?;
            }
        }
        Ok(())
    })
}

/// Calls `run` with each carnet that the options name, and leaves everything as it was.
fn on_each(
    options: &Options,
    stop: Stop,
    mut run: impl FnMut(&mut Sut) -> Result<(), BenchError>,
) -> Result<(), BenchError> {
    let mut with = |sut: Result<Sut, BenchError>| {
        let mut sut = sut?;
        let done = run(&mut sut);
        // Also after a failure; the first error is answered.
        let ended = sut.end();
        done.and(ended)
    };
    if let Some(data) = &options.data {
        return with(Sut::directory(data, stop));
    }
    if options.url.is_some() {
        return with(Sut::running(options, stop));
    }
    for contacts in options.sizes() {
        say(&format!("making up and importing {} contacts", text::grouped(contacts as f64)));
        with(Sut::made_up(options, contacts, stop))?;
    }
    Ok(())
}

/// Serves the same answer to everything until the process ends; `listens` is called with the
/// address once it can be reached.
///
/// # Errors
/// A body that cannot be read, an address that cannot be listened on, and those of `listens`.
pub fn serve_bare_server<E: From<BenchError>>(
    arguments: &BareServerArguments,
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
    let answer = bare_server::FixedAnswer { body: body.into(), media_type };
    bare_server::run(arguments.listen, &answer, listens)
}

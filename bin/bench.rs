//! `carnet bench`: how fast is this here? A load generator, its yardstick and its report in the
//! binary, so that anybody can check a figure on their own machine with one command.

mod ask;
mod callers;
mod chart;
mod child;
mod edits;
mod load;
mod machine;
mod measure;
mod numbers;
mod options;
mod parse;
mod people;
mod process;
mod report;
mod results;
mod rounds;
mod scratch;
mod searches;
mod subject;
mod table;
mod whole;
mod yardstick;
mod zipf;

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use hyper::header::HeaderValue;
use serde_json::json;

use crate::exit::{self, Failure};
use crate::out;
use crate::stop::Stop;
use ask::AboutNumbers;
use machine::Machine;
use options::{Options, What};
use results::Results;
use subject::Subject;

/// Measure how fast carnet is on this machine.
///
/// Without a word it makes up 100,000 contacts in a temporary directory and measures a little of
/// everything in under a minute. Processor time is that of the server (user and system) for each
/// request; it is compared with a bare hyper server that answers as many bytes, in turn.
///
/// With --rate requests keep to a schedule, and their times count from when they were due.
/// Without it, times are those of clients that wait for each answer before they ask again.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to measure [default: a little of everything]
    #[arg(value_enum)]
    what: Option<What>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    yardstick: YardstickArguments,
}

/// What a measurement tells the bare server that it starts.
#[derive(Args, Debug)]
struct YardstickArguments {
    /// Where the yardstick listens
    #[arg(long, hide = true, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// What it answers: a file, or so many bytes
    #[arg(long, hide = true, default_value = "800")]
    bytes: String,
    /// The kind of its answers
    #[arg(long, hide = true, default_value = "application/json")]
    media_type: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let options = &arguments.options;
    if arguments.what == Some(What::Yardstick) {
        return serve_yardstick(&arguments.yardstick);
    }
    let stop = Stop::hear()?;
    let machine = Machine::look();
    let mut results = Results::default();
    match arguments.what {
        Some(What::Import) => whole::import(options, &mut results, &stop)?,
        Some(what) => {
            on_each(options, &stop, |subject| one(what, options, subject, &mut results, &stop))?
        }
        None => everything(&options.brief(), &mut results, &stop)?,
    }
    show(options, &machine, &results)
}

/// Measures one thing.
fn one(
    what: What,
    options: &Options,
    subject: &mut Subject,
    results: &mut Results,
    stop: &Stop,
) -> Result<(), Failure> {
    match what {
        What::Lookup => {
            results.runs.extend(numbers::run(options, subject, &numbers::about(options), stop)?);
        }
        What::Cid => {
            results.runs.extend(numbers::run(options, subject, &AboutNumbers::CallerId, stop)?);
        }
        What::Search => results.runs.extend(searches::run(options, subject, stop)?),
        What::Write => edits::run(options, subject, results, stop)?,
        What::Mixed => edits::mixed(options, subject, results, stop)?,
        What::Start => whole::start(options, subject, results, stop)?,
        What::Size => whole::size(subject, results, stop)?,
        // These two have no carnet under them.
        What::Import | What::Yardstick => {}
    }
    Ok(())
}

/// A little of everything.
fn everything(options: &Options, results: &mut Results, stop: &Stop) -> Result<(), Failure> {
    on_each(options, stop, |subject| {
        if let Some(ended) = &subject.imported {
            whole::imported(&subject.people, ended, results);
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
    stop: &Stop,
    mut run: impl FnMut(&mut Subject) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut with = |subject: Result<Subject, Failure>| {
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

/// Writes the report and shows what was measured. Anything that went wrong makes the command fail, after that.
fn show(options: &Options, machine: &Machine, results: &Results) -> Result<(), Failure> {
    if let Some(path) = &options.report {
        let mut file = out::Sink::open(Some(path))?;
        let page = report::page(machine, results);
        let written = file.write_all(page.as_bytes());
        written.map_err(|error| Failure::file(path.display(), &error))?;
        file.finish()?;
    }
    if options.json {
        let mut all = json!({ "machine": machine.json() });
        if let (Some(all), Some(more)) = (all.as_object_mut(), results.json().as_object()) {
            all.extend(more.clone());
        }
        out::json(&all)?;
    } else {
        out::line(table::text(machine, results).trim_end())?;
    }
    let errors: u64 = results.errors().iter().map(|(_, times)| times).sum();
    if errors > 0 {
        let sentence =
            format!("{errors} errors: the figures above are not those of a carnet that works");
        return Err(Failure { code: exit::FAILED, sentence: Some(sentence) });
    }
    Ok(())
}

/// Tells people what takes its time.
fn say(what: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // Who does not read it misses nothing.
        let _ = writeln!(stderr, "carnet bench: {what}");
    }
}

fn serve_yardstick(arguments: &YardstickArguments) -> Result<(), Failure> {
    let body = match arguments.bytes.parse::<u32>() {
        Ok(count) => vec![b'x'; usize::try_from(count).unwrap_or_default()],
        Err(_) => {
            let path = PathBuf::from(&arguments.bytes);
            std::fs::read(&path).map_err(|error| Failure::file(path.display(), &error))?
        }
    };
    let media_type = HeaderValue::from_str(&arguments.media_type);
    let media_type =
        media_type.map_err(|_| Failure::usage("--media-type: this is no media type"))?;
    yardstick::run(arguments.listen, &yardstick::Told { body: body.into(), media_type })
}

//! `carnet bench`: measures this carnet on this machine and shows the figures. How that is
//! measured is the business of carnet-bench.

use std::io::Write;

pub(crate) use carnet_bench::Arguments;
use carnet_bench::{Report, measure, serve_bare_server};

use crate::failure::{self, Failure};
use crate::terminal::output;
use crate::terminal::signals::Stop;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(server) = arguments.bare_server() {
        let listens =
            |address| output::line(&format!("the bare server listens on http://{address}"));
        return serve_bare_server(server, listens);
    }
    let stop = Stop::on_signal()?;
    let report = measure(arguments, &|| stop.is_requested())?;
    show(arguments, &report)
}

/// Writes the page and shows the figures. Errors while measuring make the command fail, after that.
fn show(arguments: &Arguments, report: &Report) -> Result<(), Failure> {
    if let Some(path) = &arguments.options.report {
        let mut file = output::Sink::open(Some(path))?;
        let written = file.write_all(report.html().as_bytes());
        written.map_err(|error| Failure::file(path.display(), &error))?;
        file.finish()?;
    }
    if arguments.options.json {
        output::json(&report.json())?;
    } else {
        output::line(report.text().trim_end())?;
    }
    match report.errors() {
        0 => Ok(()),
        errors => {
            let sentence =
                format!("{errors} errors: the figures above are not those of a carnet that works");
            Err(Failure { code: failure::FAILED, sentence: Some(sentence) })
        }
    }
}

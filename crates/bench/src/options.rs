//! The command line of `carnet bench`.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use carnet_client::{ID_HELP, SECRET_HELP, credentials};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use crate::error::BenchError;

/// Measure how fast carnet is on this machine.
///
/// Without a word it makes up 100,000 contacts in a temporary directory and measures a little of
/// everything in under a minute. Processor time is that of the server (user and system) for each
/// request; it is compared with a bare hyper server that answers as many bytes, in turn.
///
/// With --rate requests keep to a schedule, and their times count from when they were due.
/// Without it, times are those of clients that wait for each answer before they ask again.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Measurement to run [default: a little of everything]
    #[arg(value_enum)]
    pub(crate) what: Option<Benchmark>,
    /// How.
    #[command(flatten)]
    pub options: Options,
    #[command(flatten)]
    bare: BareServerArguments,
}

/// The options of the bare server, which a measurement starts as a process of its own.
#[derive(Args, Debug)]
pub struct BareServerArguments {
    /// Where the bare server listens
    #[arg(long, hide = true, default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// The body of its answers: a file, or a number of bytes
    #[arg(long, hide = true, default_value = "800")]
    pub(crate) bytes: String,
    /// The media type of its answers
    #[arg(long, hide = true, default_value = "application/json")]
    pub(crate) media_type: String,
}

impl Arguments {
    /// The bare server that is to be served instead of a measurement.
    pub fn bare_server(&self) -> Option<&BareServerArguments> {
        (self.what == Some(Benchmark::BareServer)).then_some(&self.bare)
    }
}

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Benchmark {
    /// Look-ups by number, answered as the API's JSON
    Lookup,
    /// Caller ID in plain text
    Cid,
    /// Search as one types, 20 hits
    Search,
    /// Durable, searchable edits, half of them adds, half changes
    Write,
    /// An import into an empty directory
    Import,
    /// Look-ups at rest, and while contacts are added
    Mixed,
    /// Starts after a clean stop and after kill -9
    Start,
    /// Bytes on disk and in memory
    Size,
    /// The bare server that answers the same bytes to everything
    #[value(hide = true)]
    BareServer,
}

/// How numbers to look up are chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Numbers {
    /// Each as likely as the others.
    Uniform,
    /// By Zipf's law with this exponent.
    Zipf(f64),
    /// From a file, one a line.
    File(PathBuf),
}

/// The values of `--show`, with a word about each.
const SHOWN: [(&str, &str); 3] =
    [("ids", "Ids"), ("names", "Names"), ("contacts", "Whole contacts")];

fn shown() -> PossibleValuesParser {
    PossibleValuesParser::new(SHOWN.map(|(name, help)| PossibleValue::new(name).help(help)))
}

/// The options of every measurement.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Measure this data directory, made by `carnet import`; no environment variable stands in
    /// for it, so that nothing is measured by mistake
    #[arg(long, value_name = "DIR", conflicts_with_all = ["contacts", "url", "keep"])]
    pub(crate) data: Option<PathBuf>,
    /// Measure the running daemon at this address
    #[arg(long, value_name = "URL", conflicts_with_all = ["contacts", "keep"])]
    pub(crate) url: Option<String>,
    /// See [`ID_HELP`].
    #[arg(long, value_name = "ID", requires = "url", help = ID_HELP)]
    id: Option<String>,
    /// See [`SECRET_HELP`].
    #[arg(long, value_name = "SECRET", requires = "url", help = SECRET_HELP)]
    secret: Option<String>,
    /// The running daemon's process on this machine, for its processor time and memory
    #[arg(long, value_name = "PID", requires = "url")]
    pub(crate) pid: Option<u32>,
    /// How many contacts to make up in a temporary directory; several sizes, one run each
    /// [default: 100000]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    pub(crate) contacts: Vec<u64>,
    /// Keep the temporary directory
    #[arg(long)]
    pub(crate) keep: bool,
    /// Connections at once; several counts, one run each [default: 64, for search 8]
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=10_000))]
    connections: Vec<u32>,
    /// Requests a second on a schedule that does not wait for answers; without it each
    /// connection asks again when it was answered
    #[arg(long, value_name = "R", value_parser = positive)]
    pub(crate) rate: Option<f64>,
    /// How long each round measures, in seconds [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    duration: Option<Duration>,
    /// How long each round asks before it measures, in seconds [default: 1]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    warmup: Option<Duration>,
    /// Rounds, carnet and the bare server in turn [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rounds: Option<u32>,
    /// Which numbers are asked: uniform, zipf, zipf:EXPONENT, or a file with one a line
    #[arg(long, value_name = "HOW", default_value = "uniform", value_parser = numbers)]
    pub(crate) numbers: Numbers,
    /// The part of the questions that is for valid numbers of no contact, from 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    pub(crate) misses: f64,
    /// A new connection for each request
    #[arg(long, conflicts_with = "pipeline")]
    pub(crate) new_connections: bool,
    /// Requests that go out before the first of them is answered
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) pipeline: u32,
    /// Numbers in one request, by POST /lookup
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) batch: Option<u32>,
    /// Form in which a batch shows contacts
    #[arg(long, value_parser = shown(), default_value = "names")]
    pub(crate) show: String,
    /// Search with one typing error
    #[arg(long)]
    pub(crate) typos: bool,
    /// Contacts that are added each second while look-ups are measured, with mixed
    #[arg(long, value_name = "R", default_value = "1000", value_parser = positive)]
    pub(crate) adds: f64,
    /// Threads of the client; it shares the machine with the server
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) threads: u32,
    /// Another seed makes other people and asks other questions
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
    /// Write a page with plots, readable without network
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Contacts that are made up unless --contacts says how many.
const CONTACTS_DEFAULT: u64 = 100_000;

impl Options {
    /// The sizes of made-up directories, one run each.
    pub(crate) fn sizes(&self) -> Vec<u64> {
        if self.contacts.is_empty() { vec![CONTACTS_DEFAULT] } else { self.contacts.clone() }
    }

    /// The counts of connections, one run each.
    pub(crate) fn connections(&self, default: u32) -> Vec<usize> {
        let given = if self.connections.is_empty() { &[default][..] } else { &self.connections };
        given.iter().map(|count| usize::try_from(*count).unwrap_or(1)).collect()
    }

    /// How long each round measures.
    pub(crate) fn duration(&self) -> Duration {
        self.duration.unwrap_or(Duration::from_secs(5))
    }

    /// How long each round asks before it measures.
    pub(crate) fn warmup(&self) -> Duration {
        self.warmup.unwrap_or(Duration::from_secs(1))
    }

    /// Rounds.
    pub(crate) fn rounds(&self) -> u32 {
        self.rounds.unwrap_or(3)
    }

    /// With shorter rounds, unless their length was given: for a first look.
    pub(crate) fn brief(&self) -> Options {
        Options {
            duration: self.duration.or(Some(Duration::from_millis(1_200))),
            warmup: self.warmup.or(Some(Duration::from_millis(300))),
            rounds: self.rounds.or(Some(2)),
            ..self.clone()
        }
    }

    /// The list of recorded numbers.
    pub(crate) fn recorded(&self) -> Option<&PathBuf> {
        match &self.numbers {
            Numbers::File(path) => Some(path),
            _ => None,
        }
    }

    /// The running daemon: its address, and a client's id and secret.
    pub(crate) fn daemon(&self) -> Result<(String, String, String), BenchError> {
        let variable = |name: &str| env::var(name).ok();
        let (id, secret) = credentials(self.id.as_deref(), self.secret.as_deref(), variable)?;
        // Asked only where the options name a daemon.
        Ok((self.url.clone().unwrap_or_default(), id, secret))
    }

    /// How is asked, in a few words.
    pub(crate) fn manner(&self) -> String {
        let mut words = vec![match &self.numbers {
            Numbers::Uniform => "uniform".to_owned(),
            Numbers::Zipf(exponent) => format!("Zipf {exponent}"),
            Numbers::File(_) => "recorded".to_owned(),
        }];
        if self.misses > 0.0 {
            words.push(format!("{} % misses", self.misses * 100.0));
        }
        if self.new_connections {
            words.push("new connections".to_owned());
        }
        if self.pipeline > 1 {
            words.push(format!("pipelined by {}", self.pipeline));
        }
        if let Some(rate) = self.rate {
            words.push(format!("{rate}/s on schedule"));
        }
        words.join(", ")
    }
}

fn numbers(text: &str) -> Result<Numbers, String> {
    match text.split_once(':') {
        None if text == "uniform" => Ok(Numbers::Uniform),
        None if text == "zipf" => Ok(Numbers::Zipf(1.0)),
        Some(("zipf", exponent)) => match exponent.parse::<f64>() {
            Ok(exponent) if (0.0..=10.0).contains(&exponent) => Ok(Numbers::Zipf(exponent)),
            _ => Err("the exponent is a number from 0 to 10".to_owned()),
        },
        _ => Ok(Numbers::File(PathBuf::from(text))),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|time| *time <= Duration::from_secs(86_400))
        .ok_or_else(|| "this is no number of seconds, such as 5 or 0.5".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.001..=1e8).contains(number));
    number.ok_or_else(|| "this is no number above 0".to_owned())
}

fn part(text: &str) -> Result<f64, String> {
    let part = text.parse::<f64>().ok().filter(|part| (0.0..=1.0).contains(part));
    part.ok_or_else(|| "this is no number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_a_manner_or_a_file() {
        for (text, expected) in [
            ("uniform", Some(Numbers::Uniform)),
            ("zipf", Some(Numbers::Zipf(1.0))),
            ("zipf:0.8", Some(Numbers::Zipf(0.8))),
            ("zipf:-1", None),
            ("zipf:x", None),
            ("calls.txt", Some(Numbers::File("calls.txt".into()))),
        ] {
            assert_eq!(numbers(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(seconds("0.5").is_ok() && seconds("-1").is_err() && seconds("x").is_err());
        assert!(positive("0").is_err() && positive("1000").is_ok() && positive("inf").is_err());
        assert!(part("1.1").is_err() && part("0.5").is_ok() && part("NaN").is_err());
    }
}

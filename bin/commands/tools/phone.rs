//! `carnet phone`: what carnet makes of a number, for people one by one, and for lists of them
//! as a stream of JSON lines. It knows how numbers are shown, and nothing of contacts.

mod lines;

use std::io;

use carnet_phone::{Number, NumberKind, Reason, Region, Rules, normalise_with};
use clap::Args;

use crate::failure::{self, Failure};
use crate::settings::{Flags, Settings, region_argument};
use crate::terminal::output;
use lines::LineReading;

/// Tell what carnet makes of numbers; exit code 1 if none could be read.
///
/// With --jsonl a whole list goes through: every line {"input": …, "region": …} of standard
/// input is answered by one on standard output, in the same order. A line that cannot be read is
/// answered with the reason, and the next one follows.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The numbers, in any spelling
    #[arg(value_name = "NUMBER", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    texts: Vec<String>,
    /// The country whose code is assumed when a number has none, such as DE
    /// [default: contacts.default_region of the settings]
    #[arg(long, value_name = "CC", value_parser = region_argument)]
    region: Option<Region>,
    /// Answer lines of JSON from standard input: region may be missing or null
    #[arg(long)]
    jsonl: bool,
    /// Read as Google's libphonenumber does, without carnet's own rules; in lines of JSON a
    /// region null means none
    #[arg(long)]
    google: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let region = match arguments.region {
        Some(region) => region,
        None => Settings::read(&Flags::default())?.default_region,
    };
    if arguments.jsonl {
        let reading = LineReading { region, google: arguments.google };
        return lines::answer_all(io::stdin().lock(), io::stdout().lock(), reading);
    }
    let rules = if arguments.google { Rules::GOOGLE } else { Rules::CARNET };
    let read = |text: &String| normalise_with(text, Some(region), rules);
    let answers: Vec<Result<Number, Reason>> = arguments.texts.iter().map(read).collect();
    let blocks: Vec<String> =
        arguments.texts.iter().zip(&answers).map(|(text, answer)| block(text, answer)).collect();
    output::line(&blocks.join("\n\n"))?;
    if answers.iter().all(Result::is_err) {
        // Each block says why.
        return Err(Failure::silent(failure::FAILED));
    }
    Ok(())
}

/// Several lines: the text as it was given, and what is known of the number, or why it is none.
fn block(text: &str, answer: &Result<Number, Reason>) -> String {
    let mut block = text.replace(char::is_control, " ");
    let mut row = |name: &str, value: &str| block.push_str(&format!("\n    {name:15}{value}"));
    match answer {
        Ok(number) => {
            row("E.164", &number.e164.to_string());
            if let Some(extension) = &number.extension {
                row("extension", extension.as_str());
            }
            row("valid", if number.valid { "yes" } else { "no, only possible" });
            if let Some(region) = number.region {
                row("region", region.as_str());
            }
            if number.kind != NumberKind::Unknown {
                row("kind", &number.kind.as_str().replace('_', " "));
            }
            row("national", &number.national());
            row("international", &number.international());
        }
        Err(reason) => row("not read", &reason.to_string()),
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let answer = normalise_with(text, Region::parse("DE"), Rules::CARNET);
        assert_eq!(block(text, &answer), expected);
    }

    #[test]
    fn a_valid_number_has_every_row() {
        check(
            "(0151) 1234-5678 ext. 12",
            "(0151) 1234-5678 ext. 12\
             \n    E.164          +4915112345678\
             \n    extension      12\
             \n    valid          yes\
             \n    region         DE\
             \n    kind           mobile\
             \n    national       01511 2345678 ext. 12\
             \n    international  +49 1511 2345678 ext. 12",
        );
    }

    #[test]
    fn what_is_not_known_has_no_row() {
        check(
            "+1 555 555 5555",
            "+1 555 555 5555\
             \n    E.164          +15555555555\
             \n    valid          no, only possible\
             \n    national       (555) 555-5555\
             \n    international  +1 555-555-5555",
        );
    }

    #[test]
    fn what_would_steer_the_terminal_is_not_shown() {
        check("\u{1b}[2J", " [2J\n    not read       this is not a telephone number");
    }
}

//! `carnet search`: the best hits for a text.

use carnet_book::ContactSearch;
use carnet_model::Page;
use clap::Args;
use serde_json::{Value, json};

use crate::failure::{self, Failure};
use crate::target::open_book::OpenBook;
use crate::target::{Target, TargetOptions};
use crate::terminal::contact_text::{self, ContactText};
use crate::terminal::log;
use crate::terminal::output;
use carnet_client::CONTACTS_PATH;

/// Hits that are shown.
const HITS_MAX: u32 = 10;

/// Search contacts by name, e-mail, organisation or number; exit code 1 if nothing matches.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Words, each of which must match; the last may be a beginning
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = arguments.text.join(" ");
    if text.trim().is_empty() {
        return Err(Failure::usage("the text to search for is empty; `carnet export` gives all"));
    }
    let (total, values, hits) = match arguments.target.resolve()? {
        Target::Directory(settings) => {
            log::start_quietly(&settings);
            let book = OpenBook::existing(&settings)?.searchable()?;
            let snapshot = book.snapshot_now()?;
            let listing = snapshot.search_contacts(&ContactSearch {
                text: Some(&text),
                divisions: &[],
                ids: None,
                organization: None,
                sort: &[],
                page: Page { number: 1, size: HITS_MAX },
            })?;
            let total = u64::try_from(listing.total).unwrap_or(u64::MAX);
            let organizations = snapshot.organizations_of(&listing.entries)?;
            let values = contact_text::values_of(&listing.entries, &organizations)?;
            (total, Value::Array(values), contact_text::texts_of(listing.entries, &organizations))
        }
        Target::Daemon(remote) => {
            let size = HITS_MAX.to_string();
            let query =
                [("q", text.as_str()), ("pageSize", &size), ("expand", "externalOrganization")];
            let path = format!("{CONTACTS_PATH}/contacts");
            let mut answer = contact_text::ask(&remote, &path, &query)?;
            let total = answer["total"].as_u64().unwrap_or_default();
            let values = answer["entities"].take();
            let hits = contact_text::read_answer(&values)?;
            (total, values, hits)
        }
    };
    if arguments.json {
        output::json(&json!({ "total": total, "entities": values }))?;
    } else if !hits.is_empty() {
        output::line(&text_of(total, &hits))?;
    }
    match (hits.is_empty(), arguments.json) {
        (false, _) => Ok(()),
        (true, true) => Err(Failure::silent(failure::FAILED)),
        (true, false) => Err(Failure::failed(format!("nothing matches {text}"))),
    }
}

fn text_of(total: u64, hits: &[ContactText]) -> String {
    let mut text: String = hits.iter().map(|hit| hit.line() + "\n").collect();
    let shown = u64::try_from(hits.len()).unwrap_or(u64::MAX);
    text.push_str(&match total > shown {
        true => format!("{shown} of {total}"),
        false => format!("{total} in all"),
    });
    text
}

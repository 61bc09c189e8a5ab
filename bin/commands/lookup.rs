//! `carnet lookup`: who has this number? E-mails and screen names are looked up the same way.

use carnet_phone::Region;
use clap::Args;
use serde_json::json;

use crate::failure::{self, Failure};
use crate::settings::{Settings, region_argument};
use crate::target::open_book::OpenBook;
use crate::target::{Target, TargetOptions};
use crate::terminal::contact_text::{self, ContactText};
use crate::terminal::log;
use crate::terminal::output;
use carnet_client::{CONTACTS_PATH, Remote};
use carnet_model::{Contact, internal_digits};

/// Look up who has a number, an e-mail or a Twitter screen name; exit code 1 if no contact has it.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The number, in any spelling
    #[arg(value_name = "NUMBER")]
    text: String,
    /// The country whose code is assumed when the number has none, such as DE
    /// [default: contacts.default_region of the settings]
    #[arg(long, value_name = "CC", value_parser = region_argument)]
    region: Option<Region>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.text.trim().is_empty() {
        return Err(Failure::usage("the number to look up is empty"));
    }
    let (values, hits) = match arguments.target.resolve()? {
        Target::Directory(settings) => here(arguments, &settings)?,
        Target::Daemon(remote) => there(arguments, &remote)?,
    };
    if arguments.json {
        output::json(&json!({ "contacts": values }))?;
    }
    if hits.is_empty() {
        // In JSON the empty list says it.
        return Err(match arguments.json {
            true => Failure::silent(failure::FAILED),
            false => Failure::failed(format!("nobody has {}", arguments.text)),
        });
    }
    if !arguments.json {
        let texts: Vec<String> = hits.iter().map(ContactText::text).collect();
        output::line(&texts.join("\n\n"))?;
    }
    Ok(())
}

type LookupAnswer = (Vec<serde_json::Value>, Vec<ContactText>);

fn here(arguments: &Arguments, settings: &Settings) -> Result<LookupAnswer, Failure> {
    log::start_quietly(settings);
    let book = OpenBook::existing(settings)?;
    let snapshot = book.snapshot_now()?;
    let region = arguments.region.unwrap_or(book.records().default_region);
    let contacts = snapshot.reverse_lookup(&arguments.text, region)?;
    let organizations = snapshot.organizations_of(&contacts)?;
    let values = contact_text::values_of(&contacts, &organizations)?;
    Ok((values, contact_text::texts_of(contacts, &organizations)))
}

fn there(arguments: &Arguments, remote: &Remote) -> Result<LookupAnswer, Failure> {
    // The daemon reads numbers in its own region; in another one they are read here.
    let number = arguments
        .region
        .and_then(|region| carnet_phone::normalise(&arguments.text, region).ok())
        .map(|number| number.e164.to_string());
    let Some(number) = number else { return ask(remote, &arguments.text) };
    // A short one may be an internal number, which comes first and has no country code.
    let internal = internal_digits(&arguments.text);
    if !internal.is_empty() {
        let answer = ask(remote, &arguments.text)?;
        let has = |contact: &Contact, digits: &String| contact.label_of_internal(digits).is_some();
        let has_it = |hit: &ContactText| internal.iter().any(|digits| has(&hit.contact, digits));
        if answer.1.iter().any(has_it) {
            return Ok(answer);
        }
    }
    ask(remote, &number)
}

/// The daemon's answer about a text.
fn ask(remote: &Remote, text: &str) -> Result<LookupAnswer, Failure> {
    let path = format!("{CONTACTS_PATH}/reversewhitepageslookup");
    let query = [("lookupVal", text), ("expand", "contacts.externalOrganization")];
    let mut answer = contact_text::ask(remote, &path, &query)?;
    let values = answer["contacts"].take();
    let hits = contact_text::read_answer(&values)?;
    Ok((values.as_array().cloned().unwrap_or_default(), hits))
}

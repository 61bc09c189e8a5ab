//! `carnet sample`: made-up contacts of many countries and scripts as JSON lines, the same for
//! the same seed. It knows names and numbers that look right, and nothing of carnet's data.

use std::io::Write;

use carnet_sample::{CONTACTS_PER_ORGANIZATION, Sampler};
use clap::Args;

use crate::failure::Failure;
use crate::terminal::output::Sink;

/// Bytes of lines gathered before they are written.
const CHUNK_BYTES: usize = 64 << 10;

/// Make up contacts: JSON lines on standard output, the same for the same seed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How many contacts
    #[arg(value_name = "N")]
    count: u64,
    /// Another seed makes other contacts
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let organizations = arguments.count.div_ceil(CONTACTS_PER_ORGANIZATION);
    let sampler = Sampler::new(arguments.seed, organizations);
    let mut out = Sink::open(None)?;
    let mut lines = Vec::with_capacity(2 * CHUNK_BYTES);
    for place in 0..arguments.count {
        sampler.write(place, &mut lines);
        if lines.len() >= CHUNK_BYTES {
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    out.write_all(&lines)?;
    out.finish()
}

//! Progress bars on standard error, for people only: where standard error is no terminal, or
//! the command answers in JSON, nothing is drawn.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Interval at which a bar moves though nothing was counted, so that a long batch does not look
/// like a standstill.
const TICK: Duration = Duration::from_millis(250);

/// A bar over bytes, with their rate and the time that remains. Without a `total`, as with
/// standard input, it counts up. Behind it is the number of rows: see [`show_rows`].
pub(crate) fn bytes(total: Option<u64>, drawn: bool) -> ProgressBar {
    let template = match total {
        Some(_) => "{bar:30} {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left) {msg}",
        None => "{spinner} {bytes} ({bytes_per_sec}) {msg}",
    };
    bar(total, template, drawn)
}

/// A bar over things, such as contacts. Without a `total` it counts up.
pub(crate) fn items(total: Option<u64>, drawn: bool) -> ProgressBar {
    let template = match total {
        Some(_) => "{bar:30} {human_pos}/{human_len} ({per_sec}, {eta} left) {msg}",
        None => "{spinner} {human_pos} ({per_sec}) {msg}",
    };
    bar(total, template, drawn)
}

/// A spinner beside a sentence, while waiting for something that cannot be counted.
pub(crate) fn waiting(sentence: &'static str, drawn: bool) -> ProgressBar {
    let waiting = bar(None, "{spinner} {msg} ({elapsed})", drawn);
    waiting.set_message(sentence);
    waiting
}

/// Shows how many rows are done, and how many a second.
pub(crate) fn show_rows(bar: &ProgressBar, rows: u64) {
    if bar.is_hidden() {
        return;
    }
    let seconds = bar.elapsed().as_secs_f64();
    let rate = if seconds > 0.0 { rows as f64 / seconds } else { 0.0 };
    bar.set_message(format!("{rows} rows, {rate:.0} a second"));
}

fn bar(total: Option<u64>, template: &str, drawn: bool) -> ProgressBar {
    if !(drawn && std::io::stderr().is_terminal()) {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    // A template that indicatif refuses costs the bar its looks, not the command its work.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_understood() {
        for template in [
            "{bar:30} {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left) {msg}",
            "{spinner} {bytes} ({bytes_per_sec}) {msg}",
            "{bar:30} {human_pos}/{human_len} ({per_sec}, {eta} left) {msg}",
            "{spinner} {human_pos} ({per_sec}) {msg}",
            "{spinner} {msg} ({elapsed})",
        ] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn nothing_is_drawn_for_machines() {
        assert!(bytes(Some(10), false).is_hidden());
        assert!(items(None, false).is_hidden());
    }
}

//! The page that Prometheus reads, in its text format 0.0.4. Each metric is written here once, with its
//! name, its type and a sentence; tests write the table of `crates/http/README.md` from it.

use crate::metrics::process;
use crate::metrics::registry::{Metrics, STATUSES, Totals};
use carnet_book::{AddressBook, EngineStats, HistogramValue, TIME_BOUNDS};
use std::fmt::{self, Display, Write};
use std::time::Duration;

/// Everything, as it is now. Asks the system for sizes of files, so it may block the thread.
pub(crate) fn page(metrics: &Metrics, book: &AddressBook) -> String {
    let mut page = Page { text: String::with_capacity(32 << 10) };
    // Writing to a text cannot fail.
    let _ = daemon(&mut page, metrics)
        .and_then(|()| of_book(&mut page, book))
        .and_then(|()| of_process(&mut page));
    page.text
}

/// Writes the counts of [`Metrics`].
fn daemon(page: &mut Page, metrics: &Metrics) -> fmt::Result {
    let totals = metrics.totals();
    requests(page, metrics, &totals)?;
    page.histogram(
        "carnet_lookup_seconds",
        "Look-ups answered with 200: from the request read to the answer written out; those that \
         came together count with their mean.",
        &totals.lookups,
    )?;
    page.histogram(
        "carnet_search_seconds",
        "Searches and listings answered with 200: from the request read to the answer written out.",
        &totals.searches,
    )?;
    page.family(
        "carnet_ready_answers_total",
        "counter",
        "Look-ups answered with 200, by where the answer came from: the render cache, made anew, no \
         contact has the number, or the store.",
    )?;
    for (outcome, count) in ["nobody", "ready", "made", "store"].iter().zip(totals.origins) {
        writeln!(page.text, "carnet_ready_answers_total{{outcome=\"{outcome}\"}} {count}")?;
    }
    page.single("carnet_connections_open", "gauge", "Connections open now.", totals.open)?;
    page.single(
        "carnet_connections_accepted_total",
        "counter",
        "Connections accepted and given a place.",
        totals.accepted,
    )?;
    page.single(
        "carnet_connections_refused_total",
        "counter",
        "Connections refused because there were as many as there may be.",
        totals.refused,
    )?;
    page.single(
        "carnet_connections_http2_total",
        "counter",
        "Accepted connections that spoke HTTP/2.",
        totals.http2,
    )
}

/// Writes the counts of requests, by operation and status.
fn requests(page: &mut Page, metrics: &Metrics, totals: &Totals) -> fmt::Result {
    page.family(
        "carnet_http_requests_total",
        "counter",
        "Requests answered, by operation and status; route=\"none\" has those of no operation.",
    )?;
    for (row, counts) in totals.requests.iter().enumerate() {
        let label = metrics.labels.get(row / 2);
        let is_head = row % 2 == 1;
        let (method, path) = match label {
            Some(label) if is_head => ("HEAD", label.path),
            Some(label) => (label.method, label.path),
            None => ("any", "none"),
        };
        for (at, count) in counts.iter().enumerate() {
            // Pairs that never happened are left out, but that an operation could succeed is shown: a rate
            // needs a start.
            if *count == 0 && (at > 0 || is_head || label.is_none()) {
                continue;
            }
            write!(
                page.text,
                "carnet_http_requests_total{{route=\"{path}\",method=\"{method}\",status=\""
            )?;
            match STATUSES.get(at) {
                Some(status) => write!(page.text, "{status}")?,
                None => page.text.push_str("other"),
            }
            writeln!(page.text, "\"}} {count}")?;
        }
    }
    Ok(())
}

/// Writes the figures of the book.
fn of_book(page: &mut Page, book: &AddressBook) -> fmt::Result {
    let stats = book.engine_stats();
    page.histogram(
        "carnet_commit_seconds",
        "Transactions: from when the writer takes up a batch until it is durable and visible.",
        &stats.commits,
    )?;
    page.single(
        "carnet_commit_writes_total",
        "counter",
        "Writes in these transactions; divided by their count the mean size of a batch.",
        stats.writes_committed,
    )?;
    page.single(
        "carnet_commit_failures_total",
        "counter",
        "Batches of writes that were refused whole, or could not be shown.",
        stats.batches_refused,
    )?;
    page.single(
        "carnet_writes_waiting",
        "gauge",
        "Writes that wait for the writer.",
        stats.writes_waiting,
    )?;
    page.histogram(
        "carnet_fold_seconds",
        "Flushes of the newest changes into the search index.",
        &stats.flushes,
    )?;
    page.single(
        "carnet_snapshot_age_seconds",
        "gauge",
        "Time since the newest snapshot was published: by a commit, a flush, or the start.",
        seconds(stats.snapshot_age),
    )?;
    page.single(
        "carnet_index_lag_changes",
        "gauge",
        "Changes that the search index is behind the store; they are found all the same.",
        stats.index_lag,
    )?;
    page.single(
        "carnet_overlay_entries",
        "gauge",
        "Entries of the overlay, in which such changes are found.",
        stats.overlay,
    )?;
    if let Some(unread) = stats.numbers_unread {
        page.single(
            "carnet_numbers_unread",
            "gauge",
            "Numbers of contacts that are kept as they were typed; no look-up finds them.",
            unread,
        )?;
    }
    sizes(page, &stats)
}

/// Writes the sizes of the book's files, and of its look-up memory.
fn sizes(page: &mut Page, stats: &EngineStats) -> fmt::Result {
    page.single("carnet_store_bytes", "gauge", "Size of the store's file.", stats.store_bytes)?;
    page.single("carnet_index_bytes", "gauge", "Size of the index's files.", stats.index_bytes)?;
    page.single(
        "carnet_ready_bytes",
        "gauge",
        "Size of the render cache's files.",
        stats.ready_bytes,
    )?;
    page.single(
        "carnet_lookup_memory_bytes",
        "gauge",
        "Memory of the number index and of the render cache.",
        stats.lookup_memory_bytes,
    )
}

/// Writes the figures of the process. Their names are those that Prometheus has for every program.
fn of_process(page: &mut Page) -> fmt::Result {
    page.family("carnet_build_info", "gauge", "Always 1; the label names the version.")?;
    writeln!(page.text, "carnet_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))?;
    if let Some(bytes) = process::resident_bytes() {
        page.single(
            "process_resident_memory_bytes",
            "gauge",
            "Memory that the process occupies, mapped files included.",
            bytes,
        )?;
    }
    if let Some(seconds) = process::cpu_seconds() {
        page.single(
            "process_cpu_seconds_total",
            "counter",
            "Processor time of the process, user and system.",
            seconds,
        )?;
    }
    Ok(())
}

/// The page so far.
struct Page {
    text: String,
}

impl Page {
    /// Begins a metric. What it is must have no line break and no backslash.
    fn family(&mut self, name: &str, kind: &str, what: &str) -> fmt::Result {
        writeln!(self.text, "# HELP {name} {what}\n# TYPE {name} {kind}")
    }

    /// A metric with one value and no labels.
    fn single(&mut self, name: &str, kind: &str, what: &str, value: impl Display) -> fmt::Result {
        self.family(name, kind, what)?;
        writeln!(self.text, "{name} {value}")
    }

    /// A metric of times. Each bucket holds all that took no longer than its bound.
    fn histogram(&mut self, name: &str, what: &str, times: &HistogramValue) -> fmt::Result {
        self.family(name, "histogram", what)?;
        let mut so_far = 0;
        for (class, count) in times.classes.iter().enumerate() {
            so_far += count;
            match TIME_BOUNDS.get(class) {
                Some(bound) => {
                    let bound = seconds(Duration::from_nanos(*bound));
                    writeln!(self.text, "{name}_bucket{{le=\"{bound}\"}} {so_far}")?;
                }
                None => writeln!(self.text, "{name}_bucket{{le=\"+Inf\"}} {so_far}")?,
            }
        }
        let sum = seconds(Duration::from_nanos(times.nanos));
        writeln!(self.text, "{name}_sum {sum}\n{name}_count {so_far}")
    }
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

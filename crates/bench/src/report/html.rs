//! The page with plots and tables, readable without network. It decides which figures are drawn
//! over which; how lines look is the business of the chart.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::load::tally::Measured;
use crate::report::chart::{Axis, Chart, Scale, Series, escape};
use crate::report::results::{Figure, Results, Run};
use crate::report::text;
use crate::sut::machine::Machine;

/// Quantiles at which the curves of times are drawn, and how many to each nine.
const NINES: u32 = 4;
const STEPS: u32 = 12;

/// The answers that must lie beyond a quantile for it to be shown, at least.
const ANSWERS_BEYOND_MIN: f64 = 3.0;

/// Curves in one chart, at most; more cannot be distinguished.
const CURVES_MAX: usize = 8;

/// The name of the dashed line beside another.
const BARE_SERVER: &str = "its bare server";

/// The style sheet, with colours for light and dark.
const STYLE: &str = include_str!("report.css");

/// The whole page.
pub(crate) fn page(machine: &Machine, results: &Results) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>How fast is carnet here?</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>How fast is carnet here?</h1>\n<dl>\n"
    );
    // Writing into a String cannot fail, here and below.
    for (name, value) in machine.facts() {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
    }
    page.push_str("</dl>\n");
    let errors = results.errors();
    if !errors.is_empty() {
        page.push_str("<ul class=\"errors\">\n");
        for (what, times) in errors {
            let _ = writeln!(page, "<li>{times} × {}</li>", escape(&what));
        }
        page.push_str("</ul>\n");
    }
    if !results.runs.is_empty() {
        page.push_str("<h2>Loads</h2>\n");
        rows(&mut page, &text::loads(results));
        page.push_str(
            "<p>CPU is the server's processor time for a request, user and system. The bare \
             server is hyper alone, which answers as many bytes to everything, asked by the same \
             client in turn; the ratio is its CPU ÷ carnet's, the median of the rounds (least to \
             greatest). Times of loads on schedule count from when a request was due, the others \
             from when it was sent by a client that waits for each answer.</p>\n",
        );
    }
    for chart in charts(results) {
        let _ =
            writeln!(page, "<h2>{}</h2>\n<figure>{}</figure>", escape(&chart.title), chart.svg());
    }
    if !results.figures.is_empty() {
        page.push_str("<h2>Figures</h2>\n");
        rows(&mut page, &text::figures(results));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn rows(page: &mut String, rows: &[Vec<String>]) {
    page.push_str("<div class=\"wide\"><table>\n");
    for (place, row) in rows.iter().enumerate() {
        let tag = if place == 0 { "th" } else { "td" };
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<{tag}>{}</{tag}>", escape(cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
}

/// Every chart for which there are enough figures.
fn charts(results: &Results) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(times(results));
    for dimension in [Dimension::Connections, Dimension::Contacts] {
        for (what, unit, value) in LOAD_CHARTS {
            let series = grouped(&results.runs, dimension, *value);
            if !series.is_empty() {
                let (how, label) = dimension.names();
                let x = Axis { label: label.to_owned(), scale: Scale::Log };
                let y = Axis { label: (*unit).to_owned(), scale: Scale::Linear };
                charts.push(Chart { title: format!("{what} {how}"), x, y, series });
            }
        }
    }
    charts.extend(sizes(&results.figures));
    charts
}

/// Over which figure loads are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    Connections,
    Contacts,
}

impl Dimension {
    /// In the title, and at the axis.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Dimension::Connections => ("by connections", "connections"),
            Dimension::Contacts => ("by contacts", "contacts in the directory"),
        }
    }

    fn place(self, run: &Run) -> f64 {
        match self {
            Dimension::Connections => run.connections as f64,
            Dimension::Contacts => run.contacts as f64,
        }
    }

    /// All that runs on one line have in common.
    fn line(self, run: &Run) -> String {
        let rest = match self {
            Dimension::Connections => contacts(run),
            Dimension::Contacts => connections(run),
        };
        format!("{}, {}, {rest}", run.what, run.manner)
    }
}

/// One side of a run: carnet or the bare server.
type Side = fn(&Run) -> Option<&Measured>;

/// A figure of one side of a load.
type Value = fn(&Measured) -> Option<f64>;

/// Charts over connections and contacts: the title, its axis, and the figure.
const LOAD_CHARTS: &[(&str, &str, Value)] = &[
    ("Throughput", "answers a second", |side| Some(side.answer_rate())),
    ("Processor time", "server CPU for a request (µs)", Measured::cpu_micros),
    ("99th percentile", "time of an answer (µs)", |side| side.micros_at(0.99)),
];

/// How long answers took, by percentile. Beside a few loads their bare servers are drawn, too;
/// of many loads the first ones alone.
fn times(results: &Results) -> Option<Chart> {
    let beside = if results.runs.len() * 2 <= CURVES_MAX { 2 } else { 1 };
    let sizes = distinct(&results.runs, |run| run.contacts);
    let mut series = Vec::new();
    for (colour, run) in results.runs.iter().take(CURVES_MAX).enumerate() {
        let mut name = format!("{}, {}, {}", run.what, connections(run), run.manner);
        if sizes > 1 {
            name = format!("{name}, {}", contacts(run));
        }
        let sides = [(Some(&run.carnet), name), (run.bare.as_ref(), BARE_SERVER.to_owned())];
        for (place, (side, name)) in sides.into_iter().take(beside).enumerate() {
            let points = side.map(curve).unwrap_or_default();
            if !points.is_empty() {
                series.push(Series { name, points, colour, dashed: place == 1 });
            }
        }
    }
    let rest = results.runs.len().saturating_sub(CURVES_MAX);
    let rest = if rest > 0 { format!(" (without {rest} more loads)") } else { String::new() };
    (!series.is_empty()).then(|| Chart {
        title: format!("Time of an answer by percentile{rest}"),
        x: Axis { label: "part of the answers that came sooner".to_owned(), scale: Scale::Nines },
        y: Axis { label: "time (µs)".to_owned(), scale: Scale::Log },
        series,
    })
}

fn distinct<T: Ord>(runs: &[Run], of: impl Fn(&Run) -> T) -> usize {
    runs.iter().map(of).collect::<BTreeSet<T>>().len()
}

fn connections(run: &Run) -> String {
    match run.connections {
        1 => "1 connection".to_owned(),
        several => format!("{several} connections"),
    }
}

fn contacts(run: &Run) -> String {
    format!("{} contacts", text::grouped(run.contacts as f64))
}

/// The curve of one load, as far as its answers tell.
fn curve(side: &Measured) -> Vec<(f64, f64)> {
    let answers = side.tally.requests as f64;
    let quantiles =
        (0..=NINES * STEPS).map(|step| 1.0 - 10_f64.powf(-f64::from(step) / f64::from(STEPS)));
    quantiles
        .filter(|quantile| (1.0 - quantile) * answers >= ANSWERS_BEYOND_MIN)
        .filter_map(|quantile| Some((quantile, side.micros_at(quantile)?)))
        .collect()
}

/// Lines through the runs that differ in one dimension only; none where all have the same value.
fn grouped(runs: &[Run], dimension: Dimension, value: Value) -> Vec<Series> {
    let mut lines: Vec<(String, Vec<&Run>)> = Vec::new();
    for run in runs {
        let name = dimension.line(run);
        match lines.iter_mut().find(|(other, _)| *other == name) {
            Some((_, line)) => line.push(run),
            None => lines.push((name, vec![run])),
        }
    }
    let mut series = Vec::new();
    for (colour, (name, line)) in lines.into_iter().filter(|(_, line)| line.len() > 1).enumerate() {
        let sides: [(Side, String); 2] =
            [(|run| Some(&run.carnet), name), (|run| run.bare.as_ref(), BARE_SERVER.to_owned())];
        for (number, (side, name)) in sides.into_iter().enumerate() {
            let point = |run: &&Run| Some((dimension.place(run), value(side(run)?)?));
            let mut points: Vec<(f64, f64)> = line.iter().filter_map(point).collect();
            points.sort_by(|one, other| one.0.total_cmp(&other.0));
            points.dedup_by_key(|point| point.0);
            if points.len() > 1 {
                series.push(Series { name, points, colour, dashed: number == 1 });
            }
        }
    }
    series
}

/// Single figures over the number of contacts, a chart for each unit.
fn sizes(figures: &[Figure]) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for figure in figures {
        let Some(value) = figure.value else { continue };
        let label = if figure.unit.is_empty() { "figure" } else { figure.unit };
        let title = format!("{} by contacts ({label})", figure.what);
        let place = charts.iter().position(|chart| chart.title == title).unwrap_or_else(|| {
            charts.push(Chart {
                title,
                x: Axis { label: "contacts in the directory".to_owned(), scale: Scale::Log },
                y: Axis { label: label.to_owned(), scale: Scale::Linear },
                series: Vec::new(),
            });
            charts.len() - 1
        });
        let Some(chart) = charts.get_mut(place) else { continue };
        let point = (figure.contacts as f64, value);
        match chart.series.iter_mut().find(|series| series.name == figure.name) {
            Some(series) => series.points.push(point),
            None => chart.series.push(Series {
                name: figure.name.clone(),
                points: vec![point],
                colour: chart.series.len(),
                dashed: false,
            }),
        }
    }
    for chart in &mut charts {
        chart.series.retain(|series| series.points.len() > 1);
    }
    charts.retain(|chart| !chart.series.is_empty());
    charts
}

#[cfg(test)]
mod tests;

//! Results as a table for people.

use crate::load::tally::{QUANTILES, Spread};
use crate::report::results::{Figure, Results, Run};
use crate::sut::machine::Machine;

/// Shown where the system does not say a figure.
const UNKNOWN: &str = "unknown";

/// Everything, line by line.
pub(crate) fn text(machine: &Machine, results: &Results) -> String {
    let mut text = String::new();
    for (name, value) in machine.facts() {
        text.push_str(&format!("{name:9}  {value}\n"));
    }
    if !results.runs.is_empty() {
        text.push('\n');
        text.push_str(&aligned(&loads(results)));
        text.push_str(
            "\nratio: processor time of a request at the bare server, which is hyper alone answering \
             as many bytes, ÷ that at carnet; median of the rounds (least to greatest).\n",
        );
    }
    if !results.figures.is_empty() {
        text.push('\n');
        text.push_str(&aligned(&figures(results)));
    }
    for (what, times) in results.errors() {
        text.push_str(&format!("\nERROR {times} × {what}"));
    }
    text
}

/// The loads, with a row of headings.
pub(crate) fn loads(results: &Results) -> Vec<Vec<String>> {
    let mut heads = vec!["what", "contacts", "conns", "requests/s", "CPU µs", "client µs", "ratio"];
    heads.extend(QUANTILES.iter().map(|(_, name)| *name));
    heads.extend(["errors", "how"]);
    let mut rows = vec![heads.into_iter().map(str::to_owned).collect()];
    for run in &results.runs {
        rows.push(load(run, false));
        if run.bare.is_some() {
            rows.push(load(run, true));
        }
    }
    rows
}

fn load(run: &Run, bare: bool) -> Vec<String> {
    let measured = match &run.bare {
        Some(measured) if bare => measured,
        _ => &run.carnet,
    };
    let micros = |figure: Option<f64>| figure.map_or_else(|| UNKNOWN.to_owned(), short);
    let ratio = match Spread::of(&run.ratios) {
        Some(ratio) if !bare => {
            format!("{:.2} ({:.2}–{:.2})", ratio.median, ratio.min, ratio.max)
        }
        _ => String::new(),
    };
    let mut row = vec![
        if bare { "  bare server".to_owned() } else { run.what.to_owned() },
        if bare { String::new() } else { grouped(run.contacts as f64) },
        run.connections.to_string(),
        grouped(measured.rate()),
        micros(measured.cpu_micros()),
        micros(measured.client_micros()),
        ratio,
    ];
    row.extend(QUANTILES.iter().map(|(quantile, _)| time(measured.micros_at(*quantile))));
    row.push(measured.errors().to_string());
    let many = measured.tally.answers > measured.tally.requests;
    row.push(match bare {
        true => String::new(),
        false if many => format!("{}; {} answers/s", run.manner, grouped(measured.answer_rate())),
        false => run.manner.clone(),
    });
    row
}

/// The single figures, with a row of headings.
pub(crate) fn figures(results: &Results) -> Vec<Vec<String>> {
    let heads = ["what", "contacts", "figure", "value"];
    let mut rows = vec![heads.into_iter().map(str::to_owned).collect()];
    for figure in &results.figures {
        rows.push(vec![
            figure.what.to_owned(),
            grouped(figure.contacts as f64),
            figure.name.clone(),
            value(figure),
        ]);
    }
    rows
}

fn value(figure: &Figure) -> String {
    let Some(value) = figure.value else { return UNKNOWN.to_owned() };
    match figure.unit {
        "bytes" if value >= 1024.0 * 1024.0 => format!("{:.1} MiB", value / (1024.0 * 1024.0)),
        "s" if value < 1.0 => format!("{} ms", short(value * 1e3)),
        unit => format!("{} {unit}", short(value)).trim_end().to_owned(),
    }
}

/// A time in µs, in the unit that suits it.
pub(crate) fn time(micros: Option<f64>) -> String {
    match micros {
        None => "–".to_owned(),
        Some(micros) if micros < 1e3 => format!("{micros:.0} µs"),
        Some(micros) if micros < 1e6 => format!("{} ms", short(micros / 1e3)),
        Some(micros) => format!("{} s", short(micros / 1e6)),
    }
}

/// About three digits.
pub(crate) fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 1_000.0 => grouped(figure),
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// A whole figure with its thousands apart.
pub(crate) fn grouped(figure: f64) -> String {
    let digits = format!("{:.0}", figure.abs());
    let mut text = String::from(if figure < 0.0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Columns as wide as their widest entry; figures to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let cell = cell(row, column);
            let last = column + 1 == columns;
            let left = column == 0 || last;
            line.push_str(&match left {
                true => format!("{cell:<width$}  "),
                false => format!("{cell:>width$}  "),
            });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_their_thousands_apart() {
        for (figure, expected) in [
            (0.123, "0.12"),
            (12.34, "12.3"),
            (999.4, "999"),
            (1234.0, "1,234"),
            (-1e6, "-1,000,000"),
        ] {
            assert_eq!(short(figure), expected);
        }
        for (micros, expected) in [
            (None, "–"),
            (Some(87.4), "87 µs"),
            (Some(1_500.0), "1.50 ms"),
            (Some(2.5e6), "2.50 s"),
        ] {
            assert_eq!(time(micros), expected);
        }
    }

    #[test]
    fn columns_stand_under_one_another() {
        let rows = [["a", "µs", "x"], ["bcd", "1", ""], ["e", "1,000", "y"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        assert_eq!(aligned(&rows), "a       µs  x\nbcd      1\ne    1,000  y\n");
    }

    #[test]
    fn what_nobody_tells_is_unknown() {
        let mut results = Results::default();
        results.figure("size", "resident", 5, None, "bytes");
        results.figure("start", "ready", 5, Some(0.012), "s");
        results.faults.push(("lost".to_owned(), 2));
        let text = text(&Machine::look(), &results);
        assert!(text.contains("resident  unknown\n"), "{text}");
        assert!(text.contains("12.0 ms"), "{text}");
        assert!(text.ends_with("ERROR 2 × lost"), "{text}");
    }
}

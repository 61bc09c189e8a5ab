//! The results of all measurements, as the tables, the JSON and the page show them.

use serde_json::{Value, json};

use crate::load::tally::{Measured, Spread};

/// One load on carnet, and on the bare server in turn with it where there is one.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The measurement, such as `lookup`.
    pub(crate) what: &'static str,
    /// How was asked, in words.
    pub(crate) manner: String,
    /// Contacts in the directory.
    pub(crate) contacts: u64,
    /// Connections at once.
    pub(crate) connections: usize,
    /// Carnet's figures, all rounds together.
    pub(crate) carnet: Measured,
    /// The bare server's figures, all rounds together.
    pub(crate) bare: Option<Measured>,
    /// Bare server ÷ carnet in processor time for a request, one figure a round.
    pub(crate) ratios: Vec<f64>,
}

impl Run {
    /// A load on carnet alone.
    pub(crate) fn alone(
        what: &'static str,
        manner: impl Into<String>,
        contacts: u64,
        connections: usize,
        carnet: Measured,
    ) -> Run {
        let manner = manner.into();
        Run { what, manner, contacts, connections, carnet, bare: None, ratios: Vec::new() }
    }

    /// For machines.
    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "manner": self.manner,
            "contacts": self.contacts,
            "connections": self.connections,
            "carnet": self.carnet.json(),
            "bareServer": self.bare.as_ref().map(Measured::json),
            "ratio": Spread::of(&self.ratios).map(Spread::json),
            "ratios": self.ratios,
        })
    }

    /// Errors on either side: which, and how often.
    fn errors(&self) -> Vec<(String, u64)> {
        let sides = [("", Some(&self.carnet)), ("bare server: ", self.bare.as_ref())];
        let mut found = Vec::new();
        for (prefix, side) in sides {
            let errors = side.into_iter().flat_map(|side| &side.tally.errors);
            found.extend(errors.map(|(what, times)| (format!("{prefix}{what}"), *times)));
        }
        found
    }
}

/// A single figure, such as a time or a size.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The measurement, such as `start`.
    pub(crate) what: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// Contacts in the directory.
    pub(crate) contacts: u64,
    /// How much; `None` where the system does not say.
    pub(crate) value: Option<f64>,
    /// Its unit; empty for a plain number.
    pub(crate) unit: &'static str,
}

/// Everything that was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results {
    /// The loads.
    pub(crate) runs: Vec<Run>,
    /// The single figures.
    pub(crate) figures: Vec<Figure>,
    /// Errors outside of loads: which, and how often.
    pub(crate) faults: Vec<(String, u64)>,
}

impl Results {
    /// Adds a figure.
    pub(crate) fn figure(
        &mut self,
        what: &'static str,
        name: impl Into<String>,
        contacts: u64,
        value: Option<f64>,
        unit: &'static str,
    ) {
        self.figures.push(Figure { what, name: name.into(), contacts, value, unit });
    }

    /// All errors: where and which, and how often.
    pub(crate) fn errors(&self) -> Vec<(String, u64)> {
        let runs = self.runs.iter().flat_map(|run| {
            let name =
                |what: String| format!("{} by {} connections: {what}", run.what, run.connections);
            run.errors().into_iter().map(move |(what, times)| (name(what), times))
        });
        runs.chain(self.faults.iter().cloned()).collect()
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        let figures = self.figures.iter().map(|figure| {
            json!({
                "what": figure.what,
                "name": figure.name,
                "contacts": figure.contacts,
                "value": figure.value,
                "unit": figure.unit,
            })
        });
        let errors = self.errors();
        json!({
            "runs": self.runs.iter().map(Run::json).collect::<Vec<_>>(),
            "figures": figures.collect::<Vec<_>>(),
            "errors": errors.iter().map(|(_, times)| times).sum::<u64>(),
            "errorKinds": errors.iter().map(|(what, times)| json!({ "what": what, "times": times }))
                .collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_counted_and_named() {
        let mut faulty = Measured::empty().unwrap();
        faulty.tally.failed("status 503", 2);
        let mut run = Run::alone("lookup", "uniform", 10, 8, Measured::empty().unwrap());
        run.bare = Some(faulty);
        let faults = vec![("an edit was not found".to_owned(), 1)];
        let results = Results { runs: vec![run], figures: Vec::new(), faults };
        let json = results.json();
        assert_eq!(json["errors"], 3);
        assert_eq!(
            json["errorKinds"][0]["what"],
            "lookup by 8 connections: bare server: status 503"
        );
    }
}

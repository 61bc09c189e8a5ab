//! The figures of all measurements, and how they are shown.

pub(crate) mod chart;
pub(crate) mod html;
pub(crate) mod results;
pub(crate) mod text;

use serde_json::{Value, json};

use crate::report::results::Results;
use crate::sut::machine::Machine;

/// A machine and what was measured on it.
#[derive(Clone, Debug)]
pub struct Report {
    machine: Machine,
    results: Results,
}

impl Report {
    /// Of a machine and what was measured on it.
    pub(crate) fn new(machine: Machine, results: Results) -> Report {
        Report { machine, results }
    }

    /// As tables for people.
    pub fn text(&self) -> String {
        text::text(&self.machine, &self.results)
    }

    /// As a page with plots that needs no network.
    pub fn html(&self) -> String {
        html::page(&self.machine, &self.results)
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let mut all = json!({ "machine": self.machine.json() });
        if let (Some(all), Some(more)) = (all.as_object_mut(), self.results.json().as_object()) {
            all.extend(more.clone());
        }
        all
    }

    /// How often something went wrong. With any, the figures are not those of a carnet that works.
    pub fn errors(&self) -> u64 {
        self.results.errors().iter().map(|(_, times)| times).sum()
    }
}

//! Many patterns at once, by the set of places where each could be: which of them match the
//! whole number, and which have matched its beginning.

use std::collections::{BTreeSet, HashMap};

use crate::graph::{Graph, NodeId};
use crate::pattern::Expr;
use crate::program::{Instruction, Program};

/// The most digits of a national number that Google reads; longer ones are refused before.
const DEPTH_MAX: u8 = 17;

/// The patterns that match when the number ends at a node.
pub(crate) struct Seen<'a> {
    /// Patterns that match the whole number.
    pub(crate) whole: &'a BTreeSet<u16>,
    /// Patterns added with `add_start` that match its beginning.
    pub(crate) start: &'a BTreeSet<u16>,
    /// How many digits it has.
    pub(crate) len: u8,
}

/// Gathers patterns, then makes their automaton.
#[derive(Default)]
pub(crate) struct Subset {
    program: Program,
    starts: Vec<u32>,
    /// Patterns for which matching the beginning is enough.
    prefixes: BTreeSet<u16>,
}

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct SubsetState {
    places: BTreeSet<u32>,
    whole: BTreeSet<u16>,
    start: BTreeSet<u16>,
    len: u8,
}

impl Subset {
    /// Adds a pattern that has to match the whole number.
    pub(crate) fn add_whole(&mut self, expr: &Expr, pattern: u16) {
        let start = self.program.add(expr, pattern);
        self.starts.push(start);
    }

    /// Adds a pattern that has to match the beginning of the number.
    pub(crate) fn add_start(&mut self, expr: &Expr, pattern: u16) {
        self.prefixes.insert(pattern);
        self.add_whole(expr, pattern);
    }

    /// Makes the automaton in `graph` and returns its root. `label` gives each node its answer.
    pub(crate) fn build(
        &self,
        graph: &mut Graph,
        label: &mut dyn FnMut(Seen<'_>) -> u16,
    ) -> NodeId {
        let mut state = SubsetState::default();
        for &start in &self.starts {
            self.enter(&mut state, start);
        }
        self.node(state, graph, label, &mut HashMap::new())
    }

    fn enter(&self, state: &mut SubsetState, place: u32) {
        match self.program.instructions[place as usize] {
            Instruction::Digit(..) => {
                state.places.insert(place);
            }
            Instruction::Split(first, second) => {
                self.enter(state, first);
                self.enter(state, second);
            }
            Instruction::Save(_, next) => self.enter(state, next),
            // No pattern of this sort has one; a number that ends is a match already.
            Instruction::End(next) => self.enter(state, next),
            Instruction::Match(pattern) if self.prefixes.contains(&pattern) => {
                state.start.insert(pattern);
            }
            Instruction::Match(pattern) => {
                state.whole.insert(pattern);
            }
        }
    }

    fn node(
        &self,
        mut state: SubsetState,
        graph: &mut Graph,
        label: &mut dyn FnMut(Seen<'_>) -> u16,
        known: &mut HashMap<SubsetState, NodeId>,
    ) -> NodeId {
        if let Some(&node) = known.get(&state) {
            return node;
        }
        if state.len > DEPTH_MAX {
            state.places.clear();
            state.whole.clear();
        }
        let answer = label(Seen { whole: &state.whole, start: &state.start, len: state.len });
        let node = if state.places.is_empty() && state.whole.is_empty() {
            graph.leaf(answer)
        } else {
            let mut children = [0; 10];
            for (digit, child) in children.iter_mut().enumerate() {
                let next = self.after(&state, digit);
                *child = self.node(next, graph, label, known);
            }
            graph.node(answer, children)
        };
        known.insert(state, node);
        node
    }

    fn after(&self, state: &SubsetState, digit: usize) -> SubsetState {
        let mut next = SubsetState {
            start: state.start.clone(),
            len: state.len + 1,
            ..SubsetState::default()
        };
        for &place in &state.places {
            if let Instruction::Digit(mask, after) = self.program.instructions[place as usize]
                && mask >> digit & 1 == 1
            {
                self.enter(&mut next, after);
            }
        }
        next
    }
}

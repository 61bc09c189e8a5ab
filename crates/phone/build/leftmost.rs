//! One pattern as a matcher would try it: the first way that matches wins, and where its groups
//! lie is remembered. For prefixes, of which the length and the groups matter.

use std::collections::{HashMap, HashSet};

use crate::graph::{Graph, NodeId};
use crate::pattern::Expr;
use crate::program::{Instruction, Program};

/// The most groups that a prefix has.
const GROUPS_MAX: usize = 4;

/// Where each group begins and ends, in turn.
type Slots = [Option<u8>; GROUPS_MAX * 2];

/// A match at the beginning of the number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PrefixMatch {
    /// How many digits it covers.
    pub(crate) end: u8,
    slots: Slots,
}

impl PrefixMatch {
    /// Where group `index`, counted from 1, begins and ends.
    pub(crate) fn group(&self, index: usize) -> Option<(u8, u8)> {
        Some((self.slots[index * 2 - 2]?, self.slots[index * 2 - 1]?))
    }
}

/// One way that the matcher could still go.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Thread {
    place: u32,
    slots: Slots,
}

#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct LeftmostState {
    /// The better way first.
    threads: Vec<Thread>,
    /// The match so far; every thread that is left would be a better one.
    found: Option<PrefixMatch>,
    at: u8,
}

/// Makes the automaton of one pattern in `graph` and returns its root. `label` gives each node
/// its answer: what was matched if the number ends there.
pub(crate) fn build(
    expr: &Expr,
    graph: &mut Graph,
    label: &mut dyn FnMut(Option<&PrefixMatch>) -> u16,
) -> NodeId {
    let mut program = Program::default();
    let start = program.add(expr, 0);
    let mut state = LeftmostState::default();
    let mut seen = HashSet::new();
    enter(&program, &mut state, Thread { place: start, slots: Slots::default() }, false, &mut seen);
    place(&program, state, graph, label, &mut HashMap::new())
}

/// Follows a thread to its next digits. True when it has matched, which ends all lesser threads.
fn enter(
    program: &Program,
    state: &mut LeftmostState,
    mut thread: Thread,
    at_end: bool,
    seen: &mut HashSet<u32>,
) -> bool {
    if !seen.insert(thread.place) {
        return false;
    }
    match program.instructions[thread.place as usize] {
        Instruction::Digit(..) => {
            state.threads.push(thread);
            false
        }
        Instruction::End(next) if at_end => {
            enter(program, state, Thread { place: next, ..thread }, at_end, seen)
        }
        Instruction::End(_) => {
            state.threads.push(thread);
            false
        }
        Instruction::Split(first, second) => {
            let better = Thread { place: first, slots: thread.slots };
            enter(program, state, better, at_end, seen)
                || enter(program, state, Thread { place: second, ..thread }, at_end, seen)
        }
        Instruction::Save(slot, next) => {
            thread.slots[slot] = Some(state.at);
            enter(program, state, Thread { place: next, ..thread }, at_end, seen)
        }
        Instruction::Match(_) => {
            state.found = Some(PrefixMatch { end: state.at, slots: thread.slots });
            true
        }
    }
}

fn place(
    program: &Program,
    state: LeftmostState,
    graph: &mut Graph,
    label: &mut dyn FnMut(Option<&PrefixMatch>) -> u16,
    known: &mut HashMap<LeftmostState, NodeId>,
) -> NodeId {
    if let Some(&node) = known.get(&state) {
        return node;
    }
    let answer = label(at_end(program, &state).as_ref());
    let node = if state.threads.is_empty() {
        graph.leaf(answer)
    } else {
        let mut children = [0; 10];
        for (digit, child) in children.iter_mut().enumerate() {
            *child = place(program, after(program, &state, digit), graph, label, known);
        }
        graph.node(answer, children)
    };
    known.insert(state, node);
    node
}

fn after(program: &Program, state: &LeftmostState, digit: usize) -> LeftmostState {
    let mut next =
        LeftmostState { threads: Vec::new(), found: state.found.clone(), at: state.at + 1 };
    let mut seen = HashSet::new();
    for thread in &state.threads {
        if let Instruction::Digit(mask, place) = program.instructions[thread.place as usize]
            && mask >> digit & 1 == 1
            && enter(program, &mut next, Thread { place, slots: thread.slots }, false, &mut seen)
        {
            break;
        }
    }
    next
}

/// The match if the number ends here: only now may `$` be passed.
fn at_end(program: &Program, state: &LeftmostState) -> Option<PrefixMatch> {
    let mut last = LeftmostState { threads: Vec::new(), found: state.found.clone(), at: state.at };
    let mut seen = HashSet::new();
    for thread in &state.threads {
        if let Instruction::End(place) = program.instructions[thread.place as usize]
            && enter(program, &mut last, Thread { place, slots: thread.slots }, true, &mut seen)
        {
            break;
        }
    }
    last.found
}

//! The one graph that every automaton lies in. A node is a label and ten children; equal nodes
//! are the same node, so the ends of all countries' numbers are shared.
//!
//! A walk goes from child to child until the digits end: the label of the last node is the answer.
//! Most numbers are decided long before, by their first digits and their length. So a node from
//! which only the length matters has no children: it is a leaf, and names a run, the list of
//! answers by how many digits are left.

use std::collections::{HashMap, VecDeque};

/// A node's place in the graph. Place 0 is kept free, it means "no child".
pub(crate) type NodeId = u16;

/// A node as it is stored: the label first, then the children for 0 to 9. A leaf has 0 as its
/// first child and its run's number as the second; run 0 says that the label is always the answer.
pub(crate) type NodeRow = [u16; 11];

/// Answers by the number of digits left, from none on; the last stands for all greater numbers.
/// No national number has as many digits.
pub(crate) type LeafRun = [u16; 20];

/// Every node, each kept once.
pub(crate) struct Graph {
    /// The nodes in the order of their places.
    pub(crate) rows: Vec<NodeRow>,
    /// The runs in the order of their numbers.
    pub(crate) runs: Numbered<LeafRun>,
    places: HashMap<NodeRow, NodeId>,
}

impl Graph {
    /// A graph of the free place alone, which as a root answers 0.
    pub(crate) fn new() -> Graph {
        Graph {
            rows: vec![[0; 11]],
            runs: Numbered::starting_with([0; 20]),
            places: HashMap::new(),
        }
    }

    /// The node with this answer whatever follows.
    pub(crate) fn leaf(&mut self, label: u16) -> NodeId {
        self.run_leaf([label; 20])
    }

    /// The node with this answer if the number ends here, and these children.
    pub(crate) fn node(&mut self, label: u16, children: [NodeId; 10]) -> NodeId {
        let first = self.rows[usize::from(children[0])];
        if first[1] == 0 && children.iter().all(|child| *child == children[0]) {
            // Whichever digit comes, the answer is the same: only the length matters from here.
            let mut run = [label; 20];
            run[1..].copy_from_slice(&self.run(&first)[..19]);
            return self.run_leaf(run);
        }
        let mut row = [0; 11];
        row[0] = label;
        row[1..].copy_from_slice(&children);
        self.intern(row)
    }

    /// The graph without the nodes that no root leads to any more, and the new places of `roots`.
    /// Nodes near a root come first: they are the ones that every walk visits.
    pub(crate) fn compact(&self, roots: &[NodeId]) -> (Vec<NodeRow>, Vec<LeafRun>, Vec<NodeId>) {
        let mut rows = vec![[0; 11]];
        let mut runs: Numbered<LeafRun> = Numbered::starting_with([0; 20]);
        let mut places = HashMap::from([(0, 0)]);
        let mut queue: VecDeque<NodeId> = VecDeque::new();
        let mut visit = |node: NodeId, queue: &mut VecDeque<NodeId>| {
            let next = NodeId::try_from(places.len()).expect("no more nodes than before");
            *places.entry(node).or_insert_with(|| {
                queue.push_back(node);
                next
            })
        };
        let roots = roots.iter().map(|root| visit(*root, &mut queue)).collect();
        while let Some(node) = queue.pop_front() {
            let mut row = self.rows[usize::from(node)];
            if row[1] == 0 {
                if row[2] != 0 {
                    row[2] = runs.number(self.runs.items[usize::from(row[2])]);
                }
            } else {
                row[1..].iter_mut().for_each(|child| *child = visit(*child, &mut queue));
            }
            rows.push(row);
        }
        (rows, runs.items, roots)
    }

    fn run_leaf(&mut self, run: LeafRun) -> NodeId {
        let mut row = [0; 11];
        row[0] = run[0];
        if run != [run[0]; 20] {
            row[2] = self.runs.number(run);
        }
        self.intern(row)
    }

    /// The answers of a leaf.
    fn run(&self, leaf: &NodeRow) -> LeafRun {
        match leaf[2] {
            0 => [leaf[0]; 20],
            run => self.runs.items[usize::from(run)],
        }
    }

    /// Bit `d` for each digit `d` after which a root may still answer something else than 0.
    pub(crate) fn first_digits(&self, root: NodeId) -> u16 {
        let row = self.rows[usize::from(root)];
        let silent = |node: NodeId| self.rows[usize::from(node)] == [0; 11];
        match row[1] {
            0 if row[2] == 0 && row[0] == 0 => 0,
            0 => 0x3ff,
            _ => (0..10).filter(|d| !silent(row[1 + d])).fold(0, |mask, d| mask | 1 << d),
        }
    }

    fn intern(&mut self, row: NodeRow) -> NodeId {
        *self.places.entry(row).or_insert_with(|| {
            self.rows.push(row);
            NodeId::try_from(self.rows.len() - 1).expect("the graph fits in 16-bit places")
        })
    }
}

/// Things numbered in the order in which they first came.
pub(crate) struct Numbered<T> {
    /// The things; each one's number is its place.
    pub(crate) items: Vec<T>,
    numbers: HashMap<T, u16>,
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    /// Nothing numbered yet, but for `first`, which gets 0.
    pub(crate) fn starting_with(first: T) -> Numbered<T> {
        let mut numbered = Numbered { items: Vec::new(), numbers: HashMap::new() };
        numbered.number(first);
        numbered
    }

    /// The number of a thing, a new one if it is new.
    pub(crate) fn number(&mut self, item: T) -> u16 {
        *self.numbers.entry(item.clone()).or_insert_with(|| {
            self.items.push(item);
            u16::try_from(self.items.len() - 1).expect("fewer than 65,536 different things")
        })
    }
}

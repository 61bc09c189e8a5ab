//! From the metadata to automata: for each calling code the region, kind and format of a number;
//! for each territory whether a number looks like its own and which prefixes it takes.

use std::error::Error;

use crate::graph::{Graph, NodeId, Numbered};
use crate::leftmost::{self, PrefixMatch};
use crate::pattern::{Expr, parse};
use crate::source::{KINDS, Style, Territory};
use crate::subset::{Seen, Subset};

/// "No region" and "unknown kind" in a class.
pub(crate) const NONE: u8 = u8::MAX;

/// The place of `FixedLine`, `Mobile`, `FixedLineOrMobile` and `Unknown` in `NumberKind`.
const FIXED: u8 = 0;
const MOBILE: u8 = 1;
const FIXED_OR_MOBILE: u8 = 2;
/// The place of `Unknown` in `NumberKind`.
pub(crate) const UNKNOWN: u8 = 11;

/// In a template, a byte from here on copies digits: it says the first, the next byte how many.
/// All other bytes stand for themselves.
pub(crate) const COPY: u8 = 0x80;

/// The graph and everything that its labels point to.
pub(crate) struct Automata {
    /// All nodes.
    pub(crate) graph: Graph,
    /// Classes of numbers: the place of the region among all, and the kind.
    pub(crate) classes: Numbered<(u8, u8)>,
    /// How a number is written: numbers of two templates, national and international.
    pub(crate) styles: Numbered<(u16, u16)>,
    /// Rules for a national prefix: how many digits are removed, and the number of the template
    /// that is put in their place.
    pub(crate) strips: Numbered<(u8, u16)>,
    /// The bytes of templates; template 0 is empty.
    pub(crate) templates: Numbered<Vec<u8>>,
}

impl Automata {
    /// Only the answers that all territories share.
    pub(crate) fn new() -> Automata {
        Automata {
            graph: Graph::new(),
            classes: Numbered::starting_with((NONE, UNKNOWN)),
            styles: Numbered::starting_with((0, 0)),
            strips: Numbered::starting_with((0, 0)),
            templates: Numbered::starting_with(Vec::new()),
        }
    }

    /// Region and kind of a number of one calling code. `group` holds its territories, the main one
    /// first, and `regions` their places among all regions.
    pub(crate) fn classify(
        &mut self,
        group: &[Territory],
        regions: &[u8],
    ) -> Result<NodeId, Box<dyn Error>> {
        let mut subset = Subset::default();
        for (index, territory) in group.iter().enumerate() {
            subset.add_whole(&parse(&territory.general)?, ids::general(index));
            for (kind, plan) in territory.plans.iter().enumerate() {
                if let Some(plan) = plan {
                    subset.add_whole(&parse(&plan.pattern)?, ids::plan(index, kind));
                }
            }
            if let Some(leading) = &territory.leading {
                subset.add_start(&parse(leading)?, ids::leading(index));
            }
        }
        let classes = &mut self.classes;
        Ok(subset.build(&mut self.graph, &mut |seen| {
            let Some(index) = home(group, &seen) else { return 0 };
            classes.number((regions[index], kind(&group[index], index, &seen)))
        }))
    }

    /// How a number of one calling code is written; the main territory decides for all.
    pub(crate) fn format(&mut self, main: &Territory) -> Result<NodeId, Box<dyn Error>> {
        let lists = [&main.national_styles, &main.international_styles];
        let mut subset = Subset::default();
        let mut groups: [Vec<Vec<(u8, u8)>>; 2] = Default::default();
        for (list, styles) in lists.iter().enumerate() {
            for (index, style) in styles.iter().enumerate() {
                let pattern = parse(&style.pattern)?;
                groups[list].push(
                    group_lengths(&pattern).map_err(|e| format!("{e} in {}", style.pattern))?,
                );
                subset.add_whole(&pattern, ids::style(list, index));
                if let Some(leading) = &style.leading {
                    subset.add_start(&parse(leading)?, ids::style_start(list, index));
                }
            }
        }
        let mut fault = None;
        let (templates, numbers) = (&mut self.templates, &mut self.styles);
        let root = subset.build(&mut self.graph, &mut |seen| {
            let mut pair = [0, 0];
            for (list, styles) in lists.iter().enumerate() {
                let Some(index) = first_style(styles, list, &seen) else { continue };
                let style = &styles[index];
                let format = if list == 0 { &style.national } else { &style.format };
                match template(format, |group| {
                    spans(&groups[list][index], seen.len).get(group - 1).copied()
                }) {
                    Ok(bytes) => pair[list] = templates.number(bytes),
                    Err(e) => fault = Some(format!("{e} in {format:?} of {}", main.id)),
                }
            }
            numbers.number((pair[0], pair[1]))
        });
        fault.map_or(Ok(root), |fault| Err(fault.into()))
    }

    /// Whether a national number looks like one of the territory at all: label 1.
    pub(crate) fn general(&mut self, territory: &Territory) -> Result<NodeId, Box<dyn Error>> {
        let mut subset = Subset::default();
        subset.add_whole(&parse(&territory.general)?, 0);
        Ok(subset.build(&mut self.graph, &mut |seen| u16::from(!seen.whole.is_empty())))
    }

    /// How long the international prefix is: the label.
    pub(crate) fn international_prefix(
        &mut self,
        territory: &Territory,
    ) -> Result<NodeId, Box<dyn Error>> {
        let Some(pattern) = &territory.international_prefix else { return Ok(0) };
        Ok(leftmost::build(&parse(pattern)?, &mut self.graph, &mut |found| {
            found.map_or(0, |found| u16::from(found.end))
        }))
    }

    /// The rule for a number that has the national prefix.
    pub(crate) fn national_prefix(
        &mut self,
        territory: &Territory,
    ) -> Result<NodeId, Box<dyn Error>> {
        let Some(pattern) = territory.national_prefix.as_deref().filter(|p| !p.is_empty()) else {
            return Ok(0);
        };
        let expr = parse(pattern)?;
        let last = groups_in(&expr);
        let transform = territory.transform.as_deref().filter(|rule| !rule.is_empty());
        let (strips, templates) = (&mut self.strips, &mut self.templates);
        let mut fault = None;
        let root = leftmost::build(&expr, &mut self.graph, &mut |found: Option<&PrefixMatch>| {
            let Some(found) = found else { return 0 };
            // Only a match of the last group asks for the rule.
            let rule = transform.filter(|_| last > 0 && found.group(last).is_some());
            let put = match rule {
                None => 0,
                Some(rule) => {
                    let span = |group| found.group(group).map(|(from, to)| (from, to - from));
                    match template(rule, span) {
                        Ok(bytes) => templates.number(bytes),
                        Err(e) => {
                            fault = Some(format!("{e} in {rule:?} of {}", territory.id));
                            0
                        }
                    }
                }
            };
            strips.number((found.end, put))
        });
        fault.map_or(Ok(root), |fault| Err(fault.into()))
    }
}

/// The numbers under which patterns go into a [`Subset`].
mod ids {
    const PER_TERRITORY: usize = 16;
    const PER_LIST: usize = 1 << 10;

    fn id(n: usize) -> u16 {
        u16::try_from(n).expect("few territories share a code, and each has few styles")
    }

    pub(super) fn plan(territory: usize, kind: usize) -> u16 {
        id(territory * PER_TERRITORY + kind)
    }

    pub(super) fn general(territory: usize) -> u16 {
        id(territory * PER_TERRITORY + 14)
    }

    pub(super) fn leading(territory: usize) -> u16 {
        id(territory * PER_TERRITORY + 15)
    }

    pub(super) fn style(list: usize, index: usize) -> u16 {
        id((list * PER_LIST + index) * 2)
    }

    pub(super) fn style_start(list: usize, index: usize) -> u16 {
        id((list * PER_LIST + index) * 2 + 1)
    }
}

/// Which territory of a code a number belongs to: a code's only one takes every number, one with
/// leading digits those that begin with them, any other those that are valid there.
fn home(group: &[Territory], seen: &Seen<'_>) -> Option<usize> {
    if group.len() == 1 {
        return Some(0);
    }
    (0..group.len()).find(|&index| match group[index].leading {
        Some(_) => seen.start.contains(&ids::leading(index)),
        None => kind(&group[index], index, seen) != UNKNOWN,
    })
}

fn kind(territory: &Territory, index: usize, seen: &Seen<'_>) -> u8 {
    let fits = |lengths: u32| lengths == 0 || lengths >> seen.len & 1 == 1;
    if !seen.whole.contains(&ids::general(index)) || !fits(territory.lengths) {
        return UNKNOWN;
    }
    let is = |kind: usize| {
        territory.plans[kind]
            .as_ref()
            .is_some_and(|plan| seen.whole.contains(&ids::plan(index, kind)) && fits(plan.lengths))
    };
    let place = |wanted: u8| KINDS.iter().position(|&kind| kind == wanted).unwrap_or_default();
    let special = (0..KINDS.len()).find(|&kind| KINDS[kind] > FIXED_OR_MOBILE && is(kind));
    match (special, is(place(FIXED)), is(place(MOBILE))) {
        (Some(kind), _, _) => KINDS[kind],
        (None, true, true) => FIXED_OR_MOBILE,
        (None, true, false) => FIXED,
        (None, false, true) => MOBILE,
        (None, false, false) => UNKNOWN,
    }
}

fn first_style(styles: &[Style], list: usize, seen: &Seen<'_>) -> Option<usize> {
    (0..styles.len()).find(|&index| {
        seen.whole.contains(&ids::style(list, index))
            && (styles[index].leading.is_none()
                || seen.start.contains(&ids::style_start(list, index)))
    })
}

/// The least and the greatest length of each group of a style. Only groups of plain digits, side
/// by side, are understood: then the length of the number alone says where the groups lie.
fn group_lengths(expr: &Expr) -> Result<Vec<(u8, u8)>, String> {
    let parts: &[Expr] = match expr {
        Expr::Concat(parts) => parts,
        other => std::slice::from_ref(other),
    };
    parts
        .iter()
        .map(|part| {
            let Expr::Group(inner, _) = part else { return Err(format!("{part:?} is no group")) };
            let inner = match &**inner {
                Expr::Concat(only) if only.len() == 1 => &only[0],
                other => other,
            };
            match inner {
                Expr::Digit(_) => Ok((1, 1)),
                Expr::Repeat(one, min, max) if matches!(**one, Expr::Digit(_)) => Ok((*min, *max)),
                other => Err(format!("{other:?} is not plain digits")),
            }
        })
        .collect()
}

/// Where the groups lie in a number of `len` digits: the first takes as much as it can.
fn spans(groups: &[(u8, u8)], len: u8) -> Vec<(u8, u8)> {
    let mut spare = len.saturating_sub(groups.iter().map(|group| group.0).sum());
    let mut at = 0;
    groups
        .iter()
        .map(|&(min, max)| {
            let more = spare.min(max - min);
            spare -= more;
            let span = (at, min + more);
            at += min + more;
            span
        })
        .collect()
}

/// A format in which each group is replaced by its place and length.
fn template(format: &str, span: impl Fn(usize) -> Option<(u8, u8)>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c == '$' {
            let group = chars.next().and_then(|c| c.to_digit(10)).ok_or("a $ without its group")?;
            let (start, len) = span(group as usize).ok_or("a group that is not there")?;
            bytes.extend([COPY + start, len]);
        } else if c.is_ascii() {
            bytes.push(u8::try_from(c).map_err(|e| e.to_string())?);
        } else {
            return Err(format!("{c:?}, which is not ASCII,"));
        }
    }
    Ok(bytes)
}

fn groups_in(expr: &Expr) -> usize {
    match expr {
        Expr::Group(inner, index) => (*index).max(groups_in(inner)),
        Expr::Concat(parts) | Expr::Alternatives(parts) => {
            parts.iter().map(groups_in).max().unwrap_or(0)
        }
        Expr::Repeat(inner, ..) => groups_in(inner),
        Expr::Empty | Expr::Digit(_) | Expr::End => 0,
    }
}

//! Expressions as instructions, the form in which all their ways through a number can be
//! followed at once.

use crate::pattern::Expr;

/// One instruction; the numbers are places in the program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instruction {
    /// Reads a digit of the set and goes on.
    Digit(u16, u32),
    /// Tries the first way, then the second.
    Split(u32, u32),
    /// Notes the place in the number: even slots begin a group, odd ones end it.
    Save(usize, u32),
    /// Goes on only at the end of the number.
    End(u32),
    /// The pattern with this number has matched.
    Match(u16),
}

/// The instructions of any number of patterns.
#[derive(Default)]
pub(crate) struct Program {
    /// Every instruction of every pattern.
    pub(crate) instructions: Vec<Instruction>,
}

impl Program {
    /// Adds a pattern and returns where it starts. It is written from its end to its start, so
    /// that every place to go on at is known.
    pub(crate) fn add(&mut self, expr: &Expr, pattern: u16) -> u32 {
        let end = self.push(Instruction::Match(pattern));
        self.write(expr, end)
    }

    fn push(&mut self, instruction: Instruction) -> u32 {
        self.instructions.push(instruction);
        u32::try_from(self.instructions.len() - 1).expect("a program stays small")
    }

    fn write(&mut self, expr: &Expr, next: u32) -> u32 {
        match expr {
            Expr::Empty => next,
            Expr::Digit(mask) => self.push(Instruction::Digit(*mask, next)),
            Expr::End => self.push(Instruction::End(next)),
            Expr::Concat(parts) => {
                parts.iter().rev().fold(next, |next, part| self.write(part, next))
            }
            Expr::Alternatives(branches) => {
                let starts: Vec<u32> =
                    branches.iter().map(|branch| self.write(branch, next)).collect();
                let split = |after: Option<u32>, &first: &u32| {
                    Some(after.map_or(first, |after| self.push(Instruction::Split(first, after))))
                };
                starts.iter().rev().fold(None, split).unwrap_or(next)
            }
            Expr::Repeat(inner, min, max) => {
                let optional = (*min..*max).fold(next, |after, _| {
                    let inner = self.write(inner, after);
                    self.push(Instruction::Split(inner, next))
                });
                (0..*min).fold(optional, |after, _| self.write(inner, after))
            }
            Expr::Group(inner, index) => {
                let after = self.push(Instruction::Save(index * 2 - 1, next));
                let inner = self.write(inner, after);
                self.push(Instruction::Save(index * 2 - 2, inner))
            }
        }
    }
}

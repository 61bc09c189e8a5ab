//! The small part of regular expressions that the metadata is written in: digits, classes of
//! digits, groups, alternatives, counted repeats and `$`. Anything else is an error, so that new
//! metadata which needs more stops the build instead of matching wrongly.

/// A parsed expression.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// Matches without reading.
    Empty,
    /// One digit out of a set: bit `n` stands for digit `n`.
    Digit(u16),
    /// One after the other.
    Concat(Vec<Expr>),
    /// The first that matches.
    Alternatives(Vec<Expr>),
    /// As often as possible, within bounds.
    Repeat(Box<Expr>, u8, u8),
    /// A numbered group, counted from 1.
    Group(Box<Expr>, usize),
    /// `$`.
    End,
}

/// All ten digits.
const ANY: u16 = 0x3ff;

/// Stands for "no upper bound" in a repeat; longer than any number.
const UNBOUNDED: u8 = 40;

/// Parses an expression. White space in it means nothing.
pub(crate) fn parse(source: &str) -> Result<Expr, String> {
    let text: Vec<char> = source.chars().filter(|c| !c.is_whitespace()).collect();
    let mut parser = Parser { text, at: 0, groups: 0 };
    let expr = parser.alternatives().map_err(|e| format!("{e} in pattern {source:?}"))?;
    if parser.at != parser.text.len() {
        return Err(format!("left over after place {} in pattern {source:?}", parser.at));
    }
    Ok(expr)
}

struct Parser {
    text: Vec<char>,
    at: usize,
    groups: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("unexpected end")?;
        self.at += 1;
        Ok(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Result<Expr, String> {
        let mut branches = vec![self.concat()?];
        while self.eat('|') {
            branches.push(self.concat()?);
        }
        match branches.pop() {
            Some(only) if branches.is_empty() => Ok(only),
            last => {
                branches.extend(last);
                Ok(Expr::Alternatives(branches))
            }
        }
    }

    fn concat(&mut self) -> Result<Expr, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            parts.push(self.repeated(atom)?);
        }
        Ok(if parts.is_empty() { Expr::Empty } else { Expr::Concat(parts) })
    }

    fn atom(&mut self) -> Result<Expr, String> {
        match self.next()? {
            '(' => {
                let index = if self.eat('?') {
                    if !self.eat(':') {
                        return Err("only (?: is known of the special groups".into());
                    }
                    None
                } else {
                    self.groups += 1;
                    Some(self.groups)
                };
                let inner = self.alternatives()?;
                if !self.eat(')') {
                    return Err("a group is not closed".into());
                }
                Ok(match index {
                    Some(index) => Expr::Group(Box::new(inner), index),
                    None => inner,
                })
            }
            '[' => self.class(),
            '\\' if self.eat('d') => Ok(Expr::Digit(ANY)),
            '$' => Ok(Expr::End),
            c => Ok(Expr::Digit(1 << digit(c)?)),
        }
    }

    fn class(&mut self) -> Result<Expr, String> {
        let mut mask = 0;
        loop {
            match self.next()? {
                ']' => return Ok(Expr::Digit(mask)),
                '\\' if self.eat('d') => mask |= ANY,
                c => {
                    let first = digit(c)?;
                    let last = if self.eat('-') { digit(self.next()?)? } else { first };
                    (first..=last).for_each(|d| mask |= 1 << d);
                }
            }
        }
    }

    fn repeated(&mut self, atom: Expr) -> Result<Expr, String> {
        let (min, max) = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, UNBOUNDED),
            Some('+') => (1, UNBOUNDED),
            Some('{') => return self.counted(atom),
            _ => return Ok(atom),
        };
        self.at += 1;
        self.greedy(atom, min, max)
    }

    /// The rest of a repeat behind `{`: one count or two.
    fn counted(&mut self, atom: Expr) -> Result<Expr, String> {
        self.at += 1;
        let min = self.count()?;
        let max = match self.eat(',') {
            false => min,
            true if self.peek() == Some('}') => UNBOUNDED,
            true => self.count()?,
        };
        if !self.eat('}') {
            return Err("a count is not closed".into());
        }
        self.greedy(atom, min, max)
    }

    fn greedy(&self, atom: Expr, min: u8, max: u8) -> Result<Expr, String> {
        if matches!(self.peek(), Some('?' | '+' | '*' | '{')) {
            return Err("lazy, possessive and doubled repeats are not known".into());
        }
        Ok(Expr::Repeat(Box::new(atom), min, max))
    }

    fn count(&mut self) -> Result<u8, String> {
        let mut count = 0u8;
        while let Some(d) = self.peek().and_then(|c| c.to_digit(10)) {
            let d = u8::try_from(d).map_err(|e| e.to_string())?;
            count =
                count.checked_mul(10).and_then(|n| n.checked_add(d)).ok_or("a count too large")?;
            self.at += 1;
        }
        Ok(count)
    }
}

fn digit(c: char) -> Result<u8, String> {
    c.to_digit(10).and_then(|d| u8::try_from(d).ok()).ok_or_else(|| format!("unexpected {c:?}"))
}

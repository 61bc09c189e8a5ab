//! Questions over HTTP, and what a good answer to each is. A load asks them; who is asked, and
//! how fast, is not known here.

pub(crate) mod batch;
pub(crate) mod caller_id;
pub(crate) mod edit;
pub(crate) mod lookup;
pub(crate) mod numbers;
pub(crate) mod search;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod zipf;

/// What an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Somebody has this number.
    Present(u64),
    /// Nobody has it.
    Absent,
    /// Whatever a good answer is; the asker knows.
    Any,
}

/// Asks on one connection, and judges the answers, which come in the order of the questions.
pub(crate) trait Ask {
    /// Appends one request.
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected;

    /// Judges an answer: how many questions it answered, or what is wrong with it.
    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String>;
}

/// The status of every good answer.
pub(crate) fn good(status: u16) -> Result<(), String> {
    if status == 200 { Ok(()) } else { Err(format!("status {status}")) }
}

/// Asks another server the same, and expects a body of a size and nothing else.
pub(crate) struct OfSize {
    asker: Box<dyn Ask>,
    bytes: usize,
    answers: u32,
}

impl OfSize {
    /// Expects `bytes` bytes, which answer `answers` questions.
    pub(crate) fn new(asker: Box<dyn Ask>, bytes: usize, answers: u32) -> OfSize {
        OfSize { asker, bytes, answers }
    }
}

impl Ask for OfSize {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        self.asker.ask(out)
    }

    fn judge(&mut self, _: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        good(status)?;
        if body.len() != self.bytes {
            return Err(format!("{} bytes instead of {}", body.len(), self.bytes));
        }
        Ok(self.answers)
    }
}

/// Whether some bytes hold others.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len().max(1)).any(|window| window == part)
}

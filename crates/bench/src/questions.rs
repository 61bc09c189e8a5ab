//! Questions over HTTP, and how a good answer to each looks. Nothing here knows a socket, the
//! server that is asked, or how fast.

pub(crate) mod batch;
pub(crate) mod caller_id;
pub(crate) mod edit;
pub(crate) mod lookup;
pub(crate) mod numbers;
pub(crate) mod search;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod zipf;

/// The answer that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// A contact with this number.
    Present(u64),
    /// No contact.
    Absent,
    /// Any answer that the question takes for good.
    Any,
}

/// The questions of one connection. Answers are judged in the order of the questions.
pub(crate) trait Question {
    /// Appends one request to `out`.
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected;

    /// Judges an answer: how many questions it answered, or its fault in words.
    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String>;
}

/// The status of every good answer.
pub(crate) fn good(status: u16) -> Result<(), String> {
    if status == 200 { Ok(()) } else { Err(format!("status {status}")) }
}

/// The questions of another kind, asked at a server whose answers all have the same size.
pub(crate) struct FixedSize {
    question: Box<dyn Question>,
    bytes: usize,
    answers: u32,
}

impl FixedSize {
    /// Expects `bytes` bytes, which answer `answers` questions.
    pub(crate) fn new(question: Box<dyn Question>, bytes: usize, answers: u32) -> FixedSize {
        FixedSize { question, bytes, answers }
    }
}

impl Question for FixedSize {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        self.question.ask(out)
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

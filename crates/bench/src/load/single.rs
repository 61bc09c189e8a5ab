//! Questions one after the other on one connection, where only the answers matter, not their
//! times. A bad answer is an error here: a question that fails at once need not be measured.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use crate::error::{BenchError, Stop};
use crate::load::response::Parser;
use crate::questions::{Expected, Question};

/// How long answers are waited for after the last request.
const GRACE: Duration = Duration::from_secs(10);

/// Room for the bytes of one read.
const READ_BYTES: usize = 32 << 10;

/// Questions that go out together.
const ASK_AT_ONCE: usize = 16;

/// Asks `count` times on one connection and answers the bodies. A bad answer is an error.
pub(crate) fn sample(
    address: SocketAddr,
    question: &mut dyn Question,
    count: usize,
) -> Result<Vec<Vec<u8>>, BenchError> {
    let mut bodies = Vec::with_capacity(count);
    each_answer(address, question, count, |body| {
        bodies.push(body.to_vec());
        Ok(())
    })?;
    Ok(bodies)
}

/// Asks `count` times on one connection. A bad answer is an error.
pub(crate) fn ask_all(
    address: SocketAddr,
    question: &mut dyn Question,
    count: usize,
    stop: Stop,
) -> Result<(), BenchError> {
    each_answer(
        address,
        question,
        count,
        |_| if stop() { Err(BenchError::stopped()) } else { Ok(()) },
    )
}

/// Asks `count` times on one connection and hands each body to `take`.
fn each_answer(
    address: SocketAddr,
    question: &mut dyn Question,
    count: usize,
    mut take: impl FnMut(&[u8]) -> Result<(), BenchError>,
) -> Result<(), BenchError> {
    let failed = |error: io::Error| BenchError::file(format!("{address} does not answer"), &error);
    let mut stream = std::net::TcpStream::connect(address).map_err(failed)?;
    stream.set_read_timeout(Some(GRACE)).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let (mut out, mut parser, mut waiting) = (Vec::new(), Parser::default(), VecDeque::new());
    let mut piece = vec![0; READ_BYTES];
    let mut left = count;
    while left > 0 || !waiting.is_empty() {
        if waiting.is_empty() {
            out.clear();
            let now = left.min(ASK_AT_ONCE);
            waiting.extend((0..now).map(|_| question.ask(&mut out)));
            left -= now;
            stream.write_all(&out).map_err(failed)?;
        }
        let Some(answer) = parser.next().map_err(BenchError::failed)? else {
            let read = stream.read(&mut piece).map_err(failed)?;
            if read == 0 {
                return Err(BenchError::failed(format!("{address} closed the connection")));
            }
            parser.room().extend_from_slice(piece.get(..read).unwrap_or_default());
            continue;
        };
        let body = parser.body(&answer);
        let expected = waiting.pop_front().unwrap_or(Expected::Any);
        question.judge(expected, answer.status, body).map_err(|fault| {
            let text = String::from_utf8_lossy(body.get(..body.len().min(200)).unwrap_or_default());
            BenchError::failed(format!("a first question was answered badly: {fault}: {text}"))
        })?;
        take(body)?;
    }
    Ok(())
}

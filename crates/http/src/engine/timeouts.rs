//! The times that the daemon waits for its clients. The defaults are those of [`crate::limits`].

use crate::limits;
use std::time::Duration;

/// How long the daemon waits for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a request's head, from its first byte; for a new connection's first byte.
    pub head: Duration,
    /// For the next request on a kept-alive connection.
    pub idle: Duration,
    /// For a body; for each piece of a streamed one.
    pub body: Duration,
    /// For a client to take something of its answer.
    pub write_stall: Duration,
    /// For requests to end, once the daemon stops.
    pub stop: Duration,
    /// For a client to stop sending, once its connection ends.
    pub linger: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            head: limits::HEAD_TIME_MAX,
            idle: limits::IDLE_TIME_MAX,
            body: limits::BODY_TIME_MAX,
            write_stall: limits::WRITE_STALL_MAX,
            stop: limits::STOP_TIME_MAX,
            linger: limits::LINGER_TIME_MAX,
        }
    }
}

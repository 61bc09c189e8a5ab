//! The deadlines of a connection: until when its client must have sent a head, begun another
//! request, taken something of an answer, or stopped sending. A state machine without a clock, and
//! the alarm that wakes its task.

use crate::engine::timeouts::Timeouts;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, Sleep, sleep_until};

/// The deadlines of one connection. Each is unset while nothing is expected of the client.
#[derive(Debug)]
pub(super) struct Deadlines {
    timeouts: Timeouts,
    /// Until when the head must be there, or the next request have begun.
    receive: Option<Instant>,
    /// Something of the head is there.
    head_begun: bool,
    /// A request was answered before.
    answered: bool,
    /// Until when the client must take something.
    send: Option<Instant>,
    /// Until when the client is read on after the end.
    linger: Option<Instant>,
}

impl Deadlines {
    /// The deadlines of a connection that opens now. One that never says anything is as slow as a
    /// head that never ends.
    pub(super) fn new(timeouts: Timeouts, now: Instant) -> Deadlines {
        let receive = Some(now + timeouts.head);
        let (head_begun, answered) = (false, false);
        Deadlines { timeouts, receive, head_begun, answered, send: None, linger: None }
    }

    /// Bytes of a head came. Returns whether they are its first.
    pub(super) fn received(&mut self, now: Instant) -> bool {
        let first = !self.head_begun;
        // The first head of a connection is due from its opening on, any other from its first byte.
        if first && self.answered {
            self.receive = Some(now + self.timeouts.head);
        }
        self.head_begun = true;
        first
    }

    /// All requests so far are answered, and nothing of another is there.
    pub(super) fn idle(&mut self, now: Instant) {
        self.receive = Some(now + self.timeouts.idle);
        self.head_begun = false;
        self.answered = true;
    }

    /// The client has no room for more of an answer.
    pub(super) fn blocked(&mut self, now: Instant) {
        self.send.get_or_insert(now + self.timeouts.write_stall);
    }

    /// The client took something.
    pub(super) fn took(&mut self) {
        self.send = None;
    }

    /// The last answer was sent.
    pub(super) fn ended(&mut self, now: Instant) {
        self.linger.get_or_insert(now + self.timeouts.linger);
    }

    /// Whether a head has begun that is not complete.
    pub(super) fn has_head_begun(&self) -> bool {
        self.head_begun
    }

    /// Until when something must have come.
    pub(super) fn receive(&self) -> Option<Instant> {
        self.receive
    }

    /// Until when something must have been taken.
    pub(super) fn send(&self) -> Option<Instant> {
        self.send
    }

    /// Until when the client is read on; unset before the end.
    pub(super) fn linger(&self) -> Option<Instant> {
        self.linger
    }
}

/// A timer that is made when something waits on it first, and set anew only when it is due or a
/// deadline moved closer: a deadline that moves away with each request costs nothing.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Ready when the deadline has passed; never without one. The same task must poll it each time.
    pub(super) fn poll_passed(&mut self, until: Option<Instant>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(until) = until else {
            return Poll::Pending;
        };
        let Some(sleep) = &mut self.0 else {
            let sleep = self.0.insert(Box::pin(sleep_until(until)));
            return sleep.as_mut().poll(cx);
        };
        let passed = sleep.is_elapsed();
        if passed && sleep.deadline() >= until {
            return Poll::Ready(());
        }
        // The timer is stale: the deadline moved away while it ran, or closer.
        if passed || sleep.deadline() > until {
            sleep.as_mut().reset(until);
            ready!(sleep.as_mut().poll(cx));
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::time::Duration;

    /// Something that happens on a connection.
    #[derive(Clone, Copy)]
    enum Event {
        Received,
        Idle,
        Blocked,
        Took,
        Ended,
    }

    use Event::{Blocked, Ended, Idle, Received, Took};

    fn timeouts() -> Timeouts {
        let seconds = Duration::from_secs;
        Timeouts {
            head: seconds(10),
            idle: seconds(100),
            write_stall: seconds(30),
            linger: seconds(2),
            ..Timeouts::default()
        }
    }

    #[test]
    fn each_event_moves_the_deadlines_that_it_concerns() {
        let open = Instant::now();
        // Events with their seconds, and when receiving, sending and lingering are due after them.
        type Due = (Option<u64>, Option<u64>, Option<u64>);
        let cases: &[(&[(u64, Event)], Due)] = &[
            (&[], (Some(10), None, None)),
            // A head is due from its first byte on, and no byte puts it off.
            (&[(3, Received)], (Some(10), None, None)),
            (&[(3, Received), (9, Received)], (Some(10), None, None)),
            (&[(3, Received), (4, Idle)], (Some(104), None, None)),
            (&[(3, Received), (4, Idle), (50, Received)], (Some(60), None, None)),
            (&[(4, Idle), (50, Received), (55, Received)], (Some(60), None, None)),
            (&[(4, Idle), (5, Idle)], (Some(105), None, None)),
            (&[(4, Idle), (103, Received)], (Some(113), None, None)),
            // Sending is due from when it was blocked first, until something was taken.
            (&[(1, Blocked), (2, Blocked)], (Some(10), Some(31), None)),
            (&[(1, Blocked), (2, Took)], (Some(10), None, None)),
            (&[(1, Blocked), (2, Took), (3, Blocked)], (Some(10), Some(33), None)),
            (&[(1, Ended), (2, Ended)], (Some(10), None, Some(3))),
        ];
        for (n, (events, (receive, send, linger))) in cases.iter().enumerate() {
            let mut deadlines = Deadlines::new(timeouts(), open);
            for (after, event) in *events {
                let now = open + Duration::from_secs(*after);
                match event {
                    Received => drop(deadlines.received(now)),
                    Idle => deadlines.idle(now),
                    Blocked => deadlines.blocked(now),
                    Took => deadlines.took(),
                    Ended => deadlines.ended(now),
                }
            }
            let at = |seconds: Option<u64>| seconds.map(|s| open + Duration::from_secs(s));
            let found = (deadlines.receive(), deadlines.send(), deadlines.linger());
            assert_eq!(found, (at(*receive), at(*send), at(*linger)), "case {n}");
        }
    }

    #[test]
    fn a_head_begins_once() {
        let mut deadlines = Deadlines::new(timeouts(), Instant::now());
        assert!(!deadlines.has_head_begun());
        assert!(deadlines.received(Instant::now()));
        assert!(!deadlines.received(Instant::now()));
        assert!(deadlines.has_head_begun());
        deadlines.idle(Instant::now());
        assert!(!deadlines.has_head_begun() && deadlines.received(Instant::now()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_alarm_follows_a_deadline_that_moves() {
        let open = Instant::now();
        let at = |seconds: u64| Some(open + Duration::from_secs(seconds));
        let mut alarm = Alarm::default();
        for until in [None, at(10), at(20), at(5)] {
            let waiting = poll_fn(|cx| Poll::Ready(alarm.poll_passed(until, cx).is_pending()));
            assert!(waiting.await, "{until:?}");
        }
        poll_fn(|cx| alarm.poll_passed(at(5), cx)).await;
        assert_eq!(Some(Instant::now()), at(5));
        poll_fn(|cx| alarm.poll_passed(at(30), cx)).await;
        assert_eq!(Some(Instant::now()), at(30));
        let waiting = poll_fn(|cx| Poll::Ready(alarm.poll_passed(None, cx).is_pending()));
        assert!(waiting.await);
    }
}

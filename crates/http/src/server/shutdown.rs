//! The stages of a daemon's end, which every connection follows.

use tokio::sync::watch;

/// A stage of the daemon's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Running,
    /// No new requests; those that run may end.
    Stopping,
    /// Time is up.
    Over,
}

/// Ends when the daemon begins to stop.
pub(crate) async fn stopping(stage: &mut watch::Receiver<Stage>) {
    while *stage.borrow_and_update() == Stage::Running {
        if stage.changed().await.is_err() {
            return;
        }
    }
}

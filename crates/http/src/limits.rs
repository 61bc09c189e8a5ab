//! Every limit that protects the daemon, in one place. What a record may hold is
//! `carnet_model::limits`.

use std::time::Duration;

/// Connections that are open at once. One more is answered 503 and closed.
pub const CONNECTIONS_MAX: usize = 10_000;
/// Refusals that are being sent to connections at once; beyond it they are closed without a word.
pub const REFUSALS_MAX: usize = 256;
/// Requests that are worked on at once. One more is answered 503.
pub const REQUESTS_MAX: usize = 4_096;
/// Searches, listings and scans that run at once for each processor; more wait their turn.
pub const LONG_READS_PER_CORE_MAX: usize = 4;
/// Sign-ins that wait for their password to be hashed. One more is answered 503.
pub const PASSWORD_WAITS_MAX: usize = 16;
/// Imports, exports and checks that run at once. One more is answered 503.
pub const JOBS_MAX: usize = 4;

/// Connections that wait to be accepted, on each processor's socket.
pub const BACKLOG: u32 = 4_096;
/// Headers of a request that the fast path answers; one with more goes to hyper.
pub const FAST_HEADERS_MAX: usize = 24;
/// Bytes of a head that the fast path answers; a longer one goes to hyper.
pub const FAST_HEAD_BYTES_MAX: usize = 8 << 10;
/// Bytes that the fast path reads at first.
pub const FAST_READ_BYTES: usize = 4 << 10;
/// Bytes read at once from which on several look-ups are expected in them, and fetched together.
pub const FAST_MANY_BYTES: usize = 1 << 10;
/// Bytes of answers after which they are sent, though more requests wait.
pub const FAST_OUT_BYTES_MAX: usize = 64 << 10;
/// Bytes of a request's head: its first line and headers.
pub const HEAD_BYTES_MAX: usize = 32 << 10;
/// Bytes that a connection reads ahead or holds back for one write.
pub const CONNECTION_BUFFER_BYTES_MAX: usize = 64 << 10;
/// Headers of a request.
pub const HEADERS_MAX: usize = 64;
/// Parameters of a query string or form. With one more the request is answered 400.
pub const PARAMETERS_MAX: usize = 64;
/// Characters of a correlation id that is taken from the request.
pub const CORRELATION_CHARS_MAX: usize = 64;

/// Bytes of a body that carries one record: a note in escaped JSON has at most 192,000, custom
/// fields 32 KiB.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Bytes of the body of a bulk request.
pub const BULK_BODY_BYTES_MAX: usize = 32 << 20;
/// Bytes of a form, as the token endpoint takes it.
pub const FORM_BYTES_MAX: usize = 16 << 10;
/// Bytes of all bodies that are held in memory at once. A request beyond it is answered 503.
pub const BODIES_BYTES_MAX: usize = 256 << 20;
/// Bytes of a refused body that are read on, to keep its connection. With more that ends.
pub const UNREAD_BODY_BYTES_MAX: usize = 2 << 20;
/// How deeply the arrays and objects of a body are nested.
pub const JSON_DEPTH_MAX: usize = 64;

/// Bytes of one line of an import. A longer one is skipped and named.
pub const IMPORT_LINE_BYTES_MAX: usize = 1 << 20;
/// Lines of an import that are applied in one transaction.
pub const IMPORT_BATCH_LINES_MAX: usize = 1_000;
/// Bytes of lines that an import collects before it applies them.
pub const IMPORT_BATCH_BYTES_MAX: usize = 8 << 20;
/// Faults, and notices, that the answer to an import names; the rest is counted.
pub const IMPORT_ERRORS_MAX: usize = 1_000;
/// Unknown fields that the answer to an import names.
pub const IMPORT_UNKNOWN_FIELDS_MAX: usize = 100;
/// Pieces of a streamed answer that wait to be sent.
pub const STREAM_PIECES_MAX: usize = 4;

/// Numbers of one look-up of many. With one more the request is answered 413.
pub const LOOKUP_NUMBERS_MAX: usize = 10_000;
/// Numbers of a look-up of many that are answered as one piece.
pub const LOOKUP_PIECE_NUMBERS_MAX: usize = 256;
/// Bytes of lines after which such a piece ends.
pub const LOOKUP_PIECE_BYTES: usize = 64 << 10;
/// Look-ups of many numbers that are being answered at once. One more is answered 503.
pub const LOOKUP_STREAMS_MAX: usize = 256;

/// Characters of a caller's name when the switch names no number.
pub const NAME_CHARS_DEFAULT: usize = 64;
/// Characters of a caller's name that a switch may ask for.
pub const NAME_CHARS_ASKED_MAX: usize = 1_000;
/// Characters of a format of names.
pub const NAME_FORMAT_CHARS_MAX: usize = 200;
/// Networks of the list that may ask for callers without a key.
pub const CALLER_ID_NETWORKS_MAX: usize = 64;

/// Entries of a page of a scan, at least.
pub const SCAN_LIMIT_MIN: usize = 10;
/// Entries of a page of a scan, at most.
pub const SCAN_LIMIT_MAX: usize = 200;
/// Entries of a page of a scan when the client names no number.
pub const SCAN_LIMIT_DEFAULT: usize = 100;
/// How long a scan's cursor is good.
pub const CURSOR_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Requests that one HTTP/2 connection has open at once.
pub const HTTP2_STREAMS_MAX: u32 = 128;
/// Requests of an HTTP/2 connection that may be cancelled before they were looked at; with one
/// more the connection is closed.
pub const HTTP2_RESETS_MAX: usize = 20;
/// Bytes that an HTTP/2 client may send of one body, and of all bodies, before carnet takes some.
pub const HTTP2_WINDOW_BYTES: u32 = 256 << 10;
/// How often an HTTP/2 client is asked whether it is still there.
pub const HTTP2_PING_EVERY: Duration = Duration::from_secs(20);
/// How long it may take to say so.
pub const HTTP2_PING_TIME_MAX: Duration = Duration::from_secs(10);

/// How long a request's head may take from its first byte, and a new connection's first byte.
pub const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long a kept-alive connection may be idle.
pub const IDLE_TIME_MAX: Duration = Duration::from_secs(75);
/// How long a body may take; for a streamed one, each piece of it.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(60);
/// How long each piece of a refused body may take.
pub const UNREAD_PIECE_TIME_MAX: Duration = Duration::from_secs(1);
/// How long a client may take nothing of its answer.
pub const WRITE_STALL_MAX: Duration = Duration::from_secs(30);
/// How long requests may go on after the daemon began to stop.
pub const STOP_TIME_MAX: Duration = Duration::from_secs(10);
/// How long a connection is read on after its last answer when the client is still sending:
/// closing earlier would reset it, and the client would never see the answer.
pub const LINGER_TIME_MAX: Duration = Duration::from_secs(2);
/// The longest pause between two attempts to accept when the system has no room.
pub const ACCEPT_PAUSE_MAX: Duration = Duration::from_secs(1);
/// Origins of the list whose pages may ask.
pub const CORS_ORIGINS_MAX: usize = 64;
/// Seconds for which a browser may remember that.
pub const CORS_MAX_AGE_SECONDS: u32 = 600;
/// Seconds that `Retry-After` says with a 503.
pub const RETRY_AFTER_SECONDS: u32 = 1;
/// How often a batch of an import is tried while the store cannot take it.
pub const IMPORT_TRIES_MAX: u32 = 6;
/// How long an import waits before the second try; each later wait is twice as long.
pub const IMPORT_PAUSE: Duration = Duration::from_millis(250);

//! Processes that a measurement starts: the daemon, the bare server, an import. Each is this
//! binary again, and ends when its value is dropped.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child as Process, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{BenchError, Stop};
use crate::sut::process::{self, Memory};
use carnet_client::reason;

/// How often a process is asked whether it has ended, and how large it is.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How long a daemon may take to stop after SIGTERM.
const STOP_TIME_MAX: Duration = Duration::from_secs(60);

/// This binary with these words, in a directory, without the environment variables of the person who
/// measures: the defaults are measured, and the settings in the data directory itself.
pub(crate) fn carnet<S: AsRef<OsStr>>(
    directory: &Path,
    words: &[S],
) -> Result<Command, BenchError> {
    let binary = std::env::current_exe();
    let binary = binary.map_err(|e| BenchError::file("carnet does not find itself", &e))?;
    let mut command = Command::new(binary);
    command.args(words).current_dir(directory).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARNET_") {
            command.env_remove(name);
        }
    }
    // Errors are shown, and nothing else.
    command.env("CARNET_LOG_LEVEL", "error");
    Ok(command)
}

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Child(Process);

/// A process that has ended by itself.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// How long it ran.
    pub(crate) time: Duration,
    /// Its memory shortly before the end.
    pub(crate) memory: Option<Memory>,
    /// Its processor time shortly before the end.
    pub(crate) cpu: Option<Duration>,
    /// Its standard output.
    pub(crate) output: String,
}

impl Child {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Result<Child, BenchError> {
        command.spawn().map(Child).map_err(|e| BenchError::file("a process cannot be started", &e))
    }

    /// Its id.
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Its standard output, once, where it was started with a pipe for it.
    pub(crate) fn output(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Asks it to stop, as service managers do, and waits for that.
    pub(crate) fn stop(mut self) -> Result<(), BenchError> {
        let told = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        if !told.is_ok_and(|status| status.success()) {
            return Err(BenchError::failed("a process cannot be told to stop: there is no `kill`"));
        }
        let patience = Instant::now() + STOP_TIME_MAX;
        while Instant::now() < patience {
            if self.ended()?.is_some() {
                return Ok(());
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(BenchError::failed("a process did not stop in time"))
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Waits until it has ended by itself; a failure or a stop is an error.
    pub(crate) fn finish(mut self, stop: Stop) -> Result<Finished, BenchError> {
        let begun = Instant::now();
        let output = self.0.stdout.take();
        // Read on a thread of its own: a full pipe would hold the process up.
        let output = thread::spawn(move || {
            output.and_then(|pipe| std::io::read_to_string(pipe).ok()).unwrap_or_default()
        });
        let (mut memory, mut cpu) = (None, None);
        let status = loop {
            memory = process::memory(self.pid()).or(memory);
            cpu = process::cpu(self.pid()).or(cpu);
            if let Some(status) = self.ended()? {
                break status;
            }
            if stop() {
                return Err(BenchError::stopped());
            }
            thread::sleep(LOOK_EVERY);
        };
        let time = begun.elapsed();
        if !status.success() {
            return Err(BenchError::failed(format!("a part of the measurement failed ({status})")));
        }
        Ok(Finished { time, memory, cpu, output: output.join().unwrap_or_default() })
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>, BenchError> {
        self.0.try_wait().map_err(|e| BenchError::file("a process cannot be waited for", &e))
    }

    fn end(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs it to its end and answers its standard output.
pub(crate) fn run(command: &mut Command, stop: Stop) -> Result<Finished, BenchError> {
    Child::start(command.stdout(Stdio::piped()))?.finish(stop)
}

/// Starts a process that prints the address where it listens, and waits for that line. The address
/// is such as `127.0.0.1:8420`.
pub(crate) fn listening(command: &mut Command) -> Result<(Child, String), BenchError> {
    let mut child = Child::start(command.stdout(Stdio::piped()))?;
    let Some(output) = child.0.stdout.take() else {
        return Err(BenchError::failed("a process has no output"));
    };
    let mut lines = BufReader::new(output);
    let mut line = String::new();
    loop {
        line.clear();
        let read = lines.read_line(&mut line);
        let read =
            read.map_err(|e| BenchError::failed(format!("a process fell silent: {}", reason(&e))))?;
        if read == 0 {
            return Err(BenchError::failed("what was to be measured did not start"));
        }
        if let Some(address) = address_in(&line) {
            let address = address.to_owned();
            // Its later lines are read too, so that the pipe never fills.
            thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
            return Ok((child, address));
        }
    }
}

fn address_in(line: &str) -> Option<&str> {
    let address = line.split_once("http://")?.1;
    let end = address.find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]-".contains(c)));
    let address = address.get(..end.unwrap_or(address.len()))?.trim_end_matches('.');
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_out_of_a_sentence() {
        for (line, expected) in [
            ("carnet listens on http://127.0.0.1:8420\n", Some("127.0.0.1:8420")),
            ("see http://[::1]:80/, or not", Some("[::1]:80")),
            ("at http://127.0.0.1:1.", Some("127.0.0.1:1")),
            ("nowhere", None),
            ("http://", None),
        ] {
            assert_eq!(address_in(line), expected, "{line}");
        }
    }
}

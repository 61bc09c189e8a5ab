//! Shared by the tests of the whole: the binary, a daemon of it, and requests to that.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const ID: &str = "tests";
pub(crate) const SECRET: &str = "a secret for these tests only";
pub(crate) const API: &str = "/api/v2/externalcontacts";

/// The binary with these words, outside of any configuration of this machine.
pub(crate) fn carnet(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carnet"));
    command.args(words).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARNET_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs it and wants exit code 0. Answers standard output.
pub(crate) fn run(words: &[&str]) -> String {
    let output = carnet(words).output().unwrap();
    assert!(output.status.success(), "carnet {words:?}: {}", all_output(&output));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn all_output(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// A data directory that goes with the test.
pub(crate) struct Data {
    pub(crate) folder: TempDir,
}

impl Data {
    pub(crate) fn new() -> Data {
        Data { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The path of a file beside the data.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn dir(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    /// Makes a client of this role that signs in as [`ID`] with [`SECRET`].
    pub(crate) fn with_client(self, role: &str) -> Data {
        run(&[
            "client",
            "add",
            "Tests",
            "--role",
            role,
            "--id",
            ID,
            "--secret",
            SECRET,
            "--data",
            &self.dir(),
        ]);
        self
    }
}

/// A running daemon on a free port. Killed when it is dropped.
pub(crate) struct Daemon {
    /// None when the test keeps the process itself.
    child: Option<Child>,
    pub(crate) url: String,
    pub(crate) agent: ureq::Agent,
    token: String,
}

impl Daemon {
    /// Starts it and signs in.
    pub(crate) fn start(data: &Path) -> Daemon {
        let mut daemon = Daemon::start_unsigned(data);
        daemon.token = daemon.sign_in();
        daemon
    }

    pub(crate) fn start_unsigned(data: &Path) -> Daemon {
        let mut child =
            carnet(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
        let mut daemon = Daemon::reach(&mut child);
        daemon.child = Some(child);
        daemon
    }

    /// Signs in at a daemon that the test has started itself, with its standard output piped.
    pub(crate) fn adopt(child: &mut Child) -> Daemon {
        let mut daemon = Daemon::reach(child);
        daemon.token = daemon.sign_in();
        daemon
    }

    /// Reads where it listens.
    fn reach(child: &mut Child) -> Daemon {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let url = &line[line.find("http://127.0.0.1:")?..];
            let end = url.find(|c: char| !c.is_ascii_graphic()).unwrap_or(url.len());
            Some(url[..end].trim_end_matches(['/', '.', ',']).to_owned())
        });
        // Output that comes later must find a reader, too.
        std::thread::spawn(move || lines.for_each(drop));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Daemon {
            child: None,
            url: url.expect("it says where it listens"),
            agent: config.build().into(),
            token: String::new(),
        }
    }

    pub(crate) fn sign_in(&self) -> String {
        let form =
            [("grant_type", "client_credentials"), ("client_id", ID), ("client_secret", SECRET)];
        let mut answer =
            self.agent.post(format!("{}/oauth/token", self.url)).send_form(form).unwrap();
        let answer: Value = answer.body_mut().read_json().unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Status and body of a GET below the API's prefix.
    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        let request = self.agent.get(format!("{}{API}{path}", self.url));
        let answer = request.header("Authorization", format!("Bearer {}", self.token)).call();
        Self::read(answer).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.try_post(path, body).unwrap()
    }

    /// Status and body of a POST, or the error when the daemon was killed meanwhile.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Result<(u16, Value), ureq::Error> {
        let request = self.agent.post(format!("{}{API}{path}", self.url));
        Self::read(
            request.header("Authorization", format!("Bearer {}", self.token)).send_json(body),
        )
    }

    pub(crate) fn try_put(&self, path: &str, body: &Value) -> Result<(u16, Value), ureq::Error> {
        let request = self.agent.put(format!("{}{API}{path}", self.url));
        Self::read(
            request.header("Authorization", format!("Bearer {}", self.token)).send_json(body),
        )
    }

    fn read(
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<(u16, Value), ureq::Error> {
        let mut answer = answer?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    /// Ends it at once, as a power cut would end the process.
    pub(crate) fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to stop and waits. Answers its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let child = self.child.as_mut().unwrap();
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        child.wait().unwrap().code()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A contact's body.
pub(crate) fn contact(first: &str, last: &str, number: &str) -> Value {
    json!({"firstName": first, "lastName": last, "cellPhone": {"display": number}})
}

//! The system under test: a daemon that is started on made-up people or on a directory, or one that
//! runs already. It knows how to reach it and which people are in it, not the questions.

pub(crate) mod child;
pub(crate) mod machine;
pub(crate) mod people;
pub(crate) mod process;
pub(crate) mod scratch;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::error::{BenchError, Stop};
use crate::options::Options;
use crate::progress::say;
use crate::sut::child::{Child, Finished};
use crate::sut::people::People;
use crate::sut::scratch::Scratch;
use carnet_client::reason;
use carnet_client::{Access, CARNET_PATH, Remote};

/// How long a daemon may take until it is ready.
const READY_TIME_MAX: Duration = Duration::from_secs(900);

/// How often the daemon is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// How often the daemon's processor time is read until it rests, how many quiet readings in a row
/// mean rest, and how long that may take.
const REST_LOOK: Duration = Duration::from_millis(100);
const REST_LOOKS: u32 = 3;
const REST_WAIT_MAX: Duration = Duration::from_secs(300);

/// Ids of the clients under which a measurement signs in.
const ADMIN_ID: &str = "carnet-bench";
const LOOKUP_ID: &str = "carnet-bench-lookup";

/// Where the data are.
#[derive(Debug)]
pub(crate) enum Location {
    /// Made up, in a directory that is removed at the end.
    MadeUp(Scratch),
    /// In a directory that was there before.
    Directory(PathBuf),
    /// Where the running daemon has them, which is not known here.
    Daemon,
}

/// The carnet that is measured.
pub(crate) struct Sut {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its process.
    pub(crate) pid: Option<u32>,
    /// Signed in as an administrator, or as the client that the options name.
    remote: Option<Mutex<Remote>>,
    /// For questions of the API.
    pub(crate) access: Access,
    /// For questions that take a client of the role `lookup` only.
    pub(crate) key: Access,
    /// The people in it.
    pub(crate) people: People,
    /// Time and memory of the import of made-up people.
    pub(crate) imported: Option<Finished>,
    /// Ids of the clients that were made for the measurement, to be removed.
    made: Vec<String>,
    secret: String,
    child: Option<Child>,
    location: Location,
}

impl Sut {
    /// Made-up people in a new directory, imported, with a daemon on it.
    pub(crate) fn made_up(options: &Options, contacts: u64, stop: Stop) -> Result<Sut, BenchError> {
        let scratch = Scratch::new(options.keep)?;
        if options.keep {
            say(&format!("the directory is kept: {}", scratch.path().display()));
        }
        let file = scratch.path().join("people.jsonl");
        let people = People::make_up(contacts, options.seed, &file, stop)?;
        let imported = import(scratch.path(), &file, stop)?;
        // The file is not measured, and takes room.
        std::fs::remove_file(&file).map_err(|error| BenchError::file(file.display(), &error))?;
        let mut sut = Sut::on(Location::MadeUp(scratch), people, stop)?;
        sut.imported = Some(imported);
        Ok(sut)
    }

    /// A directory that was made by `carnet import`.
    pub(crate) fn directory(data: &Path, stop: Stop) -> Result<Sut, BenchError> {
        let data = std::fs::canonicalize(data);
        let data =
            data.map_err(|error| BenchError::failed(format!("--data: {}", reason(&error))))?;
        let words = ["export", "--data"].map(std::ffi::OsStr::new);
        let mut command = child::carnet(&data, &[words[0], words[1], data.as_os_str()])?;
        let mut export = Child::start(command.stdout(Stdio::piped()))?;
        let output =
            export.output().ok_or_else(|| BenchError::failed("an export has no output"))?;
        let people = People::read(output, stop)?;
        export.finish(stop)?;
        Sut::on(Location::Directory(data), people, stop)
    }

    /// A daemon of our own on a directory, with the clients that a measurement needs.
    fn on(location: Location, people: People, stop: Stop) -> Result<Sut, BenchError> {
        let secret = uuid::Uuid::new_v4().to_string();
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let access = Access { host: String::new(), token: String::new() };
        let mut sut = Sut {
            address: nowhere,
            pid: None,
            remote: None,
            access: access.clone(),
            key: access,
            people,
            imported: None,
            made: Vec::new(),
            secret,
            child: None,
            location,
        };
        for (id, role) in [(ADMIN_ID, "admin"), (LOOKUP_ID, "lookup")] {
            sut.client(&["add", "bench", "--role", role, "--id", id], stop)?;
            sut.made.push(id.to_owned());
        }
        sut.start(stop)?;
        sut.wait_for_rest(stop)?;
        Ok(sut)
    }

    /// A daemon that runs already.
    pub(crate) fn running(options: &Options, stop: Stop) -> Result<Sut, BenchError> {
        let (url, id, secret) = options.daemon()?;
        let remote = Remote::sign_in(&url, id, secret)?;
        let host = url.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let address = resolve(&host)?;
        let people = match (&options.recorded(), remote.stream(&format!("{CARNET_PATH}/export"))) {
            (_, Ok(export)) => People::read(export, stop)?,
            (Some(_), Err(_)) => People::default(),
            (None, Err(error)) => {
                return Err(BenchError::failed(format!(
                    "{error}; the numbers that are there are read from an export, which wants a \
                     client of the role admin, or give a list with --numbers FILE"
                )));
            }
        };
        let access = Access { host: host.clone(), token: remote.token() };
        // Caller ID takes the key of a client that may look up and nothing else. A client that may
        // not make one is such a client itself, or else the answers will be errors.
        let secret = uuid::Uuid::new_v4().to_string();
        let body = json!({ "name": "bench", "role": "lookup", "id": LOOKUP_ID, "secret": secret });
        let clients = format!("{CARNET_PATH}/clients");
        let made = remote.post(&clients, "application/json", body.to_string().as_bytes()).is_ok();
        let key = match made {
            true => Remote::sign_in(&url, LOOKUP_ID.to_owned(), secret.clone())?.token(),
            false => access.token.clone(),
        };
        let sut = Sut {
            address,
            pid: options.pid,
            remote: Some(Mutex::new(remote)),
            key: Access { host, token: key },
            access,
            people,
            imported: None,
            made: if made { vec![LOOKUP_ID.to_owned()] } else { Vec::new() },
            secret,
            child: None,
            location: Location::Daemon,
        };
        sut.wait_for_rest(stop)?;
        Ok(sut)
    }

    /// The data directory; `None` for a daemon that runs already.
    pub(crate) fn data(&self) -> Option<PathBuf> {
        match &self.location {
            Location::MadeUp(scratch) => Some(data_in(scratch.path())),
            Location::Directory(path) => Some(path.clone()),
            Location::Daemon => None,
        }
    }

    /// Starts the daemon on the directory and signs in. Answers how long the first answered
    /// look-up and readiness took.
    pub(crate) fn start(&mut self, stop: Stop) -> Result<StartTimes, BenchError> {
        let data = self.data().ok_or_else(not_started_here)?;
        let begun = Instant::now();
        let words = ["serve", "--listen", "127.0.0.1:0", "--data"].map(std::ffi::OsStr::new);
        let words = [&words[..], &[data.as_os_str()]].concat();
        let (child, host) = child::listening(&mut child::carnet(&data, &words)?)?;
        self.address = resolve(&host)?;
        self.pid = Some(child.pid());
        self.child = Some(child);
        let url = format!("http://{host}");
        let sign_in = |id: &str| Remote::sign_in(&url, id.to_owned(), self.secret.clone());
        let key = sign_in(LOOKUP_ID)?;
        let number = self
            .people
            .numbers
            .first()
            .map_or_else(|| "+12025550199".to_owned(), |n| format!("+{n}"));
        let path = format!("{}/reversewhitepageslookup", carnet_client::CONTACTS_PATH);
        key.get(&path, &[("lookupVal", &number)])?;
        let answered = begun.elapsed();
        wait_until_ready(&key, stop)?;
        let ready = begun.elapsed();
        let remote = sign_in(ADMIN_ID)?;
        self.access = Access { host: host.clone(), token: remote.token() };
        self.key = Access { host, token: key.token() };
        self.remote = Some(Mutex::new(remote));
        Ok(StartTimes { answered, ready })
    }

    /// Waits until the daemon, which fills its caches after its start, is idle. Where its processor
    /// time is unknown, it does not wait.
    pub(crate) fn wait_for_rest(&self, stop: Stop) -> Result<(), BenchError> {
        let spent = || self.pid.and_then(process::cpu);
        let end = Instant::now() + REST_WAIT_MAX;
        let (mut before, mut quiet) = (spent(), 0);
        while before.is_some() && quiet < REST_LOOKS && Instant::now() < end {
            if stop() {
                return Err(BenchError::stopped());
            }
            std::thread::sleep(REST_LOOK);
            let now = spent();
            let used = now.zip(before).and_then(|(now, before)| now.checked_sub(before));
            quiet = if used.is_some_and(|used| used < REST_LOOK / 10) { quiet + 1 } else { 0 };
            before = now;
        }
        Ok(())
    }

    /// Stops the daemon as service managers do.
    pub(crate) fn stop_daemon(&mut self) -> Result<(), BenchError> {
        self.child.take().map_or(Ok(()), Child::stop)
    }

    /// Ends the daemon as a power cut would end it.
    pub(crate) fn kill_daemon(&mut self) {
        if let Some(child) = self.child.take() {
            child.kill();
        }
    }

    /// Whether the data are made up, so that anything may be written.
    pub(crate) fn is_made_up(&self) -> bool {
        matches!(self.location, Location::MadeUp(_))
    }

    /// The signed-in client with the most rights.
    pub(crate) fn remote(&self) -> Result<MutexGuard<'_, Remote>, BenchError> {
        let remote = self.remote.as_ref();
        let remote = remote.map(|remote| remote.lock().unwrap_or_else(PoisonError::into_inner));
        remote.ok_or_else(|| BenchError::failed("the daemon does not run"))
    }

    /// Puts everything back as it was: the daemon is stopped, the clients are removed.
    pub(crate) fn end(mut self) -> Result<(), BenchError> {
        self.stop_daemon()?;
        // A measurement that was interrupted clears up, too.
        let stop: Stop = &|| false;
        match self.location {
            // Its directory is removed with it.
            Location::MadeUp(_) => {}
            Location::Directory(_) => {
                for id in std::mem::take(&mut self.made) {
                    self.client(&["remove", &id], stop)?;
                }
            }
            Location::Daemon => {
                for id in &self.made {
                    self.remote()?.delete(&format!("{CARNET_PATH}/clients/{id}"))?;
                }
            }
        }
        Ok(())
    }

    /// Runs `carnet client` on the directory.
    fn client(&self, words: &[&str], stop: Stop) -> Result<(), BenchError> {
        let data = self.data().ok_or_else(not_started_here)?;
        let mut all: Vec<&std::ffi::OsStr> = vec!["client".as_ref()];
        all.extend(words.iter().map(std::ffi::OsStr::new));
        if words.first() == Some(&"add") {
            all.extend(["--secret".as_ref(), std::ffi::OsStr::new(&self.secret)]);
        }
        all.extend(["--data".as_ref(), data.as_os_str()]);
        child::run(&mut child::carnet(&data, &all)?, stop).map(drop)
    }
}

/// How long a start took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartTimes {
    /// From the start of the process to the answer to the first look-up, signing in included.
    pub(crate) answered: Duration,
    /// To readiness: search too.
    pub(crate) ready: Duration,
}

fn data_in(scratch: &Path) -> PathBuf {
    scratch.join("data")
}

fn not_started_here() -> BenchError {
    BenchError::usage(
        "this is measured on a daemon that the measurement starts itself; without --url",
    )
}

/// Imports a file into the directory of a scratch place.
pub(crate) fn import(scratch: &Path, file: &Path, stop: Stop) -> Result<Finished, BenchError> {
    let data = data_in(scratch);
    let words: [&std::ffi::OsStr; 5] = [
        "import".as_ref(),
        file.as_os_str(),
        "--json".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
    ];
    child::run(&mut child::carnet(scratch, &words)?, stop)
}

fn resolve(host: &str) -> Result<SocketAddr, BenchError> {
    let with_port = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let found = with_port.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| BenchError::failed(format!("{host} is no host and port")))
}

fn wait_until_ready(daemon: &Remote, stop: Stop) -> Result<(), BenchError> {
    let patience = Instant::now() + READY_TIME_MAX;
    while Instant::now() < patience {
        if daemon.is_ready() {
            return Ok(());
        }
        if stop() {
            return Err(BenchError::stopped());
        }
        std::thread::sleep(ASK_EVERY);
    }
    Err(BenchError::failed("the daemon did not become ready"))
}

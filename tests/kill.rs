//! kill -9 in the middle of writes: nothing that was acknowledged is lost, and the index equals
//! the store after each start.
//!
//! 20 rounds here; `tests/kill 200` runs as many as one likes.

use crate::support::{API, Daemon, Data, all_output, carnet, contact};
use carnet_sample::Random;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const ROUNDS: u64 = 20;
const WRITERS: u64 = 4;

/// Round after round over one directory: writers write, the daemon is killed at a random moment,
/// and the next one must know everything that was acknowledged.
#[test]
fn nothing_acknowledged_is_lost_by_kill_nine() {
    let rounds = std::env::var("CARNET_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = u64::try_from(now.as_nanos() & 0xffff_ffff).unwrap();
    println!("kill -9: {rounds} rounds, seed {seed}");
    let data = Data::new().with_client("admin");
    // The last name of each acknowledged contact, by its id.
    let known: Mutex<BTreeMap<String, Said>> = Mutex::default();
    for round in 0..rounds {
        let millis = 20 + Random::at(seed, round).below(400);
        let mut daemon = Daemon::start(&data.path());
        // Everything that the last round wrote, and a share of what came before it.
        verify(&daemon, &known.lock().unwrap(), |i, said| {
            said.round + 1 >= round || i % 32 == usize::try_from(round % 32).unwrap()
        });
        let killed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (daemon, known, killed) = (&daemon, &known, &killed);
            for writer in 0..WRITERS {
                scope.spawn(move || write_until_killed(daemon, known, killed, round, writer));
            }
            // Not a wait for something: this is the random moment of the kill.
            std::thread::sleep(Duration::from_millis(millis));
            // Release: pairs with the load in `write_until_killed`.
            killed.store(true, Ordering::Release);
            let pid = daemon.pid().to_string();
            let status = std::process::Command::new("kill").args(["-KILL", &pid]).status();
            assert!(status.unwrap().success());
        });
        daemon.kill();
        let check = carnet(&["check", "--data", &data.dir()]).output().unwrap();
        assert!(check.status.success(), "round {round}: {}", all_output(&check));
    }
    let known = known.into_inner().unwrap();
    verify(&Daemon::start(&data.path()), &known, |_, _| true);
    println!("kill -9: {rounds} rounds, {} contacts acknowledged, 0 lost", known.len());
    assert!(known.len() as u64 > rounds, "too little was written to show anything");
}

/// A contact's last name, as far as it is known.
#[derive(Clone)]
struct Said {
    acknowledged: String,
    /// An edit that was sent and not answered: it may have been kept, or not.
    asked: Option<String>,
    number: String,
    /// When it was last written.
    round: u64,
}

fn write_until_killed(
    daemon: &Daemon,
    known: &Mutex<BTreeMap<String, Said>>,
    killed: &AtomicBool,
    round: u64,
    writer: u64,
) {
    let mut mine: Vec<String> = Vec::new();
    for n in 0_u64.. {
        let last = format!("R{round}W{writer}N{n}");
        let number = format!("+1317{}{:04}", 200 + writer, (round * 500 + n) % 10_000);
        let edited = mine.get(usize::try_from(n / 3).unwrap()).filter(|_| n % 3 == 2).cloned();
        let answer = match &edited {
            Some(id) => {
                let mut known = known.lock().unwrap();
                let said = known.get_mut(id).unwrap();
                said.asked = Some(last.clone());
                let body = contact("Kim", &last, &said.number);
                drop(known);
                daemon.try_put(&format!("/contacts/{id}"), &body)
            }
            None => daemon.try_post("/contacts", &contact("Kim", &last, &number)),
        };
        match answer {
            Ok((200, body)) => {
                let id = body["id"].as_str().unwrap().to_owned();
                let mut known = known.lock().unwrap();
                let number = edited.as_ref().map_or(number, |id| known[id].number.clone());
                known.insert(id.clone(), Said { acknowledged: last, asked: None, number, round });
                if edited.is_none() {
                    mine.push(id);
                }
            }
            other => {
                // Acquire: pairs with the store before the kill.
                assert!(
                    killed.load(Ordering::Acquire),
                    "a write failed before the kill: {other:?}"
                );
                return;
            }
        }
    }
}

/// Every acknowledged contact that `counts` is there by its id; some are looked up and searched for
/// as well.
fn verify(daemon: &Daemon, known: &BTreeMap<String, Said>, counts: impl Fn(usize, &Said) -> bool) {
    let known = known.iter().enumerate().filter(|(i, (_, said))| counts(*i, said));
    for (i, (id, said)) in known {
        let (status, body) = daemon.get(&format!("/contacts/{id}"));
        assert_eq!(status, 200, "{id} is lost");
        let last = body["lastName"].as_str().unwrap().to_owned();
        let expected = last == said.acknowledged || said.asked.as_ref() == Some(&last);
        assert!(expected, "{id} is {last}, not {}", said.acknowledged);
        if i % 16 == 0 {
            let has =
                |list: &Value| list.as_array().unwrap().iter().any(|one| one["id"] == id.as_str());
            let number = said.number.replace('+', "%2B");
            let (_, found) = daemon.get(&format!("/reversewhitepageslookup?lookupVal={number}"));
            assert!(has(&found["contacts"]), "{API}: {id} is not found by its number");
            let (_, found) = daemon.get(&format!("/contacts?q={last}"));
            assert!(has(&found["entities"]), "{API}: {id} is not found by its name");
        }
    }
}

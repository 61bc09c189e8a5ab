//! Caller ID as an administrator sets it up: a key from the command line, and a network from the
//! configuration.

use crate::support::{Daemon, Data, contact, run};

/// Status and text of a GET without any header of ours.
fn ask(daemon: &Daemon, path: &str) -> (u16, String) {
    let mut answer = daemon.agent.get(format!("{}{path}", daemon.url)).call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

/// The key in what `client add` and `client rotate` print.
fn key(printed: &str) -> Option<&str> {
    printed.lines().find_map(|line| line.strip_prefix("key "))?.split_whitespace().next()
}

#[test]
fn the_key_of_the_command_line_works_as_it_is_printed() {
    let data = Data::new().with_client("admin");
    let add = |words: &[&str]| {
        run(&[&["client", "add", "PBX"], words, &["--data", &data.dir()]].concat())
    };
    let first = add(&["--role", "lookup"]);
    // An id and a secret that an address cannot hold as they are.
    let odd = ["--role", "lookup", "--id", "a.b&c", "--secret", "ü 100% + & = # secret"];
    let odd = add(&odd);
    assert_eq!(key(&add(&["--role", "viewer"])), None);
    let file = data.file("one.jsonl");
    std::fs::write(&file, contact("Ada", "Lovelace", "+33612345678").to_string()).unwrap();
    run(&["import", &file, "--data", &data.dir()]);
    let mut daemon = Daemon::start_unsigned(&data.path());
    for printed in [&first, &odd] {
        let key = key(printed).unwrap();
        let answer = ask(&daemon, &format!("/cid?key={key}&number=33612345678"));
        assert_eq!(answer, (200, "Ada Lovelace".to_owned()), "{printed}");
    }
    let without = ask(&daemon, "/cid?number=33612345678");
    assert_eq!(without, (401, String::new()));
    assert_eq!(daemon.stop(), Some(0));
    let rotated = run(&["client", "rotate", "a.b&c", "--data", &data.dir()]);
    let daemon = Daemon::start_unsigned(&data.path());
    for (printed, status) in [(&odd, 401), (&rotated, 200)] {
        let path = format!("/cid/33612345678?key={}", key(printed).unwrap());
        assert_eq!(ask(&daemon, &path).0, status);
    }
}

#[test]
fn a_network_of_the_configuration_needs_no_key() {
    let data = Data::new().with_client("admin");
    let settings =
        "[cid]\nallow = ['127.0.0.0/8']\nformat = '{last}, {first}'\nmax_age_seconds = 9";
    std::fs::write(data.path().join("carnet.toml"), settings).unwrap();
    let daemon = Daemon::start(&data.path());
    daemon.post("/contacts", &contact("Ada", "Lovelace", "+33612345678"));
    assert_eq!(ask(&daemon, "/cid/33612345678"), (200, "Lovelace, Ada".to_owned()));
    assert_eq!(ask(&daemon, "/cid/33612345678?key=wrong"), (401, String::new()));
    assert_eq!(ask(&daemon, "/lookup/33612345678").0, 401);
    let answer = daemon.agent.get(format!("{}/cid/33612345678", daemon.url)).call().unwrap();
    assert_eq!(answer.headers()["cache-control"], "private, max-age=9");
}

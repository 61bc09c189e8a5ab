//! The daemon as its user meets it: the first start, the stop, two of them, and the command line
//! beside it.

use crate::support::{Daemon, Data, ID, SECRET, all_output, carnet, contact, run};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;

#[test]
fn the_first_start_makes_one_admin_client_and_keeps_its_secret_to_its_owner() {
    let data = Data::new();
    let mut daemon = Daemon::start_unsigned(&data.path());
    assert_eq!(daemon.stop(), Some(0));
    let file = data.path().join("first-client.txt");
    let text = std::fs::read_to_string(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file), mode(data.path())), (0o600, 0o700));
    }
    assert!(text.contains("admin") || text.contains("secret"), "{text}");
    let listed = run(&["client", "list", "--data", &data.dir()]);
    assert_eq!(listed.matches("admin").count(), 1, "{listed}");
    // A second start makes no other, and says once more where the page begins.
    let mut daemon = Daemon::start_unsigned(&data.path());
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(run(&["client", "list", "--data", &data.dir()]), listed);
    let link = data.path().join("first-link.txt");
    assert!(std::fs::read_to_string(&link).unwrap().contains("/#first="));
    std::fs::remove_file(&link).unwrap();
    // Once somebody can sign in, there is no link.
    let words = ["user", "add", "Ada", "--role", "admin", "--data", &data.dir()];
    let mut adding = carnet(&words).stdin(Stdio::piped()).spawn().unwrap();
    adding.stdin.take().unwrap().write_all(b"a good password\n").unwrap();
    assert!(adding.wait().unwrap().success());
    assert_eq!(Daemon::start_unsigned(&data.path()).stop(), Some(0));
    assert!(!link.exists());
}

#[test]
fn a_second_carnet_on_the_same_directory_or_port_says_so() {
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let same_data =
        carnet(&["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(same_data.status.code(), Some(3), "{}", all_output(&same_data));
    let lookup = carnet(&["lookup", "+33612345678", "--data", &data.dir()]).output().unwrap();
    assert_eq!(lookup.status.code(), Some(3), "{}", all_output(&lookup));
    assert!(String::from_utf8_lossy(&lookup.stderr).contains("--url"), "{}", all_output(&lookup));
    let address = daemon.url.trim_start_matches("http://");
    let other = Data::new();
    let same_port =
        carnet(&["serve", "--data", &other.dir(), "--listen", address]).output().unwrap();
    assert_eq!(same_port.status.code(), Some(1), "{}", all_output(&same_port));
    assert!(
        String::from_utf8_lossy(&same_port.stderr).contains("already"),
        "{}",
        all_output(&same_port)
    );
}

/// A whole number of more digits than 64 bits hold.
const LONG: &str = "12345678901234567890123456789";

#[test]
fn commands_work_on_a_running_daemon() {
    let data = Data::new().with_client("admin");
    std::fs::write(data.path().join("carnet.toml"), "[contacts]\nfree_fields = true\n").unwrap();
    let daemon = Daemon::start(&data.path());
    let file = data.file("two.jsonl");
    let mut ann = contact("Ann", "Remote", "+33612345678");
    ann["customFields"] = json!({ "long": "LONG" });
    let ann = ann.to_string().replace("\"LONG\"", LONG);
    let two = [ann, contact("Bob", "Remote", "+33612345679").to_string()];
    std::fs::write(&file, format!("{}\n{}\n", two[0], two[1])).unwrap();
    let remote = |words: &[&str]| {
        let words = [words, &["--url", &daemon.url, "--id", ID, "--secret", SECRET]].concat();
        run(&words)
    };
    let counts = remote(&["import", &file, "--json"]);
    assert!(counts.contains("\"added\":2") || counts.contains("\"added\": 2"), "{counts}");
    assert!(remote(&["lookup", "+33 6 12 34 56 78"]).contains("Ann Remote"));
    assert!(remote(&["search", "remo"]).contains("Bob Remote"));
    for words in [["lookup", "+33612345678", "--json"], ["search", "ann", "--json"]] {
        assert!(remote(&words).contains(LONG));
    }
    assert_eq!(remote(&["export"]).lines().count(), 2);
    assert!(remote(&["stats", "--json"]).contains("\"contacts\""));
    remote(&["check"]);
}

#[test]
fn clients_are_kept_on_a_running_daemon() {
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let as_admin = ["--url", &daemon.url, "--as-id", ID, "--as-secret", SECRET];
    let client = |words: &[&str]| {
        let output = carnet(&[&["client"], words, &as_admin].concat()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let stats_as = |id: &str, secret: &str| {
        let mut command = carnet(&["stats", "--url", &daemon.url]);
        command.env("CARNET_ID", id).env("CARNET_SECRET", secret).output().unwrap().status.code()
    };
    // Beside the running daemon, the directory is closed, and the sentence says the way.
    let words = ["client", "add", "Desk", "--role", "admin", "--data", &data.dir()];
    let refused = carnet(&words).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", all_output(&refused));
    assert!(all_output(&refused).contains("--url http://HOST:PORT --as-id"));

    // An id of visible characters, some of which mean something in an address.
    let (id, first) = ("../desk/1?a=%2F#b", "the first secret");
    let added =
        client(&["add", "Desk", "--role", "admin", "--id", id, "--secret", first, "--json"]);
    let expected = serde_json::json!({"id": id, "secret": first});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&added.1).unwrap(), expected);
    assert_eq!(stats_as(id, first), Some(0));
    let (_, listed, _) = client(&["list"]);
    assert!(listed.lines().any(|line| line.starts_with(id) && line.ends_with("Desk")), "{listed}");
    let listed = client(&["list", "--json"]).1;

    let (_, rotated, _) = client(&["rotate", id]);
    let second = rotated.lines().find_map(|line| line.strip_prefix("secret  ")).unwrap();
    assert_eq!((stats_as(id, first), stats_as(id, second)), (Some(1), Some(0)));

    assert_eq!(client(&["remove", id]).0, Some(0));
    assert_eq!(stats_as(id, second), Some(1));
    let (code, _, sentence) = client(&["remove", id]);
    assert_eq!((code, sentence.contains("no such client")), (Some(1), true), "{sentence}");
    let (code, _, sentence) = client(&["add", "Desk", "--role", "king"]);
    assert_eq!((code, sentence.contains("there is no role king")), (Some(1), true), "{sentence}");

    // A directory and a daemon list the same in the same words.
    client(&["add", "Desk", "--role", "admin", "--id", "desk", "--secret", first]);
    let there = client(&["list", "--json"]).1;
    assert_ne!(there, listed);
    let mut daemon = daemon;
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(run(&["client", "list", "--json", "--data", &data.dir()]), there);
}

#[test]
fn an_answer_to_a_write_survives_a_stop_at_once() {
    let data = Data::new().with_client("admin");
    let mut daemon = Daemon::start(&data.path());
    let (status, added) = daemon.post("/contacts", &contact("Ann", "Kept", "+33612345678"));
    assert_eq!(status, 200, "{added}");
    assert_eq!(daemon.stop(), Some(0));
    assert!(run(&["lookup", "+33612345678", "--data", &data.dir()]).contains("Kept"));
    assert!(run(&["search", "kep", "--data", &data.dir()]).contains("Kept"));
}

#[test]
fn numbers_names_and_secrets_never_reach_the_log() {
    let data = Data::new().with_client("admin");
    let log = data.file("log");
    let file = std::fs::File::create(&log).unwrap();
    let mut child = carnet(&["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"])
        .env("CARNET_LOG_LEVEL", "trace")
        .stdout(Stdio::piped())
        .stderr(file)
        .spawn()
        .unwrap();
    let daemon = Daemon::adopt(&mut child);
    let (_, added) = daemon.post("/contacts", &contact("Canaria", "Canarsky", "+33612345678"));
    daemon.get("/reversewhitepageslookup?lookupVal=%2B33612345678");
    daemon.get("/contacts?q=canarsky");
    daemon.get("/contacts?pageSize=0");
    daemon.post("/contacts", &contact("Canaria", "", "ext. 33612345678"));
    daemon.get(&format!("/contacts/{}", added["id"].as_str().unwrap()));
    let token = daemon.token().to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(!log.is_empty(), "nothing was logged, so nothing was shown");
    for canary in ["33612345678", "anarsky", "anaria", SECRET, &token] {
        assert!(!log.contains(canary), "the log has {canary}: {log}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_daemon_at_once() {
    use std::io::{BufRead, BufReader, Read, Write};
    let data = Data::new().with_client("admin");
    let mut child = carnet(&["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let daemon = Daemon::adopt(&mut child);
    // A caller who never sends what it announced: the first stop waits for it.
    let address = daemon.url.trim_start_matches("http://");
    let mut stalled = std::net::TcpStream::connect(address).unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n";
    stalled.write_all(head.as_bytes()).unwrap();
    let mut begun = [0; 12];
    stalled.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100");
    let pid = child.id().to_string();
    let stop = || std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(stop().success());
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(log.any(|line| line.contains("told to stop")));
    assert!(stop().success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

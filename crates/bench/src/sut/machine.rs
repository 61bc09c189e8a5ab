//! The machine on which is measured, as it stands above every report: figures without it say
//! nothing.

use std::fs;

use serde_json::{Value, json};

/// Facts about this machine and this carnet.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    cores: usize,
    processor: String,
    memory_bytes: Option<u64>,
    kernel: String,
    command: Vec<String>,
    time: String,
}

impl Machine {
    /// Asks the system.
    pub(crate) fn look() -> Machine {
        let field = |file: &str, name: &str| {
            let text = fs::read_to_string(file).ok()?;
            let line = text.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let unknown = || "unknown".to_owned();
        let memory = field("/proc/meminfo", "MemTotal");
        let memory = memory.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease");
        Machine {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            memory_bytes: memory.map(|kib| kib * 1024),
            kernel: kernel.map_or_else(|_| unknown(), |text| text.trim().to_owned()),
            command: command(std::env::args()),
            time: format!("{:.0}", jiff::Timestamp::now()),
        }
    }

    /// Names and values, in the order in which they are shown.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let memory = self.memory_bytes.map_or_else(
            || "unknown".to_owned(),
            |bytes| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30)),
        );
        let build =
            if cfg!(debug_assertions) { " (debug build: its figures mean little)" } else { "" };
        vec![
            ("carnet", format!("{}{build}", env!("CARGO_PKG_VERSION"))),
            ("command", self.command.join(" ")),
            ("time", self.time.clone()),
            ("processor", self.processor.clone()),
            ("cores", format!("{}, shared by client and server", self.cores)),
            ("memory", memory),
            (
                "system",
                format!("{} {}, {}", std::env::consts::OS, self.kernel, std::env::consts::ARCH),
            ),
        ]
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "carnet": env!("CARGO_PKG_VERSION"),
            "debugBuild": cfg!(debug_assertions),
            "command": self.command,
            "time": self.time,
            "processor": self.processor,
            "cores": self.cores,
            "memoryBytes": self.memory_bytes,
            "os": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "kernel": self.kernel,
        })
    }
}

/// The command line without the path of the binary, and without a secret.
fn command(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut shown = vec!["carnet".to_owned()];
    let mut hidden = false;
    for word in words.skip(1) {
        let shows = if hidden { "…".to_owned() } else { word.clone() };
        hidden = word == "--secret";
        shown.push(match shows.split_once('=') {
            Some(("--secret", _)) => "--secret=…".to_owned(),
            _ => shows,
        });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let words = "/x/carnet bench --secret s1 --id a --secret=s2 --json";
        let shown = command(words.split(' ').map(str::to_owned)).join(" ");
        assert_eq!(shown, "carnet bench --secret … --id a --secret=… --json");
    }

    #[test]
    fn every_fact_says_something() {
        for (name, value) in Machine::look().facts() {
            assert!(!value.is_empty(), "{name}");
        }
    }
}

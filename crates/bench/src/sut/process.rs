//! Processor time and memory of a running process, as Linux shows them in `/proc`. Where there is
//! no `/proc`, every answer is `None`.

use std::fs;
use std::time::Duration;

/// Length of the ticks in which `/proc/PID/stat` counts. The kernel shows 100 a second to
/// programs on every architecture that carnet is built for, whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// Processor time that a process has used: user and system, all threads, also ended ones.
pub(crate) fn cpu(pid: u32) -> Option<Duration> {
    cpu_of_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Processor time of this process.
pub(crate) fn own_cpu() -> Option<Duration> {
    cpu(std::process::id())
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Resident now, mapped files included.
    pub(crate) resident: u64,
    /// Resident now, without mapped files.
    pub(crate) own: u64,
    /// The most that was ever resident.
    pub(crate) peak: u64,
}

/// Memory of a running process.
pub(crate) fn memory(pid: u32) -> Option<Memory> {
    memory_of_status(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
}

fn cpu_of_stat(stat: &str) -> Option<Duration> {
    // The name stands in parentheses and may hold blanks and parentheses itself.
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut fields = behind_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    let (user, system) = (ticks()?, ticks()?);
    Some(TICK * user.checked_add(system)?)
}

fn memory_of_status(status: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib = line.trim_start_matches(':').split_ascii_whitespace().next()?;
        kib.parse::<u64>().ok()?.checked_mul(1024)
    };
    Some(Memory { resident: bytes("VmRSS")?, own: bytes("RssAnon")?, peak: bytes("VmHWM")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_read_whatever_the_name_is() {
        let stat = "77 (a) b (c) S 1 77 77 0 -1 4194560 500 0 0 0 250 50 7 9 20 0 4 0 100 0";
        assert_eq!(cpu_of_stat(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_of_stat("77 (carnet) S 1"), None);
        assert_eq!(cpu_of_stat(""), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tcarnet\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nRssAnon:\t    10 kB\n";
        let expected = Memory { resident: 1 << 20, own: 10 << 10, peak: 2 << 20 };
        assert_eq!(memory_of_status(status), Some(expected));
        assert_eq!(memory_of_status("Name:\tcarnet\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_memory() {
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.peak >= memory.resident && memory.resident > 0, "{memory:?}");
        assert!(own_cpu().is_some());
    }
}

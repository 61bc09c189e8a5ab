//! Figures of this process, from systems that have `/proc`.

use std::fs;

/// Ticks a second in `/proc`: what every Linux shows to programs, whatever its timer does.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time so far, user and system, in seconds.
pub(super) fn cpu_seconds() -> Option<f64> {
    let ticks = ticks(&fs::read_to_string("/proc/self/stat").ok()?)?;
    Some(ticks as f64 / TICKS_PER_SECOND as f64)
}

/// Bytes in memory.
pub(super) fn resident_bytes() -> Option<u64> {
    resident(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The sum of the 14th and 15th field. The second is the name in brackets, with anything in it.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_system_writes() {
        let stat = "7 (car) (net) S 1 7 7 0 -1 4194560 500 0 0 0 1250 51 7 9 20 0 4 0 100 0 0";
        assert_eq!(ticks(stat), Some(1_301));
        assert_eq!(ticks("7 (carnet) S 1 7"), None);
        let status = "Name:\tcarnet\nVmHWM:\t   900 kB\nVmRSS:\t   640 kB\n";
        assert_eq!(resident(status), Some(640 << 10));
        assert_eq!(resident("Name:\tcarnet\n"), None);
    }
}

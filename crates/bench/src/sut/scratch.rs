//! A temporary directory of a measurement. It is removed when its value is dropped, however the
//! measurement ends.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::BenchError;

/// The number of the next directory of this process.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The permissions of a new folder: only its owner looks into it.
#[cfg(unix)]
const PRIVATE_FOLDER_MODE: u32 = 0o700;

/// A temporary directory.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    keep: bool,
}

impl Scratch {
    /// Makes one, for its owner only. With `keep` it stays.
    pub(crate) fn new(keep: bool) -> Result<Scratch, BenchError> {
        let process = std::process::id();
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("carnet-bench-{process}-{number}"));
            let mut builder = DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, PRIVATE_FOLDER_MODE);
            match builder.create(&path) {
                Ok(()) => return Ok(Scratch { path, keep }),
                // Left over by another process that had this id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(BenchError::file(path.display(), &error)),
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // A rest that cannot be removed lies in the system's temporary directory, which is swept.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Bytes of all files below a directory, with their paths relative to it.
pub(crate) fn files(directory: &Path) -> io::Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let facts = entry.metadata()?;
            if facts.is_dir() {
                waiting.push(entry.path());
                continue;
            }
            let path = entry.path();
            let name = path.strip_prefix(directory).unwrap_or(&path);
            found.push((name.display().to_string(), facts.len()));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_all_that_is_in_it_unless_it_is_kept() {
        for keep in [false, true] {
            let scratch = Scratch::new(keep).unwrap();
            let path = scratch.path().to_owned();
            fs::create_dir(path.join("in")).unwrap();
            fs::write(path.join("in/file"), "12345").unwrap();
            assert_eq!(files(&path).unwrap(), [("in/file".to_owned(), 5)]);
            drop(scratch);
            assert_eq!(path.exists(), keep);
            let _ = fs::remove_dir_all(path);
        }
    }
}

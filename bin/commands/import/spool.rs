//! What comes from a pipe, in a file: it can then be looked through before it is read, and be read
//! again for rows that waited for later ones. The file has no name and goes with the process.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::failure::Failure;

/// Bytes that are taken from the pipe at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// Puts everything that comes into a file in a directory; in that of the system where nothing can be
/// made in this one. `name` is that of the input.
pub(super) fn spool(
    mut pipe: impl Read,
    directory: &Path,
    name: &str,
    unreadable: impl Fn(io::Error) -> Failure,
) -> Result<File, Failure> {
    let unkept = |error: io::Error| {
        Failure::file(format!("{name} cannot be kept in a temporary file"), &error)
    };
    let made = tempfile::tempfile_in(directory).or_else(|_| tempfile::tempfile());
    let mut file = made.map_err(unkept)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match pipe.read(&mut chunk) {
            Ok(0) => return Ok(file),
            Ok(count) => file.write_all(&chunk[..count]).map_err(unkept)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Seek;

    fn never(error: io::Error) -> Failure {
        panic!("{error}")
    }

    #[test]
    fn a_pipe_is_kept_whole_and_leaves_no_file_behind() {
        let directory = tempfile::tempdir().unwrap();
        let text = "a line\n".repeat(50_000);
        let mut file = spool(text.as_bytes(), directory.path(), "-", never).unwrap();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        for _ in 0..2 {
            file.rewind().unwrap();
            let mut read = String::new();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
        // A directory that is not there is not made.
        let missing = directory.path().join("missing");
        spool(&b"x"[..], &missing, "-", never).unwrap();
        assert!(!missing.exists());
    }

    #[test]
    fn a_pipe_that_breaks_is_told() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let unreadable = |error: io::Error| Failure::failed(format!("broke: {error}"));
        let failure = spool(Breaks, &std::env::temp_dir(), "-", unreadable).err().unwrap();
        assert_eq!(failure.sentence.unwrap(), "broke: gone");
    }
}

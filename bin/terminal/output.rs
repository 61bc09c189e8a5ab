//! Standard output and files that a command writes. Nothing here prints with macros that panic
//! when the reader has gone away: a closed pipe is an error that [`Failure`] ends quietly.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Bytes gathered before they are written.
const BUFFER_BYTES: usize = 256 << 10;

/// Prints a text and a line end to standard output.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Prints a value as one line of JSON.
pub(crate) fn json(value: &serde_json::Value) -> Result<(), Failure> {
    line(&carnet_wire::exact::to_text(value))
}

/// Whether standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Where a command writes its result: standard output, or a file that appears under its name
/// only when it is whole.
pub(crate) enum Sink {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A file.
    File {
        /// The file.
        writer: BufWriter<File>,
        /// Its temporary name, and the one that it gets; `None` for what has no contents to
        /// replace, such as a device or a named pipe.
        names: Option<(PathBuf, PathBuf)>,
    },
}

impl Sink {
    /// Opens `path`, or standard output for `None` and `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Sink, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Sink::Standard(BufWriter::with_capacity(BUFFER_BYTES, io::stdout())));
        };
        let unwritable = |error| Failure::file(path.display(), &error);
        // A link keeps pointing to what it points to.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let plain = fs::metadata(&path).map_or(true, |facts| facts.is_file());
        let (file, names) = match plain {
            true => {
                let mut partial = path.as_os_str().to_owned();
                partial.push(".partial");
                let partial = PathBuf::from(partial);
                let file = new_private_file(&partial).map_err(unwritable)?;
                (file, Some((partial, path)))
            }
            false => (fs::OpenOptions::new().write(true).open(&path).map_err(unwritable)?, None),
        };
        Ok(Sink::File { writer: BufWriter::with_capacity(BUFFER_BYTES, file), names })
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Sink::File { .. })
    }

    /// Writes out what was gathered; a file is made durable and gets its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let (writer, names) = match self {
            Sink::Standard(mut out) => return Ok(out.flush()?),
            Sink::File { writer, names } => (writer, names),
        };
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        let Some((partial, path)) = names else { return Ok(()) };
        let named = file.sync_all().and_then(|()| fs::rename(&partial, &path));
        named.map_err(|error| Failure::file(path.display(), &error))
    }

    /// Removes a file that did not become whole.
    pub(crate) fn abandon(self) {
        if let Sink::File { names: Some((partial, _)), .. } = self {
            // A file that is left over is named `.partial`, and the next run replaces it.
            let _ = fs::remove_file(partial);
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Standard(out) => out.write(bytes),
            Sink::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Standard(out) => out.flush(),
            Sink::File { writer, .. } => writer.flush(),
        }
    }
}

/// The permissions of a new file: its owner reads and writes it, no other user does.
#[cfg(unix)]
const PRIVATE_FILE_MODE: u32 = 0o600;

/// Opens a file for writing, and makes it where it is missing, for its owner only: what carnet
/// writes is about people.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE_MODE);
    options.open(path)
}

/// Removes the file that is there and opens a new one for its owner only: the old one may have
/// been for everyone to read.
pub(crate) fn new_private_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => private_file(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_its_name_only_when_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("all.jsonl");
        let mut sink = Sink::open(Some(&path)).unwrap();
        sink.write_all(b"one\n").unwrap();
        assert!(!path.exists());
        sink.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_was_for_everyone_to_read_is_so_no_more() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.txt");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        drop(new_private_file(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_kept_and_its_file_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut sink = Sink::open(Some(&link)).unwrap();
        sink.write_all(b"new").unwrap();
        sink.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn an_abandoned_file_leaves_the_old_one_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("all.jsonl");
        fs::write(&path, "old").unwrap();
        let mut sink = Sink::open(Some(&path)).unwrap();
        sink.write_all(b"half").unwrap();
        sink.abandon();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}

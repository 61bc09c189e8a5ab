//! Files that are written once and then read as if they were memory. To map a file is `unsafe`, and
//! this crate is the only one that uses the word. It does not know what is kept
//! in the files.

use memmap2::Mmap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::ops::Deref;
use std::path::Path;

/// The bytes of a file, mapped when it was written. They stay readable when the file is deleted.
#[derive(Debug)]
pub struct MappedFile(Mmap);

impl MappedFile {
    /// Makes a file at `path`, which only this user can read, writes `bytes` and maps it. On a
    /// failure after it was made the file is deleted.
    ///
    /// `path` must lie in a folder that belongs to this process alone and that others cannot write
    /// to (mode 0700 on Unix): the mapping stays valid because no other process opens the file.
    ///
    /// # Errors
    /// There is a file already, or it cannot be made, written, or mapped.
    pub fn create(path: &Path, bytes: &[u8]) -> io::Result<MappedFile> {
        let mut file = create(path)?;
        let mapped = file.write_all(bytes).and_then(|()| map(&file));
        mapped.map(MappedFile).inspect_err(|_| drop(std::fs::remove_file(path)))
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// The permissions of a new file: its owner reads and writes it, no other user does.
#[cfg(unix)]
const PRIVATE_FILE_MODE: u32 = 0o600;

/// Makes a file that is not there yet, for this user only.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE_MODE);
    options.open(path)
}

#[expect(unsafe_code, reason = "the one place; the proof is beside it")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a mapping must not change, and its file must not become shorter, while
    // a slice of it is borrowed. `create_new` made this file a moment ago, in a folder that is this
    // process's alone (see `MappedFile::create`), with mode 0600: no other user can open it, and
    // no other part of this process does, as the only handle is `file`, which `MappedFile::create`
    // closes when it returns and no longer writes to. Deleting a file does not cut it: its pages
    // live until the mapping is gone.
    unsafe { Mmap::map(file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_file_is_there_after_its_name_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        let mapped = MappedFile::create(&path, b"all of it").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"all of it");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(&*mapped, b"all of it");
        // Another one of the same name is another one.
        assert_eq!(&*MappedFile::create(&path, b"").unwrap(), b"");
        assert_eq!(&*mapped, b"all of it");
    }

    #[test]
    fn a_file_that_is_there_is_neither_mapped_nor_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        std::fs::write(&path, "of somebody else").unwrap();
        assert!(MappedFile::create(&path, b"ours").is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"of somebody else");
        assert!(MappedFile::create(&folder.path().join("none/one"), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        let _mapped = MappedFile::create(&path, b"names and numbers").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

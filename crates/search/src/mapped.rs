//! Files read as if they were memory. To map a file is `unsafe`, which this house forbids itself;
//! tantivy does it for its own files, behind a door that is open to others.

use std::io;
use std::ops::Deref;
use std::path::Path;
use tantivy::Directory;
use tantivy::directory::{MmapDirectory, OwnedBytes};

/// The bytes of a file, mapped when it was opened. They stay when the file is deleted. Nobody may
/// write to the file or cut it: that would change what is borrowed here, or end the process.
#[derive(Clone, Debug)]
pub struct MappedFile(OwnedBytes);

impl MappedFile {
    /// Maps the file of this name in a folder, as long as it is now.
    ///
    /// # Errors
    /// The file is not there or cannot be mapped.
    pub fn open(folder: &Path, name: &str) -> io::Result<MappedFile> {
        let folder = MmapDirectory::open(folder).map_err(io::Error::other)?;
        let file = folder.open_read(Path::new(name)).map_err(io::Error::other)?;
        Ok(MappedFile(file.read_bytes()?))
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_file_is_there_after_its_name_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        assert!(MappedFile::open(folder.path(), "one").is_err());
        std::fs::write(&path, "all of it").unwrap();
        let mapped = MappedFile::open(folder.path(), "one").unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(&*mapped, b"all of it");
        // Another one of the same name is another one.
        std::fs::write(&path, "").unwrap();
        assert_eq!(&*MappedFile::open(folder.path(), "one").unwrap(), b"");
        assert_eq!(&*mapped, b"all of it");
    }
}

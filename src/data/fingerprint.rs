//! What a file was when it was read, in a few numbers: whether it has changed since shows in them.
//!
//! Must not know where the numbers are kept.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::words::{Message, ToMessage};

/// A data file in a few numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// Rows of its table, without the header.
    pub rows: usize,
    /// Columns of its table.
    pub columns: usize,
    /// Its size.
    pub bytes: u64,
    /// The CRC-32 of its bytes, as in gzip (RFC 1952, section 8).
    pub crc32: u32,
}

/// A data file is another one than when the model was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// As the model knows it.
    pub before: Fingerprint,
    /// As it is.
    pub now: Fingerprint,
}

impl Fingerprint {
    /// Whether both are of the same bytes, however these were read.
    pub fn is_of_same_bytes(&self, other: &Self) -> bool {
        (self.bytes, self.crc32) == (other.bytes, other.crc32)
    }
}

impl ToMessage for FileChange {
    fn message(&self) -> Message {
        let Self { path, before, now } = self;
        let message = |key| {
            Message::new(key)
                .with("path", path.display().to_string())
                .with("rows", now.rows)
                .with("columns", now.columns)
        };
        if (before.rows, before.columns) == (now.rows, now.columns) {
            return message("data-changed-values");
        }
        message("data-changed-size").with("rows-before", before.rows).with("columns-before", before.columns)
    }
}

/// Takes the fingerprint of what is read through it.
#[derive(Debug)]
pub(super) struct Fingerprinting<R> {
    reader: R,
    bytes: u64,
    crc32: crc32fast::Hasher,
}

impl<R> Fingerprinting<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, bytes: 0, crc32: crc32fast::Hasher::new() }
    }

    /// The fingerprint of what has been read, as a table of this size.
    pub(super) fn fingerprint(&self, rows: usize, columns: usize) -> Fingerprint {
        Fingerprint { rows, columns, bytes: self.bytes, crc32: self.crc32.clone().finalize() }
    }
}

impl<R: Read> Read for Fingerprinting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.bytes += n as u64;
        self.crc32.update(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        for (text, checksum) in [("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926)] {
            let mut reader = Fingerprinting::new(text.as_bytes());
            io::copy(&mut reader, &mut io::sink()).unwrap();
            let found = reader.fingerprint(0, 0);
            assert_eq!((found.bytes, found.crc32), (text.len() as u64, checksum));
        }
    }
}

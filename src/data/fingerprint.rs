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
    /// Its bytes, by the 64-bit hash FNV-1a of Fowler, Noll and Vo.
    pub fnv1a: u64,
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
        (self.bytes, self.fnv1a) == (other.bytes, other.fnv1a)
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
    fnv1a: u64,
}

impl<R> Fingerprinting<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, bytes: 0, fnv1a: 0xcbf2_9ce4_8422_2325 }
    }

    /// The fingerprint of what has been read, as a table of this size.
    pub(super) fn fingerprint(&self, rows: usize, columns: usize) -> Fingerprint {
        Fingerprint { rows, columns, bytes: self.bytes, fnv1a: self.fnv1a }
    }
}

impl<R: Read> Read for Fingerprinting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.bytes += n as u64;
        for &byte in buffer.iter().take(n) {
            self.fnv1a = (self.fnv1a ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        for (text, hash) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            let mut reader = Fingerprinting::new(text.as_bytes());
            io::copy(&mut reader, &mut io::sink()).unwrap();
            let found = reader.fingerprint(0, 0);
            assert_eq!((found.bytes, found.fnv1a), (text.len() as u64, hash));
        }
    }
}

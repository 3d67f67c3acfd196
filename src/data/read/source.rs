//! The text of a file as UTF-8, block by block, whatever its encoding and line ends: every line
//! ends with a line feed alone, and the sign that ends a text under CP/M and DOS is taken off.
//!
//! Must not know cells or rows.

use std::io::Read;

use crate::data::dialect::Encoding;
use crate::data::error::{DataError, DataErrorKind};

/// Bytes read from a file at once where they must be decoded.
const RAW_BLOCK: usize = 1 << 20;

/// Ctrl-Z.
const END_OF_TEXT: u8 = 0x1a;

/// A file being read as UTF-8.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the text so far")]
pub(super) struct TextSource<'a> {
    reader: Box<dyn Read + Send + 'a>,
    decoder: Option<encoding_rs::Decoder>,
    encoding: Encoding,
    raw: Vec<u8>,
    /// Bytes of the file read so far.
    n_read: u64,
    /// Line ends given so far.
    n_line_ends: u64,
    /// The last byte given ended a line; nothing at all counts as such.
    is_at_line_start: bool,
    /// The last byte read was a carriage return, which a line feed may follow.
    is_after_return: bool,
    /// Signs of the end of a text that were read; they are text if more text follows.
    n_ends: usize,
    at_start: bool,
    is_done: bool,
}

/// The decoder of an encoding; none is needed for UTF-8.
fn decoder(encoding: Encoding) -> Option<encoding_rs::Decoder> {
    match encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16Le | Encoding::Utf16Be => Some(encoding.table().new_decoder_with_bom_removal()),
        Encoding::Windows1252 | Encoding::Other(_) => {
            Some(encoding.table().new_decoder_without_bom_handling())
        }
    }
}

impl<'a> TextSource<'a> {
    pub(super) fn new(reader: impl Read + Send + 'a, encoding: Encoding) -> Self {
        Self {
            reader: Box::new(reader),
            decoder: decoder(encoding),
            encoding,
            raw: Vec::new(),
            n_read: 0,
            n_line_ends: 0,
            is_at_line_start: true,
            is_after_return: false,
            n_ends: 0,
            at_start: true,
            is_done: false,
        }
    }

    /// Bytes of the file read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Lines given so far; one that is not complete counts.
    pub(super) fn n_lines(&self) -> u64 {
        self.n_line_ends + u64::from(!self.is_at_line_start)
    }

    /// Whether the end has been reached.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Appends about `n` bytes of UTF-8 (fewer only at the end).
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, n: usize) -> Result<(), DataError> {
        let wanted = text.len() + n;
        while text.len() < wanted && !self.is_done {
            let start = text.len();
            text.resize(start + std::mem::take(&mut self.n_ends), END_OF_TEXT);
            let fresh = text.len();
            if self.decoder.is_some() {
                self.decode(text)?;
            } else {
                let room = (wanted - start) as u64;
                let n = self.reader.by_ref().take(room).read_to_end(text).map_err(io_error)?;
                self.n_read += n as u64;
                self.is_done = (n as u64) < room;
            }
            if self.at_start && (text.len() - fresh >= 3 || self.is_done) {
                self.at_start = false;
                if text[fresh..].starts_with(b"\xEF\xBB\xBF") {
                    text.drain(fresh..fresh + 3);
                }
            }
            self.unify_line_ends(text, start);
            while text.len() > start && text.last() == Some(&END_OF_TEXT) {
                text.pop();
                self.n_ends += 1;
            }
            self.n_line_ends += count_line_ends(&text[start..]);
            if let Some(&last) = text[start..].last() {
                self.is_at_line_start = last == b'\n';
            }
        }
        Ok(())
    }

    /// Makes a line feed of every line end from `start` on.
    fn unify_line_ends(&mut self, text: &mut Vec<u8>, start: usize) {
        let was_after_return = self.is_after_return;
        self.is_after_return = match text[start..].last() {
            Some(&last) => last == b'\r',
            None => was_after_return,
        };
        if !was_after_return && !text[start..].contains(&b'\r') {
            return;
        }
        let mut before = if was_after_return { b'\r' } else { b' ' };
        let mut kept = start;
        for at in start..text.len() {
            let byte = text[at];
            if byte != b'\n' || before != b'\r' {
                text[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            before = byte;
        }
        text.truncate(kept);
    }

    fn decode(&mut self, text: &mut Vec<u8>) -> Result<(), DataError> {
        let Some(decoder) = self.decoder.as_mut() else { return Ok(()) };
        self.raw.clear();
        let n = self.reader.by_ref().take(RAW_BLOCK as u64).read_to_end(&mut self.raw).map_err(io_error)?;
        self.n_read += n as u64;
        self.is_done = n < RAW_BLOCK;
        let start = text.len();
        let Some(room) = decoder.max_utf8_buffer_length_without_replacement(n) else {
            return Err(DataError::new(DataErrorKind::Encoding(self.encoding.name())));
        };
        text.resize(start + room, 0);
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(&self.raw, &mut text[start..], self.is_done);
        text.truncate(start + written);
        match result {
            encoding_rs::DecoderResult::InputEmpty | encoding_rs::DecoderResult::OutputFull => Ok(()),
            encoding_rs::DecoderResult::Malformed(..) => {
                let line = self.n_line_ends + count_line_ends(&text[start..]) + 1;
                Err(DataError::new(DataErrorKind::Encoding(self.encoding.name())).at_line(line))
            }
        }
    }
}

/// How many lines end in a text.
pub(super) fn count_line_ends(text: &[u8]) -> u64 {
    text.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}

/// What the operating system said.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn io_error(error: std::io::Error) -> DataError {
    DataError::new(match error.kind() {
        std::io::ErrorKind::NotFound => DataErrorKind::NotFound,
        std::io::ErrorKind::PermissionDenied => DataErrorKind::PermissionDenied,
        std::io::ErrorKind::IsADirectory => DataErrorKind::Directory,
        _ => DataErrorKind::Io(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// The text and its lines, taken `n` bytes at a time.
    fn text_of(bytes: &[u8], n: usize) -> (String, u64) {
        let mut source = TextSource::new(bytes, Encoding::Utf8);
        let mut text = Vec::new();
        while !source.is_done() {
            source.fill(&mut text, n).unwrap();
        }
        (String::from_utf8(text).unwrap(), source.n_lines())
    }

    #[test]
    fn every_line_end_becomes_a_line_feed_wherever_a_block_ends() {
        for n in 1..12 {
            assert_eq!(text_of(b"a\r\nb\rc\nd\r\n\r\ne", n), ("a\nb\nc\nd\n\ne".to_owned(), 6), "{n}");
        }
    }

    #[test]
    fn a_final_ctrl_z_ends_the_text_and_one_within_it_does_not() {
        for n in 1..8 {
            assert_eq!(text_of(b"1\n2\n\x1a", n), ("1\n2\n".to_owned(), 2), "{n}");
            assert_eq!(text_of(b"1\x1a2\n\x1a\x1a", n), ("1\x1a2\n".to_owned(), 1), "{n}");
        }
    }
}

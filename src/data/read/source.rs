//! The text of a file as UTF-8, block by block, whatever its encoding.
//!
//! Must not know cells or rows.

use std::io::Read;

use crate::data::dialect::Encoding;
use crate::data::error::{DataError, DataErrorKind};

/// Bytes read from a file at once where they must be decoded.
const RAW_BLOCK: usize = 1 << 20;

/// A file being read as UTF-8.
pub(super) struct TextSource<'a> {
    reader: Box<dyn Read + Send + 'a>,
    decoder: Option<encoding_rs::Decoder>,
    encoding: Encoding,
    raw: Vec<u8>,
    /// Bytes of the file read so far.
    n_read: u64,
    /// Lines given so far.
    n_lines: u64,
    /// Old Macintosh files end their lines with carriage returns only.
    only_carriage_returns: bool,
    at_start: bool,
    is_done: bool,
}

/// The decoder of an encoding; none is needed for UTF-8.
fn decoder(encoding: Encoding) -> Option<encoding_rs::Decoder> {
    match encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_with_bom_removal()),
        Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_with_bom_removal()),
        Encoding::Windows1252 | Encoding::Other(_) => {
            Some(encoding.table().new_decoder_without_bom_handling())
        }
    }
}

impl<'a> TextSource<'a> {
    pub(super) fn new(
        reader: impl Read + Send + 'a,
        encoding: Encoding,
        only_carriage_returns: bool,
    ) -> Self {
        Self {
            reader: Box::new(reader),
            decoder: decoder(encoding),
            encoding,
            raw: Vec::new(),
            n_read: 0,
            n_lines: 0,
            only_carriage_returns,
            at_start: true,
            is_done: false,
        }
    }

    /// Bytes of the file read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
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
            if self.decoder.is_some() {
                self.decode(text)?;
            } else {
                let room = (wanted - start) as u64;
                let n = self.reader.by_ref().take(room).read_to_end(text).map_err(io_error)?;
                self.n_read += n as u64;
                self.is_done = (n as u64) < room;
            }
            if self.at_start && (text.len() - start >= 3 || self.is_done) {
                self.at_start = false;
                if text[start..].starts_with(b"\xEF\xBB\xBF") {
                    text.drain(start..start + 3);
                }
            }
            if self.only_carriage_returns {
                for byte in &mut text[start..] {
                    if *byte == b'\r' {
                        *byte = b'\n';
                    }
                }
            }
        }
        Ok(())
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
        self.n_lines += count_line_ends(&text[start..]);
        match result {
            encoding_rs::DecoderResult::InputEmpty | encoding_rs::DecoderResult::OutputFull => Ok(()),
            encoding_rs::DecoderResult::Malformed(..) => {
                let kind = DataErrorKind::Encoding(self.encoding.name());
                Err(DataError::new(kind).at_line(self.n_lines + 1))
            }
        }
    }
}

/// How many lines end in a text.
pub(super) fn count_line_ends(text: &[u8]) -> u64 {
    text.split(|&byte| byte == b'\n').count() as u64 - 1
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

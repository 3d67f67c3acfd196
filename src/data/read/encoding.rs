//! Which encoding a text is in, from its bytes.
//!
//! Must not know cells.

use super::inspect::Sample;
use super::source::count_line_ends;
use crate::data::dialect::Encoding;
use crate::data::error::{DataError, DataErrorKind};

/// What the bytes of a file say about its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) encoding: Encoding,
    pub(super) has_bom: bool,
    /// The text may as well be in another encoding.
    pub(super) is_uncertain: bool,
}

/// Finds the encoding of a sample, or keeps the chosen one.
pub(super) fn find_encoding(sample: &Sample, chosen: Option<Encoding>) -> Result<Guess, DataError> {
    let bytes = sample.first.as_slice();
    let certain = |encoding, has_bom| Ok(Guess { encoding, has_bom, is_uncertain: false });
    let marked = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => None,
    };
    if let Some(encoding) = chosen.or(marked) {
        return certain(encoding, marked.is_some());
    }
    if let Some(nul) = bytes.iter().position(|&byte| byte == 0) {
        // Western text in UTF-16 has a zero in nearly every pair, always on the same side.
        let look = &bytes[..bytes.len().min(4096) & !1];
        let zeros = |side: usize| look.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
        let (even, odd, pairs) = (zeros(0), zeros(1), look.len() / 2);
        if pairs > 0 && odd * 10 >= pairs * 6 && even * 20 <= pairs {
            return certain(Encoding::Utf16Le, false);
        }
        if pairs > 0 && even * 10 >= pairs * 6 && odd * 20 <= pairs {
            return certain(Encoding::Utf16Be, false);
        }
        return Err(binary(bytes, nul));
    }
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1a..=0x1f);
    let n_control = bytes.iter().filter(|byte| is_control(byte)).count();
    if n_control * 200 > bytes.len() {
        return Err(binary(bytes, bytes.iter().position(is_control).unwrap_or(0)));
    }
    let is_utf8 = |bytes: &[u8], is_all: bool| match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && !is_all,
    };
    // A piece begins anywhere, within a character as well.
    let is_utf8_piece =
        |piece: &Vec<u8>| (0..4).any(|skip| is_utf8(piece.get(skip..).unwrap_or_default(), false));
    if is_utf8(bytes, sample.is_all) && sample.pieces.iter().all(is_utf8_piece) {
        return certain(Encoding::Utf8, false);
    }
    Ok(legacy(sample))
}

/// The encoding of a text from before Unicode: a guess by its language.
fn legacy(sample: &Sample) -> Guess {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    for piece in std::iter::once(&sample.first).chain(&sample.pieces) {
        detector.feed(piece, false);
    }
    detector.feed(b"", true);
    let found = Encoding::of(detector.guess(None, chardetng::Utf8Detection::Deny));
    // Western letters are the likeliest, so any other find needs many letters to be believed.
    let high = || sample.first.iter().chain(sample.pieces.iter().flatten()).filter(|&&byte| byte >= 0x80);
    let n_high = high().count();
    // The punctuation of Windows-1252 lies where older encodings have their letters.
    let within = |window: &[u8]| {
        window[0].is_ascii_alphabetic()
            && (0x80..0xA0).contains(&window[1])
            && window[2].is_ascii_alphabetic()
    };
    let n_within = sample.first.windows(3).filter(|window| within(window)).count();
    let quotes =
        sample.first.windows(3).filter(|window| within(window) && matches!(window[1], 0x91..=0x94)).count();
    let is_western = found == Encoding::Windows1252;
    let is_uncertain = if is_western { n_within > quotes } else { n_high < 20 };
    Guess { encoding: found, has_bom: false, is_uncertain }
}

/// The error of a file that is not text, with the line of the first byte that shows it.
pub(super) fn binary(bytes: &[u8], at: usize) -> DataError {
    let line = count_line_ends(&bytes[..at]) + 1;
    DataError::new(DataErrorKind::Binary).at_line(line)
}

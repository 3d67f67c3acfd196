//! How a CSV file is written, as it stands in a model file, and back. What came after the first
//! version is written only where it is used.

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};
use super::super::limits::{self, within};
use crate::data::{DecimalSign, Delimiter, Dialect, Encoding, usual_missing};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DialectFile {
    delimiter: char,
    /// Runs of spaces and tabs delimit, whatever `delimiter` says.
    #[serde(default, skip_serializing_if = "is_default")]
    blanks: bool,
    quote: char,
    /// No cell is quoted, whatever `quote` says.
    #[serde(default, skip_serializing_if = "is_default")]
    unquoted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    escape: Option<char>,
    decimal: DecimalFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<char>,
    header: bool,
    encoding: EncodingFile,
    #[serde(default, skip_serializing_if = "is_default")]
    skip: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<char>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
enum DecimalFile {
    Point,
    Comma,
}

#[derive(Debug, Serialize, Deserialize)]
enum EncodingFile {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    Named(String),
}

impl DialectFile {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let Dialect {
            encoding,
            delimiter,
            quote,
            escape,
            decimal,
            thousands,
            header,
            skip,
            comment,
            missing,
        } = dialect;
        Self {
            delimiter: char::from(delimiter.byte()),
            blanks: *delimiter == Delimiter::Blanks,
            quote: char::from(quote.unwrap_or(b'"')),
            unquoted: quote.is_none(),
            escape: escape.map(char::from),
            decimal: match decimal {
                DecimalSign::Point => DecimalFile::Point,
                DecimalSign::Comma => DecimalFile::Comma,
            },
            thousands: *thousands,
            header: *header,
            encoding: match encoding {
                Encoding::Utf8 => EncodingFile::Utf8,
                Encoding::Utf16Le => EncodingFile::Utf16Le,
                Encoding::Utf16Be => EncodingFile::Utf16Be,
                Encoding::Windows1252 => EncodingFile::Windows1252,
                Encoding::Other(_) => EncodingFile::Named(encoding.name().to_owned()),
            },
            skip: *skip,
            comment: comment.map(char::from),
            missing: (*missing != usual_missing()).then(|| missing.clone()),
        }
    }

    pub(super) fn read(self) -> Result<Dialect, FileError> {
        let Self {
            delimiter,
            blanks,
            quote,
            unquoted,
            escape,
            decimal,
            thousands,
            header,
            encoding,
            skip,
            comment,
            missing,
        } = self;
        let delimiter = byte("data.dialect.delimiter", delimiter)?;
        let quote = byte("data.dialect.quote", quote)?;
        let missing = missing.unwrap_or_else(usual_missing);
        within("data.dialect.missing", missing.len(), 0, limits::WORDS)?;
        Ok(Dialect {
            encoding: match encoding {
                EncodingFile::Utf8 => Encoding::Utf8,
                EncodingFile::Utf16Le => Encoding::Utf16Le,
                EncodingFile::Utf16Be => Encoding::Utf16Be,
                EncodingFile::Windows1252 => Encoding::Windows1252,
                EncodingFile::Named(name) => named(&name)?,
            },
            delimiter: if blanks { Delimiter::Blanks } else { Delimiter::Sign(delimiter) },
            quote: (!unquoted).then_some(quote),
            escape: escape.map(|sign| byte("data.dialect.escape", sign)).transpose()?,
            decimal: match decimal {
                DecimalFile::Point => DecimalSign::Point,
                DecimalFile::Comma => DecimalSign::Comma,
            },
            thousands,
            header,
            skip: within("data.dialect.skip", skip, 0, limits::COUNT)?,
            comment: comment.map(|sign| byte("data.dialect.comment", sign)).transpose()?,
            missing,
        })
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn byte(place: &str, found: char) -> Result<u8, FileError> {
    u8::try_from(found).map_err(|_| {
        FileError::invalid(place, Invalid::OutOfRange { found: found.to_string(), low: 0.0, high: 255.0 })
    })
}

fn named(name: &str) -> Result<Encoding, FileError> {
    let unknown =
        || FileError::invalid("data.dialect.encoding", Invalid::Encoding { found: name.to_owned() });
    Encoding::of_name(name).ok_or_else(unknown)
}

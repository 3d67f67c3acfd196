//! The flags that say how a CSV file is written; what is not said is found by looking.
//!
//! Must not read anything.

use clap::{Args, ValueEnum};

use crate::data::{ColumnKind, DecimalSign, Delimiter, DialectChoices, Encoding};

/// How a CSV file is written, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "How the CSV file is read (what is not given is found by looking)")]
pub struct DialectArgs {
    /// Between cells: a sign, `tab`, `space` or `blanks` (runs of spaces and tabs).
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    pub delimiter: Option<Delimiter>,
    /// Around cells: a sign or `none`.
    #[arg(long, value_name = "SIGN", value_parser = optional_byte)]
    pub quote: Option<OptionalSign>,
    /// Before a quote within a cell: a sign, or `none` where such a quote is doubled.
    #[arg(long, value_name = "SIGN", value_parser = optional_byte)]
    pub escape: Option<OptionalSign>,
    /// The decimal sign: `.` or `,`.
    #[arg(long, value_name = "SIGN", value_parser = decimal)]
    pub decimal: Option<DecimalSign>,
    /// Between groups of three digits: a sign or `none`; spaces are understood in any case.
    #[arg(long, value_name = "SIGN", value_parser = thousands)]
    pub thousands: Option<OptionalChar>,
    /// The encoding, such as `utf-8`, `windows-1252` or `shift_jis`.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<Encoding>,
    /// Whether the first row names the columns.
    #[arg(long, value_enum)]
    pub header: Option<YesOrNo>,
    /// Lines above the table that are left out.
    #[arg(long, value_name = "N")]
    pub skip: Option<usize>,
    /// At the start of lines that are left out: a sign or `none`.
    #[arg(long, value_name = "SIGN", value_parser = optional_byte)]
    pub comment: Option<OptionalSign>,
    /// A word that means "no value", in any case; give it again for each word. The usual ones, such as
    /// NA and ?, no longer mean it then.
    #[arg(long, value_name = "WORD")]
    pub missing: Vec<String>,
    /// How a column is read: `number`, `category`, `date` or `text`; give it again for each column.
    #[arg(long = "kind", value_name = "COLUMN=KIND", value_parser = kind)]
    pub kinds: Vec<KindArg>,
}

/// How a column is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindArg {
    /// Its name.
    pub(super) column: String,
    /// What its cells are.
    pub(super) kind: ColumnKind,
}

/// A sign of one byte, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionalSign(Option<u8>);

/// A sign, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionalChar(Option<char>);

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesOrNo {
    /// It does.
    Yes,
    /// It does not.
    No,
}

impl DialectArgs {
    /// What was told.
    pub(super) fn choices(&self) -> DialectChoices {
        let missing = || self.missing.iter().map(|word| word.trim().to_lowercase()).collect();
        DialectChoices {
            encoding: self.encoding,
            delimiter: self.delimiter,
            quote: self.quote.map(|sign| sign.0),
            escape: self.escape.map(|sign| sign.0),
            decimal: self.decimal,
            thousands: self.thousands.map(|sign| sign.0),
            header: self.header.map(|header| header == YesOrNo::Yes),
            skip: self.skip,
            comment: self.comment.map(|sign| sign.0),
            missing: (!self.missing.is_empty()).then(missing),
        }
    }
}

/// A sign of one byte, by itself or by its name.
fn byte(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        "space" => Ok(b' '),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        _ => match text.as_bytes() {
            [sign] if sign.is_ascii() && !sign.is_ascii_alphanumeric() => Ok(*sign),
            _ => Err("one sign was expected, such as ; or tab".to_owned()),
        },
    }
}

fn delimiter(text: &str) -> Result<Delimiter, String> {
    if text == "blanks" { Ok(Delimiter::Blanks) } else { byte(text).map(Delimiter::Sign) }
}

fn optional_byte(text: &str) -> Result<OptionalSign, String> {
    if text == "none" { Ok(OptionalSign(None)) } else { byte(text).map(|sign| OptionalSign(Some(sign))) }
}

fn kind(text: &str) -> Result<KindArg, String> {
    let wrong = || "a column and its kind were expected, such as year=category".to_owned();
    // The name of a column may hold the sign as well.
    let (column, kind) = text.rsplit_once('=').filter(|(column, _)| !column.is_empty()).ok_or_else(wrong)?;
    let kind = match kind {
        "number" => ColumnKind::Number,
        "category" => ColumnKind::Category,
        "date" => ColumnKind::Date,
        "text" => ColumnKind::Text,
        _ => return Err("a kind is number, category, date or text".to_owned()),
    };
    Ok(KindArg { column: column.to_owned(), kind })
}

fn decimal(text: &str) -> Result<DecimalSign, String> {
    match text {
        "." | "point" => Ok(DecimalSign::Point),
        "," | "comma" => Ok(DecimalSign::Comma),
        _ => Err("a decimal sign is . or ,".to_owned()),
    }
}

fn thousands(text: &str) -> Result<OptionalChar, String> {
    let mut signs = text.chars();
    match (text, signs.next(), signs.next()) {
        ("none", ..) => Ok(OptionalChar(None)),
        ("space", ..) => Ok(OptionalChar(Some(' '))),
        (_, Some(sign), None) if !sign.is_alphanumeric() => Ok(OptionalChar(Some(sign))),
        _ => Err("one sign was expected, such as . or space, or none".to_owned()),
    }
}

fn encoding(text: &str) -> Result<Encoding, String> {
    Encoding::of_name(text).ok_or_else(|| "such as utf-8, windows-1252 or shift_jis was expected".to_owned())
}

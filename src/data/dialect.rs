//! How a CSV file is written: what inspection finds, a person changes and a model keeps.
//!
//! Must not know how a file is read.

/// How a CSV file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Of the text.
    pub encoding: Encoding,
    /// Between cells.
    pub delimiter: Delimiter,
    /// Around cells; `None` where no cell is quoted.
    pub quote: Option<u8>,
    /// Before a quote that does not end its cell; `None` where such a quote is doubled.
    pub escape: Option<u8>,
    /// Within numbers.
    pub decimal: DecimalSign,
    /// Between groups of three digits. Spaces there are understood in any case.
    pub thousands: Option<char>,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Lines above the table that are left out.
    pub skip: usize,
    /// At the start of lines that are left out.
    pub comment: Option<u8>,
    /// Words that mean "no value", in any case; an empty cell always does.
    pub missing: Vec<String>,
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// This sign.
    Sign(u8),
    /// One or more spaces or tabs; those at the ends of a line do not count.
    Blanks,
}

/// The decimal sign of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalSign {
    /// `11.5`
    Point,
    /// `11,5`
    Comma,
}

/// The text encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// Windows-1252, as Excel writes it.
    Windows1252,
    /// Another one that web browsers know.
    Other(&'static encoding_rs::Encoding),
}

/// What a person fixed about a dialect; the rest is measured.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DialectChoices {
    /// The encoding.
    pub encoding: Option<Encoding>,
    /// Between cells.
    pub delimiter: Option<Delimiter>,
    /// Around cells, `Some(None)` for none.
    pub quote: Option<Option<u8>>,
    /// Before a quote within a cell, `Some(None)` for a doubled quote.
    pub escape: Option<Option<u8>>,
    /// Within numbers.
    pub decimal: Option<DecimalSign>,
    /// Between groups of digits, `Some(None)` for nothing.
    pub thousands: Option<Option<char>>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// Lines above the table.
    pub skip: Option<usize>,
    /// At the start of lines that are left out, `Some(None)` for no such lines.
    pub comment: Option<Option<u8>>,
    /// Words that mean "no value".
    pub missing: Option<Vec<String>>,
}

/// Words that mean "no value" unless a person says otherwise, in lower case.
const USUAL_MISSING: [&str; 29] = [
    "na", "n/a", "#n/a", "nan", "-nan", "+nan", "null", "none", "nil", "?", "-", "--", "---", ".", "..",
    "...", "\u{2013}", "\u{2014}", "\\n", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!", "<na>",
    "1.#qnan", "-1.#ind", "n.a.",
];

impl Default for Dialect {
    fn default() -> Self {
        Self {
            encoding: Encoding::Utf8,
            delimiter: Delimiter::Sign(b','),
            quote: Some(b'"'),
            escape: None,
            decimal: DecimalSign::Point,
            thousands: None,
            header: true,
            skip: 0,
            comment: None,
            missing: usual_missing(),
        }
    }
}

/// Words that mean "no value" unless a person says otherwise, in lower case.
pub fn usual_missing() -> Vec<String> {
    USUAL_MISSING.map(str::to_owned).to_vec()
}

impl DialectChoices {
    /// Everything as in `dialect`.
    pub fn all(dialect: &Dialect) -> Self {
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
        } = dialect.clone();
        Self {
            encoding: Some(encoding),
            delimiter: Some(delimiter),
            quote: Some(quote),
            escape: Some(escape),
            decimal: Some(decimal),
            thousands: Some(thousands),
            header: Some(header),
            skip: Some(skip),
            comment: Some(comment),
            missing: Some(missing),
        }
    }

    /// These choices, and those of `others` about everything that is open here.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            encoding: self.encoding.or(others.encoding),
            delimiter: self.delimiter.or(others.delimiter),
            quote: self.quote.or(others.quote),
            escape: self.escape.or(others.escape),
            decimal: self.decimal.or(others.decimal),
            thousands: self.thousands.or(others.thousands),
            header: self.header.or(others.header),
            skip: self.skip.or(others.skip),
            comment: self.comment.or(others.comment),
            missing: self.missing.or(others.missing),
        }
    }

    /// Changes `dialect` where something was chosen.
    pub fn apply(self, dialect: &mut Dialect) {
        let Self { encoding, delimiter, quote, escape, decimal, thousands, header, skip, comment, missing } =
            self;
        *dialect = Dialect {
            encoding: encoding.unwrap_or(dialect.encoding),
            delimiter: delimiter.unwrap_or(dialect.delimiter),
            quote: quote.unwrap_or(dialect.quote),
            escape: escape.unwrap_or(dialect.escape),
            decimal: decimal.unwrap_or(dialect.decimal),
            thousands: thousands.unwrap_or(dialect.thousands),
            header: header.unwrap_or(dialect.header),
            skip: skip.unwrap_or(dialect.skip),
            comment: comment.unwrap_or(dialect.comment),
            missing: missing.unwrap_or_else(|| std::mem::take(&mut dialect.missing)),
        };
    }
}

impl Delimiter {
    /// The sign that cells are written apart with; a space for blanks.
    pub fn byte(self) -> u8 {
        match self {
            Self::Sign(sign) => sign,
            Self::Blanks => b' ',
        }
    }
}

impl DecimalSign {
    /// The sign itself.
    pub fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

impl Encoding {
    /// The encoding of this name, in any case and with any of its aliases.
    pub fn of_name(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(name.trim().as_bytes()).map(Self::of)
    }

    /// The encoding that `encoding_rs` calls this.
    pub(super) fn of(found: &'static encoding_rs::Encoding) -> Self {
        let known = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];
        known.into_iter().find(|known| known.table() == found).unwrap_or(Self::Other(found))
    }

    /// The name, as people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
            Self::Other(other) => other.name(),
        }
    }

    /// What `encoding_rs` decodes it with.
    pub(super) fn table(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
            Self::Other(other) => other,
        }
    }
}

//! How a file is read, as JSON: what `inspect --json` prints.
//!
//! Must not know how it was found.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::data::{
    Column, ColumnKind, ColumnRole, ColumnSettings, ColumnSummary, Delimiter, Dialect, Inspection, ReadNote,
    SkipReason, Table, read_notes,
};
use crate::words::{ToMessage as _, Words};

/// More skipped lines than this are not listed.
const MOST_LINES: usize = 10_000;

#[derive(Debug, Serialize)]
struct InspectJson<'a> {
    encoding: String,
    delimiter: String,
    quote: Option<char>,
    escape: Option<char>,
    decimal: char,
    thousands: Option<char>,
    header: bool,
    skip: usize,
    comment: Option<char>,
    skipped_lines: Vec<u64>,
    rows: usize,
    usable_rows: usize,
    columns: Vec<ColumnJson<'a>>,
    notes: Vec<NoteJson>,
}

#[derive(Debug, Serialize)]
struct ColumnJson<'a> {
    name: &'a str,
    kind: &'static str,
    role: &'static str,
    missing: usize,
    missing_tokens: BTreeMap<&'a str, usize>,
    odd_cells: Vec<OddJson<'a>>,
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct OddJson<'a> {
    line: u64,
    text: &'a str,
}

#[derive(Debug, Serialize)]
struct NoteJson {
    key: &'static str,
    text: String,
    line: Option<u64>,
}

/// How a file is read, without a line break; `columns` are the roles proposed.
pub fn inspect_json<'a>(
    inspection: &Inspection,
    table: &'a Table,
    columns: &'a [ColumnSettings],
    words: &Words,
) -> String {
    let Dialect { encoding, delimiter, quote, escape, decimal, thousands, header, skip, comment, missing: _ } =
        table.dialect();
    let is_skipped = |reason: SkipReason| reason != SkipReason::Header;
    let skipped = table.skipped().iter().filter(|left| is_skipped(left.reason));
    let note = |ReadNote { kind, line }: ReadNote| {
        let message = kind.message();
        NoteJson { key: message.id, text: words.say(&message), line }
    };
    let summaries = table.summaries();
    let column = |((settings, read), summary): ((&'a ColumnSettings, &'a Column), &ColumnSummary)| {
        let reading = &read.reading;
        ColumnJson {
            name: &settings.name,
            kind: kind_name(settings.kind),
            role: role_name(settings.role),
            missing: summary.missing,
            missing_tokens: reading.missing_tokens.iter().map(|(word, n)| (word.as_str(), *n)).collect(),
            odd_cells: reading
                .odd_cells
                .iter()
                .map(|odd| OddJson { line: odd.line, text: &odd.text })
                .collect(),
            reason: reading.reason.as_ref().map(|reason| words.say(&reason.message())),
        }
    };
    let used: Vec<bool> = columns.iter().map(|column| column.role != ColumnRole::Ignored).collect();
    let json = InspectJson {
        encoding: encoding.name().to_lowercase(),
        delimiter: match delimiter {
            Delimiter::Sign(sign) => char::from(*sign).to_string(),
            Delimiter::Blanks => "blanks".to_owned(),
        },
        quote: quote.map(char::from),
        escape: escape.map(char::from),
        decimal: char::from(decimal.byte()),
        thousands: *thousands,
        header: *header,
        skip: *skip,
        comment: comment.map(char::from),
        skipped_lines: skipped
            .flat_map(|left| left.line..left.line + left.n_lines)
            .take(MOST_LINES)
            .collect(),
        rows: table.n_rows(),
        usable_rows: table.n_complete_rows(&used),
        columns: columns.iter().zip(table.columns()).zip(&summaries).map(column).collect(),
        notes: read_notes(table, Some(inspection)).into_iter().map(note).collect(),
    };
    // Nothing here can fail to be written.
    serde_json::to_string(&json).unwrap_or_default()
}

/// A sign as people can read it.
pub fn sign_name(sign: char) -> String {
    match sign {
        '\t' => "tab".to_owned(),
        ' ' => "space".to_owned(),
        sign if sign.is_control() => sign.escape_default().to_string(),
        sign => sign.to_string(),
    }
}

/// A delimiter as people can read it, and as the command line takes it.
pub fn delimiter_name(delimiter: Delimiter) -> String {
    match delimiter {
        Delimiter::Sign(sign) => sign_name(char::from(sign)),
        Delimiter::Blanks => "blanks".to_owned(),
    }
}

fn kind_name(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Number => "number",
        ColumnKind::Category => "category",
        ColumnKind::Date => "date",
        ColumnKind::Text => "text",
    }
}

fn role_name(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Feature => "feature",
        ColumnRole::Target => "target",
        ColumnRole::Ignored => "ignored",
    }
}

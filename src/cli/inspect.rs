//! `inspect`: how a file is read and why, and the table as it was read, written once more.
//!
//! Must not know how a file is read.

use std::fs::File;
use std::path::Path;

use super::arguments::InspectArgs;
use super::job::JobError;
use super::load::set_kinds;
use super::out::refuse_any;
use super::output::{print, say, words};
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataError, DataErrorKind, Inspection, Limits, Quiet, Table,
    guess_columns, inspect_bytes_with, inspect_file_with, read_bytes, read_notes, read_table, write_clean,
};
use crate::files::{DataSource, delimiter_name, inspect_json, locate_data, sign_name, write_atomically};
use crate::words::{Message, ToMessage as _, Words};

/// More columns than this are not told one by one.
const MOST_COLUMNS: usize = 60;

pub(super) fn run(args: &InspectArgs) -> Result<(), JobError> {
    let words = words();
    // What has nothing to learn in it can be looked at, too.
    let limits = Limits { only_looked_at: true, ..Limits::default() };
    let source = locate_data(&args.data);
    let choices = args.dialect.choices();
    let (inspection, table) = match &source {
        DataSource::Embedded(bytes) => {
            let inspection = inspect_bytes_with(bytes, &choices)?;
            let table = read_bytes(bytes, &inspection.dialect, &limits, &Quiet)?;
            (inspection, table)
        }
        DataSource::File(path) | DataSource::Missing(path) => {
            let inspection = inspect_file_with(path, &choices)?;
            let table = read_table(path, &inspection.dialect, &limits, &Quiet)?;
            (inspection, table)
        }
    };
    let mut columns = guess_columns(&table);
    set_kinds(&mut columns, &args.dialect.kinds)?;
    if let Some(out) = &args.out {
        refuse_any(out, args.force)?;
        write(&source, &table, out)?;
    }
    if args.json {
        return print(&inspect_json(&inspection, &table, &columns, &words));
    }
    tell(&words, &inspection, &table, &columns)
}

/// Writes the table as it was read.
fn write(source: &DataSource, table: &Table, out: &Path) -> Result<(), JobError> {
    let mut clean = Vec::new();
    match source {
        DataSource::Embedded(bytes) => write_clean(&bytes[..], table, &mut clean)?,
        DataSource::File(path) | DataSource::Missing(path) => {
            let failed =
                |error: std::io::Error| DataError::new(DataErrorKind::Io(error.to_string())).in_file(path);
            write_clean(File::open(path).map_err(failed)?, table, &mut clean)?;
        }
    }
    write_atomically(out, &clean).map_err(|error| JobError::cannot_save(out, &error))
}

/// The same for people.
fn tell(
    words: &Words,
    inspection: &Inspection,
    table: &Table,
    columns: &[ColumnSettings],
) -> Result<(), JobError> {
    let dialect = &inspection.dialect;
    let sign = |sign: Option<String>| match sign {
        Some(sign) => sign,
        None => words.text("data-sign-none"),
    };
    let byte = |byte: Option<u8>| sign(byte.map(|byte| sign_name(char::from(byte))));
    let rows = [
        ("data-encoding", dialect.encoding.name().to_owned()),
        ("data-delimiter", delimiter_name(dialect.delimiter)),
        ("data-quote", byte(dialect.quote)),
        ("data-decimal", char::from(dialect.decimal.byte()).to_string()),
        ("data-thousands", sign(dialect.thousands.map(sign_name))),
        ("data-header", words.text(if dialect.header { "data-yes" } else { "data-no" })),
        ("data-skip", dialect.skip.to_string()),
        ("data-comment", byte(dialect.comment)),
    ];
    let width = rows.iter().map(|(key, _)| words.text(key).chars().count()).max().unwrap_or(0);
    for (key, value) in rows {
        print(&format!("{:<width$}  {value}", words.text(key)))?;
    }
    let used = |column: &ColumnSettings| column.role != ColumnRole::Ignored;
    let size = Message::new("cli-inspect-size")
        .with("rows", table.n_rows())
        .with("columns", table.n_columns())
        .with("usable", table.n_complete_rows(&columns.iter().map(used).collect::<Vec<_>>()));
    say(words, &size)?;
    for (column, settings) in table.columns().iter().zip(columns).take(MOST_COLUMNS) {
        let found = column.reading.reason.as_ref().filter(|_| settings.kind == column.reading.kind);
        let reason = found.map(|reason| words.say(&reason.message()));
        let line =
            format!("{}: {}", words.text(kind_key(settings.kind)), words.text(role_key(settings.role)));
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        print(&format!("  {}  {line}{reason}", settings.name))?;
    }
    for note in read_notes(table, Some(inspection)) {
        say(words, &note.message())?;
    }
    Ok(())
}

fn kind_key(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Number => "data-kind-number",
        ColumnKind::Category => "data-kind-category",
        ColumnKind::Date => "data-kind-date",
        ColumnKind::Text => "data-kind-text",
    }
}

fn role_key(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Feature => "data-role-feature",
        ColumnRole::Target => "data-role-target",
        ColumnRole::Ignored => "data-role-ignored",
    }
}

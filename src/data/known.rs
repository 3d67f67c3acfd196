//! Reading a file as a model knows it: the model's way of reading comes first, a guess only where
//! that does not give the model's columns.
//!
//! Must not know where the bytes come from.

use std::collections::HashSet;

use super::dialect::{DecimalSign, Dialect, DialectChoices};
use super::error::DataError;
use super::prepare::needed_columns;
use super::read::parse_plain_number;
use super::reading::KindReason;
use super::request::DataRequest;
use super::settings::{ColumnKind, ColumnRole, ColumnSettings, DataSettings};
use super::table::{ColumnContent, Table};
use crate::words::Message;

/// More columns than this are counted, not named.
const MOST_NAMED: usize = 8;

/// Reads a table that shall have the columns that `request` takes by the choices in `known`.
/// `read` reads it as told; `guess` looks how it is written where something is open. The model's
/// own decimal sign and its words for "no value" are tried before guessed ones.
///
/// # Errors
/// What the guess met, or reading as guessed.
pub fn read_as_known(
    known: &DataSettings,
    request: &DataRequest,
    read: impl Fn(&Dialect) -> Result<Table, DataError>,
    guess: impl Fn(DialectChoices) -> Result<Dialect, DataError>,
) -> Result<(Table, Dialect), DataError> {
    let needed = needed_columns(known, request);
    let own = &known.dialect;
    let missing = DialectChoices { missing: Some(own.missing.clone()), ..DialectChoices::default() };
    if needed.is_empty() {
        let dialect = guess(DialectChoices::default())?;
        return Ok((read(&dialect)?, dialect));
    }
    let with_thousands =
        Dialect { thousands: own.thousands.or(Some(other_sign(own.decimal))), ..own.clone() };
    let own_sign = DialectChoices { decimal: Some(own.decimal), ..missing.clone() };
    let own_header = DialectChoices { header: Some(own.header), ..own_sign.clone() };
    let fits = |dialect: &Dialect| read(dialect).ok().filter(|table| has_columns(table, &needed));
    let mut tried: Vec<Dialect> = Vec::new();
    let own_ways = [own.clone(), with_thousands].into_iter().map(Ok);
    let guesses = [own_header, own_sign].into_iter().map(&guess);
    for dialect in own_ways.chain(guesses) {
        let Ok(dialect) = dialect else { continue };
        if tried.contains(&dialect) {
            continue;
        }
        if let Some(table) = fits(&dialect) {
            return Ok((table, dialect));
        }
        tried.push(dialect);
    }
    let dialect = guess(missing)?;
    Ok((read(&dialect)?, dialect))
}

/// What stands between groups of digits where this sign is the decimal one.
fn other_sign(decimal: DecimalSign) -> char {
    match decimal {
        DecimalSign::Point => ',',
        DecimalSign::Comma => '.',
    }
}

/// Names of columns that the choices in `known` do not name, as a sentence; none where all are known.
pub fn unknown_columns(table: &Table, known: &[ColumnSettings]) -> Option<Message> {
    let known: HashSet<&str> = known.iter().map(|column| column.name.as_str()).collect();
    let names = table.columns().iter().map(|column| column.name.as_str());
    let mut unknown: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
    if unknown.is_empty() {
        return None;
    }
    let n_more = unknown.len().saturating_sub(MOST_NAMED);
    unknown.truncate(MOST_NAMED);
    let key = if n_more == 0 { "data-unknown-columns" } else { "data-unknown-columns-more" };
    Some(Message::new(key).with("columns", unknown.join(", ")).with("n", n_more))
}

/// Whether each column is there, and holds numbers where it shall.
fn has_columns(table: &Table, needed: &[ColumnSettings]) -> bool {
    needed.iter().all(|column| {
        let found = table.column_index(&column.name).and_then(|index| table.columns().get(index));
        // Numbers with other signs than these speak for another way to read the file.
        if found.is_some_and(|found| found.reading.reason == Some(KindReason::OtherSigns)) {
            return false;
        }
        match (found.map(|found| &found.content), column.kind) {
            (None, _) => false,
            (Some(ColumnContent::Text(words)), ColumnKind::Number) => {
                words.iter().all(|word| parse_plain_number(word).is_some())
            }
            (Some(ColumnContent::Numbers | ColumnContent::Text(_)), _) => true,
        }
    })
}

/// The known columns first, in their order (the order of features is the order of the columns of
/// W), then what the file has besides, ignored.
pub fn keep_roles(found: Vec<ColumnSettings>, known: &[ColumnSettings]) -> Vec<ColumnSettings> {
    let names = |columns: &[ColumnSettings]| -> HashSet<String> {
        columns.iter().map(|column| column.name.clone()).collect()
    };
    let (known_names, found_names) = (names(known), names(&found));
    let is_there =
        |column: &&ColumnSettings| column.role != ColumnRole::Ignored || found_names.contains(&column.name);
    let mut columns: Vec<ColumnSettings> = known.iter().filter(is_there).cloned().collect();
    let others = found.into_iter().filter(|column| !known_names.contains(&column.name));
    columns.extend(others.map(|column| ColumnSettings { role: ColumnRole::Ignored, ..column }));
    columns
}

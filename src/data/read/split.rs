//! Text cut into records and cells: quotes, escapes and blanks are understood here and nowhere else.
//!
//! A quote opens a cell only where it also closes one: before a delimiter or a line end. Quotes
//! other than `"` must close on their own line, and a quote that leaves its line must be written
//! without a fault. So a stray quote is text, and never takes the rows after it along.
//!
//! Must not know what cells mean, or files.

use crate::data::dialect::{Delimiter, Dialect};

/// The longest quoted cell; a quote that is open for longer is a stray one.
const LONGEST_QUOTED: usize = 1 << 20;

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Splitter {
    pub(super) delimiter: Delimiter,
    pub(super) quote: Option<u8>,
    pub(super) escape: Option<u8>,
    /// Cells of a row, where they are known: what a quote over several lines is held against.
    pub(super) n_columns: Option<usize>,
}

/// The cells of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    bytes: Vec<u8>,
    /// Where each cell ends, and whether it was quoted.
    cells: Vec<(usize, bool)>,
    /// Lines that it stands on.
    pub(super) n_lines: u64,
}

/// How the look for the end of a quoted cell ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoted {
    /// It was read; what follows begins here.
    Closed(usize),
    /// There is no such cell.
    Stray,
    /// More text is needed to tell.
    Unknown,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cells as they stand, blanks around them included.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> + '_ {
        (0..self.len()).map(|cell| self.cell(cell))
    }

    pub(super) fn cell(&self, cell: usize) -> &[u8] {
        let Some(&(end, _)) = self.cells.get(cell) else { return &[] };
        let begin = cell.checked_sub(1).map_or(0, |before| self.cells[before].0);
        &self.bytes[begin..end]
    }

    pub(super) fn is_quoted(&self, cell: usize) -> bool {
        self.cells.get(cell).is_some_and(|&(_, quoted)| quoted)
    }

    /// Whether there is nothing in it.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.iter().all(|byte| is_blank(*byte))
    }

    /// Drops cells from `n` on.
    pub(super) fn truncate(&mut self, n: usize) {
        self.cells.truncate(n);
        self.bytes.truncate(self.cells.last().map_or(0, |&(end, _)| end));
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.cells.clear();
        self.n_lines = 1;
    }

    fn end_cell(&mut self, quoted: bool) {
        self.cells.push((self.bytes.len(), quoted));
    }
}

impl Splitter {
    /// The splitter of a dialect.
    pub(super) fn of(dialect: &Dialect) -> Self {
        let Dialect { delimiter, quote, escape, .. } = dialect;
        Self { delimiter: *delimiter, quote: *quote, escape: *escape, n_columns: None }
    }

    /// Reads the record that begins at `start`, and gives where the next one begins. `None` where
    /// the text ends within the record, and `is_all` does not say that it ends there.
    pub(super) fn next(&self, text: &[u8], start: usize, is_all: bool, record: &mut Record) -> Option<usize> {
        let next = self.split(text, start, is_all, true, record)?;
        if record.n_lines > 1 && self.n_columns.is_some_and(|n| n != record.len()) {
            // The quote may be a stray one: then the line alone makes a row.
            let mut line = Record::default();
            let end = self.split(text, start, is_all, false, &mut line)?;
            if Some(line.len()) == self.n_columns {
                *record = line;
                return Some(end);
            }
        }
        Some(next)
    }

    fn split(
        &self,
        text: &[u8],
        start: usize,
        is_all: bool,
        over_lines: bool,
        record: &mut Record,
    ) -> Option<usize> {
        record.clear();
        let mut at = start;
        loop {
            if self.delimiter == Delimiter::Blanks {
                at += blanks(&text[at..]);
                if record.len() > 0 && text.get(at).is_none_or(|&byte| byte == b'\n') {
                    return record_end(text, at, is_all);
                }
            }
            let end = match self.quoted(text, at, is_all, over_lines, record) {
                Quoted::Closed(end) => end,
                Quoted::Unknown => return None,
                Quoted::Stray => {
                    let length = text[at..].iter().position(|&byte| byte == b'\n' || self.delimits(byte));
                    let end = at + length.unwrap_or(text.len() - at);
                    record.bytes.extend_from_slice(&text[at..end]);
                    record.end_cell(false);
                    end
                }
            };
            match text.get(end) {
                Some(b'\n') => return Some(end + 1),
                Some(_) => at = end + 1,
                None => return record_end(text, end, is_all),
            }
        }
    }

    /// Reads a quoted cell, if there is one at `start`, maybe after blanks.
    fn quoted(
        &self,
        text: &[u8],
        start: usize,
        is_all: bool,
        over_lines: bool,
        record: &mut Record,
    ) -> Quoted {
        let Some(quote) = self.quote else { return Quoted::Stray };
        let open = start + text[start..].iter().take_while(|&&byte| self.is_padding(byte)).count();
        if text.get(open) != Some(&quote) {
            return Quoted::Stray;
        }
        let may_span = over_lines && quote == b'"';
        let (content, lines) = (record.bytes.len(), record.n_lines);
        let mut is_faulty = false;
        let mut at = open + 1;
        let outcome = loop {
            let stop = |byte: u8| byte == quote || byte == b'\n' || Some(byte) == self.escape;
            let Some(length) = text[at..].iter().position(|&byte| stop(byte)) else {
                let is_lost = is_all || text.len() - open > LONGEST_QUOTED;
                break if is_lost { Quoted::Stray } else { Quoted::Unknown };
            };
            record.bytes.extend_from_slice(&text[at..at + length]);
            at += length;
            let after = text.get(at + 1).copied();
            if after.is_none() && !is_all {
                break Quoted::Unknown;
            }
            if text[at] == b'\n' {
                if !may_span || is_faulty || at - open > LONGEST_QUOTED {
                    break Quoted::Stray;
                }
                record.n_lines += 1;
                record.bytes.push(b'\n');
                at += 1;
            } else if text[at] == quote && after != Some(quote) {
                let end = at + 1 + text[at + 1..].iter().take_while(|&&byte| self.is_padding(byte)).count();
                match text.get(end) {
                    None if !is_all => break Quoted::Unknown,
                    None => break Quoted::Closed(end),
                    Some(&byte) if byte == b'\n' || self.delimits(byte) => break Quoted::Closed(end),
                    // A quote within the cell that should have been doubled.
                    Some(_) if record.n_lines == lines => {
                        is_faulty = true;
                        record.bytes.push(quote);
                        at += 1;
                    }
                    Some(_) => break Quoted::Stray,
                }
            } else if text[at] == quote || after == Some(quote) || after == self.escape {
                // Doubled or escaped.
                record.bytes.extend(after);
                at += 2;
            } else {
                record.bytes.push(text[at]);
                at += 1;
            }
        };
        match outcome {
            Quoted::Closed(_) => record.end_cell(true),
            Quoted::Stray | Quoted::Unknown => {
                record.bytes.truncate(content);
                record.n_lines = lines;
            }
        }
        outcome
    }

    fn delimits(&self, byte: u8) -> bool {
        match self.delimiter {
            Delimiter::Sign(sign) => byte == sign,
            Delimiter::Blanks => is_blank(byte),
        }
    }

    /// Whether a byte may stand between a delimiter and a quote.
    fn is_padding(&self, byte: u8) -> bool {
        is_blank(byte) && !self.delimits(byte)
    }
}

/// Where the record after one that ends at `at` begins, if the text does not merely stop there.
fn record_end(text: &[u8], at: usize, is_all: bool) -> Option<usize> {
    match text.get(at) {
        Some(_) => Some(at + 1),
        None => is_all.then_some(at),
    }
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Blanks at the start of a text.
fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_blank(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn splitter(delimiter: Delimiter, quote: u8) -> Splitter {
        Splitter { delimiter, quote: Some(quote), escape: None, n_columns: None }
    }

    fn records(splitter: Splitter, text: &str) -> Vec<Vec<String>> {
        let (mut at, mut record, mut found) = (0, Record::default(), Vec::new());
        while at < text.len() {
            let Some(next) = splitter.next(text.as_bytes(), at, true, &mut record) else { break };
            found.push(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
            at = next;
        }
        found
    }

    const COMMAS: Delimiter = Delimiter::Sign(b',');

    #[test]
    fn quotes_double_and_span_lines() {
        let found = records(splitter(COMMAS, b'"'), "1,\"a \"\"b\"\", c\"\n2, \"x\ny\" ,3\n");
        assert_eq!(found, [vec!["1", "a \"b\", c"], vec!["2", "x\ny", "3"]]);
    }

    #[test]
    fn a_stray_quote_is_text_and_takes_no_row_along() {
        let found = records(splitter(COMMAS, b'"'), "1,\"a\n2,b\n3,\"c\"\n4,5\" pipe\n5,\"6\" x\"\n");
        let right = [["1", "\"a"], ["2", "b"], ["3", "c"], ["4", "5\" pipe"], ["5", "6\" x"]];
        assert_eq!(found, right);
    }

    #[test]
    fn an_apostrophe_quotes_on_one_line_only() {
        let found = records(splitter(COMMAS, b'\''), "'t Dorp,1\n'a, b',2\n'x\ny',3\n");
        assert_eq!(found, [vec!["'t Dorp", "1"], vec!["a, b", "2"], vec!["'x"], vec!["y'", "3"]]);
    }

    #[test]
    fn blanks_delimit_in_runs_and_respect_quotes() {
        let found = records(splitter(Delimiter::Blanks, b'"'), "  1 \t2  \"a b\" \n3\t 4 c\n");
        assert_eq!(found, [["1", "2", "a b"], ["3", "4", "c"]]);
    }

    #[test]
    fn an_escaped_quote_does_not_end_its_cell() {
        let splitter = Splitter { escape: Some(b'\\'), ..splitter(COMMAS, b'"') };
        assert_eq!(records(splitter, "\"a\\\"b\",\"c\\\\\"\n"), [["a\"b", "c\\"]]);
    }

    #[test]
    fn a_record_that_is_not_all_there_waits_for_more() {
        let splitter = splitter(COMMAS, b'"');
        for text in ["1,2", "1,\"a", "1,\"a\"", "1,\"a\n"] {
            assert_eq!(splitter.next(text.as_bytes(), 0, false, &mut Record::default()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_well_is_read_as_the_csv_crate_reads_it(
            rows in proptest::collection::vec(proptest::collection::vec("[a-c ,\"\n;']{0,5}", 2..4), 1..5),
        ) {
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
            let text: String = rows.iter().map(line).collect();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = reader
                .records()
                .map_while(Result::ok)
                .map(|record| record.iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(&theirs, &rows);
            prop_assert_eq!(records(splitter(COMMAS, b'"'), &text), rows);
        }

        #[test]
        fn every_line_is_in_one_record(text in "([a-b1,\"' ]|\n){0,40}", quote in prop_oneof![Just(b'"'), Just(b'\'')]) {
            let splitter = splitter(COMMAS, quote);
            let (mut at, mut record, mut n_lines) = (0, Record::default(), 0);
            while at < text.len() {
                at = splitter.next(text.as_bytes(), at, true, &mut record).unwrap_or(text.len());
                n_lines += record.n_lines;
            }
            prop_assert_eq!(n_lines, text.lines().count() as u64);
        }
    }
}

//! What a cell looks like, before anything is known about its file.
//!
//! Must not know files, dialects or columns.

use super::number::trim;

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CellKind {
    /// Nothing, or only blanks.
    Empty,
    /// A number in any spelling, also with a currency or a percent sign.
    Number,
    /// A date, a time or both.
    Date,
    /// An address: of a page, of a mailbox, of a computer.
    Address,
    /// Words.
    Words,
    /// Words with commas or the like between them, as in a sentence.
    Prose,
    /// Anything else, such as text with a delimiter in it.
    Other,
}

/// What `cell` looks like.
pub(super) fn cell_kind(cell: &[u8]) -> CellKind {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return CellKind::Empty;
    }
    if cell.len() > 1000 {
        return CellKind::Other;
    }
    let Ok(text) = std::str::from_utf8(cell) else { return CellKind::Other };
    let text = trim(text);
    if text.is_empty() || text == "''" || text == "\"\"" {
        CellKind::Empty
    } else if is_date(text) {
        CellKind::Date
    } else if is_number(text) {
        CellKind::Number
    } else if is_address(text) {
        CellKind::Address
    } else {
        words(text)
    }
}

/// Signs of currencies, and the percent signs.
pub(super) const UNIT_SIGNS: [char; 9] = ['$', '€', '£', '¥', '₹', '₽', '%', '‰', '°'];

/// Whether a text is a number in any spelling. What it means need not be certain.
fn is_number(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let text = inner.unwrap_or(text).trim_matches(UNIT_SIGNS).trim();
    let text = text.trim_start_matches(['+', '-', '\u{2212}', '\u{2013}']).trim_start_matches(UNIT_SIGNS);
    let (text, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start_matches(['+', '-']))),
        None => (text, None),
    };
    let is_exponent = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if exponent.is_some_and(|digits| !is_exponent(digits))
        || !text.ends_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return false;
    }
    let (mut n_signs, mut n_since) = (0, 0);
    let mut last = None;
    for c in text.chars() {
        if c.is_ascii_digit() {
            n_since += 1;
            continue;
        }
        let is_group = last.is_none() || n_since == 3;
        if !matches!(c, '.' | ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}' | '\u{2019}') || !is_group {
            return false;
        }
        n_signs += usize::from(last != Some(c));
        (last, n_since) = (Some(c), 0);
    }
    n_signs <= 2
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && (n_since > 0 || last == Some('.'))
}

/// English and Finnish names of months, as far as they are told apart.
const MONTHS: [&str; 24] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "tam", "hel", "maa",
    "huh", "tou", "kes", "hei", "elo", "syy", "lok", "mrr", "jou",
];

/// Whether a text is a date, a time or both.
pub(super) fn is_date(text: &str) -> bool {
    if text.len() < 4 || text.len() > 40 || !text.is_ascii() {
        return false;
    }
    let (mut numbers, mut words, mut signs) = ([0_usize; 8], 0, [0_usize; 4]);
    let mut n_numbers = 0;
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let length = |is_same: fn(u8) -> bool| rest.bytes().take_while(|&byte| is_same(byte)).count();
        let n = if first.is_ascii_digit() {
            let n = length(|byte| byte.is_ascii_digit());
            if n_numbers == numbers.len() || n > 6 {
                return false;
            }
            numbers[n_numbers] = n;
            n_numbers += 1;
            n
        } else if first.is_ascii_alphabetic() {
            let n = length(|byte| byte.is_ascii_alphabetic());
            let word = rest[..n].to_ascii_lowercase();
            let is_month = n >= 3 && MONTHS.contains(&&word[..3]);
            if !is_month && !matches!(word.as_str(), "t" | "z" | "am" | "pm" | "utc" | "gmt") {
                return false;
            }
            words += usize::from(is_month);
            n
        } else {
            match first {
                b'-' => signs[0] += 1,
                b'/' => signs[1] += 1,
                b'.' => signs[2] += 1,
                b':' => signs[3] += 1,
                b' ' | b',' | b'+' => {}
                _ => return false,
            }
            1
        };
        rest = &rest[n..];
    }
    let numbers = &numbers[..n_numbers];
    let is_short = |n: &usize| (1..=2).contains(n);
    let has_day = match numbers {
        [a, b, c, ..] if signs[..3].iter().any(|&n| n >= 2) => {
            (*a == 4 && is_short(b) && is_short(c)) || (is_short(a) && is_short(b) && (*c == 4 || *c == 2))
        }
        _ => false,
    };
    let has_month = words == 1 && n_numbers >= 1;
    let has_time = signs[3] >= 1 && n_numbers >= 2 && {
        let clock = if has_day || has_month { &numbers[n_numbers.min(2)..] } else { numbers };
        clock.iter().take(2).all(is_short) && (has_day || has_month || (signs[1] == 0 && signs[0] == 0))
    };
    has_day || has_month || has_time
}

fn is_address(text: &str) -> bool {
    let is_host = |host: &str| {
        host.contains('.')
            && host.split('.').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            })
    };
    if text.contains(' ') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    if ["http://", "https://", "ftp://", "www.", "mailto:"].iter().any(|start| lower.starts_with(start)) {
        return true;
    }
    match text.split_once('@') {
        Some((name, host)) => !name.is_empty() && !name.contains([',', ';', '"']) && is_host(host),
        None => false,
    }
}

/// Words are letters and digits with the signs that stand within running text. A sign that may
/// delimit cells belongs to a sentence where a blank follows it.
fn words(text: &str) -> CellKind {
    let is_quoted = text.len() > 1 && text.starts_with('\'') && text.ends_with('\'');
    if is_quoted || !text.contains(char::is_alphanumeric) {
        return CellKind::Other;
    }
    // Several numbers are several cells.
    if !text.contains(char::is_alphabetic) && text.contains(' ') {
        return CellKind::Other;
    }
    let mut kind = CellKind::Words;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ',' | ';' if rest.peek() == Some(&' ') => kind = CellKind::Prose,
            '"' => kind = CellKind::Prose,
            ' ' | '-' | '_' | '.' | '/' | '&' | '\'' | '(' | ')' | '+' | ':' | '@' | '?' | '!' | '%'
            | '°' | '²' | '³' | '\u{2019}' | '\u{2013}' => {}
            c if c.is_alphanumeric() => {}
            _ => return CellKind::Other,
        }
    }
    if text.starts_with('"') { CellKind::Other } else { kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart_by_their_looks() {
        use CellKind::{Address, Date, Empty, Number, Other, Prose, Words};
        for (cell, kind) in [
            ("", Empty),
            (" \u{a0}", Empty),
            ("12", Number),
            ("-1,5", Number),
            ("1 234,50", Number),
            ("1,234,567.5", Number),
            ("$12.40", Number),
            ("-$5", Number),
            ("42 %", Number),
            ("12,50 €", Number),
            ("1e-3", Number),
            ("(3.5)", Number),
            ("1,2,3", Other),
            ("1.1.2023", Date),
            ("2023-01-31", Date),
            ("2023-01-31T12:30:00Z", Date),
            ("12/31/99 11:59 pm", Date),
            ("31-Jan-2020", Date),
            ("12:30", Date),
            ("192.168.0.1", Words),
            ("18.0   8", Other),
            ("https://example.org/?a=1;b=2", Address),
            ("a.b@example.org", Address),
            ("St. John's (west)", Words),
            ("a;b", Other),
            ("Total; of men, women", Prose),
            ("\"a", Other),
            ("?", Other),
        ] {
            assert_eq!(cell_kind(cell.as_bytes()), kind, "{cell}");
        }
    }
}

//! What the cells of a column mean, decided when all of them are known: numbers, dates, categories
//! or free text, and which of its words stand for missing values.
//!
//! Must not know lines or files.

use super::cell_kind::{UNIT_SIGNS, is_date};
use super::number::{NumberFormat, parse_number};
use super::parse::{Words, word_code};
use crate::data::reading::{ColumnReading, KindReason};
use crate::data::settings::ColumnKind;
use crate::data::table::ColumnContent;

/// More different words than this are not categories but free text.
const MAX_CATEGORIES: usize = 50;

/// Words that stand for a missing value only where the rest of a column is numbers, in lower case.
const GAPS: [&str; 26] = [
    "inf",
    "-inf",
    "+inf",
    "infinity",
    "-infinity",
    "∞",
    "-∞",
    "missing",
    "unknown",
    "no data",
    "nodata",
    "n.d.",
    "nd",
    "not available",
    "not applicable",
    "not reported",
    "undefined",
    "void",
    "blank",
    "empty",
    "x",
    "*",
    "**",
    "***",
    "puuttuu",
    "ei tietoa",
];

/// Words that mean yes and words that mean no, pair by pair, in lower case.
const BOOLEANS: [(&str, &str); 7] = [
    ("true", "false"),
    ("yes", "no"),
    ("t", "f"),
    ("y", "n"),
    ("on", "off"),
    ("kyllä", "ei"),
    ("tosi", "epätosi"),
];

/// What becomes of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// It says that there is no value.
    Missing,
    /// It does not fit its column.
    Odd,
    /// It is this number.
    Number(f64),
    /// It stays a word.
    Word,
}

/// The words of a column with what is decided about each, and what is decided about the column.
pub(super) struct Decision {
    fates: Vec<Fate>,
    pub(super) content: ColumnContent,
    pub(super) reading: ColumnReading,
    /// For each word, its place in the dictionary of the content.
    codes: Vec<u32>,
    /// The dictionary of the content, where numbers that stand among words are found.
    dictionary: Words,
}

/// How a column's numbers and words are counted.
struct Counts {
    n_numbers: usize,
    /// Numbers that are not whole.
    n_fractions: usize,
    words: Vec<usize>,
}

impl Counts {
    fn of(values: impl Iterator<Item = f64>, n_words: usize) -> Self {
        let mut counts = Self { n_numbers: 0, n_fractions: 0, words: vec![0; n_words] };
        for value in values {
            if !value.is_nan() {
                counts.n_numbers += 1;
                counts.n_fractions += usize::from(value.fract() != 0.0);
            } else if let Some(count) = word_code(value).and_then(|code| counts.words.get_mut(code as usize))
            {
                *count += 1;
            }
        }
        counts
    }
}

/// Decides about a column. `values` gives its cells as often as it is called.
pub(super) fn decide<I: Iterator<Item = f64>>(
    words: &Words,
    values: impl Fn() -> I,
    numbers: NumberFormat,
    missing: &[String],
) -> Decision {
    let counts = Counts::of(values(), words.list.len());
    let is_missing = |word: &String| {
        let word = word.to_lowercase();
        missing.contains(&word)
    };
    let mut fates: Vec<Fate> =
        words.list.iter().map(|word| if is_missing(word) { Fate::Missing } else { Fate::Word }).collect();
    let rest = |fates: &[Fate]| -> usize {
        fates.iter().zip(&counts.words).filter(|(fate, _)| **fate == Fate::Word).map(|(_, n)| n).sum()
    };
    if rest(&fates) == 0 {
        let reason = (counts.n_numbers == 0).then_some(KindReason::Empty);
        return Decision::numbers(words, &counts, fates, reason);
    }
    let as_numbers = |read: &dyn Fn(&str) -> Option<f64>, fates: &[Fate]| -> (Vec<Fate>, usize) {
        let mut fates = fates.to_vec();
        let mut n = 0;
        for (index, fate) in fates.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::Word) {
            if let Some(value) = read(&words.list[index]) {
                *fate = Fate::Number(value);
                n += counts.words[index];
            }
        }
        (fates, n)
    };
    // Numbers with signs around them, all with the same ones.
    if let Some((before, after)) = frequent_affixes(words, &counts, &fates, numbers) {
        let read = |word: &str| {
            let (found_before, value, found_after) = affixes(word, numbers)?;
            ((found_before, found_after) == (before.as_str(), after.as_str())).then_some(value)
        };
        let (found, n) = as_numbers(&read, &fates);
        if n * 10 >= (counts.n_numbers + rest(&fates)) * 9 {
            let reason = KindReason::Affixes { before, after };
            return Decision::numbers(words, &counts, found, Some(reason));
        }
    }
    // Numbers with the other sign, for thousands where all of them can be read so, else for decimals:
    // nearly all of them, or all where the rest are whole numbers.
    for (other, is_strict) in other_formats(numbers) {
        let (found, n) = as_numbers(&|word| parse_number(word.as_bytes(), other), &fates);
        let (n_words, n_all) = (rest(&fates), counts.n_numbers + rest(&fates));
        let is_most = if is_strict { n == n_words } else { n * 10 >= n_all * 9 };
        if n > 0 && (is_most || (n == n_words && counts.n_fractions == 0)) {
            return Decision::numbers(words, &counts, found, Some(KindReason::OtherSigns));
        }
    }
    if let Some(found) = almost_numbers(words, &counts, &fates) {
        let odd =
            found.iter().zip(&counts.words).filter(|(fate, _)| **fate == Fate::Odd).map(|(_, n)| n).sum();
        let all = counts.n_numbers + odd;
        let reason = (odd > 0).then_some(KindReason::OddCells { odd, all });
        return Decision::numbers(words, &counts, found, reason);
    }
    fates.iter_mut().zip(&counts.words).filter(|(_, n)| **n == 0).for_each(|(fate, _)| *fate = Fate::Missing);
    Decision::words(words, &counts, fates, values)
}

/// Reads a column of numbers with a few words as numbers: words known to mean "no value" among
/// numbers are missing, other words are odd where they are at most one cell in ten.
fn almost_numbers(words: &Words, counts: &Counts, fates: &[Fate]) -> Option<Vec<Fate>> {
    let mut found = fates.to_vec();
    let (mut n_gaps, mut n_odd) = (0, 0);
    for (index, fate) in found.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::Word) {
        let word = words.list[index].to_lowercase();
        if GAPS.contains(&word.as_str()) {
            n_gaps += counts.words[index];
            // An infinite number is one that cannot be had; the others never were any.
            *fate = if word.contains("inf") || word.contains('∞') { Fate::Odd } else { Fate::Missing };
        } else {
            n_odd += counts.words[index];
            *fate = Fate::Odd;
        }
    }
    let n = counts.n_numbers;
    (n > 0 && n_odd * 10 <= n + n_odd && n_gaps <= 2 * n).then_some(found)
}

/// Other ways to write numbers than the file's, and whether all words must be written so.
fn other_formats(numbers: NumberFormat) -> [(NumberFormat, bool); 2] {
    let other = if numbers.decimal == b'.' { b',' } else { b'.' };
    [
        (NumberFormat { decimal: numbers.decimal, thousands: Some(char::from(other)) }, true),
        (NumberFormat { decimal: other, thousands: Some(char::from(numbers.decimal)) }, false),
    ]
}

/// The signs around the numbers of most words.
fn frequent_affixes(
    words: &Words,
    counts: &Counts,
    fates: &[Fate],
    numbers: NumberFormat,
) -> Option<(String, String)> {
    let mut found: Vec<((&str, &str), usize)> = Vec::new();
    for (index, word) in words.list.iter().enumerate().filter(|(index, _)| fates[*index] == Fate::Word) {
        let Some((before, _, after)) = affixes(word, numbers) else { continue };
        match found.iter().position(|(known, _)| *known == (before, after)) {
            Some(known) => found[known].1 += counts.words[index],
            None if found.len() < 8 => found.push(((before, after), counts.words[index])),
            None => {}
        }
    }
    let ((before, after), _) = found.into_iter().max_by_key(|&(_, n)| n)?;
    Some((before.to_owned(), after.to_owned()))
}

/// A number with a currency or a unit: what stands before it, the number, what stands after it.
fn affixes(word: &str, numbers: NumberFormat) -> Option<(&str, f64, &str)> {
    let (is_negative, unsigned) = match word.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let begin = unsigned.find(|c: char| c.is_ascii_digit() || c == '.' || c == ',' || c == '-')?;
    let end = unsigned.rfind(|c: char| c.is_ascii_digit())? + 1;
    if begin >= end {
        return None;
    }
    let (before, number, after) = (&unsigned[..begin], &unsigned[begin..end], &unsigned[end..]);
    let is_currency = |sign: &str| {
        let sign = sign.trim();
        sign.chars().all(|c| UNIT_SIGNS.contains(&c) && c != '%' && c != '°')
            || ["usd", "eur", "gbp", "chf", "sek", "nok", "dkk", "jpy", "r$", "us$", "kr", "kr.", "fr."]
                .contains(&sign.to_lowercase().as_str())
    };
    let is_unit = |unit: &str| {
        let is_fine = |c: char| {
            c.is_alphabetic()
                || UNIT_SIGNS.contains(&c)
                || matches!(c, ' ' | '\u{a0}' | '/' | '.' | '²' | '³' | 'µ')
        };
        unit.chars().all(is_fine) && unit.chars().count() <= 16
    };
    if (before.is_empty() && after.is_empty()) || !is_currency(before) || !is_unit(after) {
        return None;
    }
    let value = parse_number(number.as_bytes(), numbers)?;
    Some((before.trim(), if is_negative { -value } else { value }, after.trim()))
}

impl Decision {
    fn new(words: &Words, counts: &Counts, fates: Vec<Fate>) -> Self {
        let count = |wanted: Fate| {
            let all = fates.iter().zip(&counts.words).zip(&words.list);
            all.filter(move |((fate, n), _)| **fate == wanted && **n > 0)
                .map(|((_, n), word)| (word.clone(), *n))
        };
        let missing_tokens: Vec<(String, usize)> = count(Fate::Missing).collect();
        let n_odd = count(Fate::Odd).map(|(_, n)| n).sum();
        let reading = ColumnReading { missing_tokens, n_odd, ..ColumnReading::default() };
        Self {
            fates,
            content: ColumnContent::Numbers,
            reading,
            codes: Vec::new(),
            dictionary: Words::default(),
        }
    }

    fn numbers(words: &Words, counts: &Counts, mut fates: Vec<Fate>, reason: Option<KindReason>) -> Self {
        fates.iter_mut().filter(|fate| **fate == Fate::Word).for_each(|fate| *fate = Fate::Odd);
        let mut decision = Self::new(words, counts, fates);
        decision.reading.reason = reason;
        decision
    }

    /// Numbers among words become words, written one way whatever way the file wrote them, so that
    /// the order of rows does not matter.
    fn words<I: Iterator<Item = f64>>(
        words: &Words,
        counts: &Counts,
        fates: Vec<Fate>,
        values: impl Fn() -> I,
    ) -> Self {
        let mut decision = Self::new(words, counts, fates);
        let is_boolean = is_boolean(words, &decision.fates, counts.n_numbers);
        let mut dictionary = Words::default();
        let mut codes = vec![None; words.list.len()];
        for value in values() {
            let Some(code) = word_code(value) else {
                if !value.is_nan() {
                    dictionary.code(&value.to_string());
                }
                continue;
            };
            let code = code as usize;
            if decision.fates[code] == Fate::Word && codes[code].is_none() {
                let word = &words.list[code];
                // The first spelling stands for all.
                let is_same = |known: &String| is_boolean && known.to_lowercase() == word.to_lowercase();
                let known = if is_boolean { dictionary.list.iter().position(is_same) } else { None };
                codes[code] = Some(known.map_or_else(|| dictionary.code(word), |known| known as u32));
            }
        }
        decision.codes = codes.into_iter().map(Option::unwrap_or_default).collect();
        let distinct = dictionary.list.len();
        let is_word = |(_, fate): &(&usize, &Fate)| **fate == Fate::Word;
        let n_words: usize = counts.words.iter().zip(&decision.fates).filter(is_word).map(|(n, _)| n).sum();
        let n_dates = dictionary.list.iter().filter(|word| is_date(word)).count();
        let n = counts.n_numbers + n_words;
        let (kind, reason) = if is_boolean {
            (ColumnKind::Category, KindReason::Booleans)
        } else if n_dates * 20 >= distinct * 19 && n_dates > 0 {
            (ColumnKind::Date, KindReason::Dates)
        } else if counts.n_numbers * 2 >= n_words && counts.n_numbers > 0 {
            let example = dictionary.list.iter().find(|word| word.parse::<f64>().is_err());
            let example = example.cloned().unwrap_or_default();
            let reason = KindReason::Mixed { numbers: counts.n_numbers, words: n_words, example };
            (if distinct <= MAX_CATEGORIES { ColumnKind::Category } else { ColumnKind::Text }, reason)
        } else if distinct <= MAX_CATEGORIES && distinct * 2 <= n.max(3) {
            (ColumnKind::Category, KindReason::Words { distinct })
        } else {
            (ColumnKind::Text, KindReason::FreeText { distinct })
        };
        (decision.reading.kind, decision.reading.reason) = (kind, Some(reason));
        decision.content = ColumnContent::Text(dictionary.list.clone());
        decision.dictionary = dictionary;
        decision
    }

    /// Whether a value is a cell that does not fit, and which word it holds.
    pub(super) fn odd_word(&self, value: f64) -> Option<usize> {
        let code = word_code(value)? as usize;
        (self.fates.get(code) == Some(&Fate::Odd)).then_some(code)
    }

    /// What a value becomes in the table.
    pub(super) fn settled(&mut self, value: f64) -> f64 {
        let is_text = matches!(self.content, ColumnContent::Text(_));
        let Some(code) = word_code(value) else {
            return if value.is_nan() || !is_text {
                value
            } else {
                f64::from(self.dictionary.code(&value.to_string()))
            };
        };
        match self.fates.get(code as usize) {
            Some(Fate::Number(number)) => *number,
            Some(Fate::Word) => f64::from(self.codes[code as usize]),
            Some(Fate::Missing | Fate::Odd) | None => f64::NAN,
        }
    }
}

/// Whether a column holds words for yes and no in any spelling, and nothing else.
fn is_boolean(words: &Words, fates: &[Fate], n_numbers: usize) -> bool {
    let fits = |(yes, no): &(&str, &str)| {
        let mut held = words.list.iter().zip(fates).filter(|(_, fate)| **fate == Fate::Word);
        held.all(|(word, _)| {
            let word = word.to_lowercase();
            word == *yes || word == *no
        })
    };
    n_numbers == 0 && BOOLEANS.iter().any(fits)
}

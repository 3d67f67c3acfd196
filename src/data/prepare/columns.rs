//! How the values of one column become features: a plan for each column in use.
//!
//! Must not know samples, parts or windows.

use std::collections::HashMap;

use crate::data::error::{DataError, DataErrorKind};
use crate::data::prepare::{Feature, FittedColumn, FittedEncoding};
use crate::data::read::parse_plain_number;
use crate::data::settings::{ColumnKind, ColumnRole, ColumnSettings};
use crate::data::table::{ColumnContent, Table};

/// More categories than this are refused: a network should not take them as one-hot.
const MAX_CATEGORIES: usize = 1_000;

/// A column in use, before anything is fitted.
#[derive(Clone, Debug)]
pub(super) struct UsedColumn {
    /// Its place in the table.
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) role: ColumnRole,
    /// Whether a Target node takes it.
    pub(super) is_target: bool,
    pub(super) values: ColumnValues,
}

/// What the numbers of a table column mean.
#[derive(Clone, Debug)]
pub(super) enum ColumnValues {
    /// They are the values.
    Plain,
    /// They name words, and these are the words' values.
    Words(Vec<f64>),
    /// They name words, which are categories: `categories[order[code]]`.
    Codes {
        /// Sorted.
        categories: Vec<String>,
        /// Code of the table → index of the category.
        order: Vec<usize>,
    },
    /// They are numbers, which are categories.
    Levels {
        /// Sorted numbers.
        levels: Vec<f64>,
        /// The same as words.
        categories: Vec<String>,
    },
}

impl UsedColumn {
    /// Looks at how `settings` wants a column of `table` to be read.
    pub(super) fn new(
        table: &Table,
        index: usize,
        settings: &ColumnSettings,
        is_target: bool,
    ) -> Result<Self, DataError> {
        let column = &table.columns()[index];
        let values = match (&column.content, settings.kind) {
            (ColumnContent::Numbers, ColumnKind::Number) => ColumnValues::Plain,
            (ColumnContent::Text(words), ColumnKind::Number) => {
                ColumnValues::Words(numbers(table, index, words)?)
            }
            (ColumnContent::Text(words), ColumnKind::Category | ColumnKind::Date | ColumnKind::Text) => {
                codes(words)
            }
            (ColumnContent::Numbers, ColumnKind::Category | ColumnKind::Date | ColumnKind::Text) => {
                levels(table, index)
            }
        };
        let n_categories = values.categories().map_or(0, <[String]>::len);
        if n_categories > MAX_CATEGORIES {
            let kind = DataErrorKind::TooManyCategories { found: n_categories, limit: MAX_CATEGORIES };
            return Err(DataError::new(kind).at_column(index, &column.name));
        }
        Ok(Self { index, name: column.name.clone(), role: settings.role, is_target, values })
    }

    /// The number of a row, or the index of its category; NaN where it is missing.
    #[inline]
    pub(super) fn value(&self, row: &[f64]) -> f64 {
        let value = row[self.index];
        if value.is_nan() {
            return value;
        }
        match &self.values {
            ColumnValues::Plain => value,
            ColumnValues::Words(numbers) => numbers.get(value as usize).copied().unwrap_or(f64::NAN),
            ColumnValues::Codes { order, .. } => {
                order.get(value as usize).map_or(f64::NAN, |&category| category as f64)
            }
            ColumnValues::Levels { levels, .. } => levels
                .binary_search_by(|level| level.total_cmp(&(value + 0.0)))
                .map_or(f64::NAN, |category| category as f64),
        }
    }

    /// How many features it makes.
    pub(super) fn width(&self) -> usize {
        self.values.categories().map_or(1, <[String]>::len)
    }
}

impl ColumnValues {
    /// The categories, sorted; none for numbers.
    pub(super) fn categories(&self) -> Option<&[String]> {
        match self {
            Self::Plain | Self::Words(_) => None,
            Self::Codes { categories, .. } | Self::Levels { categories, .. } => Some(categories),
        }
    }
}

/// The words of a column that is to be numbers, as numbers.
fn numbers(table: &Table, index: usize, words: &[String]) -> Result<Vec<f64>, DataError> {
    let number = |(code, word): (usize, &String)| {
        parse_plain_number(word).ok_or_else(|| {
            let row = (0..table.n_rows()).find(|&row| table.row(row)[index] == code as f64).unwrap_or(0);
            let found = word.chars().take(40).collect();
            let error = DataError::new(DataErrorKind::NotANumber { found })
                .at_line(table.line_of(row))
                .at_column(index, &table.columns()[index].name);
            match table.path() {
                Some(path) => error.in_file(path),
                None => error,
            }
        })
    };
    words.iter().enumerate().map(number).collect()
}

/// Words as categories: sorted as numbers where all are numbers, else as words.
fn codes(words: &[String]) -> ColumnValues {
    let mut sorted: Vec<usize> = (0..words.len()).collect();
    let as_numbers: Option<Vec<f64>> = words.iter().map(|word| parse_plain_number(word)).collect();
    match as_numbers {
        Some(numbers) => sorted.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b])),
        None => sorted.sort_by(|&a, &b| words[a].cmp(&words[b])),
    }
    let mut order = vec![0; words.len()];
    for (category, &code) in sorted.iter().enumerate() {
        order[code] = category;
    }
    ColumnValues::Codes { categories: sorted.iter().map(|&code| words[code].clone()).collect(), order }
}

/// Numbers as categories.
fn levels(table: &Table, index: usize) -> ColumnValues {
    let levels = table.levels(index, MAX_CATEGORIES).to_vec();
    let categories = levels.iter().map(f64::to_string).collect();
    ColumnValues::Levels { levels, categories }
}

/// How one column fills its part of a sample.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fill {
    /// One number.
    Number {
        /// Column of the table.
        column: usize,
        /// `ColumnValues` of words, where the table holds words.
        words: Option<Vec<f64>>,
        shift: f64,
        scale: f64,
        missing: f64,
    },
    /// One feature a category.
    OneHot {
        /// Column of the table.
        column: usize,
        /// Table value → feature; sorted by value. A value without an entry is all zeros.
        feature_of: Vec<(f64, usize)>,
        width: usize,
    },
}

impl Fill {
    /// The plan of a used column with its fit.
    pub(super) fn new(column: &UsedColumn, fitted: &FittedEncoding) -> Self {
        match fitted {
            FittedEncoding::Number { shift, scale, fill } => Self::Number {
                column: column.index,
                words: match &column.values {
                    ColumnValues::Words(numbers) => Some(numbers.clone()),
                    ColumnValues::Plain | ColumnValues::Codes { .. } | ColumnValues::Levels { .. } => None,
                },
                shift: *shift,
                scale: *scale,
                missing: *fill,
            },
            FittedEncoding::OneHot { categories } => {
                let known = categories.iter().enumerate().filter(|(_, (_, is_known))| *is_known);
                let places: HashMap<&str, usize> =
                    known.map(|(place, (name, _))| (name.as_str(), place)).collect();
                let feature = |word: &String| places.get(word.as_str()).copied();
                let feature_of = match &column.values {
                    ColumnValues::Plain | ColumnValues::Words(_) => Vec::new(),
                    ColumnValues::Codes { categories: words, order } => (0..order.len())
                        .filter_map(|code| Some((code as f64, feature(&words[order[code]])?)))
                        .collect(),
                    ColumnValues::Levels { levels, categories: words } => levels
                        .iter()
                        .zip(words)
                        .filter_map(|(&level, word)| Some((level, feature(word)?)))
                        .collect(),
                };
                Self::OneHot { column: column.index, feature_of, width: categories.len() }
            }
        }
    }

    /// How many features it writes.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 1,
            Self::OneHot { width, .. } => *width,
        }
    }

    /// Writes the features of a table row.
    pub(super) fn write<T>(&self, row: &[f64], features: &mut [T], round: impl Fn(f64) -> T) {
        match self {
            Self::Number { column, words, shift, scale, missing } => {
                let mut value = row[*column];
                if let (Some(words), false) = (words, value.is_nan()) {
                    value = words.get(value as usize).copied().unwrap_or(f64::NAN);
                }
                if value.is_nan() {
                    value = *missing;
                }
                if let Some(feature) = features.first_mut() {
                    *feature = round((value - shift) / scale);
                }
            }
            Self::OneHot { column, feature_of, .. } => {
                for feature in features.iter_mut() {
                    *feature = round(0.0);
                }
                let value = row[*column] + 0.0;
                if let Ok(place) = feature_of.binary_search_by(|(known, _)| known.total_cmp(&value))
                    && let Some(feature) = features.get_mut(feature_of[place].1)
                {
                    *feature = round(1.0);
                }
            }
        }
    }
}

/// The features of a fitted column.
pub(super) fn features(fitted: &FittedColumn) -> Vec<Feature> {
    let name = &fitted.name;
    match &fitted.encoding {
        FittedEncoding::Number { shift, scale, .. } => vec![Feature {
            name: name.clone(),
            column: name.clone(),
            category: None,
            shift: *shift,
            scale: *scale,
        }],
        FittedEncoding::OneHot { categories } => categories
            .iter()
            .map(|(category, _)| Feature {
                name: format!("{name}={category}"),
                column: name.clone(),
                category: Some(category.clone()),
                shift: 0.0,
                scale: 1.0,
            })
            .collect(),
    }
}

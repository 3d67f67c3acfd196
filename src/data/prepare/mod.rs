//! Preparing: split, fit on the training part, and batches of encoded samples.
//!
//! Must not know how a table was read, nor what training does with a batch.

mod columns;
mod fit;
mod left_out;
mod lookup;
mod plan;
mod prepared;
mod rule;
mod samples;
mod source;
mod unknown;

use crate::data::settings::{ColumnKind, ColumnRole};

pub use left_out::LeftOut;
pub use plan::{needed_columns, prepare, prepare_while, prepare_with, widths};
pub use prepared::{Part, Prepared, PreparedNode};
pub use source::CellSource;
pub use unknown::UnknownCategory;

/// What was fitted on the training part: plain data, stored with the model and reused by
/// prediction.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Preprocessing {
    /// The columns in use, in file order.
    pub columns: Vec<FittedColumn>,
}

/// One fitted column.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedColumn {
    /// Its name.
    pub name: String,
    /// Its role when it was fitted.
    pub role: ColumnRole,
    /// How its values become features.
    pub encoding: FittedEncoding,
}

impl FittedColumn {
    /// As which kind the column was fitted.
    pub fn kind(&self) -> ColumnKind {
        match self.encoding {
            FittedEncoding::Number { .. } => ColumnKind::Number,
            FittedEncoding::OneHot { .. } => ColumnKind::Category,
        }
    }

    /// The features that the column makes.
    pub fn features(&self) -> Vec<Feature> {
        columns::features(self)
    }
}

/// How the values of a column become features.
#[derive(Clone, Debug, PartialEq)]
pub enum FittedEncoding {
    /// One feature: (x − shift) / scale.
    Number {
        /// The mean, the smallest value, or 0 without scaling.
        shift: f64,
        /// The population standard deviation, the range, or 1.
        scale: f64,
        /// Takes the place of a missing value: the mean of the training part.
        fill: f64,
    },
    /// One feature a category: 1 where the row has it, else 0.
    OneHot {
        /// Every category of the table, sorted, so that the number of features does not depend
        /// on the split; true where the training part has it. The others encode as all zeros.
        categories: Vec<(String, bool)>,
    },
}

impl FittedEncoding {
    /// How many features it makes.
    pub(in crate::data) fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 1,
            Self::OneHot { categories } => categories.len(),
        }
    }
}

/// One feature of an Input or a Target.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// `weight`, or `origin=USA` for a category; with column groups the first group's name.
    pub name: String,
    /// The column it comes from; empty for typed rows.
    pub column: String,
    /// The category, for one-hot features.
    pub category: Option<String>,
    /// Encoded = (original − shift) / scale.
    pub shift: f64,
    /// See `shift`.
    pub scale: f64,
}

impl Feature {
    /// An encoded value in the units of the file.
    pub fn original(&self, encoded: f64) -> f64 {
        encoded * self.scale + self.shift
    }

    /// A value of the file as it is encoded.
    pub fn encoded(&self, original: f64) -> f64 {
        (original - self.shift) / self.scale
    }
}

/// Names of the classes that a target can have: the categories of one column, or the two numbers of the
/// file that are learned as no and yes.
pub fn answers_of(features: &[Feature]) -> Option<Vec<String>> {
    let first = features.first()?;
    if let [only] = features
        && only.category.is_none()
    {
        return Some([0.0, 1.0].map(|answer| only.original(answer).to_string()).into());
    }
    let category = |feature: &Feature| feature.category.clone().filter(|_| feature.column == first.column);
    features.iter().map(category).collect()
}

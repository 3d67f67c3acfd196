//! The fitted preprocessing as it stands in a file, and back.

use serde::{Deserialize, Serialize};

use super::super::error::FileError;
use super::super::limits::finite;
use super::data_file::RoleFile;
use crate::data::{FittedColumn, FittedEncoding, Preprocessing};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreprocessingFile {
    columns: Vec<FittedFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FittedFile {
    name: String,
    role: RoleFile,
    encoding: EncodingFile,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum EncodingFile {
    /// Encoded = (x − shift) / scale; `fill` takes the place of a missing value.
    Number { shift: f64, scale: f64, fill: f64 },
    /// Sorted; true where the training part has the category.
    OneHot { categories: Vec<(String, bool)> },
}

impl PreprocessingFile {
    pub(super) fn new(preprocessing: &Preprocessing) -> Self {
        let Preprocessing { columns } = preprocessing;
        Self { columns: columns.iter().map(FittedFile::new).collect() }
    }

    pub(super) fn read(self) -> Result<Preprocessing, FileError> {
        let Self { columns } = self;
        let columns = columns.into_iter().enumerate().map(|(idx, column)| column.read(idx));
        Ok(Preprocessing { columns: columns.collect::<Result<_, _>>()? })
    }
}

impl FittedFile {
    fn new(column: &FittedColumn) -> Self {
        let FittedColumn { name, role, encoding } = column;
        let encoding = match encoding {
            FittedEncoding::Number { shift, scale, fill } => {
                EncodingFile::Number { shift: *shift, scale: *scale, fill: *fill }
            }
            FittedEncoding::OneHot { categories } => EncodingFile::OneHot { categories: categories.clone() },
        };
        Self { name: name.clone(), role: RoleFile::new(*role), encoding }
    }

    fn read(self, idx: usize) -> Result<FittedColumn, FileError> {
        let Self { name, role, encoding } = self;
        let number = |field: &str, value| finite(&format!("preprocessing.columns[{idx}].{field}"), value);
        let encoding = match encoding {
            EncodingFile::Number { shift, scale, fill } => FittedEncoding::Number {
                shift: number("shift", shift)?,
                scale: number("scale", scale)?,
                fill: number("fill", fill)?,
            },
            EncodingFile::OneHot { categories } => FittedEncoding::OneHot { categories },
        };
        Ok(FittedColumn { name, role: role.read(), encoding })
    }
}

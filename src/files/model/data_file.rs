//! Data settings as they stand in a file, and back.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};
use super::super::limits::{self, finite, within};
use super::dialect_file::DialectFile;
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, Fingerprint, MissingValues, Scaling,
    SequenceLayout, SplitSettings,
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataFile {
    /// Relative to the model's directory where possible, with `/` between its parts.
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<FingerprintFile>,
    dialect: DialectFile,
    columns: Vec<ColumnFile>,
    missing: MissingFile,
    scaling: ScalingFile,
    target_scaling: ScalingFile,
    split: SplitFile,
    sequence: SequenceFile,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FingerprintFile {
    rows: usize,
    columns: usize,
    bytes: u64,
    crc32: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    name: String,
    role: RoleFile,
    kind: ColumnKindFile,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum RoleFile {
    Feature,
    Target,
    Ignored,
}

#[derive(Debug, Serialize, Deserialize)]
enum ColumnKindFile {
    Number,
    Category,
    Date,
    Text,
}

#[derive(Debug, Serialize, Deserialize)]
enum MissingFile {
    DropRows,
    FillMean,
}

#[derive(Debug, Serialize, Deserialize)]
enum ScalingFile {
    Off,
    Standardize,
    MinMax,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitFile {
    validation_fraction: f64,
    shuffle: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum SequenceFile {
    Windows { stride: usize, horizon: usize },
    ColumnGroups,
}

impl DataFile {
    pub(super) fn new(data: &DataSettings) -> Self {
        let DataSettings {
            path,
            fingerprint,
            dialect,
            columns,
            missing,
            scaling,
            target_scaling,
            split,
            sequence,
            // Stands beside the data settings in the file, as `preprocessing`.
            fitted: _,
        } = data;
        let SplitSettings { validation_fraction, shuffle } = split;
        Self {
            path: path.as_ref().map(|path| path.to_string_lossy().into_owned()),
            fingerprint: fingerprint.map(FingerprintFile::new),
            dialect: DialectFile::new(dialect),
            columns: columns.iter().map(ColumnFile::new).collect(),
            missing: match missing {
                MissingValues::DropRows => MissingFile::DropRows,
                MissingValues::FillMean => MissingFile::FillMean,
            },
            scaling: ScalingFile::new(*scaling),
            target_scaling: ScalingFile::new(*target_scaling),
            split: SplitFile { validation_fraction: *validation_fraction, shuffle: *shuffle },
            sequence: match sequence {
                SequenceLayout::Windows { stride, horizon } => {
                    SequenceFile::Windows { stride: *stride, horizon: *horizon }
                }
                SequenceLayout::ColumnGroups => SequenceFile::ColumnGroups,
            },
        }
    }

    pub(super) fn read(self) -> Result<DataSettings, FileError> {
        let Self { path, fingerprint, dialect, columns, missing, scaling, target_scaling, split, sequence } =
            self;
        let SplitFile { validation_fraction, shuffle } = split;
        let place = "data.split.validation_fraction";
        if !(0.0..1.0).contains(&finite(place, validation_fraction)?) {
            let found = validation_fraction.to_string();
            return Err(FileError::invalid(place, Invalid::OutOfRange { found, low: 0.0, high: 1.0 }));
        }
        Ok(DataSettings {
            path: path.map(PathBuf::from),
            fingerprint: fingerprint.map(FingerprintFile::read),
            dialect: dialect.read()?,
            columns: columns.into_iter().map(ColumnFile::read).collect(),
            missing: match missing {
                MissingFile::DropRows => MissingValues::DropRows,
                MissingFile::FillMean => MissingValues::FillMean,
            },
            scaling: scaling.read(),
            target_scaling: target_scaling.read(),
            split: SplitSettings { validation_fraction, shuffle },
            sequence: match sequence {
                SequenceFile::Windows { stride, horizon } => SequenceLayout::Windows {
                    stride: within("data.sequence.stride", stride, 1, limits::COUNT)?,
                    horizon: within("data.sequence.horizon", horizon, 0, limits::COUNT)?,
                },
                SequenceFile::ColumnGroups => SequenceLayout::ColumnGroups,
            },
            fitted: None,
        })
    }
}

impl FingerprintFile {
    fn new(fingerprint: Fingerprint) -> Self {
        let Fingerprint { rows, columns, bytes, crc32 } = fingerprint;
        Self { rows, columns, bytes, crc32 }
    }

    fn read(self) -> Fingerprint {
        let Self { rows, columns, bytes, crc32 } = self;
        Fingerprint { rows, columns, bytes, crc32 }
    }
}

impl ColumnFile {
    fn new(column: &ColumnSettings) -> Self {
        let ColumnSettings { name, role, kind } = column;
        Self {
            name: name.clone(),
            role: RoleFile::new(*role),
            kind: match kind {
                ColumnKind::Number => ColumnKindFile::Number,
                ColumnKind::Category => ColumnKindFile::Category,
                ColumnKind::Date => ColumnKindFile::Date,
                ColumnKind::Text => ColumnKindFile::Text,
            },
        }
    }

    fn read(self) -> ColumnSettings {
        let Self { name, role, kind } = self;
        ColumnSettings {
            name,
            role: role.read(),
            kind: match kind {
                ColumnKindFile::Number => ColumnKind::Number,
                ColumnKindFile::Category => ColumnKind::Category,
                ColumnKindFile::Date => ColumnKind::Date,
                ColumnKindFile::Text => ColumnKind::Text,
            },
        }
    }
}

impl RoleFile {
    pub(super) fn new(role: ColumnRole) -> Self {
        match role {
            ColumnRole::Feature => Self::Feature,
            ColumnRole::Target => Self::Target,
            ColumnRole::Ignored => Self::Ignored,
        }
    }

    pub(super) fn read(self) -> ColumnRole {
        match self {
            Self::Feature => ColumnRole::Feature,
            Self::Target => ColumnRole::Target,
            Self::Ignored => ColumnRole::Ignored,
        }
    }
}

impl ScalingFile {
    fn new(scaling: Scaling) -> Self {
        match scaling {
            Scaling::None => Self::Off,
            Scaling::Standardize => Self::Standardize,
            Scaling::MinMax => Self::MinMax,
        }
    }

    fn read(self) -> Scaling {
        match self {
            Self::Off => Scaling::None,
            Self::Standardize => Scaling::Standardize,
            Self::MinMax => Scaling::MinMax,
        }
    }
}

//! Data: from a CSV file (or typed rows) to batches that a network can take.
//!
//! Must not know training or the window.

mod settings;

pub use settings::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, DecimalSign, Dialect, Encoding, MissingValues,
    Scaling, SequenceLayout, SplitSettings,
};

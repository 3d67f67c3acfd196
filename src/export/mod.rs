//! The network as other programs write it: plain data in, named bytes out.
//!
//! Every writer goes over the drawn graph; none knows an architecture by name. Must not touch a
//! file, a thread or the window: `files/` writes what comes out of here, all or nothing.

mod identifiers;
pub mod mermaid;
mod python;
pub mod pytorch;
pub mod weights;

pub use identifiers::Identifiers;

use crate::data::Prepared;
use crate::document::Document;
use crate::train::{OptimizerState, Precision};

/// What is exported: a model with its data at hand.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What the model is called: its file's name without the ending.
    pub title: &'a str,
    /// The drawing, the weights, the choices about data and training.
    pub document: &'a Document,
    /// The data as the model sees them: fitted, and cut into its two parts.
    pub data: &'a Prepared,
    /// What the optimizer remembers, where it has run.
    pub optimizer: Option<&'a OptimizerState>,
    /// What training computes with.
    pub precision: Precision,
}

impl Subject<'_> {
    /// The first lines of every written text: program, version, convention, precision, seed.
    fn heading(&self) -> Vec<String> {
        let precision = match self.precision {
            Precision::F32 => "float32",
            Precision::F64 => "float64",
        };
        vec![
            format!("{}, written by Vastavirta {}.", self.title, env!("CARGO_PKG_VERSION")),
            format!(
                "Samples are rows, a weight is [out, in]; {precision}; seed {}.",
                self.document.training.seed
            ),
        ]
    }
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a folder.
    pub name: &'static str,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl ExportedFile {
    fn text(name: &'static str, text: String) -> Self {
        Self { name, bytes: text.into_bytes() }
    }
}

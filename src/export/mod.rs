//! The network as other programs write it: plain data in, named bytes out.
//!
//! Every writer goes over the drawn graph; none knows an architecture by name. Must not touch a
//! file, a thread or the window: `files/` writes what comes out of here, all or nothing.

mod columns;
mod error;
mod identifiers;
pub mod image;
mod lines;
mod marimo;
pub mod mermaid;
mod neurons;
mod numpy;
mod onnx;
mod pages;
mod python;
pub mod pytorch;
mod read_weights;
mod sample_pass;
mod sequential;
mod table;
pub mod weights;
mod writers;

pub use error::ExportError;
pub use identifiers::Identifiers;
pub use read_weights::{FittingWeights, Tensor, Tensors, WeightsError};
pub use sequential::{Sequential, SequentialLayer};
pub use table::{TableCell, TableForm, TableText, rounded};
pub use writers::{Form, WRITERS, Writer};

use std::path::PathBuf;

use crate::data::Prepared;
use crate::document::Document;
use crate::explain::print::{BiasStyle, Convention, Layout, ReductionPlace};
use crate::train::{OptimizerState, Precision};

/// What is exported: a model with its data at hand.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What the model is called: its file's name without the ending.
    pub title: &'a str,
    /// The drawing, the weights, the choices about data and training.
    pub document: &'a Document,
    /// The data as the model sees them: fitted, and cut into its two parts; one pass without rows for a
    /// model that names no data.
    pub data: &'a Prepared,
    /// The samples whose numbers are written out, where a form does that.
    pub samples: &'a [u32],
    /// What the optimizer remembers, where it has run.
    pub optimizer: Option<&'a OptimizerState>,
    /// What training computes with.
    pub precision: Precision,
    /// How matrices lie and are called, where a form leaves the choice and one was made.
    pub convention: Option<Convention>,
    /// Where the data lie, for a model that names any.
    pub data_file: Option<&'a DataFile>,
}

/// Where a written program finds the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataFile {
    /// In a file, by its whole path.
    At(PathBuf),
    /// Only inside this program: what is written takes a copy along.
    Inside {
        /// What the copy is called.
        name: String,
        /// What stands in it.
        bytes: &'static [u8],
    },
}

impl Subject<'_> {
    /// The first lines of every written text: program, version, convention, precision, seed.
    fn heading(&self) -> Vec<String> {
        self.heading_of(Convention::default(), self.precision)
    }

    /// The same of a form that lies or computes otherwise.
    fn heading_of(&self, convention: Convention, precision: Precision) -> Vec<String> {
        let precision = match precision {
            Precision::F32 => "float32",
            Precision::F64 => "float64",
        };
        vec![
            format!("{}, written by Vastavirta {}.", self.title, env!("CARGO_PKG_VERSION")),
            format!("{}; {precision}; seed {}.", said(convention), self.document.training.seed),
        ]
    }
}

/// A convention as part of a sentence.
fn said(convention: Convention) -> String {
    let (lies, last) = match convention.layout {
        Layout::PyTorch => ("Samples are rows, a weight is [out, in]", "column"),
        Layout::NumPy => ("Samples are rows, a weight is [in, out]", "row"),
        Layout::Columns => ("Samples are columns, a weight is [out, in]", "column"),
    };
    let bias = match convention.bias {
        BiasStyle::Apart => String::new(),
        BiasStyle::Ones => format!(", a bias is the last {last} of its weight"),
    };
    let scale = match convention.reduction {
        ReductionPlace::Loss => "",
        ReductionPlace::Parameters => ", the 1/N of the loss stands at the parameters",
    };
    format!("{lies}{bias}{scale}")
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its name, without a folder.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl ExportedFile {
    fn text(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), bytes: text.into_bytes() }
    }
}

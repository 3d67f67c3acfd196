//! The words of `explain` and `walk`.
//!
//! Must not do anything.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::ConventionArg;
use super::dialect::DialectArgs;

/// Arguments of `explain`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct ExplainArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// The entry of a parameter, in PyTorch's order and counted from 0: `'Dense 1.weight[0,1]'`.
    #[arg(long, value_name = "PARAM")]
    pub param: String,
    /// From the end, the chain of deltas; or all paths to the loss, multiplied.
    #[arg(long, value_enum, default_value = "steps")]
    pub lens: LensArg,
    /// A number computed by hand, with a point or a comma: is it the gradient, as far as it is written?
    /// Exit code 1 where it is not.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub claim: Option<String>,
    /// Which rows, and how they are written down.
    #[command(flatten)]
    pub pass: PassArgs,
}

/// Arguments of `walk`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct WalkArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// As what it is printed.
    #[arg(long, value_enum, default_value = "markdown")]
    pub to: WalkTarget,
    /// Which rows, and how they are written down.
    #[command(flatten)]
    pub pass: PassArgs,
}

/// One pass and the convention in which it is written.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct PassArgs {
    /// Data in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
    /// One usable row (or window) of the data, counted from 0; without it the rows stored in the model,
    /// else the first batch.
    #[arg(long, value_name = "K")]
    pub row: Option<usize>,
    /// How matrices lie and what they are called.
    #[arg(long, value_enum, default_value = "pytorch")]
    pub convention: ConventionArg,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// One of the two ways to a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LensArg {
    /// From the end: the chain of deltas.
    Steps,
    /// All paths from the entry to the loss, multiplied.
    Paths,
}

/// As what a pass is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WalkTarget {
    /// Formulas, numbers, shapes and code.
    Markdown,
    /// A NumPy script that computes the pass.
    Numpy,
    /// The formulas alone.
    Latex,
    /// The backward method of a class, as courses write it: long, and as a loop over the layers.
    Course,
}

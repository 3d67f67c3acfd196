//! Printers: one expression as symbols, numbers in place, NumPy, LaTeX and Markdown.
//!
//! All take the same expression, so they cannot disagree. Must not know where an expression comes
//! from; leaves are named by the caller.

mod convention;
mod entries;
mod latex;
mod markdown;
mod names;
mod numpy;
mod shown;
mod signs;
mod symbols;
#[cfg(test)]
mod tests;
mod text;

pub use convention::{BiasStyle, Convention, Layout, ReductionPlace, common_scale};
pub use entries::EntryNames;
pub use latex::{latex, marked, without_minus};
pub use markdown::{Line, markdown};
pub(super) use names::latex_text;
pub use names::{NameStyle, Names};
pub use numpy::{NUMPY_PRELUDE, Product, numpy};
pub use signs::{Index, Sign, Signs};
pub use symbols::{Symbols, notes, shapes};
pub use text::ValueOf;

/// A sum of more terms than this is written with Σ and its first, largest and last terms.
pub const MOST_TERMS: usize = 12;

//! What single numbers are called, their tensor's name and their place in it as a convention shows it; and
//! how a tensor is made, as a line of a derivation.
//!
//! Must not know numbers.

use super::convention::{Convention, Layout};
use super::latex::latex;
use super::markdown::Line;
use super::names::Names;
use super::numpy::{Product, numpy};
use super::symbols::{Symbols, notes, shapes};
use crate::algebra::Expression;
use crate::explain::definition::Definitions;
use crate::explain::quantity::{Quantity, Tensor};

/// The names of the numbers of one drawing in one convention.
#[derive(Clone, Copy)]
pub struct EntryNames<'a> {
    /// The drawing.
    pub definitions: &'a Definitions<'a>,
    /// How matrices lie.
    pub convention: Convention,
    /// What tensors are called.
    pub names: &'a Names<'a>,
}

impl EntryNames<'_> {
    /// Its place in the matrix that the convention shows: row and column, one number of a vector, none
    /// of a scalar.
    fn place(&self, of: Quantity) -> Vec<usize> {
        let place = self.convention.place(self.definitions, of);
        match self.definitions.sizes(place.tensor).len() {
            0 => Vec::new(),
            1 => vec![of.column],
            _ => vec![place.row, place.column],
        }
    }

    /// In signs: `W1[0, 1]`.
    pub fn symbol(&self, of: Quantity) -> String {
        format!("{}{}", self.names.symbol(of.tensor), self.brackets(of))
    }

    /// In LaTeX.
    pub fn latex(&self, of: Quantity) -> String {
        format!("{{{}}}{}", self.names.latex(of.tensor), self.brackets(of))
    }

    /// How a tensor is made by a formula in this convention, as a line of a derivation.
    pub fn line(&self, tensor: Tensor, formula: &Expression<Tensor>) -> Line {
        let sizes = |leaf: &Tensor| self.convention.sizes(self.definitions, *leaf);
        let of_part = |part: &Expression<Tensor>| {
            let sizes: Vec<String> = part.sizes(&sizes).ok()?.iter().map(ToString::to_string).collect();
            Some(format!("[{}]", sizes.join(", ")))
        };
        let is_scalar = |leaf: &Tensor| sizes(leaf).is_empty();
        let symbol = |leaf: &Tensor| self.names.symbol(*leaf);
        let symbols = Symbols { leaf: &symbol, is_scalar: &is_scalar, value: None, names_written_out: false };
        let product = if self.convention.layout == Layout::NumPy { Product::Dot } else { Product::At };
        let right = latex(formula, &|leaf: &Tensor| self.names.latex(*leaf), &is_scalar, None);
        let code = numpy(formula, product, &|leaf: &Tensor| self.names.code(*leaf), &|leaf: &Tensor| {
            sizes(leaf).len()
        });
        Line {
            title: self.names.symbol(tensor),
            latex: format!("{} = {right}", self.names.latex(tensor)),
            numbers: String::new(),
            shapes: shapes(formula, &of_part).unwrap_or_default(),
            code: format!("{} = {code}", self.names.code(tensor)),
            notes: notes(formula, &symbols),
        }
    }

    fn brackets(&self, of: Quantity) -> String {
        let place: Vec<String> = self.place(of).iter().map(ToString::to_string).collect();
        if place.is_empty() { String::new() } else { format!("[{}]", place.join(", ")) }
    }
}

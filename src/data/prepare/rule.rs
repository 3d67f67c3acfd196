//! Preprocessing as expressions: from the cell of the file to the number at an input, and what was
//! fitted on the training part.
//!
//! Rules of the same type as those of the engine's ops, checked against what is written into
//! batches. Must not know tables or samples.

use super::FittedEncoding;
use crate::algebra::{Comparison, Expression, Function, Operand, Reduction, input, number, setting};
use crate::data::settings::Scaling;

impl FittedEncoding {
    /// Feature number `feature` of a column, from its cell (input 0): a number, or for categories the
    /// number of its category; NaN where it is missing.
    pub fn rule(&self, feature: usize) -> Expression<Operand> {
        match self {
            Self::Number { shift, scale, fill } => {
                // A missing value is not equal to itself.
                let is_there = input(0).compared(Comparison::Equal, input(0));
                let value = is_there.choose(input(0), setting("fill", *fill));
                (value - setting("shift", *shift)) / setting("scale", *scale)
            }
            Self::OneHot { categories } => {
                let is_known = categories.get(feature).is_some_and(|(_, is_known)| *is_known);
                if is_known {
                    input(0).compared(Comparison::Equal, number(feature as f64))
                } else {
                    // The training part never saw it.
                    number(0.0)
                }
            }
        }
    }
}

impl Scaling {
    /// The shift and the scale that fit a column, from its values in the training part that are there
    /// (input 0, `[n]`). A column that does not vary is scaled by 1.
    pub fn rules(self) -> (Expression<Operand>, Expression<Operand>) {
        let mean = || input(0).mean();
        let largest = || input(0).over(Reduction::Max, 0);
        let smallest = || -(-input(0)).over(Reduction::Max, 0);
        let or_one = |scale: Expression<Operand>| {
            let varies = (largest() - smallest()).compared(Comparison::Greater, number(0.0));
            varies.choose(scale, number(1.0))
        };
        match self {
            Self::None => (number(0.0), number(1.0)),
            Self::Standardize => {
                let variance = (input(0) - mean()).squared().mean();
                (mean(), or_one(variance.apply(Function::Sqrt)))
            }
            Self::MinMax => (smallest(), or_one(largest() - smallest())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::columns::Fill;
    use super::*;
    use crate::algebra::{Array, Evaluator};
    use crate::data::moments::Moments;

    fn evaluated(rule: &Expression<Operand>, values: &Array<f64>) -> f64 {
        let leaf = |_: &Operand| values.clone();
        Evaluator::new(1, &leaf).evaluate(rule).unwrap().data()[0]
    }

    #[test]
    fn a_cell_becomes_what_is_written_into_a_batch() {
        let number = FittedEncoding::Number { shift: 3.0, scale: 4.0, fill: 5.0 };
        let fill = Fill::Number { column: 0, words: None, shift: 3.0, scale: 4.0, missing: 5.0 };
        for cell in [1.0, -7.5, f64::NAN] {
            let mut written = [0.0];
            fill.write(&[cell], &mut written, |x| x);
            assert_eq!(evaluated(&number.rule(0), &Array::scalar(cell)), written[0]);
        }
        let names = [("a", true), ("b", false), ("c", true)];
        let categories = names.map(|(name, known)| (name.to_owned(), known)).to_vec();
        let encoding = FittedEncoding::OneHot { categories };
        let fill = Fill::OneHot { column: 0, feature_of: vec![(0.0, 0), (2.0, 2)], width: 3 };
        for cell in [0.0, 1.0, 2.0, f64::NAN] {
            let mut written = [9.0; 3];
            fill.write(&[cell], &mut written, |x| x);
            for (feature, written) in written.iter().enumerate() {
                assert_eq!(evaluated(&encoding.rule(feature), &Array::scalar(cell)), *written, "{cell}");
            }
        }
    }

    #[test]
    fn shift_and_scale_are_what_fitting_finds() {
        for values in [vec![1.0, 2.0, 4.0, 9.0], vec![5.0, 5.0], vec![-3.0]] {
            let [moments] = Moments::of(1, values.len(), |i, row| row.fill(values[i]))[..] else {
                panic!("one column")
            };
            let array = Array::new(vec![values.len()], values.clone());
            for scaling in [Scaling::None, Scaling::Standardize, Scaling::MinMax] {
                let FittedEncoding::Number { shift, scale, .. } =
                    super::super::fit::number_encoding(moments, scaling)
                else {
                    panic!("a number")
                };
                let rules = scaling.rules();
                assert!((evaluated(&rules.0, &array) - shift).abs() < 1e-12, "{scaling:?} {values:?}");
                assert!((evaluated(&rules.1, &array) - scale).abs() < 1e-12, "{scaling:?} {values:?}");
            }
        }
    }
}

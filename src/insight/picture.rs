//! Inputs that are pictures: as many columns as a square has pixels, named one like the other.
//!
//! Must not know how a picture is drawn.

use crate::data::{Feature, Prepared};
use crate::tensor::Matrix;

/// Pixels along a side of the smallest and the largest picture.
const SIDES: std::ops::RangeInclusive<usize> = 4..=64;

/// An Input whose columns are a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The Input's place in the prepared data.
    place: usize,
    /// Pixels along a side.
    pub side: usize,
}

impl Picture {
    /// The first Input of the data that looks like a picture: a square number of numeric columns whose
    /// names differ in their digits only, such as `pixel_0_0` to `pixel_7_7`.
    pub fn find(data: &Prepared) -> Option<Self> {
        let mut inputs = data.nodes().iter().enumerate().filter(|(_, node)| !node.is_target);
        inputs.find_map(|(place, node)| Some(Self { place, side: side_of(&node.features)? }))
    }

    /// The pixels of a sample, row after row, in original units.
    pub fn pixels(&self, data: &Prepared, sample: u32) -> Vec<f64> {
        let Some(node) = data.nodes().get(self.place) else { return Vec::new() };
        let mut encoded = Matrix::<f64>::zeros(node.width(), 1);
        data.fill_batch(self.place, 0, &[sample], &mut encoded);
        encoded.iter().zip(&node.features).map(|(&x, feature)| feature.original(x)).collect()
    }
}

fn side_of(features: &[Feature]) -> Option<usize> {
    let side = features.len().isqrt();
    let stem = |feature: &Feature| feature.name.replace(|c: char| c.is_ascii_digit(), "");
    let first = stem(features.first()?);
    let is_pixel = |feature: &Feature| feature.category.is_none() && stem(feature) == first;
    let is_picture = side * side == features.len()
        && SIDES.contains(&side)
        && !features[0].column.is_empty()
        && features.iter().all(is_pixel);
    is_picture.then_some(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(names: impl Iterator<Item = String>) -> Vec<Feature> {
        names
            .map(|name| Feature { column: name.clone(), name, category: None, shift: 0.0, scale: 1.0 })
            .collect()
    }

    #[test]
    fn a_square_of_columns_named_alike_is_a_picture_and_nothing_else_is() {
        assert_eq!(side_of(&features((0..64).map(|n| format!("pixel_{}_{}", n / 8, n % 8)))), Some(8));
        assert_eq!(side_of(&features((0..63).map(|n| format!("pixel_{n}")))), None);
        let measures = ["height", "width", "depth", "weight"];
        let sixteen = (0..16).map(|n| format!("{}{n}", measures[n % 4]));
        assert_eq!(side_of(&features(sixteen)), None);
    }
}

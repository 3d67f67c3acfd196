//! Several curves taken together: their mean and how far they spread, from place to place.
//!
//! Must not know what the curves are of.

/// Mean and spread of several curves at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandPoint {
    /// The place.
    pub x: f64,
    /// The mean,
    pub mean: f64,
    /// the standard deviation, with n − 1,
    pub deviation: f64,
    /// and the lowest of them.
    pub lowest: f64,
}

/// Mean and spread of at least two curves where all of them are, at the places of the first one that does not
/// have fewer points than the others; between two points a curve is straight.
pub fn band(curves: &[Vec<[f64; 2]>]) -> Vec<BandPoint> {
    let Some(finest) = curves.iter().max_by_key(|curve| curve.len()).filter(|_| curves.len() > 1) else {
        return Vec::new();
    };
    finest.iter().filter_map(|&[x, _]| point(curves, x)).collect()
}

fn point(curves: &[Vec<[f64; 2]>], x: f64) -> Option<BandPoint> {
    let values: Vec<f64> = curves.iter().map(|curve| at(curve, x)).collect::<Option<_>>()?;
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let lowest = values.into_iter().fold(f64::INFINITY, f64::min);
    Some(BandPoint { x, mean, deviation: (squares / (n - 1.0)).sqrt(), lowest })
}

/// The height of a curve; none beside its ends.
fn at(curve: &[[f64; 2]], x: f64) -> Option<f64> {
    let after = curve.partition_point(|point| point[0] < x);
    let [right, high] = *curve.get(after)?;
    if right <= x {
        return Some(high);
    }
    let [left, low] = *curve.get(after.checked_sub(1)?)?;
    Some(low + (high - low) * (x - left) / (right - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_has_mean_and_deviation_where_all_curves_are() {
        let curves = vec![vec![[1.0, 4.0], [2.0, 2.0], [3.0, 1.0]], vec![[1.0, 2.0], [3.0, 4.0]]];
        let found = band(&curves);
        let places: Vec<[f64; 2]> = found.iter().map(|point| [point.x, point.mean]).collect();
        // At 2 the second curve is halfway from 2 to 4.
        assert_eq!(places, [[1.0, 3.0], [2.0, 2.5], [3.0, 2.5]]);
        // 4 and 2 are one away from their mean: √(2 / 1).
        assert!((found[0].deviation - 2.0_f64.sqrt()).abs() < 1e-12 && found[0].lowest == 2.0);
        // The shorter one ends it.
        assert_eq!(band(&[curves[0].clone(), vec![[1.0, 2.0], [1.5, 2.0]]]).len(), 1);
        assert!(band(&curves[..1]).is_empty());
    }
}

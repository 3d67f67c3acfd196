//! How parameters start, as in `torch.nn.init`, from a random stream of their own.
//!
//! Lives above the ops and the drawing, so that both may use it. Must not know either.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// How many numbers come into and go out of a unit: `in_features` and `out_features` for a
/// weight; a bias takes those of its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// Numbers that come in.
    pub fan_in: usize,
    /// Numbers that go out.
    pub fan_out: usize,
}

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// All zeros.
    Zeros,
    /// All the same.
    Constant(f64),
    /// Uniform in [low, high).
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Uniform in ±√(6/(`fan_in` + `fan_out`)), gain 1 (Glorot and Bengio 2010, eq. 16).
    XavierUniform,
    /// Normal with σ = √(2/(`fan_in` + `fan_out`)), gain 1 (Glorot and Bengio 2010).
    XavierNormal,
    /// Uniform in ±√(6/`fan_in`), gain √2 (He et al. 2015, section 2.2).
    KaimingUniform,
    /// Normal with σ = √(2/`fan_in`), gain √2 (He et al. 2015, eq. 10).
    KaimingNormal,
    /// Uniform in ±1/√`fan_in`: what `torch.nn.Linear` does to weight and bias.
    LinearDefault,
}

/// The random stream number `stream` of `seed`. Streams of one seed do not overlap, so each
/// parameter, the split, the shuffling and dropout draw without disturbing one another.
pub fn random_stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Fills `values` (C order) with a start drawn from `rng`. A fan of zero counts as one.
pub fn fill_start(start: Start, fans: Fans, rng: &mut ChaCha8Rng, values: &mut [f64]) {
    let fan_in = fans.fan_in.max(1) as f64;
    let both = (fans.fan_in + fans.fan_out).max(1) as f64;
    let symmetric = |bound: f64| Start::Uniform { low: -bound, high: bound };
    let centered = |std: f64| Start::Normal { mean: 0.0, std };
    match start {
        Start::Zeros => values.fill(0.0),
        Start::Constant(value) => values.fill(value),
        Start::Uniform { low, high } => {
            for value in values {
                *value = low + (high - low) * rng.random::<f64>();
            }
        }
        Start::Normal { mean, std } => {
            for value in values {
                let draw: f64 = StandardNormal.sample(rng);
                *value = mean + std * draw;
            }
        }
        Start::XavierUniform => fill_start(symmetric((6.0 / both).sqrt()), fans, rng, values),
        Start::XavierNormal => fill_start(centered((2.0 / both).sqrt()), fans, rng, values),
        Start::KaimingUniform => fill_start(symmetric((6.0 / fan_in).sqrt()), fans, rng, values),
        Start::KaimingNormal => fill_start(centered((2.0 / fan_in).sqrt()), fans, rng, values),
        Start::LinearDefault => fill_start(symmetric(1.0 / fan_in.sqrt()), fans, rng, values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FANS: Fans = Fans { fan_in: 50, fan_out: 100 };

    fn draw(start: Start, seed: u64, stream: u64) -> Vec<f64> {
        let mut values = vec![f64::NAN; 20_000];
        fill_start(start, FANS, &mut random_stream(seed, stream), &mut values);
        values
    }

    fn std_of(values: &[f64]) -> f64 {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    }

    #[test]
    fn uniform_starts_stay_within_their_bounds_and_reach_them() {
        for (start, bound) in [
            (Start::XavierUniform, (6.0_f64 / 150.0).sqrt()),
            (Start::KaimingUniform, (6.0_f64 / 50.0).sqrt()),
            (Start::LinearDefault, 1.0 / 50.0_f64.sqrt()),
            (Start::Uniform { low: -0.5, high: 0.5 }, 0.5),
        ] {
            let values = draw(start, 1, 0);
            let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            assert!(largest <= bound && largest > 0.99 * bound, "{start:?}: {largest} against {bound}");
        }
    }

    #[test]
    fn normal_starts_have_their_deviation() {
        for (start, std) in [
            (Start::XavierNormal, (2.0_f64 / 150.0).sqrt()),
            (Start::KaimingNormal, (2.0_f64 / 50.0).sqrt()),
            (Start::Normal { mean: 3.0, std: 2.0 }, 2.0),
        ] {
            let found = std_of(&draw(start, 1, 0));
            assert!((found / std - 1.0).abs() < 0.03, "{start:?}: {found} against {std}");
        }
    }

    #[test]
    fn streams_repeat_and_differ() {
        assert_eq!(draw(Start::XavierUniform, 7, 3), draw(Start::XavierUniform, 7, 3));
        assert_ne!(draw(Start::XavierUniform, 7, 3), draw(Start::XavierUniform, 7, 4));
        assert_ne!(draw(Start::XavierUniform, 7, 3), draw(Start::XavierUniform, 8, 3));
        assert_eq!(draw(Start::Constant(0.25), 1, 1)[5], 0.25);
        assert!(draw(Start::Zeros, 1, 1).iter().all(|v| *v == 0.0));
    }
}

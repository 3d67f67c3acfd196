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

/// How a parameter starts, as in `torch.nn.init`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initializer {
    /// PyTorch's `Linear` default: uniform in ±1/√`fan_in`, for W and b alike.
    LinearDefault,
    /// All zeros.
    Zeros,
    /// All `value`.
    Constant {
        /// The value.
        value: f64,
    },
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
    /// `gain` on the diagonal, zeros elsewhere (`torch.nn.init.eye_`, scaled): recurrent weights
    /// that begin by remembering (Le, Jaitly and Hinton 2015), or a fixed 1 − z. A bias is zeros.
    Eye {
        /// The numbers on the diagonal.
        gain: f64,
    },
}

/// The random stream number `stream` of `seed`. Streams of one seed do not overlap, so each
/// parameter, the split, the shuffling and dropout draw without disturbing one another.
pub fn random_stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// The numbers (C order) that a parameter of this shape starts with, drawn from `rng`. A fan of zero
/// counts as one.
pub fn initial_values(
    initializer: Initializer,
    shape: &[usize],
    fans: Fans,
    rng: &mut ChaCha8Rng,
) -> Vec<f64> {
    let fan_in = fans.fan_in.max(1) as f64;
    let both = (fans.fan_in + fans.fan_out).max(1) as f64;
    let mut values = vec![0.0; shape.iter().product()];
    match initializer {
        Initializer::Zeros => {}
        Initializer::Constant { value } => values.fill(value),
        Initializer::Uniform { low, high } => fill_uniform(&mut values, low, high, rng),
        Initializer::Normal { mean, std } => fill_normal(&mut values, mean, std, rng),
        Initializer::XavierUniform => fill_within(&mut values, (6.0 / both).sqrt(), rng),
        Initializer::XavierNormal => fill_normal(&mut values, 0.0, (2.0 / both).sqrt(), rng),
        Initializer::KaimingUniform => fill_within(&mut values, (6.0 / fan_in).sqrt(), rng),
        Initializer::KaimingNormal => fill_normal(&mut values, 0.0, (2.0 / fan_in).sqrt(), rng),
        Initializer::LinearDefault => fill_within(&mut values, 1.0 / fan_in.sqrt(), rng),
        Initializer::Eye { gain } => {
            if let &[_, columns] = shape {
                values.iter_mut().step_by(columns + 1).take(columns).for_each(|value| *value = gain);
            }
        }
    }
    values
}

/// Uniform in ±`bound`.
fn fill_within(values: &mut [f64], bound: f64, rng: &mut ChaCha8Rng) {
    fill_uniform(values, -bound, bound, rng);
}

fn fill_uniform(values: &mut [f64], low: f64, high: f64, rng: &mut ChaCha8Rng) {
    for value in values {
        *value = low + (high - low) * rng.random::<f64>();
    }
}

fn fill_normal(values: &mut [f64], mean: f64, std: f64, rng: &mut ChaCha8Rng) {
    for value in values {
        let draw: f64 = StandardNormal.sample(rng);
        *value = mean + std * draw;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FANS: Fans = Fans { fan_in: 50, fan_out: 100 };

    fn draw(initializer: Initializer, seed: u64, stream: u64) -> Vec<f64> {
        initial_values(initializer, &[20_000], FANS, &mut random_stream(seed, stream))
    }

    fn std_of(values: &[f64]) -> f64 {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    }

    #[test]
    fn uniform_starts_stay_within_their_bounds_and_reach_them() {
        for (start, bound) in [
            (Initializer::XavierUniform, (6.0_f64 / 150.0).sqrt()),
            (Initializer::KaimingUniform, (6.0_f64 / 50.0).sqrt()),
            (Initializer::LinearDefault, 1.0 / 50.0_f64.sqrt()),
            (Initializer::Uniform { low: -0.5, high: 0.5 }, 0.5),
        ] {
            let values = draw(start, 1, 0);
            let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            assert!(largest <= bound && largest > 0.99 * bound, "{start:?}: {largest} against {bound}");
        }
    }

    #[test]
    fn normal_starts_have_their_deviation() {
        for (start, std) in [
            (Initializer::XavierNormal, (2.0_f64 / 150.0).sqrt()),
            (Initializer::KaimingNormal, (2.0_f64 / 50.0).sqrt()),
            (Initializer::Normal { mean: 3.0, std: 2.0 }, 2.0),
        ] {
            let found = std_of(&draw(start, 1, 0));
            assert!((found / std - 1.0).abs() < 0.03, "{start:?}: {found} against {std}");
        }
    }

    #[test]
    fn streams_repeat_and_differ() {
        assert_eq!(draw(Initializer::XavierUniform, 7, 3), draw(Initializer::XavierUniform, 7, 3));
        assert_ne!(draw(Initializer::XavierUniform, 7, 3), draw(Initializer::XavierUniform, 7, 4));
        assert_ne!(draw(Initializer::XavierUniform, 7, 3), draw(Initializer::XavierUniform, 8, 3));
        assert_eq!(draw(Initializer::Constant { value: 0.25 }, 1, 1)[5], 0.25);
        let eye = |shape: &[usize]| {
            initial_values(Initializer::Eye { gain: 2.0 }, shape, FANS, &mut random_stream(1, 1))
        };
        assert_eq!(eye(&[2, 3]), [2.0, 0.0, 0.0, 0.0, 2.0, 0.0]);
        assert_eq!(eye(&[3, 2]), [2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(eye(&[3]), [0.0; 3]);
        assert!(draw(Initializer::Zeros, 1, 1).iter().all(|v| *v == 0.0));
    }
}

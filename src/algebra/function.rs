//! The functions of one number that an expression can name, and comparisons.
//!
//! Each is computed in double precision and rounded once, by the standard library and libm: not by
//! the engine's own fast kernels, which are checked against it. Must not know expressions.

/// A function of one number, known by its name in NumPy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// −x.
    Negate,
    /// eˣ.
    Exp,
    /// eˣ − 1, accurate near 0.
    Expm1,
    /// ln x.
    Ln,
    /// ln(1 + x), accurate near 0.
    Ln1p,
    /// √x.
    Sqrt,
    /// |x|.
    Abs,
    /// 1, 0 or −1; what is not a number stays so.
    Sign,
    /// σ(x) = 1/(1 + e⁻ˣ).
    Sigmoid,
    /// tanh x.
    Tanh,
    /// erf x = 2/√π ∫₀ˣ e^(−t²) dt.
    Erf,
    /// sin x, in radians.
    Sin,
    /// cos x, in radians.
    Cos,
    /// tan x, in radians.
    Tan,
    /// The nearest whole number; of two that are equally near, the even one.
    Round,
}

impl Function {
    /// Its value.
    pub fn of(self, x: f64) -> f64 {
        match self {
            Self::Negate => -x,
            Self::Exp => x.exp(),
            Self::Expm1 => x.exp_m1(),
            Self::Ln => x.ln(),
            Self::Ln1p => x.ln_1p(),
            Self::Sqrt => x.sqrt(),
            Self::Abs => x.abs(),
            Self::Sign => {
                if x > 0.0 {
                    1.0
                } else if x < 0.0 {
                    -1.0
                } else {
                    x
                }
            }
            Self::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Self::Tanh => x.tanh(),
            Self::Erf => libm::erf(x),
            Self::Sin => x.sin(),
            Self::Cos => x.cos(),
            Self::Tan => x.tan(),
            Self::Round => x.round_ties_even(),
        }
    }
}

/// A comparison of two numbers; false where one is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// a > b.
    Greater,
    /// a < b.
    Less,
    /// a = b.
    Equal,
    /// a ≤ b.
    AtMost,
}

impl Comparison {
    /// Whether it holds.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Greater => a > b,
            Self::Less => a < b,
            Self::Equal => a == b,
            Self::AtMost => a <= b,
        }
    }
}

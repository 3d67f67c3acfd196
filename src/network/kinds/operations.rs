//! Operations under PyTorch's names: sums, products, functions of one number, comparisons, matrix products,
//! and what moves numbers about.
//!
//! Must not know how they are computed. A new one is added here; the compiler then asks for its op in
//! `compile/ops.rs`.

use super::super::ports::{PortName, Ports};
use super::declaration::{Declaration, Family, Group, OutputLetter, Range, Setting, family};
use crate::tensor::{Shape, ShapeError, shape};
use crate::words::{Message, ToMessage};

/// The sum of two or more inputs, with broadcasting.
pub(super) const ADD: Declaration = Declaration {
    slug: "add",
    tag: "Add",
    base_name: "Add",
    key: "kind-add",
    group: Group::Operations,
    ports: Ports::Variadic { at_least: 2 },
    has_output: true,
    letter: OutputLetter::A,
    settings: &[],
};

/// The elementwise product of two or more inputs, with broadcasting.
pub(super) const MULTIPLY: Declaration =
    Declaration { slug: "multiply", tag: "Multiply", base_name: "Multiply", key: "kind-multiply", ..ADD };

/// Side by side along an axis, in port order.
pub(super) const CONCAT: Declaration = Declaration {
    slug: "concat",
    tag: "Concat",
    base_name: "Concat",
    key: "kind-concat",
    settings: &[USUALLY_LAST],
    ..ADD
};

/// The same numbers under other sizes.
pub(super) const RESHAPE: Declaration = Declaration {
    slug: "reshape",
    tag: "Reshape",
    base_name: "Reshape",
    key: "kind-reshape",
    group: Group::Tensors,
    ports: Ports::Fixed(&[PortName::Input]),
    ..ADD
};

/// What most operations have in common: a function of one input.
const FUNCTION: Declaration = Declaration {
    slug: "",
    tag: "",
    base_name: "",
    key: "",
    group: Group::Functions,
    ports: Ports::Fixed(&[PortName::Input]),
    has_output: true,
    letter: OutputLetter::A,
    settings: &[],
};

const PAIR: Ports = Ports::Fixed(&[PortName::Input, PortName::Other]);
const POWER: Ports = Ports::Fixed(&[PortName::Input, PortName::Exponent]);
const CHOICE: Ports = Ports::Fixed(&[PortName::Condition, PortName::Input, PortName::Other]);

/// A setting of any number.
const fn number(slug: &'static str, key: &'static str, card_key: &'static str, default: f64) -> Setting {
    Setting { slug, key, card_key, range: Range::Finite, typed: (-1e9, 1e9), default, is_quiet: false }
}

/// A setting of a whole number: an axis, or a place on one.
const fn whole(slug: &'static str, key: &'static str, card_key: &'static str, default: f64) -> Setting {
    Setting { slug, key, card_key, range: Range::Whole, typed: (-1e6, 1e6), default, is_quiet: false }
}

const EXPONENT: Setting = number("exponent", "setting-exponent", "canvas-exponent", 2.0);
const MIN: Setting = number("min", "setting-min", "canvas-min", -1.0);
const MAX: Setting = number("max", "setting-max", "canvas-max", 1.0);
const STD: Setting = Setting {
    range: Range::AboveZero,
    typed: (1e-9, 1e9),
    ..number("std", "setting-std", "canvas-std", 1.0)
};
const DIM: Setting = whole("dim", "setting-dim", "canvas-dim", -1.0);
/// The same where it is nearly always the last axis.
pub(super) const USUALLY_LAST: Setting = Setting { is_quiet: true, ..DIM };
const START: Setting = whole("start", "setting-start", "canvas-start", 0.0);
const END: Setting = whole("end", "setting-end", "canvas-end", 1.0);
const INDEX: Setting = whole("index", "setting-index", "canvas-index", 0.0);

/// How Python writes an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `-x`.
    Prefix(&'static str),
    /// `x + y`.
    Infix(&'static str),
    /// `torch.exp(x)`; settings are keywords.
    Call(&'static str),
    /// `torch.stack([x, y])`; settings are keywords.
    CallWithList(&'static str),
    /// `x.mT`, `x.detach()`.
    Suffix(&'static str),
    /// `x[…]`.
    Index,
}

/// Why no gradient goes back through an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its value is flat almost everywhere, with jumps between.
    Flat,
    /// Its value is drawn by chance.
    Drawn,
    /// It was cut on purpose.
    Detached,
    /// It is computed under `no_grad`, which records nothing.
    NoGrad,
}

impl ToMessage for Stop {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Flat => "stop-flat",
            Self::Drawn => "stop-drawn",
            Self::Detached => "stop-detached",
            Self::NoGrad => "stop-no-grad",
        })
    }
}

/// What is to be known of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Traits {
    written: Written,
    stop: Option<Stop>,
}

const fn written(written: Written) -> Traits {
    Traits { written, stop: None }
}

const fn stopping(written: Written, stop: Stop) -> Traits {
    Traits { written, stop: Some(stop) }
}

/// Numbers drawn by chance that an operation takes beside its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// 0 with probability `p`, otherwise 1/(1 − p); all ones where dropout is off.
    Dropout {
        /// The probability.
        p: f64,
    },
    /// Evenly from [0, 1).
    Uniform,
    /// From the normal distribution.
    Normal,
}

family! {
    /// Operations, under PyTorch's names.
    Operation like FUNCTION, each with Traits;
    /// −x.
    Neg: "neg", "Neg", "kind-neg", written(Written::Prefix("-"));
    /// eˣ.
    Exp: "exp", "Exp", "kind-exp", written(Written::Call("exp"));
    /// ln x.
    Log: "log", "Log", "kind-log", written(Written::Call("log"));
    /// √x.
    Sqrt: "sqrt", "Sqrt", "kind-sqrt", written(Written::Call("sqrt"));
    /// x to a power that is a number.
    Pow {
        /// The power.
        exponent = EXPONENT
    }: "pow", "Pow", "kind-pow", written(Written::Infix("**"));
    /// sin x, in radians.
    Sin: "sin", "Sin", "kind-sin", written(Written::Call("sin"));
    /// cos x, in radians.
    Cos: "cos", "Cos", "kind-cos", written(Written::Call("cos"));
    /// tan x, in radians.
    Tan: "tan", "Tan", "kind-tan", written(Written::Call("tan"));
    /// |x|.
    Abs: "abs", "Abs", "kind-abs", written(Written::Call("abs"));
    /// −1, 0 or 1.
    Sign: "sign", "Sign", "kind-sign", stopping(Written::Call("sign"), Stop::Flat);
    /// 1 above 0, else 0.
    Step: "step", "Step", "kind-step", stopping(Written::Call("step"), Stop::Flat);
    /// The nearest whole number.
    Round: "round", "Round", "kind-round", stopping(Written::Call("round"), Stop::Flat);
    /// x between two bounds.
    Clamp {
        /// The lower bound.
        min = MIN,
        /// The upper bound.
        max = MAX
    }: "clamp", "Clamp", "kind-clamp", written(Written::Call("clamp"));
    /// The logarithm of softmax over an axis.
    LogSoftmax {
        /// Over which axis.
        dim = USUALLY_LAST
    }: "log_softmax", "LogSoftmax", "kind-log-softmax", written(Written::Call("log_softmax"));
    /// The value without its gradient.
    Detach: "detach", "Detach", "kind-detach", stopping(Written::Suffix(".detach()"), Stop::Detached);
    /// 1 with the probability that comes in, else 0.
    Bernoulli: "bernoulli", "Bernoulli", "kind-bernoulli",
        stopping(Written::Call("bernoulli"), Stop::Drawn);
    /// A draw around the mean that comes in.
    Normal {
        /// The standard deviation.
        std = STD
    }: "normal", "Normal", "kind-normal", stopping(Written::Call("normal"), Stop::Drawn);
    /// a − b.
    Sub: "sub", "Sub", "kind-sub", written(Written::Infix("-")), ports = PAIR, group = Group::Tensors;
    /// a / b.
    Div: "div", "Div", "kind-div", written(Written::Infix("/")), ports = PAIR, group = Group::Tensors;
    /// a to the power b.
    Power: "power", "Power", "kind-power", written(Written::Infix("**")),
        ports = POWER, group = Group::Tensors;
    /// The matrix product.
    MatMul: "matmul", "MatMul", "kind-matmul", written(Written::Infix("@")),
        ports = PAIR, group = Group::Tensors;
    /// The larger of two.
    Maximum: "maximum", "Maximum", "kind-maximum", written(Written::Call("maximum")),
        ports = PAIR, group = Group::Tensors;
    /// The smaller of two.
    Minimum: "minimum", "Minimum", "kind-minimum", written(Written::Call("minimum")),
        ports = PAIR, group = Group::Tensors;
    /// 1 where a > b.
    Greater: "gt", "Greater", "kind-gt", stopping(Written::Infix(">"), Stop::Flat),
        ports = PAIR, group = Group::Tensors;
    /// 1 where a ≥ b.
    GreaterEqual: "ge", "GreaterEqual", "kind-ge", stopping(Written::Infix(">="), Stop::Flat),
        ports = PAIR, group = Group::Tensors;
    /// 1 where a < b.
    Less: "lt", "Less", "kind-lt", stopping(Written::Infix("<"), Stop::Flat),
        ports = PAIR, group = Group::Tensors;
    /// 1 where a = b.
    Equal: "eq", "Equal", "kind-eq", stopping(Written::Infix("=="), Stop::Flat),
        ports = PAIR, group = Group::Tensors;
    /// The second where the first is not 0, else the third.
    Where: "where", "Where", "kind-where", written(Written::Call("where")),
        ports = CHOICE, group = Group::Tensors;
    /// The last two sizes exchanged.
    Transpose: "transpose", "Transpose", "kind-transpose", written(Written::Suffix(".mT")),
        group = Group::Tensors;
    /// A run of an axis.
    Slice {
        /// Along which axis.
        dim = DIM,
        /// Where it begins.
        start = START,
        /// Before which entry it ends.
        end = END
    }: "slice", "Slice", "kind-slice", written(Written::Index), group = Group::Tensors;
    /// One entry of an axis.
    Select {
        /// Along which axis.
        dim = DIM,
        /// Which entry.
        index = INDEX
    }: "select", "Select", "kind-select", written(Written::Index), group = Group::Tensors;
    /// Values of one shape along a new axis.
    Stack {
        /// Where the axis is.
        dim = DIM
    }: "stack", "Stack", "kind-stack", written(Written::CallWithList("stack")),
        ports = Ports::Variadic { at_least: 1 }, group = Group::Tensors;
}

/// A whole number that a setting holds.
#[expect(clippy::cast_possible_truncation, reason = "what is out of range is a problem of the drawing")]
pub(crate) fn index_of(setting: f64) -> isize {
    setting as isize
}

impl Operation {
    /// The logarithm of softmax over the last axis.
    pub const LOG_SOFTMAX: Self = Self::LogSoftmax { dim: USUALLY_LAST.default };

    /// How Python writes it.
    pub fn written(self) -> Written {
        self.own().written
    }

    /// Why no gradient goes back over a port; `None` where one does.
    pub fn stop(self, port: usize) -> Option<Stop> {
        if self == Self::Where && port == 0 { Some(Stop::Flat) } else { self.own().stop }
    }

    /// What it takes by chance.
    pub fn noise(self) -> Option<Noise> {
        match self {
            Self::Bernoulli => Some(Noise::Uniform),
            Self::Normal { .. } => Some(Noise::Normal),
            _ => None,
        }
    }

    /// The shape of its value.
    ///
    /// # Errors
    /// When the inputs do not fit together.
    pub fn output_shape(self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        let name = self.declaration().base_name;
        let x = || inputs.first().copied().ok_or_else(|| one_missing(name));
        match self {
            Self::MatMul => match inputs {
                [a, b] => shape::matmul(name, a, b).map(|product| product.output),
                _ => Err(one_missing(name)),
            },
            Self::Transpose => shape::transpose(name, x()?),
            Self::Slice { dim, start, end } => {
                let run = shape::slice(name, x()?, index_of(dim), [index_of(start), index_of(end)])?;
                Ok(run.output)
            }
            Self::Select { dim, index } => {
                shape::select(name, x()?, index_of(dim), index_of(index)).map(|run| run.output)
            }
            Self::Stack { dim } => shape::stack(name, inputs, index_of(dim)).map(|(_, output)| output),
            Self::LogSoftmax { dim } => over_axis(name, x()?, dim),
            _ => shape::broadcast(name, inputs),
        }
    }
}

/// The shape of what goes over an axis, which there must be; N is none.
pub(in crate::network) fn over_axis(name: &'static str, x: &Shape, dim: f64) -> Result<Shape, ShapeError> {
    if x.dims().is_empty() {
        return Err(one_missing(name));
    }
    shape::feature_axis(name, x, index_of(dim)).map(|_| x.clone())
}

fn one_missing(name: &'static str) -> ShapeError {
    ShapeError { op: name, arg: None, expected: "[…, f]".to_owned(), found: "[]".to_owned() }
}

//! An op's rule as ONNX nodes: its value, expression by expression.
//!
//! No op is known here by name, so that a new one is exported from the rule that it states. Where a
//! part of a rule is what an ONNX operator computes, that operator stands in its place.

use super::graph::{Attribute, Graph, whole};
use crate::algebra::{Axes, Comparison, Expression, Function, Misfit, Operand, Part, Reduction, Size};

/// A rule's value, written into a graph.
pub(super) struct Writer<'a> {
    pub(super) graph: &'a mut Graph,
    /// The names of the op's inputs.
    pub(super) inputs: &'a [String],
    /// Their sizes.
    pub(super) sizes: &'a [Vec<Size>],
    /// What values on the way are called after.
    pub(super) scope: &'a str,
    /// What is written already.
    done: Vec<(Expression<Operand>, String)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        graph: &'a mut Graph,
        inputs: &'a [String],
        sizes: &'a [Vec<Size>],
        scope: &'a str,
    ) -> Self {
        Self { graph, inputs, sizes, scope, done: Vec::new() }
    }

    /// Writes what computes `expression`, and gives the name of its value.
    pub(super) fn write(&mut self, expression: &Expression<Operand>) -> Result<String, Misfit> {
        if let Some((_, name)) = self.done.iter().find(|(known, _)| known == expression) {
            return Ok(name.clone());
        }
        let name = self.write_new(expression)?;
        self.done.push((expression.clone(), name.clone()));
        Ok(name)
    }

    fn write_new(&mut self, expression: &Expression<Operand>) -> Result<String, Misfit> {
        match expression {
            Expression::Leaf(Operand::Input(arg)) => Ok(self.inputs.get(*arg).cloned().unwrap_or_default()),
            // A value is stated from the inputs alone.
            Expression::Leaf(Operand::Output | Operand::Grad) => Ok(String::new()),
            Expression::Number(value) | Expression::Setting { value, .. } => Ok(self.graph.number(*value)),
            Expression::BatchSize => {
                let n = self.graph.batch_size();
                let n = self.cast(&n);
                let axis = self.graph.ints("axis", &[0]);
                Ok(self.graph.apply("Squeeze", &[&n, &axis], self.scope))
            }
            Expression::Named { name, of, body } => self.named(name, of, body),
            Expression::Apply(function, of) => self.function(*function, of),
            Expression::Sum(parts) => self.sum(parts),
            Expression::Product(parts) => {
                let parts = self.all(parts)?;
                Ok(self.fold("Mul", &parts))
            }
            Expression::Difference(a, b) => self.op("Sub", &[a, b]),
            Expression::Quotient(a, b) => self.op("Div", &[a, b]),
            Expression::Power(a, b) => self.op("Pow", &[a, b]),
            Expression::Maximum(a, b) if **b == Expression::Number(0.0) => self.op("Relu", &[a]),
            Expression::Maximum(a, b) => self.op("Max", &[a, b]),
            Expression::Minimum(a, b) => self.op("Min", &[a, b]),
            Expression::Compare(..) => {
                let holds = self.condition(expression)?;
                Ok(self.cast(&holds))
            }
            Expression::Where(condition, yes, no) => {
                let condition = self.condition(condition)?;
                let (yes, no) = (self.write(yes)?, self.write(no)?);
                Ok(self.graph.apply("Where", &[&condition, &yes, &no], self.scope))
            }
            Expression::Transpose(of) => {
                let rank = whole(self.sizes_of(of)?.len());
                let mut axes: Vec<i64> = (0..rank).collect();
                if let [.., a, b] = axes.as_mut_slice() {
                    std::mem::swap(a, b);
                }
                self.op_with("Transpose", &[of], vec![("perm", Attribute::Ints(axes))])
            }
            Expression::MatrixProduct(a, b) => match self.gemm(a, b, None)? {
                Some(name) => Ok(name),
                None => self.op("MatMul", &[a, b]),
            },
            Expression::Reduce { how, over, keep, of } => self.reduce(*how, *over, *keep, of),
            Expression::Slice { axis, start, len, of } => {
                let of = self.write(of)?;
                let from = self.graph.ints("from", &[whole(*start)]);
                let to = self.graph.ints("to", &[whole(*start + *len)]);
                let axis = self.graph.ints("axis", &[whole(*axis)]);
                Ok(self.graph.apply("Slice", &[&of, &from, &to, &axis], self.scope))
            }
            Expression::Concat { axis, parts } => {
                let parts = self.all(parts)?;
                Ok(self.side_by_side(&parts, *axis))
            }
            Expression::Broadcast { to, of } => self.resized("Expand", of, to),
            Expression::Reshape { to, of } => self.resized("Reshape", of, to),
            Expression::List(parts) => {
                let sizes = self.graph.ints("sizes", &[1]);
                let parts = self.all(parts)?;
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| self.graph.apply("Reshape", &[part, &sizes], self.scope))
                    .collect();
                Ok(self.side_by_side(&parts, 0))
            }
        }
    }

    fn all(&mut self, parts: &[Part<Operand>]) -> Result<Vec<String>, Misfit> {
        parts.iter().map(|part| self.write(part)).collect()
    }

    fn op(&mut self, op: &'static str, parts: &[&Part<Operand>]) -> Result<String, Misfit> {
        self.op_with(op, parts, Vec::new())
    }

    fn op_with(
        &mut self,
        op: &'static str,
        parts: &[&Part<Operand>],
        settings: Vec<(&'static str, Attribute)>,
    ) -> Result<String, Misfit> {
        let parts: Vec<String> = parts.iter().map(|part| self.write(part)).collect::<Result<_, _>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Ok(self.graph.apply_with(op, &parts, settings, self.scope))
    }

    fn fold(&mut self, op: &'static str, parts: &[String]) -> String {
        let Some((first, rest)) = parts.split_first() else { return self.graph.number(1.0) };
        rest.iter().fold(first.clone(), |all, part| self.graph.apply(op, &[&all, part], self.scope))
    }

    fn side_by_side(&mut self, parts: &[String], axis: usize) -> String {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.graph.apply_with("Concat", &parts, vec![("axis", Attribute::Int(whole(axis)))], self.scope)
    }

    fn resized(&mut self, op: &'static str, of: &Part<Operand>, to: &[Size]) -> Result<String, Misfit> {
        let of = self.write(of)?;
        let sizes = self.graph.sizes(to);
        Ok(self.graph.apply(op, &[&of, &sizes], self.scope))
    }

    fn sizes_of(&self, of: &Expression<Operand>) -> Result<Vec<Size>, Misfit> {
        of.sizes(&|leaf| match leaf {
            Operand::Input(arg) => self.sizes.get(*arg).cloned().unwrap_or_default(),
            Operand::Output | Operand::Grad => Vec::new(),
        })
    }

    /// To single precision.
    fn cast(&mut self, of: &str) -> String {
        self.graph.apply_with("Cast", &[of], vec![("to", Attribute::Int(FLOAT))], self.scope)
    }

    /// A name that ONNX has an operator for; else what the name means.
    fn named(
        &mut self,
        name: &str,
        of: &[Part<Operand>],
        body: &Expression<Operand>,
    ) -> Result<String, Misfit> {
        let setting = |wanted: &str| find_setting(body, wanted).map(|value| Attribute::Float(value as f32));
        let known = match name {
            "relu" => Some(("Relu", Vec::new())),
            "softplus" => Some(("Softplus", Vec::new())),
            "leaky_relu" => setting("negative_slope").map(|slope| ("LeakyRelu", vec![("alpha", slope)])),
            "elu" => setting("alpha").map(|alpha| ("Elu", vec![("alpha", alpha)])),
            "softmax" => find_axis(body).map(|axis| ("Softmax", vec![("axis", Attribute::Int(whole(axis)))])),
            _ => None,
        };
        match (known, of) {
            (Some((op, settings)), [of, ..]) => self.op_with(op, &[of], settings),
            _ => self.write(body),
        }
    }

    fn function(&mut self, function: Function, of: &Part<Operand>) -> Result<String, Misfit> {
        let op = match function {
            Function::Negate => "Neg",
            Function::Exp => "Exp",
            Function::Ln => "Log",
            Function::Sqrt => "Sqrt",
            Function::Abs => "Abs",
            Function::Sign => "Sign",
            Function::Sigmoid => "Sigmoid",
            Function::Tanh => "Tanh",
            Function::Erf => "Erf",
            Function::Sin => "Sin",
            Function::Cos => "Cos",
            Function::Tan => "Tan",
            Function::Round => "Round",
            Function::Expm1 => {
                let power = self.op("Exp", &[of])?;
                let one = self.graph.number(1.0);
                return Ok(self.graph.apply("Sub", &[&power, &one], self.scope));
            }
            Function::Ln1p => {
                let of = self.write(of)?;
                let one = self.graph.number(1.0);
                let sum = self.graph.apply("Add", &[&one, &of], self.scope);
                return Ok(self.graph.apply("Log", &[&sum], self.scope));
            }
        };
        self.op(op, &[of])
    }

    /// A sum; a product of matrices plus a row is one `Gemm`.
    fn sum(&mut self, parts: &[Part<Operand>]) -> Result<String, Misfit> {
        if let [product, row] = parts
            && let Expression::MatrixProduct(a, b) = &**product
            && let Some(name) = self.gemm(a, b, Some(row))?
        {
            return Ok(name);
        }
        let parts = self.all(parts)?;
        Ok(self.fold("Add", &parts))
    }

    /// A · Bᵀ plus a row, where both are matrices.
    fn gemm(
        &mut self,
        a: &Part<Operand>,
        b: &Part<Operand>,
        row: Option<&Part<Operand>>,
    ) -> Result<Option<String>, Misfit> {
        let Expression::Transpose(b) = &**b else { return Ok(None) };
        if self.sizes_of(a)?.len() != 2 || self.sizes_of(b)?.len() != 2 {
            return Ok(None);
        }
        let parts: Vec<&Part<Operand>> = [Some(a), Some(b), row].into_iter().flatten().collect();
        self.op_with("Gemm", &parts, vec![("transB", Attribute::Int(1))]).map(Some)
    }

    /// Whether something holds: what `Where` asks.
    fn condition(&mut self, of: &Expression<Operand>) -> Result<String, Misfit> {
        let Expression::Compare(how, a, b) = of else {
            let of = self.write(of)?;
            let zero = self.graph.number(0.0);
            let is_zero = self.graph.apply("Equal", &[&of, &zero], self.scope);
            return Ok(self.graph.apply("Not", &[&is_zero], self.scope));
        };
        self.op(
            match how {
                Comparison::Greater => "Greater",
                Comparison::Less => "Less",
                Comparison::Equal => "Equal",
                Comparison::AtMost => "LessOrEqual",
            },
            &[a, b],
        )
    }

    fn reduce(
        &mut self,
        how: Reduction,
        over: Axes,
        keep: bool,
        of: &Part<Operand>,
    ) -> Result<String, Misfit> {
        let mut of = self.write(of)?;
        let keep = ("keepdims", Attribute::Int(i64::from(keep)));
        if how == Reduction::ArgMax {
            let axis = match over {
                Axes::One(axis) => axis,
                Axes::All => {
                    let sizes = self.graph.ints("sizes", &[-1]);
                    of = self.graph.apply("Reshape", &[&of, &sizes], self.scope);
                    0
                }
            };
            let settings = vec![("axis", Attribute::Int(whole(axis))), keep];
            let place = self.graph.apply_with("ArgMax", &[&of], settings, self.scope);
            return Ok(self.cast(&place));
        }
        let op = match how {
            Reduction::Sum => "ReduceSum",
            Reduction::Mean => "ReduceMean",
            Reduction::LogSumExp => "ReduceLogSumExp",
            Reduction::Max | Reduction::ArgMax => "ReduceMax",
            Reduction::Min => "ReduceMin",
            Reduction::Prod => "ReduceProd",
        };
        let axis = match over {
            Axes::All => None,
            Axes::One(axis) => Some(self.graph.ints("axis", &[whole(axis)])),
        };
        let inputs: Vec<&str> = std::iter::once(of.as_str()).chain(axis.as_deref()).collect();
        Ok(self.graph.apply_with(op, &inputs, vec![keep], self.scope))
    }
}

/// ONNX's number for 32-bit floating point.
pub(super) const FLOAT: i64 = 1;
/// ONNX's number for 64-bit floating point.
pub(super) const DOUBLE: i64 = 11;

/// The value of a setting that stands in an expression.
fn find_setting(of: &Expression<Operand>, wanted: &str) -> Option<f64> {
    match of {
        Expression::Setting { name, value } => (*name == wanted).then_some(*value),
        _ => of.parts().find_map(|part| find_setting(part, wanted)),
    }
}

/// The axis that an expression reduces over.
fn find_axis(of: &Expression<Operand>) -> Option<usize> {
    match of {
        Expression::Reduce { over: Axes::One(axis), .. } => Some(*axis),
        _ => of.parts().find_map(|part| find_axis(part)),
    }
}

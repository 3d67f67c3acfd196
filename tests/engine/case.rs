//! A reference case: its numbers, a program built beside it, and the comparison of both.
//!
//! Must not know any particular case.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use vastavirta::autodiff::{Op, ParameterStore, Program, ProgramBuilder, Trace, ValueId, ops};
use vastavirta::tensor::{Matrix, Real, Shape};

/// Allowed distance, relative to max(1, largest entry of the tensor): 1e-10 in f64, 1e-5 in f32.
pub(crate) fn tolerance<T: Real>() -> f64 {
    if T::NAME == "f64" { 1e-10 } else { 1e-5 }
}

/// Reads `tests/reference/NAME.json`.
pub(crate) fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(format!("{name}.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Numbers of a nested list in C order, with its sizes.
pub(crate) fn numbers(json: &Value) -> (Vec<usize>, Vec<f64>) {
    let mut sizes = Vec::new();
    let mut level = json;
    while let Value::Array(list) = level {
        sizes.push(list.len());
        let Some(first) = list.first() else { break };
        level = first;
    }
    let mut flat = Vec::new();
    let mut rest = vec![json];
    while let Some(next) = rest.pop() {
        match next {
            Value::Array(list) => rest.extend(list.iter().rev()),
            number => flat.push(number.as_f64().unwrap()),
        }
    }
    (sizes, flat)
}

/// A matrix as it lies in memory: C order is column-major with the last size as rows.
pub(crate) fn matrix<T: Real>(json: &Value) -> Matrix<T> {
    let (sizes, flat) = numbers(json);
    let rows = sizes.last().copied().unwrap_or(1);
    Matrix::from_iterator(rows, flat.len() / rows, flat.iter().map(|v| T::of(*v)))
}

/// Compares a tensor with its reference.
pub(crate) fn compare<T: Real>(what: &str, found: &Matrix<T>, expected: &Value) {
    let (_, expected) = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}: as many numbers");
    let largest = expected.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
    for (idx, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let distance = (found.to_f64() - expected).abs();
        assert!(
            distance <= tolerance::<T>() * largest,
            "{} {what}[{idx}]: {found} against {expected}",
            T::NAME
        );
    }
}

/// A program being built beside a reference case, with names for its values.
pub(crate) struct Net<T: Real> {
    pub(crate) json: Value,
    pub(crate) builder: ProgramBuilder<T>,
    pub(crate) names: BTreeMap<String, ValueId>,
    leaves: Vec<(ValueId, Matrix<T>)>,
    parameters: Vec<Matrix<T>>,
}

impl<T: Real> Net<T> {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            json: read(name),
            builder: ProgramBuilder::new(),
            names: BTreeMap::new(),
            leaves: Vec::new(),
            parameters: Vec::new(),
        }
    }

    /// A batched leaf with these numbers.
    pub(crate) fn leaf_of(&mut self, name: &str, value: Matrix<T>) -> ValueId {
        let id = self.builder.leaf(name, Shape::batched(&[value.nrows()]));
        self.leaves.push((id, value));
        self.names.insert(name.to_owned(), id);
        id
    }

    /// An input of the case.
    pub(crate) fn input(&mut self, name: &str) -> ValueId {
        let value = matrix(&self.json["inputs"][name]);
        self.leaf_of(name, value)
    }

    /// Step `step` of an input or target `[N, T, features]`.
    pub(crate) fn step_of(&mut self, list: &Value, name: &str, step: usize) -> ValueId {
        let samples: Vec<Value> =
            list.as_array().unwrap().iter().map(|sample| sample[step].clone()).collect();
        self.leaf_of(name, matrix(&Value::Array(samples)))
    }

    /// The targets of the case.
    pub(crate) fn targets(&mut self) -> ValueId {
        let value = matrix(&self.json["targets"]);
        self.leaf_of("targets", value)
    }

    /// The targets as rows of `classes` probabilities, when the case gives class numbers.
    pub(crate) fn one_hot(&mut self, indices: &[usize], classes: usize) -> ValueId {
        let value = Matrix::from_fn(classes, indices.len(), |class, sample| {
            if indices[sample] == class { T::one() } else { T::zero() }
        });
        self.leaf_of("targets", value)
    }

    /// A parameter of the case.
    pub(crate) fn parameter(&mut self, name: &str) -> ValueId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let json = &self.json["parameters"][name];
        let id = self.builder.parameter(name, Shape::fixed(&numbers(json).0));
        self.parameters.push(matrix(json));
        self.names.insert(name.to_owned(), id);
        id
    }

    pub(crate) fn apply(&mut self, name: &str, op: impl Op<T> + 'static, inputs: &[ValueId]) -> ValueId {
        let id = self.builder.apply(Arc::new(op), inputs).unwrap();
        self.names.insert(name.to_owned(), id);
        id
    }

    pub(crate) fn dense(&mut self, name: &str, x: ValueId, weight: &str, bias: &str) -> ValueId {
        let (weight, bias) = (self.parameter(weight), self.parameter(bias));
        self.apply(name, ops::Linear { bias: true }, &[x, weight, bias])
    }

    /// A loss with its weight in the total.
    pub(crate) fn loss(
        &mut self,
        name: &str,
        op: impl Op<T> + 'static,
        inputs: [ValueId; 2],
        seed: f64,
    ) -> ValueId {
        let id = self.apply(name, op, &inputs);
        self.builder.add_loss(id, T::of(seed));
        id
    }

    /// Runs both passes.
    pub(crate) fn run(self) -> Run<T> {
        let program = self.builder.finish();
        let mut store = program.parameters();
        for (id, value) in program.parameters().ids().zip(self.parameters) {
            store.value_mut(id).copy_from_slice(value.as_slice());
        }
        let batch = self.leaves.first().map_or(1, |(_, value)| value.ncols());
        let mut trace = program.trace(batch);
        for (id, value) in self.leaves {
            trace.value_mut(id).copy_from(&value);
        }
        program.run(&mut store, &mut trace);
        program.complete_grads(&mut store, &mut trace);
        Run { json: self.json, names: self.names, program, store, trace }
    }
}

/// A case after both passes.
pub(crate) struct Run<T: Real> {
    pub(crate) json: Value,
    pub(crate) names: BTreeMap<String, ValueId>,
    pub(crate) program: Program<T>,
    pub(crate) store: ParameterStore<T>,
    pub(crate) trace: Trace<T>,
}

impl<T: Real> Run<T> {
    pub(crate) fn value_of(&self, name: &str) -> ValueId {
        *self.names.get(name).unwrap_or_else(|| panic!("the program has no value {name}"))
    }

    /// The gradient of a value as it is shown.
    pub(crate) fn grad_of(&self, name: &str) -> Option<Matrix<T>> {
        let mut out = Matrix::zeros(0, 0);
        self.program.value_grad(&self.store, &self.trace, self.value_of(name), &mut out).then_some(out)
    }

    /// Compares everything the case knows, except inputs given step by step.
    pub(crate) fn check(&self) {
        let of = |key: &str| self.json[key].as_object().unwrap().clone();
        for (name, expected) in of("values") {
            if name == "loss" {
                let total = Matrix::from_element(1, 1, self.program.total_loss(&self.trace));
                compare("loss", &total, &expected);
            } else {
                compare(&name, self.trace.value(self.value_of(&name)), &expected);
            }
        }
        for (name, expected) in of("value_gradients") {
            compare(&format!("grad {name}"), &self.grad_of(&name).unwrap(), &expected);
        }
        for (name, expected) in of("gradients") {
            let found = match self.program.parameter_of(self.value_of(&name)) {
                Some(parameter) => self.store.grad(parameter).unwrap().clone(),
                None => self.grad_of(&name).unwrap(),
            };
            compare(&format!("grad {name}"), &found, &expected);
        }
        for (name, expected) in of("input_gradients") {
            if self.names.contains_key(&name) {
                compare(&format!("grad {name}"), &self.grad_of(&name).unwrap(), &expected);
            }
        }
    }
}

/// Turns each generic function into two tests, in f64 and in f32.
macro_rules! both_precisions {
    ($($(#[$attribute:meta])* fn $name:ident<$real:ident>() $body:block)*) => {
        $(
            $(#[$attribute])*
            mod $name {
                #[allow(unused_imports, reason = "not every case needs all of them")]
                use super::*;

                fn body<$real: vastavirta::tensor::Real>() $body

                #[test]
                fn in_f64() {
                    body::<f64>();
                }

                #[test]
                fn in_f32() {
                    body::<f32>();
                }
            }
        )*
    };
}
pub(crate) use both_precisions;

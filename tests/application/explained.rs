//! Every number of a pass is explained: its formula evaluates to it, from numbers that exist.
//!
//! Shipped models and random ones, the whole batch and one sample of it. Must not know any op.

use std::collections::BTreeSet;

use vastavirta::data::{DataRequest, Limits, Quiet, prepare, read_bytes};
use vastavirta::explain::{Definitions, Quantity, Tensor, entry, evaluate};
use vastavirta::files::{DataSource, EXAMPLES, ModelFile, locate_data, open_example};
use vastavirta::network::ParameterKey;
use vastavirta::tensor::Real;
use vastavirta::train::{Mode, Pass, SampleView, Session, Watch};

use crate::random_networks::random_model;

/// Of a tensor with more numbers than this, a sample of them is explained.
const MOST_OF_A_TENSOR: usize = 24;

/// A session of a model with its own data.
pub(crate) fn session<T: Real>(model: &ModelFile) -> Session<T> {
    let document = &model.document;
    let table = document
        .data
        .path
        .as_ref()
        .filter(|_| DataRequest::of(&document.network).nodes.iter().any(|node| node.data.rows.is_none()));
    let table = table.map(|path| {
        let read = |bytes: &[u8]| read_bytes(bytes, &document.data.dialect, &Limits::default(), &Quiet);
        std::sync::Arc::new(match locate_data(path) {
            DataSource::Embedded(bytes) => read(bytes).unwrap(),
            DataSource::File(path) => read(&std::fs::read(path).unwrap()).unwrap(),
            DataSource::Missing(path) => panic!("no {}", path.display()),
        })
    });
    let request = DataRequest::of(&document.network);
    let data = prepare(table.as_ref(), &document.data, &request, document.training.seed).unwrap();
    Session::new(&document.network, &document.parameters, data.into(), &document.training).unwrap()
}

/// The rows of a first batch.
pub(crate) fn first_rows<T: Real>(session: &Session<T>, at_most: usize) -> Vec<u32> {
    (0..session.data().n_samples().min(at_most) as u32).collect()
}

/// The shipped models, by name.
pub(crate) fn shipped() -> Vec<(&'static str, ModelFile)> {
    EXAMPLES.iter().map(|(name, _)| (*name, open_example(name).unwrap().unwrap())).collect()
}

/// Every number of a pass that is shown, with how it is called in a failure.
fn numbers(pass: &Pass) -> Vec<Tensor> {
    let mut tensors = Vec::new();
    for (&(node, time_step), numbers) in &pass.nodes {
        tensors.push(Tensor::Output { node, time_step });
        tensors.push(Tensor::Grad { node, time_step });
        tensors.push(Tensor::Mask { node, time_step });
        for port in &numbers.ports {
            tensors.push(Tensor::PortValue { edge: port.edge, time_step });
            tensors.push(Tensor::PortGrad { edge: port.edge, time_step });
        }
        tensors.push(Tensor::GradNorm { node, time_step });
    }
    let sample = if let SampleView::Sample(n) = pass.view { Some(n) } else { None };
    for (&key, parameter) in &pass.parameters {
        tensors.push(Tensor::Parameter(key));
        tensors.push(Tensor::ParameterGrad { key, time_step: None, sample });
        tensors.extend([Tensor::Update(key), Tensor::UsedGrad(key)]);
        tensors.extend(parameter.state.iter().map(|&(name, _)| Tensor::OptimizerState { key, name }));
        for time_step in 0..parameter.grad_steps.len() {
            tensors.push(Tensor::ParameterGrad { key, time_step: Some(time_step), sample });
        }
    }
    if pass.optimizer.is_some_and(|optimizer| optimizer.total_norm.is_some()) {
        tensors.extend([Tensor::TotalNorm, Tensor::ClipFactor]);
    }
    for loss in &pass.losses {
        tensors.extend([Tensor::LossValue(loss.node), Tensor::LossScale(loss.node)]);
    }
    tensors.push(Tensor::TotalLoss);
    tensors
}

/// How many numbers of a pass were explained; panics at the first that is not.
fn explain_all(model: &ModelFile, pass: &Pass, tolerance: f64, name: &str) -> usize {
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes).with_updates_of(pass);
    let mut n_explained = 0;
    for tensor in numbers(pass) {
        let (n_rows, n_columns) = vastavirta::explain::values_of(tensor, pass)
            .map_or((1, 1), |values| (values.n_rows(), values.n_columns()));
        let places = (0..n_rows).flat_map(|row| (0..n_columns).map(move |column| (row, column)));
        // Of a large tensor every so many-th number: all are made alike, and the last is among them.
        let stride = (n_rows * n_columns).div_ceil(MOST_OF_A_TENSOR);
        let last = n_rows * n_columns - 1;
        let places = places.enumerate().filter(|(place, _)| place % stride == 0 || *place == last);
        for (row, column) in places.map(|(_, place)| place) {
            let quantity = tensor.at(row, column);
            let Some(value) = quantity.value(pass) else { continue };
            let Some(formula) = entry(&definitions, quantity, pass.rows.len()) else {
                assert!(is_given(model, tensor, pass), "{name}: {quantity:?} is not explained");
                continue;
            };
            let operands = |quantity: &Quantity| quantity.value(pass).is_some();
            formula
                .for_each_leaf(&mut |leaf| assert!(operands(leaf), "{name}: no {leaf:?} for {quantity:?}"));
            let (stated, _) = evaluate(&formula, pass).unwrap();
            let (terms, _) = evaluate(&formula.absolute_terms(), pass).unwrap();
            assert!(
                (stated - value).abs() <= tolerance * terms.max(1.0),
                "{name}: {quantity:?} is {value}, its formula says {stated}"
            );
            n_explained += 1;
        }
    }
    n_explained
}

/// Whether a number comes from outside: data, parameters, masks, and a gradient that was computed as
/// zero where no formula reaches.
fn is_given(model: &ModelFile, tensor: Tensor, pass: &Pass) -> bool {
    match tensor {
        Tensor::Output { node, .. } => model.document.network.nodes[&node].kind.data().is_some(),
        Tensor::Parameter(_) | Tensor::Mask { .. } | Tensor::OptimizerState { .. } => true,
        // A sample's share is shown, and no sum that it is a part of. Without an update there is none.
        Tensor::UsedGrad(_) | Tensor::TotalNorm => {
            matches!(pass.view, SampleView::Sample(_)) || pass.optimizer.is_none()
        }
        Tensor::ParameterGrad {
            key: ParameterKey::Node(..) | ParameterKey::Initial(_), time_step, ..
        } => {
            // A step that sends nothing has a share of zeros.
            time_step.is_some()
                && vastavirta::explain::values_of(tensor, pass)
                    .is_some_and(|values| values.data().iter().all(|x| *x == 0.0))
        }
        _ => false,
    }
}

#[test]
fn every_number_of_every_shipped_model_is_explained() {
    for (name, model) in shipped() {
        let mut session = session::<f64>(&model);
        let rows = first_rows(&session, 5);
        let pass = session.pass_on(&rows, Mode::Train);
        let n = explain_all(&model, &pass, 1e-10, name);
        assert!(n > 10, "{name}: only {n} numbers");
        let network = &model.document.network;
        let watch = Watch {
            nodes: network.nodes.keys().copied().collect::<BTreeSet<_>>(),
            view: SampleView::Sample(0),
            time_steps: None,
            weights: false,
            path: false,
            health: false,
        };
        let pass = session.capture(&watch);
        explain_all(&model, &pass, 1e-10, name);
        // Running means that are no longer zero.
        session.advance();
        let pass = session.capture(&Watch { view: SampleView::Batch, ..watch });
        explain_all(&model, &pass, 1e-10, name);
    }
}

#[test]
fn every_number_of_random_networks_is_explained() {
    for seed in 0..40 {
        let model = random_model(seed);
        let name = format!("random {seed}");
        let mut double = session::<f64>(&model);
        let rows = first_rows(&double, 4);
        explain_all(&model, &double.pass_on(&rows, Mode::Train), 1e-9, &name);
        let mut single = session::<f32>(&model);
        explain_all(&model, &single.pass_on(&rows, Mode::Eval), 1e-4, &name);
    }
}

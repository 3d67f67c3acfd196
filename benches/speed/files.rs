//! Writing and reading a model of a million parameters with its Adam state.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group};
use vastavirta::document::{Document, OptimizerSettings};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{Builder, LossKind};
use vastavirta::train::{OptimizerState, ParameterState};

/// 999-1000-1: a little over a million weights and biases.
fn million_parameters() -> ModelFile {
    let mut drawing = Builder::new();
    let x = drawing.input(999);
    let y = drawing.target(1);
    let hidden = drawing.dense(x, 1000);
    let output = drawing.dense(hidden, 1);
    drawing.loss(LossKind::Mse, output, y);
    let network = drawing.finish();
    let mut parameters = network.initialize(1);
    for parameter in parameters.values_mut() {
        // Training is in f32, and so is what it leaves.
        let values = parameter.values.iter().map(|&value| f64::from(value as f32)).collect();
        parameter.values = Arc::new(values);
    }
    let moments = |scale: f32| {
        move |values: &[f64]| Arc::new(values.iter().map(|&v| f64::from((v * v) as f32 * scale)).collect())
    };
    let state = parameters.iter().map(|(&key, parameter)| {
        let names = [("exp_avg", 0.1), ("exp_avg_sq", 0.001)];
        let tensors = names.map(|(name, scale)| (name.to_owned(), moments(scale)(&parameter.values)));
        (key, ParameterState { step: 10, tensors: BTreeMap::from(tensors) })
    });
    let adam = OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
    let optimizer = Some(OptimizerState { optimizer: adam, parameters: state.collect() });
    let document = Document { network, parameters, ..Document::default() };
    ModelFile { document, optimizer, ..ModelFile::default() }
}

fn million_parameters_saved_and_loaded(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("million.ron");
    let model = million_parameters();
    let mut group = criterion.benchmark_group("files, 3,000,000 numbers");
    group.sample_size(10);
    group.bench_function("save, fsync included", |bencher| {
        bencher.iter(|| write_model(&path, black_box(&model)).unwrap());
    });
    write_model(&path, &model).unwrap();
    group.bench_function("load", |bencher| bencher.iter(|| black_box(read_model(&path).unwrap())));
    group.finish();
}

criterion_group!(benches, million_parameters_saved_and_loaded);

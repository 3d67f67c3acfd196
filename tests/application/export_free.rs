//! Free operations within a network, exported to PyTorch: they compute the program's numbers, or are refused
//! by name where PyTorch's text cannot say them.

use std::fs;

use vastavirta::document::{Document, TrainingSettings};
use vastavirta::files::{ModelFile, write_model};
use vastavirta::network::{
    Activation, Builder, LossKind, Network, NodeId, NodeKind, Operation, ReduceKind, ReduceNode, Severity,
    TensorNode,
};

use crate::export::{LIBRARIES, export_case, run_modules};
use crate::support::{output_of, python_with, vastavirta};

/// What a drawing starts from: three features, the same as `[2, 3]`, and numbers without N.
struct Given {
    x: NodeId,
    tokens: NodeId,
    scalar: NodeId,
    vector: NodeId,
    matrix: NodeId,
}

type Draw = fn(&mut Builder, &Given) -> NodeId;

fn operation(b: &mut Builder, operation: Operation, of: &[NodeId]) -> NodeId {
    b.named("tried", NodeKind::Operation(operation), of)
}

fn reduce(b: &mut Builder, kind: ReduceKind, dim: Option<isize>, keepdim: bool, of: NodeId) -> NodeId {
    b.named("tried", NodeKind::Reduce(ReduceNode { kind, dim, keepdim }), &[of])
}

/// An Input, what is tried, and a Dense with its loss.
fn network(draw: Draw) -> Network {
    let mut b = Builder::new();
    let [x, tokens] = rows_and_tokens(&mut b);
    let mut tensor = |shape: &[usize]| {
        let values = (0..shape.iter().product()).map(|at: usize| 0.5 - 0.2 * at as f64).collect();
        b.node(NodeKind::Tensor(TensorNode::new(shape, values)), &[])
    };
    let given = Given { x, tokens, scalar: tensor(&[]), vector: tensor(&[3]), matrix: tensor(&[2, 3]) };
    let tried = draw(&mut b, &given);
    // Whatever it is, it goes into the prediction.
    let Some(n) = b.clone().finish().infer_shapes().0.node(tried).cloned() else { return b.finish() };
    let flat = b.node(NodeKind::Reshape { shape: vec![n.features()] }, &[tried]);
    let flat = if n.is_batched() { flat } else { b.node(NodeKind::Add, &[flat, x]) };
    learned(b, flat)
}

/// Three rows of three features, and the same made into tokens, `[2, 3]` a row.
pub(crate) fn rows_and_tokens(b: &mut Builder) -> [NodeId; 2] {
    let x = b.input(3);
    b.rows(x, vec![vec![0.5, -1.0, 2.0], vec![1.5, 0.25, -0.75], vec![-0.5, 0.75, 1.25]]);
    let z = b.dense(x, 6);
    [x, b.node(NodeKind::Reshape { shape: vec![2, 3] }, &[z])]
}

/// One number is learned of each of those rows from what was made of them.
pub(crate) fn learned(mut b: Builder, flat: NodeId) -> Network {
    let y = b.dense(flat, 1);
    let target = b.target(1);
    b.rows(target, vec![vec![1.0], vec![-0.5], vec![0.25]]);
    b.loss(LossKind::Mse, y, target);
    b.finish()
}

/// All rows in one batch, none held back.
pub(crate) fn model_of(network: Network) -> ModelFile {
    let parameters = network.initialize(7);
    let training = TrainingSettings { batch_size: 3, ..TrainingSettings::default() };
    let mut document = Document { network, parameters, training, ..Document::default() };
    document.data.split.validation_fraction = 0.0;
    ModelFile { document, ..ModelFile::default() }
}

/// Whether nothing is wrong with a drawing but for tensors that it leaves unused.
fn runs(network: &Network) -> bool {
    network.problems().iter().all(|problem| problem.severity < Severity::Error)
}

fn model(draw: Draw) -> ModelFile {
    let network = network(draw);
    assert!(runs(&network), "{:?}", network.problems());
    model_of(network)
}

#[test]
fn free_operations_on_batches_are_exported_as_they_are_computed() {
    let name = "free_operations_on_batches_are_exported_as_they_are_computed";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let tried: [(&str, Draw); 22] = [
        ("rows_with_tokens", |b, g| b.node(NodeKind::Multiply, &[g.x, g.tokens])),
        ("rows_with_matrix", |b, g| operation(b, Operation::Sub, &[g.x, g.matrix])),
        ("rows_with_vector", |b, g| b.node(NodeKind::Add, &[g.x, g.vector])),
        ("rows_with_scalar", |b, g| operation(b, Operation::Maximum, &[g.scalar, g.x])),
        ("where", |b, g| operation(b, Operation::Where, &[g.x, g.matrix, g.tokens])),
        ("rows_times_column", |b, g| operation(b, Operation::MatMul, &[g.x, g.vector])),
        ("tokens_times_turned", |b, g| {
            let turned = operation(b, Operation::Transpose, &[g.tokens]);
            b.named("product", NodeKind::Operation(Operation::MatMul), &[g.tokens, turned])
        }),
        ("tokens_times_fixed", |b, g| {
            let turned = operation(b, Operation::Transpose, &[g.matrix]);
            b.named("product", NodeKind::Operation(Operation::MatMul), &[g.tokens, turned])
        }),
        ("fixed_times_tokens", |b, g| {
            let turned = operation(b, Operation::Transpose, &[g.tokens]);
            b.named("product", NodeKind::Operation(Operation::MatMul), &[g.matrix, turned])
        }),
        ("sum_of_all", |b, g| reduce(b, ReduceKind::Sum, None, false, g.tokens)),
        ("mean_of_tokens", |b, g| reduce(b, ReduceKind::Mean, Some(1), false, g.tokens)),
        ("max_of_features", |b, g| reduce(b, ReduceKind::Max, Some(-1), true, g.tokens)),
        ("norm_over_samples", |b, g| reduce(b, ReduceKind::Norm, Some(0), false, g.x)),
        ("kept_sum_of_a_matrix", |b, g| reduce(b, ReduceKind::Sum, None, true, g.matrix)),
        ("first_token", |b, g| operation(b, Operation::Select { dim: 1.0, index: 0.0 }, &[g.tokens])),
        ("some_features", |b, g| {
            operation(b, Operation::Slice { dim: -1.0, start: 1.0, end: 3.0 }, &[g.tokens])
        }),
        ("stacked", |b, g| operation(b, Operation::Stack { dim: 1.0 }, &[g.x, g.x])),
        ("log_softmax", |b, g| operation(b, Operation::LOG_SOFTMAX, &[g.tokens])),
        ("log_softmax_over_tokens", |b, g| operation(b, Operation::LogSoftmax { dim: -2.0 }, &[g.tokens])),
        ("softmax_over_tokens", |b, g| b.activation(g.tokens, Activation::Softmax { dim: 1.0 })),
        ("softmax_of_a_vector", |b, g| b.activation(g.vector, Activation::Softmax { dim: 0.0 })),
        ("tokens_after_tokens", |b, g| b.node(NodeKind::Concat { dim: 1.0 }, &[g.tokens, g.tokens])),
    ];
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    for (name, draw) in tried {
        let path = folder.path().join(format!("{name}.ron"));
        let model = model(draw);
        write_model(&path, &model).unwrap();
        // The program itself exports it, too.
        let out = folder.path().join(name);
        output_of(&mut vastavirta(&[
            "export",
            &path.to_string_lossy(),
            "--to",
            "pytorch",
            "--out",
            &out.to_string_lossy(),
        ]));
        export_case(&cases.join(name), &model, &path);
    }
    let (said, agreed) = run_modules(&python, &cases);
    assert!(agreed, "{said}");
}

#[test]
fn what_pytorchs_text_cannot_say_is_refused_by_name() {
    let refused: [Draw; 5] = [
        // PyTorch would take N for a size of the matrices.
        |b, g| operation(b, Operation::MatMul, &[g.x, g.x]),
        |b, g| operation(b, Operation::MatMul, &[g.matrix, g.x]),
        |b, g| operation(b, Operation::MatMul, &[g.tokens, g.x]),
        |b, g| operation(b, Operation::Stack { dim: -1.0 }, &[g.x, g.vector]),
        |b, g| reduce(b, ReduceKind::Mean, None, true, g.tokens),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.ron");
    let mut n_refused = 0;
    for draw in refused {
        if !runs(&network(draw)) {
            continue;
        }
        write_model(&path, &model(draw)).unwrap();
        let out = folder.path().join("exported");
        let arguments = [&path.to_string_lossy(), "--to", "pytorch", "--out", &out.to_string_lossy()];
        let output = vastavirta(&["export"]).args(arguments.map(str::to_owned)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && said.contains("no words for tried"), "{said}");
        assert!(!out.exists());
        n_refused += 1;
    }
    assert!(n_refused >= 4, "{n_refused}: the others cannot be drawn");
}

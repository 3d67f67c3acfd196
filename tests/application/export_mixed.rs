//! A drawing with everything in it that an export may trip over, in every form that computes: a loop with a
//! trained state and one with dropout on it, truncated; frozen parameters and unused ones; two losses on one node;
//! what is cut off or drawn by chance.
//!
//! Must not know how a form is written: Python runs it.

use std::fs;
use std::process::{Command, Stdio};

use vastavirta::files::{ModelFile, write_model};
use vastavirta::network::{
    Activation, Builder, CountedSteps, DenseNode, InitialState, LossKind, LossNode, NodeKind, Operation,
    ParameterKey, ParameterRole,
};

use crate::support::{output_of, python_with, vastavirta};
use crate::{export, export_by_hand, onnx};

/// Over three time steps: y(t) = a Dense of d ⊙ cut(d) + Normal(d) + Bernoulli(σ(d)) + free(d) for d = W x(t); its
/// loss compares it with what another Dense computes.
fn cut_everywhere() -> ModelFile {
    let mut drawing = Builder::with_steps(3);
    let x = drawing.input(2);
    drawing.rows(x, vec![vec![0.5, -1.0, 1.5, 0.25, -0.75, 1.0], vec![1.0, 0.5, -0.5, 0.75, 0.25, -1.25]]);
    let d = drawing.dense(x, 2);
    let cut = drawing.node(NodeKind::Operation(Operation::Detach), &[d]);
    let product = drawing.node(NodeKind::Multiply, &[d, cut]);
    let spread = drawing.node(NodeKind::Operation(Operation::Normal { std: 0.5 }), &[d]);
    let probability = drawing.activation(d, Activation::Sigmoid);
    let drawn = drawing.node(NodeKind::Operation(Operation::Bernoulli), &[probability]);
    let free = drawing.activation(d, Activation::Tanh);
    drawing.no_grad(free);
    let sum = drawing.node(NodeKind::Add, &[product, spread, drawn, free]);
    let y = drawing.dense(sum, 1);
    let computed = drawing.dense(d, 1);
    let every = LossNode { counted: CountedSteps::Every, ..LossNode::new(LossKind::Mse) };
    drawing.node(NodeKind::Loss(every), &[y, computed]);
    let mut model = ModelFile::default();
    model.document.network = drawing.finish();
    model.document.parameters = model.document.network.initialize(5);
    model
}

#[test]
fn what_no_gradient_passes_is_held_while_a_numpy_file_checks_its_gradients() {
    let name = "what_no_gradient_passes_is_held_while_a_numpy_file_checks_its_gradients";
    let Some(python) = python_with(name, "numpy") else { return };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("cut.ron");
    write_model(&path, &cut_everywhere()).unwrap();
    let export = |form: &str, out: &str| {
        let out = home.path().join(out);
        let arguments = ["export", &path.to_string_lossy(), "--to", form, "--out", &out.to_string_lossy()];
        vastavirta(&arguments).output().unwrap()
    };
    assert!(export("numpy", "by_hand.py").status.success());
    let mut command = Command::new(&python);
    let said = output_of(command.arg("by_hand.py").current_dir(home.path()).stdin(Stdio::null()));
    assert!(said.contains("dW") && said.contains(" agree"), "{said}");
    // Beside PyTorch chance would fall out otherwise.
    let refused = export("marimo", "notebook.py");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains("no words for Normal 1"), "{said}");
}

/// h = tanh(W x + U h(t−1) + V drop(h(t−1))), y = a Dense of drop(h): an MSE at the last step, an MAE at every.
fn mixed(truncate: Option<usize>) -> ModelFile {
    let mut drawing = Builder::with_steps(5);
    let x = drawing.input(2);
    drawing.rows(x, (0..3).map(|row| (0..10).map(|i| f64::from(i * 7 % 5 - row) / 4.0).collect()).collect());
    let of_x = drawing.node(NodeKind::Dense(DenseNode::new(3)), &[x]);
    let of_h = drawing.node(NodeKind::Dense(DenseNode { bias: false, ..DenseNode::new(3) }), &[]);
    let dropped = drawing.node(NodeKind::Dropout { p: 0.25 }, &[]);
    let of_dropped = drawing.node(NodeKind::Dense(DenseNode::new(3)), &[dropped]);
    let sum = drawing.node(NodeKind::Add, &[of_x, of_h, of_dropped]);
    let h = drawing.activation(sum, Activation::Tanh);
    drawing.edge(h, of_h, 0, 1, InitialState::Trained);
    drawing.edge(h, dropped, 0, 1, InitialState::Zeros);
    let kept = drawing.node(NodeKind::Dropout { p: 0.5 }, &[h]);
    let y = drawing.dense(kept, 1);
    drawing.dense(h, 2);
    let target = drawing.target(1);
    drawing.rows(target, (0..3).map(|row| (0..5).map(|i| f64::from(i + row) / 5.0).collect()).collect());
    drawing.loss(LossKind::Mse, y, target);
    let every = LossNode { weight: 0.5, counted: CountedSteps::Every, ..LossNode::new(LossKind::Mae) };
    drawing.node(NodeKind::Loss(every), &[y, target]);
    let mut model = ModelFile::default();
    model.document.network = drawing.finish();
    model.document.network.truncate = truncate;
    model.document.parameters = model.document.network.initialize(5);
    let frozen = ParameterKey::Node(of_x, ParameterRole::Weight);
    model.document.parameters.get_mut(&frozen).unwrap().trainable = false;
    for (key, parameter) in &mut model.document.parameters {
        if matches!(key, ParameterKey::Initial(_)) {
            parameter.values = vec![0.25, -0.5, 0.75].into();
        }
    }
    model
}

#[test]
fn dropout_on_a_loop_unused_and_frozen_parameters_and_two_losses_on_one_node_are_exported_as_they_are_computed()
 {
    let name = "dropout_on_a_loop_unused_and_frozen_parameters_and_two_losses_on_one_node_are_exported";
    let libraries = "marimo, numpy, onnx, onnxruntime, pandas, safetensors, torch";
    let Some(python) = python_with(name, libraries) else { return };
    let home = tempfile::tempdir().unwrap();
    let [modules, graphs] = ["modules", "graphs"].map(|name| home.path().join(name));
    for folder in [&modules, &graphs] {
        fs::create_dir(folder).unwrap();
    }
    let (mut by_hand, mut notebooks) = (Vec::new(), Vec::new());
    for (name, truncate) in [("whole", None), ("truncated", Some(2))] {
        let (model, path) = (mixed(truncate), home.path().join(name).with_extension("ron"));
        write_model(&path, &model).unwrap();
        export::export_case(&modules.join(name), &model, &path);
        onnx::pass_case(&graphs.join(name), &model, &path);
        for convention in ["numpy", "textbook"] {
            let case = home.path().join(format!("{name}_{convention}"));
            export_by_hand::export_case(&case, &model, &path, convention);
            by_hand.push(case);
        }
        let notebook = home.path().join(name).with_extension("py");
        let (path, out) = (path.to_string_lossy(), notebook.to_string_lossy());
        output_of(&mut vastavirta(&["export", &path, "--to", "marimo", "--out", &out]));
        notebooks.push(notebook);
    }
    let (said, agreed) = export::run_modules(&python, &modules);
    assert!(agreed, "{said}");
    onnx::assert_agree(&python, &graphs);
    for (script, files) in [("by_hand.py", &by_hand), ("notebooks.py", &notebooks)] {
        let (said, agreed) = export_by_hand::run(&python, script, files);
        assert!(agreed, "{script}: {said}");
    }
}

#[test]
fn chance_is_drawn_anew_where_an_onnx_model_runs_and_is_not_left_out_as_dropout_is() {
    let name = "chance_is_drawn_anew_where_an_onnx_model_runs_and_is_not_left_out_as_dropout_is";
    let Some(python) = python_with(name, onnx::LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let graphs = home.path().join("graphs");
    fs::create_dir(&graphs).unwrap();
    // Of probabilities of 0 and 1, and of a deviation that rounds to nothing, all draws are the same.
    let mut drawing = Builder::new();
    let x = drawing.input(2);
    drawing.rows(x, vec![vec![0.0, 1.0], vec![1.0, 0.0], vec![1.0, 1.0]]);
    let drawn = drawing.node(NodeKind::Operation(Operation::Bernoulli), &[x]);
    let spread = drawing.node(NodeKind::Operation(Operation::Normal { std: 1e-30 }), &[drawn]);
    let y = drawing.dense(spread, 1);
    let target = drawing.target(1);
    drawing.rows(target, vec![vec![0.0], vec![1.0], vec![0.5]]);
    drawing.loss(LossKind::Mse, y, target);
    let mut model = ModelFile::default();
    model.document.network = drawing.finish();
    model.document.parameters = model.document.network.initialize(5);
    let path = home.path().join("chance.ron");
    write_model(&path, &model).unwrap();
    onnx::pass_case(&graphs.join("chance"), &model, &path);
    let bytes = fs::read(graphs.join("chance/model.onnx")).unwrap();
    for op in ["RandomUniformLike", "RandomNormalLike"] {
        assert!(bytes.windows(op.len()).any(|window| window == op.as_bytes()), "{op}");
    }
    onnx::assert_agree(&python, &graphs);
}

//! What printed lines look like, in each convention.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::algebra::Expression;
use crate::explain::{Definitions, Tensor, backward_lines, entry, forward_lines};
use crate::network::{Activation, Builder, LossKind, Network, NodeId, ParameterKey, ParameterRole};

/// 2-3-1 with sigmoids and binary cross-entropy, as the course's page has it.
fn two_layers(loss: LossKind, last: Activation) -> Network {
    let mut b = Builder::new();
    let x = b.input(2);
    let z1 = b.dense(x, 3);
    let a1 = b.activation(z1, Activation::Sigmoid);
    let z2 = b.dense(a1, 1);
    let a2 = b.activation(z2, last);
    let y = b.target(1);
    b.loss(loss, a2, y);
    b.finish()
}

fn code(network: &Network, convention: Convention, product: Product) -> Vec<String> {
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let names = Names::new(&definitions, convention.names);
    let lines = forward_lines(&definitions, convention).into_iter();
    let lines = lines.chain(backward_lines(&definitions, convention));
    lines
        .filter(|line| !matches!(line.tensor, Tensor::LossValue(_) | Tensor::TotalLoss))
        .map(|line| {
            let rank = |leaf: &Tensor| convention.sizes(&definitions, *leaf).len();
            let right = numpy(&line.expression, product, &|leaf: &Tensor| names.code(*leaf), &rank);
            format!("{} = {right}", names.code(line.tensor))
        })
        .filter(|line| !line.starts_with("L "))
        .collect()
}

#[test]
fn the_course_reads_its_own_lines() {
    let convention = Convention {
        layout: Layout::NumPy,
        names: NameStyle::Layer,
        reduction: ReductionPlace::Parameters,
        bias: BiasStyle::Apart,
    };
    let network = two_layers(LossKind::Bce, Activation::Sigmoid);
    assert_eq!(
        code(&network, convention, Product::Dot),
        [
            "Z1 = A0.dot(W1) + b1",
            "A1 = sigmoid(Z1)",
            "Z2 = A1.dot(W2) + b2",
            "A2 = sigmoid(Z2)",
            "dL = 1",
            "dZ2 = A2 - Y",
            "dW2 = 1 / (N * 1) * A1.T.dot(dZ2)",
            "db2 = 1 / (N * 1) * np.sum(dZ2, axis=0)",
            "dA1 = dZ2.dot(W2.T)",
            "dZ1 = dA1 * (A1 * (1 - A1))",
            "dW1 = 1 / (N * 1) * A0.T.dot(dZ1)",
            "db1 = 1 / (N * 1) * np.sum(dZ1, axis=0)",
        ]
    );
}

#[test]
fn pytorch_and_the_textbook_turn_the_same_lines_round() {
    let network = two_layers(LossKind::Mse, Activation::Identity);
    let layer = Convention { names: NameStyle::Layer, ..Convention::default() };
    let rows = code(&network, layer, Product::At);
    for line in ["Z1 = A0 @ W1.T + b1", "dW1 = dZ1.T @ A0", "dA1 = dZ2 @ W2", "db1 = np.sum(dZ1, axis=0)"] {
        assert!(rows.contains(&line.to_owned()), "{line} in {rows:#?}");
    }
    let columns = code(&network, Convention { layout: Layout::Columns, ..layer }, Product::At);
    for line in [
        "Z1 = W1 @ A0 + b1",
        "dW1 = dZ1 @ A0.T",
        "dA1 = W2.T @ dZ2",
        "db1 = np.sum(dZ1, axis=1, keepdims=True)",
    ] {
        assert!(columns.contains(&line.to_owned()), "{line} in {columns:#?}");
    }
    let ones =
        code(&network, Convention { bias: BiasStyle::Ones, layout: Layout::NumPy, ..layer }, Product::At);
    for line in [
        "Z1 = np.concatenate([A0, np.broadcast_to(1, (N, 1))], axis=1) @ W1",
        "dW1 = np.concatenate([A0.T, np.broadcast_to(1, (1, N))], axis=0) @ dZ1",
        "dA1 = dZ2 @ W2.T[:, 0:3]",
    ] {
        assert!(ones.contains(&line.to_owned()), "{line} in {ones:#?}");
    }
}

#[test]
fn a_long_sum_shows_its_first_its_largest_and_its_last_term() {
    let mut b = Builder::new();
    let x = b.input(40);
    let z = b.dense(x, 1);
    let y = b.target(1);
    b.loss(LossKind::Mse, z, y);
    let network = b.finish();
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(&network, &shapes);
    let z_of_first = Tensor::Output { node: z, time_step: 0 }.at(0, 0);
    let formula = entry(&definitions, z_of_first, 1).unwrap();
    let leaf = |quantity: &crate::explain::Quantity| {
        format!("{}{}", quantity.tensor.letter(&network).symbol(), quantity.column)
    };
    // Term 17 is the largest.
    let value = |term: &Expression<crate::explain::Quantity>| {
        f64::from(u8::from(term.any_leaf(&|quantity| quantity.column == 17)))
    };
    let symbols =
        Symbols { leaf: &leaf, is_scalar: &|_| true, value: Some(&value), names_written_out: false };
    assert_eq!(symbols.line(&formula), "Σₖ₌₁⁴⁰ (X0 · W0 + … + X17 · W17 + … + X39 · W39) + b0");
    let text = latex(&formula, &leaf, &|_| true, Some(&value));
    assert!(text.starts_with("\\sum_{k=1}^{40}"), "{text}");
}

#[test]
fn a_sum_over_many_time_steps_is_as_short_as_any_other() {
    let sum =
        |n: usize| Expression::Sum((0..n).map(|at| std::sync::Arc::new(Expression::Leaf(at))).collect());
    let leaf = |at: &usize| format!("g{at}");
    let value = |term: &Expression<usize>| f64::from(u8::from(term.any_leaf(&|at| *at == 7)));
    let symbols =
        Symbols { leaf: &leaf, is_scalar: &|_| true, value: Some(&value), names_written_out: false };
    assert_eq!(symbols.line(&sum(25)), "Σₖ₌₁²⁵ (g0 + … + g7 + … + g24)");
    assert_eq!(symbols.line(&sum(12)).matches('+').count(), 11, "twelve terms are written");
    let text = latex(&sum(25), &leaf, &|_| true, None);
    assert_eq!(text, "\\sum_{k=1}^{25} \\left(g0 + \\cdots + g24\\right)");
}

#[test]
fn one_entry_costs_its_operands_and_no_tensor() {
    let mut b = Builder::new();
    let x = b.input(300);
    let z = b.dense(x, 200);
    let y = b.target(200);
    b.loss(LossKind::Mse, z, y);
    let network = b.finish();
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(&network, &shapes);
    let n_leaves = |quantity| {
        let mut n = 0;
        entry(&definitions, quantity, 7).unwrap().for_each_leaf(&mut |_| n += 1);
        n
    };
    let key = ParameterKey::Node(z, ParameterRole::Weight);
    // 300 products and a bias; one product for each of 7 samples; a difference and s.
    assert_eq!(n_leaves(Tensor::Output { node: z, time_step: 0 }.at(3, 100)), 601);
    assert_eq!(n_leaves(Tensor::ParameterGrad { key, time_step: None, sample: None }.at(150, 250)), 14);
    assert_eq!(n_leaves(Tensor::ParameterGrad { key, time_step: None, sample: Some(2) }.at(150, 250)), 2);
    assert_eq!(n_leaves(Tensor::Grad { node: z, time_step: 0 }.at(6, 199)), 3);
}

#[test]
fn cross_entropy_counts_what_a_target_row_sums_to() {
    let mut b = Builder::new();
    let x = b.input(3);
    let a = b.activation(x, Activation::SOFTMAX);
    let y = b.target(3);
    b.loss(LossKind::CrossEntropy, a, y);
    let network = b.finish();
    let shapes = network.infer_shapes().0;
    let line = crate::explain::Formulas::new(&network, &shapes).output_gradient(NodeId(1)).unwrap();
    assert_eq!(line.expression, "(A ⊙ Σⱼ Y − Y) · s");
    assert_eq!(line.note.as_deref(), Some("s = 1 / N"));
}

#[test]
fn markdown_keeps_its_own_signs_apart() {
    let line = Line {
        title: "grad_W[0]".to_owned(),
        latex: "a".to_owned(),
        code: "dW = 1".to_owned(),
        ..Line::default()
    };
    assert_eq!(markdown(&[line]), "**grad\\_W\\[0\\]**\n\n$$\na\n$$\n\n```python\ndW = 1\n```\n");
}

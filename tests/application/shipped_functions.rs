//! The shipped examples that are functions and no networks of layers, drawn in code, and what they show: the
//! numbers of the course, and the same drawing typed as an expression.

use std::collections::BTreeMap;

use vastavirta::data::DataSettings;
use vastavirta::document::{Document, OptimizerSettings, TrainingSettings};
use vastavirta::explain::rounding;
use vastavirta::files::{ModelFile, open_example};
use vastavirta::network::{
    Activation, Builder, DataNode, DenseNode, LossKind, Network, NodeId, NodeKind, Operation, ParameterKey,
    ParameterRole, ProblemKind, ReduceKind, ReduceNode, Stop, TensorNode,
};
use vastavirta::tensor::Real;
use vastavirta::train::{Mode, Moved, NudgeRequest, Pass, nudge};

use crate::drawn_references::{flat, reference};
use crate::explained::session;
use crate::expressions::{drawn, fingerprint};

const SQUARED: Operation = Operation::Pow { exponent: 2.0 };

/// The examples with their names.
pub(crate) fn examples() -> [(&'static str, Document); 6] {
    [
        ("x2_plus_3y2", x2_plus_3y2()),
        ("mean_of_squares", mean_of_squares()),
        ("operation_chain", operation_chain()),
        ("shared_variable", shared_variable()),
        ("step_refused", step_refused()),
        ("attention_head", attention_head()),
    ]
}

/// The same functions as they are typed.
const TYPED: [(&str, &str); 5] = [
    ("x2_plus_3y2", "f = x**2 + 3 * y**2; x = 3; y = -2"),
    ("mean_of_squares", "f = mean(x**2); x = [[0.1, 0.2], [0.3, 0.4]]"),
    (
        "operation_chain",
        "f = mean(sqrt(abs(sin(x**3 * y**2 / y**2)) / z)); x = [1, 2, 3]; y = [0.5, 1, 1.5]; z = 0.5",
    ),
    ("shared_variable", "f = x * x + x; x = 3"),
    (
        "attention_head",
        "q = x @ Wq
         k = x @ Wk
         v = x @ Wv
         A = softmax(q @ k.T / sqrt(d), dim=-1)
         f = mean((A @ v - wanted) ** 2)
         x = tensor([[1, 0], [0, 1], [1, 1]])
         d = tensor(2)
         wanted = tensor([[1, 0], [0, 1], [0.5, 0.5]])
         Wq = [[0.5, -0.2], [0.1, 0.4]]
         Wk = [[0.3, 0.2], [-0.4, 0.6]]
         Wv = [[0.7, 0.1], [-0.3, 0.8]]",
    ),
];

fn function(b: &mut Builder, name: &str, operation: Operation, of: &[NodeId]) -> NodeId {
    b.named(name, NodeKind::Operation(operation), of)
}

fn mean(b: &mut Builder, name: &str, of: NodeId) -> NodeId {
    b.named(name, NodeKind::Reduce(ReduceNode::over_all(ReduceKind::Mean)), &[of])
}

/// Numbers that learn.
fn variable(b: &mut Builder, name: &str, shape: &[usize], values: &[f64]) -> NodeId {
    b.named(name, NodeKind::Tensor(TensorNode::new(shape, values.to_vec())), &[])
}

/// Numbers that stay.
fn constant(b: &mut Builder, name: &str, shape: &[usize], values: &[f64]) -> NodeId {
    b.named(name, NodeKind::Tensor(TensorNode::new(shape, values.to_vec()).constant()), &[])
}

/// The drawing with `root`, where backward starts, and steps small enough to go down with.
fn function_of(b: Builder, root: NodeId) -> Document {
    let mut network = b.finish();
    network.roots.insert(root);
    finished(network, 0.1, 1)
}

fn finished(network: Network, learning_rate: f64, batch_size: usize) -> Document {
    let optimizer = OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 };
    let training = TrainingSettings {
        optimizer,
        learning_rate,
        batch_size,
        shuffle: false,
        epochs: 100,
        ..TrainingSettings::default()
    };
    let parameters = network.initialize(training.seed);
    let mut data = DataSettings::default();
    data.split.validation_fraction = 0.0;
    Document { network, parameters, data, training, ..Document::default() }
}

/// f = x² + 3y², a bowl: its gradient is (2x, 6y).
fn x2_plus_3y2() -> Document {
    let mut b = Builder::new();
    let x = variable(&mut b, "x", &[], &[3.0]);
    let y = variable(&mut b, "y", &[], &[-2.0]);
    let x2 = function(&mut b, "x²", SQUARED, &[x]);
    let three = constant(&mut b, "3", &[], &[3.0]);
    let y2 = function(&mut b, "y²", SQUARED, &[y]);
    let product = b.named("3y²", NodeKind::Multiply, &[three, y2]);
    let f = b.named("f", NodeKind::Add, &[x2, product]);
    function_of(b, f)
}

/// f = mean(x²) of a 2×2 tensor: its gradient is x / 2.
fn mean_of_squares() -> Document {
    let mut b = Builder::new();
    let x = variable(&mut b, "x", &[2, 2], &[0.1, 0.2, 0.3, 0.4]);
    let y = function(&mut b, "y", SQUARED, &[x]);
    let f = mean(&mut b, "f", y);
    function_of(b, f)
}

/// The course's exercise: a = x³, b = y², c = ab, d = |sin(c / b)|, e = √(d / z), f = mean(e).
fn operation_chain() -> Document {
    let mut builder = Builder::new();
    let b = &mut builder;
    let x = variable(b, "x", &[3], &[1.0, 2.0, 3.0]);
    let y = variable(b, "y", &[3], &[0.5, 1.0, 1.5]);
    let z = variable(b, "z", &[], &[0.5]);
    let cubed = function(b, "a", Operation::Pow { exponent: 3.0 }, &[x]);
    let squared = function(b, "b", SQUARED, &[y]);
    let product = b.named("c", NodeKind::Multiply, &[cubed, squared]);
    let quotient = function(b, "c / b", Operation::Div, &[product, squared]);
    let sine = function(b, "sin", Operation::Sin, &[quotient]);
    let absolute = function(b, "d", Operation::Abs, &[sine]);
    let over_z = function(b, "d / z", Operation::Div, &[absolute, z]);
    let root = function(b, "e", Operation::Sqrt, &[over_z]);
    let f = mean(b, "f", root);
    function_of(builder, f)
}

/// f = x·x + x: x is used three times, and its shares add up to 2x + 1.
fn shared_variable() -> Document {
    let mut b = Builder::new();
    let x = variable(&mut b, "x", &[], &[3.0]);
    let square = b.named("x·x", NodeKind::Multiply, &[x, x]);
    let f = b.named("f", NodeKind::Add, &[square, x]);
    function_of(b, f)
}

/// A perceptron for AND, whose step lets no gradient through, and a sigmoid in its place below it.
fn step_refused() -> Document {
    let mut b = Builder::new();
    let x = b.named("x", NodeKind::Input(DataNode::new(2)), &[]);
    let target = b.named("x1 AND x2", NodeKind::Target(DataNode::new(1)), &[]);
    b.rows(x, [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]].map(|row| row.to_vec()).to_vec());
    b.rows(target, [0.0, 0.0, 0.0, 1.0].map(|y| vec![y]).to_vec());
    let mut row = |name: &str, kind: NodeKind, loss: LossKind, loss_name: &str| {
        let dense = b.named(name, NodeKind::Dense(DenseNode::new(1)), &[x]);
        let value = b.node(kind, &[dense]);
        b.named(loss_name, NodeKind::Loss(vastavirta::network::LossNode::new(loss)), &[value, target]);
        dense
    };
    let perceptron =
        row("Perceptron", NodeKind::Operation(Operation::Step), LossKind::Mse, "Loss of the step");
    let smooth =
        row("Smooth", NodeKind::Activation(Activation::Sigmoid), LossKind::Bce, "Loss of the sigmoid");
    let mut document = finished(b.finish(), 1.0, 4);
    // Both start with the same numbers, which are wrong for (0, 1) and (1, 0).
    for node in [perceptron, smooth] {
        for (role, values) in [(ParameterRole::Weight, vec![0.5, 0.5]), (ParameterRole::Bias, vec![-0.25])] {
            document.parameters.get_mut(&ParameterKey::Node(node, role)).unwrap().values = values.into();
        }
    }
    document
}

/// softmax(q kᵀ / √d) v of three tokens: an attention head, over numbers that are typed.
fn attention_head() -> Document {
    let mut builder = Builder::new();
    let b = &mut builder;
    let x = constant(b, "x", &[3, 2], &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    let mut projected = |name: &str, values: &[f64]| {
        let weight = variable(b, &format!("W{name}"), &[2, 2], values);
        function(b, name, Operation::MatMul, &[x, weight])
    };
    let q = projected("q", &[0.5, -0.2, 0.1, 0.4]);
    let k = projected("k", &[0.3, 0.2, -0.4, 0.6]);
    let v = projected("v", &[0.7, 0.1, -0.3, 0.8]);
    let turned = function(b, "kᵀ", Operation::Transpose, &[k]);
    let scores = function(b, "Scores", Operation::MatMul, &[q, turned]);
    let d = constant(b, "d", &[], &[2.0]);
    let scale = function(b, "√d", Operation::Sqrt, &[d]);
    let scaled = function(b, "Scaled", Operation::Div, &[scores, scale]);
    let weights = b.named("A", NodeKind::Activation(Activation::SOFTMAX), &[scaled]);
    let out = function(b, "Head", Operation::MatMul, &[weights, v]);
    let wanted = constant(b, "wanted", &[3, 2], &[1.0, 0.0, 0.0, 1.0, 0.5, 0.5]);
    let error = function(b, "Error", Operation::Sub, &[out, wanted]);
    let squared = function(b, "Squared", SQUARED, &[error]);
    let f = mean(b, "f", squared);
    function_of(builder, f)
}

fn example(name: &str) -> ModelFile {
    open_example(name).unwrap().unwrap()
}

fn pass_of<T: Real>(model: &ModelFile) -> Pass {
    let mut session = session::<T>(model);
    let rows = crate::explained::first_rows(&session, 4);
    session.pass_on(&rows, Mode::Eval)
}

/// The gradients of a pass by the name of their parameter; `None` where none arrived.
fn grads(pass: &Pass) -> BTreeMap<String, Option<Vec<f64>>> {
    let grad = |grad: &vastavirta::train::Values| grad.data().to_vec();
    pass.parameters.values().map(|it| (it.name.clone(), it.grad.as_ref().map(grad))).collect()
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64, of: &str) {
    assert_eq!(found.len(), expected.len(), "{of}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{of}: {found} is not {expected}");
    }
}

#[test]
fn shipped_functions_have_the_numbers_of_their_references() {
    for name in ["x2_plus_3y2", "mean_of_squares", "operation_chain", "attention_head"] {
        let reference = reference(name);
        let model = example(name);
        for (pass, tolerance) in [(pass_of::<f64>(&model), 1e-12), (pass_of::<f32>(&model), 1e-6)] {
            assert_near(&[pass.loss], &flat(&reference["values"]["loss"]), tolerance * 10.0, name);
            let expected = reference["gradients"].as_object().unwrap();
            let found = grads(&pass);
            assert_eq!(found.values().flatten().count(), expected.len(), "{name}");
            for (variable, grad) in expected {
                let found = found[variable].as_ref().unwrap();
                assert_near(found, &flat(grad), tolerance, &format!("{name}, {variable}"));
            }
        }
    }
}

#[test]
fn shipped_functions_have_the_numbers_of_the_course() {
    let x2 = grads(&pass_of::<f64>(&example("x2_plus_3y2")));
    assert_eq!((x2["x"].as_deref(), x2["y"].as_deref()), (Some(&[6.0][..]), Some(&[-12.0][..])), "(2x, 6y)");
    let squares = grads(&pass_of::<f64>(&example("mean_of_squares")));
    assert_near(squares["x"].as_ref().unwrap(), &[0.05, 0.10, 0.15, 0.20], 1e-15, "x / 2");
    let chain = pass_of::<f64>(&example("operation_chain"));
    assert_near(&[chain.loss], &[1.362_325], 5e-7, "f");
    let chain = grads(&chain);
    assert_near(chain["x"].as_ref().unwrap(), &[0.4165, -0.4137, -1.9011], 5e-5, "x.grad");
    assert_near(chain["y"].as_ref().unwrap(), &[0.0; 3], 1e-15, "y.grad");
    assert_near(chain["z"].as_ref().unwrap(), &[-1.362_325], 5e-7, "z.grad");
    let single = grads(&pass_of::<f32>(&example("operation_chain")));
    assert_near(single["y"].as_ref().unwrap(), &[0.0; 3], 1e-6, "y.grad in f32 is only rounding");
    // x·x sends x back twice, + x sends 1.
    let shared = grads(&pass_of::<f64>(&example("shared_variable")));
    assert_eq!(shared["x"], Some(vec![7.0]), "2x + 1");
}

#[test]
fn what_cancels_but_for_rounding_is_told_as_such() {
    let model = example("operation_chain");
    let network = &model.document.network;
    for pass in [pass_of::<f64>(&model), pass_of::<f32>(&model)] {
        let found = rounding(network, &pass, 0);
        let is_zero = |name: &str| grads(&pass)[name].as_ref().unwrap().iter().all(|x| *x == 0.0);
        let names: Vec<&str> = found.iter().map(|id| network.nodes[id].name.as_str()).collect();
        // A gradient that came out as 0 needs no words.
        assert_eq!(names, if is_zero("y") { vec![] } else { vec!["y", "b"] }, "{:?}", pass.precision);
    }
}

#[test]
fn a_nudge_of_the_exercise_moves_f_as_the_gradient_says() {
    let document = example("operation_chain").document;
    let x = *document.network.nodes.iter().find(|(_, node)| node.name == "x").unwrap().0;
    let moved = Moved::Parameter(ParameterKey::Node(x, ParameterRole::Value), 2);
    let request = NudgeRequest { moved, epsilon: 1e-5, rows: Vec::new() };
    let session = session::<f64>(&ModelFile { document: document.clone(), ..ModelFile::default() });
    let (network, parameters) = (&document.network, &document.parameters);
    let nudge = nudge(network, parameters, session.data(), &request, &mut || true).unwrap().unwrap();
    assert_eq!((nudge.value, nudge.epsilon), (3.0, 1e-5));
    let grad = nudge.grad.unwrap();
    assert_near(&[grad], &[-1.901_088_992_830_023_6], 1e-12, "x.grad[2]");
    // f curves here, f″(3) is about −177, so that the step of 1e-5 is off by half of 1.8e-3.
    assert_near(&[nudge.difference() / nudge.epsilon], &[grad], 1e-3, "(f(x + ε) − f(x)) / ε");
}

#[test]
fn typed_expressions_draw_the_shipped_functions() {
    for (name, text) in TYPED {
        let (typed, shipped) = (drawn(text), example(name).document);
        assert_eq!(fingerprint(&typed), fingerprint(&shipped), "{name}");
        let model = |document| ModelFile { document, ..ModelFile::default() };
        let (typed, shipped) = (pass_of::<f64>(&model(typed)), pass_of::<f64>(&model(shipped)));
        assert_eq!(typed.loss, shipped.loss, "{name}");
        let of_variables = |pass| grads(pass).into_iter().filter(|(_, grad)| grad.is_some());
        assert!(of_variables(&typed).eq(of_variables(&shipped)), "{name}");
    }
}

#[test]
fn a_step_is_refused_with_its_reason_and_the_sigmoid_beside_it_learns() {
    let model = example("step_refused");
    let problems = model.document.network.problems();
    let stop = Stop::Flat;
    let kinds: Vec<ProblemKind> = problems.into_iter().map(|problem| problem.kind).collect();
    let nothing = ProblemKind::RootReachesNothing {
        root: "Loss of the step".to_owned(),
        node: "Step 1".to_owned(),
        stop,
    };
    assert_eq!(kinds, [nothing, ProblemKind::GradientStops { node: "Step 1".to_owned(), stop }]);
    let found = grads(&pass_of::<f64>(&model));
    assert_eq!((&found["Perceptron.weight"], &found["Perceptron.bias"]), (&None, &None), "None, and not 0");
    assert!(found["Smooth.weight"].is_some() && found["Smooth.bias"].is_some());

    let mut session = session::<f64>(&model);
    for _ in 0..1_000 {
        session.advance();
    }
    let after = session.pass_on(&[0, 1, 2, 3], Mode::Eval);
    let output = |name: &str| -> Vec<f64> {
        let nodes = &model.document.network.nodes;
        let node = *nodes.iter().find(|(_, node)| node.name == name).unwrap().0;
        after.node(node, 0).unwrap().output.data().to_vec()
    };
    assert_eq!(output("Step 1"), [0.0, 1.0, 1.0, 1.0], "wrong as before");
    let learned: Vec<f64> = output("Sigmoid 1").iter().map(|p| p.round()).collect();
    assert_eq!(learned, [0.0, 0.0, 0.0, 1.0], "AND");
}

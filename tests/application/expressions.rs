//! Typed expressions: what they draw runs to PyTorch's numbers, and is read back as it was typed.
//!
//! `VASTAVIRTA_RANDOM_EXPRESSIONS` says how many random ones (50). One Python process runs all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use vastavirta::data::{DataRequest, DataSettings, prepare};
use vastavirta::document::{Document, History, TrainingSettings, actions};
use vastavirta::network::expression::{as_expression, draw, torch_lines, typed_numbers};
use vastavirta::network::{Network, NodeId, ParameterKey, ParameterRole, Parameters};
use vastavirta::train::{Mode, Pass, Session};
use vastavirta::words::ToMessage;
use vastavirta::words::in_english;

use crate::support::{python, root};

/// The document that a text draws.
pub(crate) fn drawn(text: &str) -> Document {
    let drawn = draw(text).unwrap_or_else(|error| panic!("{text}: {}", in_english(&error.message())));
    let mut document = Document::default();
    let change = actions::draw_expression(&document, &drawn);
    History::default().perform(&mut document, change);
    document
}

/// One pass in double precision.
pub(crate) fn pass_of(network: &Network, parameters: &Parameters) -> Pass {
    let data = prepare(None, &DataSettings::default(), &DataRequest::of(network), 1).unwrap();
    let settings = TrainingSettings::default();
    let mut session = Session::<f64>::new(network, parameters, Arc::new(data), &settings)
        .unwrap_or_else(|error| panic!("{error}: {:?}", network.problems()));
    session.pass_on(&[0], Mode::Eval)
}

pub(crate) fn named(network: &Network, name: &str) -> NodeId {
    network.nodes.iter().find(|(_, node)| node.name == name).map(|(&id, _)| id).unwrap()
}

/// The gradient of a tensor by its name.
pub(crate) fn grad(network: &Network, pass: &Pass, name: &str) -> Option<Vec<f64>> {
    let key = ParameterKey::Node(named(network, name), ParameterRole::Value);
    pass.parameters[&key].grad.as_ref().map(|grad| grad.data().to_vec())
}

pub(crate) fn all(network: &Network) -> BTreeSet<NodeId> {
    network.nodes.keys().copied().collect()
}

/// What Python is told of a text: the code for what it draws, and the program's numbers.
fn run(text: &str) -> Value {
    let document = drawn(text);
    let (network, parameters) = (&document.network, &document.parameters);
    let pass = pass_of(network, parameters);
    let number = |x: &f64| if x.is_nan() { "nan".to_owned() } else { x.to_string() };
    let grads: BTreeMap<&str, Value> = pass
        .parameters
        .values()
        .filter(|parameter| parameter.trainable)
        .map(|parameter| {
            let grad = parameter.grad.as_ref().map(|grad| grad.data().iter().map(number).collect::<Vec<_>>());
            (parameter.name.as_str(), json!(grad))
        })
        .collect();
    let roots: Vec<&str> = network.roots.iter().map(|root| network.nodes[root].name.as_str()).collect();
    assert!(!roots.is_empty(), "{text} has no root");
    let code = torch_lines(network, parameters, &all(network)).join("\n");
    json!({"text": text, "code": code, "roots": roots, "loss": number(&pass.loss), "grads": grads})
}

pub(crate) fn check_with_pytorch(test: &str, texts: &[String]) {
    let Some(python) = python(test) else { return };
    let runs: Vec<Value> = texts.iter().map(|text| run(text)).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("expressions.json");
    std::fs::write(&path, serde_json::to_vec(&runs).unwrap()).unwrap();
    let script = root().join("tests/interop/run_expressions.py");
    let output = Command::new(python).arg(script).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
}

/// Whether two drawings are the same but for places and the names of what nobody named: for every node what
/// it is and what it is made of, as a number.
pub(crate) fn fingerprint(document: &Document) -> (Vec<u64>, Vec<u64>) {
    let network = &document.network;
    let mut hashes: BTreeMap<NodeId, u64> = BTreeMap::new();
    for id in network.topological_order().unwrap() {
        let node = &network.nodes[&id];
        let mut hasher = DefaultHasher::new();
        (format!("{:?}", node.kind), node.no_grad).hash(&mut hasher);
        if node.kind.tensor().is_some() {
            let parameter = &document.parameters[&ParameterKey::Node(id, ParameterRole::Value)];
            parameter.trainable.then_some(&node.name).hash(&mut hasher);
        }
        for (_, edge) in network.incoming(id) {
            hashes[&edge.from].hash(&mut hasher);
        }
        hashes.insert(id, hasher.finish());
    }
    let mut roots: Vec<u64> = network.roots.iter().map(|root| hashes[root]).collect();
    let mut nodes: Vec<u64> = hashes.into_values().collect();
    nodes.sort_unstable();
    roots.sort_unstable();
    (nodes, roots)
}

const CHAIN: &str =
    "f = mean(sqrt(abs(sin(x**3 * y**2 / y**2)) / z)); x = [1, 2, 3]; y = [0.5, 1, 1.5]; z = 0.5";

#[test]
fn the_exercise_gives_the_numbers_of_its_reference() {
    let document = drawn(CHAIN);
    let network = &document.network;
    assert!(network.problems().is_empty(), "{:?}", network.problems());
    // y**2 is typed twice and stands there once.
    assert_eq!(network.nodes.len(), 12);
    let pass = pass_of(network, &document.parameters);
    let text = std::fs::read_to_string(root().join("tests/reference/operation_chain.json")).unwrap();
    let reference: Value = serde_json::from_str(&text).unwrap();
    let close = |found: &[f64], wanted: &Value| {
        let wanted: Vec<f64> = match wanted.as_array() {
            Some(list) => list.iter().map(|x| x.as_f64().unwrap()).collect(),
            None => vec![wanted.as_f64().unwrap()],
        };
        assert_eq!(found.len(), wanted.len());
        found.iter().zip(&wanted).for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{a} {b}"));
    };
    close(&[pass.loss], &reference["values"]["loss"]);
    for name in ["x", "y", "z"] {
        close(&grad(network, &pass, name).unwrap(), &reference["gradients"][name]);
    }
}

#[test]
fn small_functions_have_the_slopes_of_the_page() {
    let document = drawn("f = x**2 + 3*y**2; x = 2; y = -1");
    let pass = pass_of(&document.network, &document.parameters);
    let grads = ["x", "y"].map(|name| grad(&document.network, &pass, name).unwrap());
    assert_eq!((pass.loss, grads), (7.0, [vec![4.0], vec![-6.0]]), "(2x, 6y)");

    let document = drawn("f = mean(x ** 2)\nx = [[0.1, 0.2], [0.3, 0.4]]");
    let pass = pass_of(&document.network, &document.parameters);
    let found = grad(&document.network, &pass, "x").unwrap();
    let wanted = [0.05, 0.1, 0.15, 0.2];
    assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");

    // Shares add: d(x·x + x) = 2x + 1.
    let document = drawn("f = x * x + x; x = 3");
    let pass = pass_of(&document.network, &document.parameters);
    assert_eq!(grad(&document.network, &pass, "x").unwrap(), [7.0]);
}

/// Values for the tests of single operations: ties, zeros, infinities on the way.
const GIVEN: &str = "x = [-2, 0, 0.5, 0.5, 3]; y = [0.5, 0, 0.5, -1, 3]; p = [0.5, 2, 1, 0.5, 3]; \
    w = [[1, 2, 2], [-1, 0, 2]]; v = [2, 0, -1]; c = tensor([1, 0, 1, 0, 1])";

#[test]
fn every_operation_agrees_with_pytorch() {
    let of_x = [
        "-x",
        "exp(x)",
        "sin(x)",
        "cos(x)",
        "tan(x)",
        "abs(x)",
        "sign(x)",
        "step(x)",
        "round(x)",
        "clamp(x, 0, 0.5)",
        "x ** 2",
        "x ** 3",
        "x ** 0",
        "x ** 1",
        "x ** -1",
        "p ** 0.5",
        "p ** -1.5",
        "log(p)",
        "sqrt(p)",
        "sqrt(x)",
        "log(x)",
        "softsign(x)",
        "relu(x)",
        "sigmoid(x)",
        "tanh(x)",
        "softplus(x)",
        "gelu(x)",
        "silu(x)",
        "elu(x)",
        "leaky_relu(x, 0.1)",
        "softmax(x, dim=-1)",
        "log_softmax(x, dim=-1)",
        "softmax(x, dim=0)",
        "log_softmax(x, 0)",
        "x.detach() * x",
        "x + y",
        "x - y",
        "x * y",
        "x / y",
        "x / p",
        "p ** y",
        "x ** p",
        "maximum(x, y)",
        "minimum(x, y)",
        "(x > y) * x",
        "(x >= y) * y",
        "(x < y) * x",
        "(x == y) * x",
        "where(c, x, y)",
        "where(x > 0, x, y / x)",
        "x[1:4]",
        "x[2]",
        "x[-1]",
        "x[1:]",
        "reshape(x, (5, 1)) * y",
        "cat([x, y])",
        "cat((x, y), dim=-1)",
        "stack([x, y], dim=1)",
        "stack([x, y])",
        "x / 0",
        "x + (y / 0).detach()",
    ];
    let mut texts: Vec<String> =
        of_x.iter().map(|of| format!("f = sum(({of}) * sin({of} + 1)); {GIVEN}")).collect();
    let of_w = [
        "w",
        "w.T",
        "softmax(w, dim=-1)",
        "softmax(w, dim=0)",
        "torch.softmax(w, -2)",
        "log_softmax(w, dim=0)",
        "log_softmax(w, 1)",
        "cat([w, 2 * w])",
        "torch.cat((w, w.T.T), dim=1)",
        "cat([w, -w], -2)",
        "softmax(stack([w, w * w]), dim=1)",
        "cat([stack([w, w]), stack([w])], dim=0)",
        "w @ v",
        "v @ w.T",
        "w @ w.T",
        "w[0]",
        "w[:, 1]",
        "w[1, 0:2]",
    ];
    texts.extend(of_w.iter().map(|of| format!("f = sum(({of}) * cos({of})); {GIVEN}")));
    for function in ["sum", "mean", "min", "max", "prod", "norm"] {
        for over in ["", ", dim=0", ", dim=1", ", dim=-1, keepdim=True"] {
            texts.push(format!("f = sum(sin({function}(w{over}))); {GIVEN}"));
            texts.push(format!("f = sum({function}(w * w{over}) * 2); {GIVEN}"));
            texts.push(format!("f = sum({function}(0 * w{over})); {GIVEN}"));
        }
        texts.push(format!("f = {function}(x) * 2; {GIVEN}"));
    }
    check_with_pytorch("every_operation_agrees_with_pytorch", &texts);
}

#[test]
fn all_pairs_of_shapes_are_broadcast_as_pytorch_does() {
    // Sizes 1 and 2 at ranks 0 to 3; all of them go together.
    let shapes: Vec<Vec<usize>> = (0..=3_u32)
        .flat_map(|rank| {
            (0..1 << rank).map(move |bits| (0..rank).map(|axis| 1 + (bits >> axis & 1)).collect())
        })
        .collect();
    let tensor = |shape: &[usize], name: &str| {
        let n: usize = shape.iter().product();
        let numbers: Vec<String> = (0..n).map(|at| format!("{}", 0.5 + 0.75 * at as f64)).collect();
        let sizes: Vec<String> = shape.iter().map(|size| format!("{size}, ")).collect();
        let flat = format!("{name} = [{}]", numbers.join(", "));
        if shape.is_empty() {
            (format!("{name} = {}", numbers[0]), name.to_owned())
        } else {
            (flat, format!("reshape({name}, ({}))", sizes.concat()))
        }
    };
    let mut texts = Vec::new();
    for (idx, a) in shapes.iter().enumerate() {
        for b in &shapes {
            let ((a_line, a), (b_line, b)) = (tensor(a, "a"), tensor(b, "b"));
            let pairs =
                ["{a} / {b}", "{a} * {b}", "{a} - {b}", "maximum({a}, {b})", "{a} ** {b}", "{a} + {b}"];
            let of = pairs[(idx + texts.len()) % pairs.len()].replace("{a}", &a).replace("{b}", &b);
            texts.push(format!("f = sum(sin({of})); {a_line}; {b_line}"));
        }
    }
    check_with_pytorch("all_pairs_of_shapes_are_broadcast_as_pytorch_does", &texts);
}

/// A random expression of one of the shapes `[]`, `[3]` and `[2, 3]`.
fn random(rng: &mut ChaCha8Rng, rank: usize, depth: usize) -> String {
    if depth == 0 {
        return match rank {
            0 => ["z", "0.75", "2"][rng.random_range(0..3)].to_owned(),
            1 => ["x", "y"][rng.random_range(0..2)].to_owned(),
            _ => "w".to_owned(),
        };
    }
    let mut next = |rank: usize| random(rng, rank, depth - 1);
    let same = next(rank);
    let other = next(rank);
    let scalar = next(0);
    let (row, matrix) = (next(1), next(2));
    match rng.random_range(0..16) {
        0 => format!("sin({same})"),
        1 => format!("tanh({same})"),
        2 => format!("sqrt(abs({same}) + 1)"),
        3 => format!("exp(-abs({same}))"),
        4 => format!("({same}) ** 2"),
        5 => format!("{same} + {other}"),
        6 => format!("{same} - ({other})"),
        7 => format!("({same}) * {scalar}"),
        8 => format!("({same}) / (1 + ({other}) ** 2)"),
        9 => format!("maximum({same}, {other})"),
        10 => format!("where({same} > {other}, {other}, {scalar})"),
        11 => format!("-softsign({same})"),
        _ => match rank {
            0 => match rng.random_range(0..5) {
                0 => format!("mean({matrix})"),
                1 => format!("sum(({row}) * {row})"),
                2 => format!("norm({row})"),
                3 => format!("({row})[{}]", rng.random_range(0..3)),
                _ => format!("max({matrix})"),
            },
            1 => match rng.random_range(0..5) {
                0 => format!("sum({matrix}, dim=0)"),
                4 => format!("cat([({row})[1:], ({scalar}) * ones], dim={})", rng.random_range(-1..1)),
                1 => format!("({matrix})[{}]", rng.random_range(0..2)),
                2 => format!("softmax({row}, dim=-1)"),
                _ => format!("({row}) @ (({matrix}).T @ ({matrix}))"),
            },
            _ => match rng.random_range(0..7) {
                0 => format!("({matrix}) * ({row})"),
                4 => format!("softmax({matrix}, dim={})", rng.random_range(-2..2)),
                5 => format!("log_softmax({matrix}, dim={})", rng.random_range(-2..2)),
                6 => {
                    format!("cat([({matrix})[:1], stack([{row}])], dim={})", [0, -2][rng.random_range(0..2)])
                }
                1 => format!("stack([{row}, {row}])"),
                2 => format!("softmax({matrix}, dim=-1)"),
                _ => format!("({matrix}) - mean({matrix}, dim=-1, keepdim=True)"),
            },
        },
    }
}

pub(crate) fn random_texts() -> Vec<String> {
    let n = std::env::var("VASTAVIRTA_RANDOM_EXPRESSIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(50);
    let given = "x = [0.5, -1.25, 2]; y = [1.5, 0.25, -0.75]; z = 0.8; w = [[1, -0.5, 0.3], [0.2, 1.1, -2]]; \
                 ones = tensor([1])";
    let one = |seed: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let depth = rng.random_range(1..=4);
        let rank = rng.random_range(0..=2);
        format!("f = mean({}); {given}", random(&mut rng, rank, depth))
    };
    (0..n).map(one).collect()
}

#[test]
fn random_expressions_agree_with_pytorch() {
    check_with_pytorch("random_expressions_agree_with_pytorch", &random_texts());
}

#[test]
fn a_drawing_is_read_as_the_expression_that_was_typed() {
    let more = [CHAIN, "f = x[1:] @ y[:2, 0] ** -2; x = [1, 2, 3]; y = [[1, 2], [3, 4]]"].map(str::to_owned);
    for text in random_texts().into_iter().chain(more) {
        let first = drawn(&text);
        let printed = as_expression(&first.network, &first.parameters, &all(&first.network));
        let again = drawn(&printed);
        assert_eq!(fingerprint(&first), fingerprint(&again), "{text}\n→\n{printed}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_column() {
    for (text, line, column, says) in [
        ("", 1, 1, "Type an expression"),
        ("f = mean(x", 1, 11, "the line ends"),
        ("f = a + 1", 1, 5, "a has no value"),
        ("f = foo(1)", 1, 5, "foo is no function"),
        ("f = 2 $ 3", 1, 7, "$ was found"),
        ("f = f + 1", 1, 5, "f is made of itself"),
        ("x = [[1, 2], [3]]", 1, 14, "equally long"),
        ("f = sum(x, dims=1)\nx = [1]", 1, 17, "takes no dims"),
        ("f = where(1, 2)", 1, 5, "takes 3 arguments"),
        ("x = 1\nf = x x", 2, 7, "x was found"),
        ("f = exp(1, 2)", 1, 5, "takes 1 arguments, 2 were given"),
    ] {
        let error = draw(text).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{text}");
        let said = in_english(&error.message());
        assert!(said.contains(says), "{text}: {said}");
    }
    let deep = "(".repeat(10_000);
    assert!(draw(&deep).is_err() && draw(&format!("f = {}1", "-".repeat(1_000))).is_ok());
    assert!(draw(&format!("f = 1{}", " + 1".repeat(100_000))).is_err());
}

#[test]
fn a_script_of_the_course_is_taken_as_it_stands() {
    let script = "import torch\nfrom torch import nn\nx = torch.tensor([1., 2.], requires_grad=True)\ny = x ** 2\nf = y.sum()\n\
                  g = f + 1  # beside it\nf.backward()\n";
    let network = draw(script).unwrap().network;
    let roots: Vec<&str> = network.roots.iter().map(|root| network.nodes[root].name.as_str()).collect();
    assert_eq!(roots, ["f"]);
    // Names that only begin like an import, and gradients that a typed line cannot give.
    assert!(draw("import_1 = 2\nfrom_x = 3\nf = import_1 * from_x").is_ok());
    let error = draw("x = [1, 2]\nx.backward(3)").unwrap_err();
    assert_eq!((error.line, error.column), (2, 2));
}

#[test]
fn numbers_are_typed_as_python_lists_or_pasted_from_a_spreadsheet() {
    for (text, shape, values) in [
        ("3.5", vec![], vec![3.5]),
        ("-1", vec![], vec![-1.0]),
        ("[1, 2, 3]", vec![3], vec![1.0, 2.0, 3.0]),
        ("[[1, 2], [3, 4]]", vec![2, 2], vec![1.0, 2.0, 3.0, 4.0]),
        ("1\t2,5\n3\t4", vec![2, 2], vec![1.0, 2.5, 3.0, 4.0]),
        ("1, 2, 3", vec![3], vec![1.0, 2.0, 3.0]),
        ("1\n2\n3\n", vec![3], vec![1.0, 2.0, 3.0]),
    ] {
        let tensor = typed_numbers(text).unwrap();
        assert_eq!((tensor.shape, tensor.values), (shape, values), "{text}");
    }
    for text in ["", "abc", "[1, [2]]", "[]", "1 2\n3", "x = 1; y = 2"] {
        assert!(typed_numbers(text).is_err(), "{text}");
    }
}

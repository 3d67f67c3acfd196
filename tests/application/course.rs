//! The course's page, letter for letter, from the learner's own network; and Python runs it to the
//! program's numbers.
//!
//! Must not know how a line is made.

use std::fmt::Write as _;
use std::process::Command;

use vastavirta::explain::{CourseLine, Definitions, course_backward, course_loop};
use vastavirta::files::ModelFile;
use vastavirta::network::{NodeKind, ParameterKey, ParameterRole};
use vastavirta::train::{Mode, Values};

use crate::explained::{session, shipped};
use crate::support::{output_of, python, vastavirta};

fn model(name: &str) -> ModelFile {
    shipped().into_iter().find(|(other, _)| *other == name).unwrap().1
}

type Make = fn(&Definitions<'_>) -> Option<Vec<CourseLine>>;

fn lines(model: &ModelFile, make: Make) -> Vec<CourseLine> {
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    make(&Definitions::new(network, &shapes)).unwrap()
}

fn code(name: &str, make: Make) -> Vec<String> {
    let lines = lines(&model(name), make);
    lines.into_iter().map(|line| line.code).collect()
}

#[test]
fn the_pages_backward_of_two_layers_appears_letter_for_letter() {
    assert_eq!(
        code("bce_2_3_1", course_backward),
        [
            "self.dZ2 = self.A2 - target",
            "self.dW2 = self.A1.T.dot(self.dZ2)",
            "self.db2 = self.dZ2",
            "dA1 = self.dZ2.dot(self.W2.T)",
            "self.dZ1 = dA1 * self.A1 * (1 - self.A1)",
            "self.dW1 = self.A0.T.dot(self.dZ1)",
            "self.db1 = self.dZ1",
        ]
    );
}

#[test]
fn the_long_backward_has_five_layers() {
    let long = code("five_layers", course_backward);
    assert_eq!(long.len(), 5 * 3 + 4);
    assert_eq!(long[0], "self.dZ5 = self.A5 - target");
    assert_eq!(
        &long[3..6],
        [
            "dA4 = self.dZ5.dot(self.W5.T)",
            "self.dZ4 = dA4 * self.A4 * (1 - self.A4)",
            "self.dW4 = self.A3.T.dot(self.dZ4)"
        ]
    );
    assert_eq!(long[long.len() - 1], "self.db1 = self.dZ1");
}

#[test]
fn the_loop_form_is_one_for_any_number_of_layers() {
    let of_five = code("five_layers", course_loop);
    assert_eq!(of_five, code("bce_2_3_1", course_loop));
    assert_eq!(
        of_five,
        [
            "for l in reversed(range(len(self.W))):",
            "    if l == len(self.W) - 1:",
            "        self.dZ[l] = self.A[l + 1] - target",
            "    else:",
            "        self.dZ[l] = dA * self.A[l + 1] * (1 - self.A[l + 1])",
            "    self.dW[l] = self.A[l].T.dot(self.dZ[l])",
            "    self.db[l] = self.dZ[l]",
            "    if l > 0:",
            "        dA = self.dZ[l].dot(self.W[l].T)",
        ]
    );
}

#[test]
fn rosebrocks_bias_trick_has_no_bias_and_no_two_over_n() {
    let found = lines(&model("rosebrock"), course_backward);
    let code: Vec<&str> = found.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(
        code,
        [
            "dA2 = self.A2 - target",
            "self.dZ2 = dA2 * self.A2 * (1 - self.A2)",
            "self.dW2 = self.A1.T.dot(self.dZ2)",
            "dA1 = self.dZ2.dot(self.W2.T)",
            "self.dZ1 = dA1 * self.A1 * (1 - self.A1)",
            "self.dW1 = self.A0.T.dot(self.dZ1)",
        ]
    );
    assert!(found.iter().all(|line| line.note.is_some()), "every line carries its note");
    let note = vastavirta::words::in_english(found[0].note.as_ref().unwrap());
    assert!(note.contains("2/n"), "{note}");
}

#[test]
fn what_is_no_chain_has_no_such_method() {
    for name in ["dag_skip", "sine_rnn"] {
        let model = model(name);
        let shapes = model.document.network.infer_shapes().0;
        assert_eq!(course_backward(&Definitions::new(&model.document.network, &shapes)), None, "{name}");
    }
}

fn nested(values: &Values) -> String {
    let rows: Vec<String> = (0..values.n_rows()).map(|row| format!("{:?}", values.row(row))).collect();
    format!("np.array([{}])", rows.join(", "))
}

/// A script with both methods on one object: first the long one, then the loop, against the numbers of one
/// sample's pass.
fn script(name: &str) -> String {
    let model = model(name);
    let network = &model.document.network;
    let pass = session::<f64>(&model).pass_on(&[0], Mode::Eval);
    let is_dense = |kind: &NodeKind| kind.dense().is_some();
    let dense: Vec<_> =
        network.nodes.iter().filter(|(_, node)| is_dense(&node.kind)).map(|(&id, _)| id).collect();
    let mut text = String::from("import numpy as np\n\nclass Net:\n    pass\n\nself = Net()\n");
    let output = |node| &pass.node(node, 0).unwrap().output;
    let mut set = |name: String, values: String| writeln!(text, "{name} = {values}").unwrap();
    let source = |node| network.edges.values().find(|edge| edge.to == node).unwrap().from;
    let mut expected = Vec::new();
    for (at, &node) in dense.iter().enumerate() {
        let layer = at + 1;
        if at == 0 {
            set("self.A0".to_owned(), nested(output(source(node))));
        }
        let after = network.edges.values().find(|edge| edge.from == node).unwrap().to;
        set(format!("self.A{layer}"), nested(output(after)));
        let parameter = |role| pass.parameters.get(&ParameterKey::Node(node, role));
        let weight = parameter(ParameterRole::Weight).unwrap();
        set(format!("self.W{layer}"), format!("{}.T", nested(&weight.value)));
        expected.push((format!("self.dW{layer}"), format!("{}.T", nested(weight.grad.as_ref().unwrap()))));
        if let Some(bias) = parameter(ParameterRole::Bias) {
            expected.push((format!("self.db{layer}"), nested(bias.grad.as_ref().unwrap())));
        }
        let delta = pass.node(node, 0).unwrap().grad.as_ref().unwrap();
        expected.push((format!("self.dZ{layer}"), nested(delta)));
    }
    let target = network.nodes.iter().find(|(_, node)| node.kind.is_target()).unwrap().0;
    set("target".to_owned(), nested(output(*target)));
    let n = dense.len();
    for line in lines(&model, course_backward) {
        writeln!(text, "{}", line.code).unwrap();
    }
    for (name, values) in &expected {
        writeln!(text, "assert np.allclose({name}, {values}, rtol=1e-12, atol=0), '{name}'").unwrap();
    }
    let list = |letter: &str, from: usize| {
        let items: Vec<String> = (from..=n).map(|layer| format!("self.{letter}{layer}")).collect();
        format!("self.{letter} = [{}]\n", items.join(", "))
    };
    text.push_str(&list("A", 0));
    text.push_str(&list("W", 1));
    for letter in ["dZ", "dW", "db"] {
        writeln!(text, "self.{letter} = [None] * {n}").unwrap();
    }
    for line in lines(&model, course_loop) {
        writeln!(text, "{}", line.code).unwrap();
    }
    for (name, values) in &expected {
        let (letter, layer) = name.split_at("self.dW".len());
        let at = layer.parse::<usize>().unwrap() - 1;
        writeln!(text, "assert np.allclose({letter}[{at}], {values}, rtol=1e-12, atol=0), 'loop {name}'")
            .unwrap();
    }
    text.push_str("print('well')\n");
    text
}

#[test]
fn python_runs_the_courses_methods_to_the_programs_numbers() {
    let Some(python) = python("python_runs_the_courses_methods_to_the_programs_numbers") else { return };
    for name in ["bce_2_3_1", "five_layers", "rosebrock"] {
        let text = script(name);
        let output = Command::new(&python).args(["-c", &text]).output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(said.contains("well"), "{name}: {said}\n{text}");
    }
}

#[test]
fn explain_prints_a_derivation_and_judges_a_claim() {
    let entry = "Dense 2.weight[0,0]";
    let explain = |more: &[&str]| {
        let arguments = [&["explain", "saved_models/mazur.ron", "--param", entry], more].concat();
        let mut command = vastavirta(&arguments);
        command.env("LANG", "en").env("LC_ALL", "en");
        command
    };
    for lens in ["steps", "paths"] {
        let text = output_of(&mut explain(&["--lens", lens, "--claim", "0,082167041"]));
        assert!(text.contains("0.08216704056423078"), "{text}");
        assert!(text.contains("0,082167041"), "{text}");
    }
    let steps = output_of(&mut explain(&["--convention", "numpy"]));
    assert!(steps.contains("dW2 = A1.T.dot(dZ2)"), "{steps}");
    let paths = output_of(&mut explain(&["--lens", "paths"]));
    assert!(paths.contains("0.7414 ·") || paths.contains("· 0.7414"), "{paths}");
    for wrong in ["0.0821", "-0.0822", "0.09"] {
        let output = explain(&["--claim", wrong]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{wrong}");
    }
    for (param, code) in
        [("Dense 2.weight[0]", 2), ("Dense 9.weight[0,0]", 2), ("Dense 2.weight", 2), ("Dense 2.bias[0]", 1)]
    {
        let output = vastavirta(&["explain", "saved_models/mazur.ron", "--param", param]).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{param}");
        assert!(!output.stderr.is_empty(), "{param}: a hint");
    }
}

#[test]
fn walk_prints_the_whole_pass() {
    let markdown = output_of(&mut vastavirta(&["walk", "saved_models/mazur.ron"]));
    for part in [
        "## `optimizer.zero_grad()`",
        "## `model(x)`",
        "## `loss.backward()`",
        "## `optimizer.step()`",
        "0.1385",
    ] {
        assert!(markdown.contains(part), "{part} in {markdown}");
    }
    let latex = output_of(&mut vastavirta(&["walk", "saved_models/mazur.ron", "--to", "latex"]));
    assert!(latex.contains("\\begin{aligned}"), "{latex}");
    let course = output_of(&mut vastavirta(&["walk", "saved_models/bce_2_3_1.ron", "--to", "course"]));
    assert!(course.contains("    self.dZ2 = self.A2 - target\n"), "{course}");
    let Some(python) = python("walk_prints_the_whole_pass") else { return };
    let folder = tempfile::tempdir().unwrap();
    for name in ["mazur", "auto_mpg", "sine_rnn", "dag_skip"] {
        let model = format!("saved_models/{name}.ron");
        for convention in ["pytorch", "numpy", "textbook"] {
            let arguments = ["walk", &model, "--to", "numpy", "--convention", convention, "--row", "0"];
            let code = output_of(&mut vastavirta(&arguments)) + "\nprint('loss is', float(loss))\n";
            let path = folder.path().join("walk.py");
            std::fs::write(&path, code).unwrap();
            let output = Command::new(&python).arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert!(said.contains("loss is"), "{name}, {convention}: {said}");
        }
    }
}

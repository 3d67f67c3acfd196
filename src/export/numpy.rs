//! One file of NumPy in the style of a course: a class with `forward` and `backward`, every line of it, and a
//! gradient check at its end.
//!
//! Must not know formulas: they are printed from the explanations.

use super::lines::{Lines, Statement};
use super::python::{Code, number, string};
use super::sample_pass::SamplePass;
use super::{ExportError, ExportedFile, Subject};
use crate::explain::print::{Convention, Layout, NUMPY_PRELUDE, NameStyle};
use crate::explain::{Definitions, Tensor};
use crate::network::NodeId;
use crate::train::{Precision, Values};

const CHECK: &str = include_str!("templates/gradient_check.py");

/// The course's convention: samples are rows, Z = X W + b, names by layer.
pub(super) const COURSE: Convention = Convention {
    layout: Layout::NumPy,
    names: NameStyle::Layer,
    reduction: crate::explain::print::ReductionPlace::Loss,
    bias: crate::explain::print::BiasStyle::Apart,
};

/// The file of a drawing without problems.
pub(super) fn file(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let convention = subject.convention.unwrap_or(COURSE);
    let network = &subject.document.network;
    ExportError::refuse_roots("export-numpy", network)?;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let sample = SamplePass::of(subject)?;
    let lines = Lines::of_a_class(&definitions, convention, &subject.document.parameters);
    let file = NumpyFile { subject, convention, definitions: &definitions, lines: &lines, sample: &sample };
    let name = format!("{}.py", subject.title);
    Ok(vec![ExportedFile::text(&name, file.text())])
}

struct NumpyFile<'a> {
    subject: &'a Subject<'a>,
    convention: Convention,
    definitions: &'a Definitions<'a>,
    lines: &'a Lines<'a>,
    sample: &'a SamplePass,
}

impl NumpyFile<'_> {
    fn text(&self) -> String {
        let mut body = Code::new();
        self.class(&mut body);
        body.line("");
        body.line("");
        let body = body.into_text() + &CHECK.replace("@CHECK@", self.check());
        let mut code = Code::new();
        for line in self.subject.heading_of(self.convention, Precision::F64) {
            code.comment(&line);
        }
        code.line("\"\"\"The network in NumPy: forward and backward by hand, checked by differences at the end.\"\"\"");
        code.line("");
        code.into_text() + &prelude(&body) + &self.numbers() + "\n\n" + &body
    }

    /// What the program does at its end.
    fn check(&self) -> &'static str {
        let network = self.definitions.network();
        let is_cut = network.truncate.is_some_and(|k| k > 0 && k < network.n_steps);
        if is_cut {
            "    network.backward()\n    print(\"not compared: these gradients are truncated, those of differences are not\")"
        } else {
            "    raise SystemExit(0 if gradient_check(network, samples) else 1)"
        }
    }

    /// Weights, and rows of the data, as they stand in the convention.
    fn numbers(&self) -> String {
        let mut code = Code::new();
        code.line("# fmt: off");
        code.group("WEIGHTS = {", "}", |code| {
            for &key in self.subject.document.parameters.keys() {
                self.array(code, Tensor::Parameter(key));
            }
        });
        code.line("");
        code.line(&format!("# {}", self.sample.origin()));
        code.group("SAMPLES = {", "}", |code| {
            for &node in &self.data_nodes() {
                self.data_array(code, node);
            }
        });
        code.line("# fmt: on");
        code.into_text()
    }

    /// `"W1": [[…], […]],`, where the convention has such a tensor.
    fn array(&self, code: &mut Code, tensor: Tensor) {
        let Some(values) = self.convention.shown(self.definitions, tensor, self.sample.pass()) else {
            return;
        };
        let name = string(&self.lines.name(tensor));
        match values.shape() {
            [] | [_] => code.line(&format!("{name}: {},", row(values.data()))),
            _ => code.group(&format!("{name}: ["), "],", |code| rows(code, &values)),
        }
    }

    /// The same of an Input or a Target; a matrix for each time step where there are several.
    fn data_array(&self, code: &mut Code, node: NodeId) {
        let n_steps = self.definitions.n_steps();
        if n_steps == 1 {
            return self.array(code, Tensor::Output { node, time_step: 0 });
        }
        let name = string(&self.lines.name(Tensor::Output { node, time_step: 0 }));
        code.group(&format!("{name}: ["), "],", |code| {
            for time_step in 0..n_steps {
                let tensor = Tensor::Output { node, time_step };
                if let Some(values) = self.convention.shown(self.definitions, tensor, self.sample.pass()) {
                    code.group("[", "],", |code| rows(code, &values));
                }
            }
        });
    }

    /// Inputs before targets: the arguments of `forward`.
    fn data_nodes(&self) -> Vec<NodeId> {
        let of = |is_target: bool| {
            let nodes = self.definitions.network().nodes.iter();
            let data = move |(_, node): &(&NodeId, &crate::network::Node)| {
                node.kind.data().is_some() && node.kind.is_target() == is_target
            };
            nodes.filter(data).map(|(&id, _)| id)
        };
        of(false).chain(of(true)).collect()
    }

    fn class(&self, code: &mut Code) {
        let n_steps = self.definitions.n_steps();
        code.block("class Network:", |code| {
            code.line(&format!("\"\"\"{}\"\"\"", about(self.convention.layout, n_steps)));
            code.line("");
            code.block("def __init__(self):", |code| {
                code.comment("What learns, and its gradient.");
                code.group("self.parameters = {", "}", |code| {
                    for (name, grad) in self.lines.trained() {
                        code.line(&format!("{}: {},", string(&name), string(&grad)));
                    }
                });
                if n_steps > 1 {
                    code.line(&format!("self.T = {n_steps}  # time steps"));
                }
                for &key in self.subject.document.parameters.keys() {
                    let tensor = Tensor::Parameter(key);
                    if self.convention.is_absorbed(tensor) {
                        continue;
                    }
                    code.comment(&self.about_parameter(tensor));
                    let name = self.lines.name(tensor);
                    code.call(&format!("self.{name} = np.array"), &[format!("WEIGHTS[{}]", string(&name))]);
                }
                if self.has_dropout() {
                    code.line("self.is_training = False  # whether dropout acts");
                }
                if self.network_draws() {
                    code.line(&format!(
                        "self.rng = np.random.default_rng({})",
                        self.subject.document.training.seed
                    ));
                }
                if self.lines.holds_any() {
                    code.line("self.is_checking = False  # whether what no gradient passes is held");
                }
            });
            code.line("");
            self.forward(code);
            code.line("");
            self.backward(code);
            if self.has_dropout() {
                code.line("");
                mask(code);
            }
        });
    }

    fn forward(&self, code: &mut Code) {
        let nodes = self.data_nodes();
        let name = |&node: &NodeId| self.lines.name(Tensor::Output { node, time_step: 0 });
        let names: Vec<String> = nodes.iter().map(name).collect();
        let arguments: Vec<String> =
            std::iter::once("self".to_owned()).chain(names.iter().cloned()).collect();
        code.define("forward", &arguments, |code| {
            code.line("\"\"\"The loss of a batch; every value stays for backward.\"\"\"");
            for (name, node) in names.iter().zip(&nodes) {
                code.comment(self.node_name(*node));
                code.line(&format!("self.{name} = {name}"));
            }
            let statements = self.lines.forward();
            if let Some(first) = names.first() {
                let axis = usize::from(self.convention.layout == Layout::Columns);
                let one = if self.definitions.n_steps() > 1 { "[0]" } else { "" };
                code.line(&format!("self.N = {first}{one}.shape[{axis}]"));
            } else {
                code.line("self.N = 1");
            }
            if uses_n(&statements) {
                code.line("N = self.N");
            }
            let given: Vec<String> = names.clone();
            let (lists, _) = self.lines.timed_lists();
            let held = self.lines.held_lists();
            let is_new = |name: &String| !given.contains(name) && !held.contains(name);
            self.lists(code, &lists.into_iter().filter(is_new).collect::<Vec<_>>());
            if self.definitions.n_steps() > 1 && !held.is_empty() {
                code.block("if not self.is_checking:", |code| self.lists(code, &held));
            }
            write(code, &statements);
            code.line("return self.loss");
        });
    }

    fn backward(&self, code: &mut Code) {
        code.block("def backward(self):", |code| {
            code.line("\"\"\"The gradients of the batch that forward saw, from the loss back to the first layer.\"\"\"");
            let statements = self.lines.backward();
            if uses_n(&statements) {
                code.line("N = self.N");
            }
            if self.definitions.n_steps() > 1 {
                let (_, lists) = self.lines.timed_lists();
                self.lists(code, &lists);
                for (name, grad) in self.lines.trained() {
                    code.line(&format!("self.{grad} = np.zeros_like(self.{name})"));
                }
            }
            write(code, &statements);
        });
    }

    /// Lists with an entry for each time step.
    fn lists(&self, code: &mut Code, names: &[String]) {
        if self.definitions.n_steps() == 1 {
            return;
        }
        for name in names {
            code.line(&format!("self.{name} = [None] * self.T"));
        }
    }

    fn node_name(&self, node: NodeId) -> &str {
        self.definitions.network().nodes.get(&node).map_or("", |node| node.name.as_str())
    }

    /// `Dense 1.weight, [3, 2]`, and that it is frozen.
    fn about_parameter(&self, tensor: Tensor) -> String {
        let network = self.definitions.network();
        let Tensor::Parameter(key) = tensor else { return String::new() };
        let name = network.parameter_specs().into_iter().find(|spec| spec.key == key);
        let name = name.map_or_else(String::new, |spec| spec.name);
        let sizes: Vec<String> =
            self.convention.sizes(self.definitions, tensor).iter().map(ToString::to_string).collect();
        let is_frozen = self.subject.document.parameters.get(&key).is_some_and(|it| !it.trainable);
        let frozen = if is_frozen { ", frozen" } else { "" };
        format!("{name}, [{}]{frozen}", sizes.join(", "))
    }

    /// Whether anything is drawn by chance.
    fn network_draws(&self) -> bool {
        self.definitions.network().nodes.values().any(|node| node.kind.noise().is_some())
    }

    fn has_dropout(&self) -> bool {
        let mut nodes = self.definitions.network().nodes.values();
        nodes.any(|node| node.kind.dropout().is_some())
    }
}

/// How the arrays lie.
fn about(layout: Layout, n_steps: usize) -> String {
    let how = match layout {
        Layout::PyTorch => "Samples are rows; Z = X W.T + b, W is [out, in].",
        Layout::NumPy => "Samples are rows; Z = X W + b, W is [in, out].",
        Layout::Columns => "Samples are columns; z = W x + b, W is [out, in].",
    };
    if n_steps > 1 { format!("{how} X[t] is the batch at time step t.") } else { how.to_owned() }
}

fn mask(code: &mut Code) {
    code.block("def mask(self, values, p):", |code| {
        code.line("\"\"\"Zeros where dropout lets nothing pass, 1/(1 - p) elsewhere.\"\"\"");
        code.block("if not self.is_training:", |code| code.line("return np.ones_like(values)"));
        code.line("return (self.rng.random(values.shape) >= p) / (1 - p)");
    });
}

/// Whether a line speaks of N, the samples of the batch.
fn uses_n(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::Comment(_) => false,
        Statement::Line(line) => {
            line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').any(|word| word == "N")
        }
        Statement::Loop { body, .. } => uses_n(body),
    })
}

pub(super) fn write(code: &mut Code, statements: &[Statement]) {
    for statement in statements {
        match statement {
            Statement::Comment(text) => code.comment(text),
            Statement::Line(line) => code.long_line(line),
            Statement::Loop { head, body } => code.block(head, |code| write(code, body)),
        }
    }
}

/// NumPy and those of the prelude's functions that `body` calls.
fn prelude(body: &str) -> String {
    let called: Vec<&str> = prelude_blocks(body).into_iter().map(|(_, block)| block).collect();
    let text = called.join("\n\n\n");
    let math = if text.contains("math.") { "import math\n\n" } else { "" };
    // A linter wants one blank line between imports and values, two around functions.
    let functions = if text.is_empty() { "\n".to_owned() } else { format!("\n\n{text}\n\n\n") };
    format!("{math}import numpy as np\n{functions}")
}

/// Those of the prelude's functions that `body` calls, each with its name.
pub(super) fn prelude_blocks(body: &str) -> Vec<(&'static str, &'static str)> {
    let blocks = NUMPY_PRELUDE.trim_end().split("\n\n\n").skip(1);
    blocks.map(|block| (name_of(block), block)).filter(|(name, _)| calls(body, name)).collect()
}

/// What a block of the prelude defines.
fn name_of(block: &str) -> &str {
    let rest = block.strip_prefix("def ").unwrap_or(block);
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn calls(body: &str, name: &str) -> bool {
    let call = format!("{name}(");
    body.match_indices(&call).any(|(at, _)| {
        !body[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '.')
    })
}

pub(super) fn row(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&x| number(x)).collect();
    format!("[{}]", numbers.join(", "))
}

fn rows(code: &mut Code, values: &Values) {
    for idx in 0..values.n_rows() {
        code.line(&format!("{},", row(&values.row(idx))));
    }
}

//! A marimo notebook: data, forward and backward by hand, PyTorch beside it with its gradients compared, and a
//! slider for a weight.
//!
//! Must not know formulas nor layers: the lines are those of the NumPy file, the module is that of the PyTorch
//! project.

mod cell;

use std::collections::BTreeSet;

use cell::{Cell, words_in, written};

use super::lines::{Lines, Statement};
use super::numpy::{COURSE, prelude_blocks, row, write};
use super::python::{Code, number, string, visible};
use super::pytorch;
use super::sample_pass::SamplePass;
use super::{ExportError, ExportedFile, Identifiers, Subject};
use crate::explain::print::{Convention, Layout};
use crate::explain::{Definitions, Tensor};
use crate::network::{Node, NodeId, Noise, ParameterKey, ParameterRole};
use crate::train::{Precision, Values};

/// The version of marimo that this was tried with.
const GENERATED_WITH: &str = "0.25.2";

/// The notebook of a drawing without problems.
pub(super) fn file(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let network = &subject.document.network;
    ExportError::refuse_roots("export-marimo", network)?;
    // By hand and in PyTorch chance would fall out otherwise, and nothing could be compared.
    let is_drawn = |node: &&Node| matches!(node.kind.noise(), Some(Noise::Uniform | Noise::Normal));
    if let Some(node) = network.nodes.values().find(is_drawn) {
        return Err(ExportError::inexpressible("export-marimo", node));
    }
    let convention = subject.convention.unwrap_or(COURSE);
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let names = Identifiers::of(network);
    let notebook = Notebook {
        subject,
        convention,
        definitions: &definitions,
        lines: Lines::plain(&definitions, convention, &subject.document.parameters),
        sample: SamplePass::of(subject)?,
        names: &names,
        arguments: pytorch::arguments(network, &names),
    };
    Ok(vec![ExportedFile::text(&format!("{}.py", subject.title), notebook.text())])
}

struct Notebook<'a> {
    subject: &'a Subject<'a>,
    convention: Convention,
    definitions: &'a Definitions<'a>,
    lines: Lines<'a>,
    sample: SamplePass,
    names: &'a Identifiers,
    /// What the module's forward pass and its loss take.
    arguments: (Vec<NodeId>, Vec<NodeId>),
}

impl Notebook<'_> {
    fn text(&self) -> String {
        let mut cells = vec![
            Cell::prose(&format!(
                "# {}\n\nForward and backward by hand, and PyTorch beside them. Move the slider: all numbers follow.",
                visible(self.subject.title).replace('<', "&lt;")
            )),
            Cell::prose(&format!("## Data\n\n{}", self.sample.origin())),
            self.data(),
            Cell::prose("## Weights"),
            self.weights(),
        ];
        cells.extend(self.slider());
        cells.push(self.parameters());
        cells.push(Cell::prose("## Forward"));
        let (forward, backward) = (self.forward(), self.backward());
        let called: String = [&forward, &backward].iter().map(|cell| cell.code.as_str()).collect();
        let functions = functions(&called);
        cells.extend(functions);
        cells.push(forward);
        cells.push(Cell::prose("## Backward by hand, from the loss back to the first layer"));
        cells.push(backward);
        cells.push(Cell::prose("## PyTorch beside it"));
        cells.push(self.class());
        cells.push(self.torch_pass());
        cells.push(self.comparison());
        let uses: String = cells.iter().map(|cell| cell.code.as_str()).collect();
        cells.insert(0, imports(&uses));
        let mut code = Code::new();
        for line in self.subject.heading_of(self.convention, Precision::F64) {
            code.comment(&line);
        }
        code.line("\"\"\"A marimo notebook: run it with `marimo edit`, or as a program.\"\"\"");
        code.line("");
        code.line("import marimo");
        code.line("");
        code.line(&format!("__generated_with = {}", string(GENERATED_WITH)));
        code.line("app = marimo.App(width=\"medium\")");
        let mut text = code.into_text();
        for (at, cell) in cells.iter().enumerate() {
            text.push_str("\n\n");
            text.push_str(&written(cell, at, &cells));
        }
        text + "\n\nif __name__ == \"__main__\":\n    app.run()\n"
    }

    /// Inputs and targets as the convention has them; a list of matrices where there are time steps.
    fn data(&self) -> Cell {
        let n_steps = self.definitions.n_steps();
        let nodes = self.data_nodes();
        let mut defines: Vec<String> = nodes.iter().map(|&node| self.data_name(node)).collect();
        let first = defines.first().cloned();
        defines.push("N".to_owned());
        if n_steps > 1 {
            defines.push("T".to_owned());
        }
        Cell::new(defines, |code| {
            code.line("# fmt: off");
            for &node in &nodes {
                let name = self.data_name(node);
                if n_steps == 1 {
                    if let Some(values) = self.shown(Tensor::Output { node, time_step: 0 }) {
                        array(code, &format!("{name} = np.array("), &values, ")");
                    }
                    continue;
                }
                code.group(&format!("{name} = ["), "]", |code| {
                    for time_step in 0..n_steps {
                        if let Some(values) = self.shown(Tensor::Output { node, time_step }) {
                            array(code, "np.array(", &values, "),");
                        }
                    }
                });
            }
            code.line("# fmt: on");
            if n_steps > 1 {
                code.line(&format!("T = {n_steps}  # time steps"));
            }
            let axis = usize::from(self.convention.layout == Layout::Columns);
            let one = if n_steps > 1 { "[0]" } else { "" };
            let n = first.map_or_else(|| "1".to_owned(), |name| format!("{name}{one}.shape[{axis}]"));
            code.line(&format!("N = {n}  # samples"));
        })
    }

    fn weights(&self) -> Cell {
        Cell::new(vec!["weights".to_owned()], |code| {
            code.line("# fmt: off");
            code.group("weights = {", "}", |code| {
                for (_, name, values) in self.held_parameters() {
                    array(code, &format!("{}: ", string(&name)), &values, ",");
                }
            });
            code.line("# fmt: on");
        })
    }

    /// A slider for one weight that learns.
    fn slider(&self) -> Option<Cell> {
        let (_, name, values) = self.moved()?;
        let value = values.data().first().copied()?;
        let zero = if values.shape().len() > 1 { "0, 0" } else { "0" };
        Some(Cell::new(vec!["slider".to_owned()], |code| {
            let arguments = [
                number(value - 2.0),
                number(value + 2.0),
                "0.01".to_owned(),
                format!("value={}", number(value)),
                format!("label={}", string(&format!("{name}[{zero}]"))),
            ];
            code.call("slider = mo.ui.slider", &arguments);
            code.line("mo.hstack([slider])");
        }))
    }

    /// The last matrix that learns: what it multiplies is an activation, where a first one may multiply
    /// a column of zeros. Else the last parameter that learns.
    fn moved(&self) -> Option<(ParameterKey, String, Values)> {
        let is_trained =
            |key: &ParameterKey| self.subject.document.parameters.get(key).is_some_and(|it| it.trainable);
        let mut trained: Vec<_> = self.held_parameters();
        trained.retain(|(key, ..)| is_trained(key));
        let last_matrix = trained.iter().rposition(|(.., values)| values.shape().len() > 1);
        let at = last_matrix.or(trained.len().checked_sub(1))?;
        Some(trained.swap_remove(at))
    }

    fn parameters(&self) -> Cell {
        let held = self.held_parameters();
        let moved = self.moved().map(|(key, ..)| key);
        Cell::new(held.iter().map(|(_, name, _)| name.clone()).collect(), |code| {
            for (key, name, values) in &held {
                code.call(&format!("{name} = np.array"), &[format!("weights[{}]", string(name))]);
                if moved == Some(*key) {
                    let zero = if values.shape().len() > 1 { "0, 0" } else { "0" };
                    code.line(&format!("{name}[{zero}] = slider.value"));
                }
            }
            if held.is_empty() {
                code.line("pass");
            }
        })
    }

    fn forward(&self) -> Cell {
        let statements = self.lines.forward();
        let given: BTreeSet<String> = self.data_nodes().iter().map(|&node| self.data_name(node)).collect();
        let lists = self.lines.timed_lists().0.into_iter().filter(|name| !given.contains(name)).collect();
        self.by_hand(&statements, lists, "mo.md(f\"loss {loss}\")")
    }

    fn backward(&self) -> Cell {
        let mut statements = Vec::new();
        if self.definitions.n_steps() > 1 {
            let zeros = |(name, grad)| Statement::Line(format!("{grad} = np.zeros_like({name})"));
            statements.extend(self.lines.trained().into_iter().map(zeros));
        }
        statements.extend(self.lines.backward());
        self.by_hand(&statements, self.lines.timed_lists().1, "")
    }

    fn by_hand(&self, statements: &[Statement], lists: Vec<String>, end: &str) -> Cell {
        let lists = if self.definitions.n_steps() > 1 { lists } else { Vec::new() };
        let mut defines = lists.clone();
        defined(statements, &mut defines);
        Cell::new(defines, |code| {
            for name in &lists {
                code.line(&format!("{name} = [None] * T"));
            }
            write(code, statements);
            if !end.is_empty() {
                code.line(end);
            }
            if statements.is_empty() && end.is_empty() {
                code.line("pass");
            }
        })
    }

    fn class(&self) -> Cell {
        Cell::new(vec!["Network".to_owned()], |code| {
            let document = self.subject.document;
            pytorch::write_class(code, &document.network, &document.parameters, self.names);
        })
    }

    /// The module with the same weights, its loss, and its gradients.
    fn torch_pass(&self) -> Cell {
        Cell::new(vec!["network".to_owned(), "torch_loss".to_owned()], |code| {
            code.line("network = Network().double().eval()");
            code.group("_state = {", "}", |code| {
                for &key in self.subject.document.parameters.keys() {
                    let theirs = self.names.state_dict_name(key);
                    let ours = self.in_torch_order(key, Tensor::Parameter);
                    code.long_line(&format!("{}: torch.tensor({ours}),", string(&theirs)));
                }
            });
            code.line("network.load_state_dict(_state)");
            let tensors = |nodes: &[NodeId]| -> Vec<String> {
                nodes.iter().map(|&node| format!("torch.tensor({})", self.as_torch_takes_it(node))).collect()
            };
            for (name, nodes) in [("_inputs", &self.arguments.0), ("_targets", &self.arguments.1)] {
                code.group(&format!("{name} = ["), "]", |code| {
                    for tensor in tensors(nodes) {
                        code.long_line(&format!("{tensor},"));
                    }
                });
            }
            code.line("torch_loss = network.loss(network(*_inputs), *_targets)");
            code.block("if torch_loss.requires_grad:", |code| code.line("torch_loss.backward()"));
            code.line("mo.md(f\"loss {torch_loss.item()}\")");
        })
    }

    /// The largest difference of each gradient. Fails where they disagree, so that the notebook run as a program
    /// is a test.
    fn comparison(&self) -> Cell {
        let grad_of = |key| Tensor::ParameterGrad { key, time_step: None, sample: None };
        Cell::new(Vec::new(), |code| {
            code.group("_pairs = [", "]", |code| {
                code.line("(\"loss\", loss, torch_loss.item()),");
                for key in self.lines.trained_keys() {
                    let name = string(&self.names.state_dict_name(key));
                    let ours = self.in_torch_order(key, grad_of);
                    let theirs = format!("network.get_parameter({name}).grad.numpy()");
                    code.entry(&[string(&ours), ours, theirs]);
                }
            });
            code.group("_rows = [", "]", |code| {
                code.group("{", "}", |code| {
                    code.line("\"by hand\": name,");
                    code.line("\"largest\": float(np.max(np.abs(ours))),");
                    code.line("\"off PyTorch's by\": float(np.max(np.abs(ours - theirs))),");
                });
                code.line("for name, ours, theirs in _pairs");
            });
            code.block("for _row in _rows:", |code| {
                code.line("assert _row[\"off PyTorch's by\"] <= 1e-9 * max(1.0, _row[\"largest\"]), _row");
            });
            code.line("mo.ui.table(_rows, selection=None)");
        })
    }

    /// A parameter, or what there is of it, as PyTorch lays it: a bias that is a column of its weight stands
    /// alone there.
    fn in_torch_order(&self, key: ParameterKey, of: impl Fn(ParameterKey) -> Tensor) -> String {
        let is_absorbed = self.convention.is_absorbed(of(key));
        let held = match key {
            ParameterKey::Node(node, ParameterRole::Bias) if is_absorbed => {
                of(ParameterKey::Node(node, ParameterRole::Weight))
            }
            key => of(key),
        };
        let name = self.lines.name(held);
        let sizes = self.definitions.sizes(held);
        let is_joined = self.convention.joined_bias(self.definitions, held).is_some();
        let is_turned = self.convention.is_transposed(held, &sizes);
        match (is_absorbed, is_joined) {
            _ if self.convention.is_column(&sizes) => format!("{name}.ravel()"),
            (true, _) if is_turned => format!("{name}[-1]"),
            (true, _) => format!("{name}[:, -1]"),
            (false, true) if is_turned => format!("{name}[:-1].T"),
            (false, true) => format!("{name}[:, :-1]"),
            (false, false) if is_turned => format!("{name}.T"),
            (false, false) => name,
        }
    }

    /// An Input or a Target as the module takes it: `[N, features]`, or `[N, T, features]`.
    fn as_torch_takes_it(&self, node: NodeId) -> String {
        let name = self.data_name(node);
        let is_columns = self.convention.layout == Layout::Columns;
        let drawn = self.definitions.network().nodes.get(&node).and_then(|node| node.kind.data());
        match (self.definitions.n_steps() > 1, drawn.is_some_and(|data| data.per_step)) {
            (true, true) if is_columns => format!("np.stack([values.T for values in {name}], axis=1)"),
            (true, true) => format!("np.stack({name}, axis=1)"),
            (true, false) if is_columns => format!("{name}[0].T"),
            (true, false) => format!("{name}[0]"),
            (false, _) if is_columns => format!("{name}.T"),
            (false, _) => name,
        }
    }

    /// Every parameter that the convention has a tensor for.
    fn held_parameters(&self) -> Vec<(ParameterKey, String, Values)> {
        let keys = self.subject.document.parameters.keys();
        let held = keys.filter_map(|&key| {
            let tensor = Tensor::Parameter(key);
            Some((key, self.lines.name(tensor), self.shown(tensor)?))
        });
        held.collect()
    }

    fn shown(&self, tensor: Tensor) -> Option<Values> {
        self.convention.shown(self.definitions, tensor, self.sample.pass())
    }

    fn data_name(&self, node: NodeId) -> String {
        self.lines.name(Tensor::Output { node, time_step: 0 })
    }

    fn data_nodes(&self) -> Vec<NodeId> {
        let nodes = self.definitions.network().nodes.iter();
        nodes.filter(|(_, node)| node.kind.data().is_some()).map(|(&id, _)| id).collect()
    }
}

/// `head[[…], […]]tail`, a row a line.
fn array(code: &mut Code, head: &str, values: &Values, tail: &str) {
    match values.shape() {
        [] | [_] => code.line(&format!("{head}{}{tail}", row(values.data()))),
        _ => code.group(&format!("{head}["), &format!("]{tail}"), |code| {
            for idx in 0..values.n_rows() {
                code.line(&format!("{},", row(&values.row(idx))));
            }
        }),
    }
}

/// The names that statements assign, each once, in order.
fn defined(statements: &[Statement], names: &mut Vec<String>) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Line(line) => {
                let end = line.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(line.len());
                if !names.iter().any(|name| name == &line[..end]) {
                    names.push(line[..end].to_owned());
                }
            }
            Statement::Loop { body, .. } => defined(body, names),
        }
    }
}

/// The functions that the passes call.
fn functions(called: &str) -> Option<Cell> {
    let mut blocks = prelude_blocks(called);
    if called.contains("mask(") {
        blocks.push(("mask", "def mask(values, p):\n    return np.ones_like(values)  # dropout is off"));
    }
    let defines = blocks.iter().map(|(name, _)| (*name).to_owned()).collect();
    (!blocks.is_empty()).then(|| {
        Cell::new(defines, |code| {
            for (at, (_, block)) in blocks.iter().enumerate() {
                if at > 0 {
                    code.line("");
                }
                for line in block.lines() {
                    code.line(line);
                }
            }
        })
    })
}

/// What all cells need.
fn imports(uses: &str) -> Cell {
    let words = words_in(uses);
    let mut defines = vec!["mo".to_owned(), "np".to_owned(), "torch".to_owned()];
    let needs_math = uses.contains("math.");
    let needs_functional = words.contains("F");
    Cell::new(Vec::new(), |code| {
        if needs_math {
            code.line("import math");
            code.line("");
            defines.push("math".to_owned());
        }
        code.line("import marimo as mo");
        code.line("import numpy as np");
        code.line("import torch");
        if needs_functional {
            code.line("import torch.nn.functional as F");
            defines.push("F".to_owned());
        }
        code.line("from torch import nn");
        defines.push("nn".to_owned());
    })
    .with(defines)
}

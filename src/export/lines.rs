//! One pass as statements of NumPy that run, loops over time as loops.
//!
//! The formulas are those of the explanations, printed: nothing is stated here a second time. Must not know
//! what stands around the statements.

use std::collections::BTreeSet;

use super::python::hugged;
use crate::algebra::Expression;
use crate::explain::print::{Convention, Layout, Names, Product, numpy};
use crate::explain::{Definition, Definitions, Tensor, backward_lines, forward_lines};
use crate::network::{Network, Node, NodeId, Noise, ParameterKey, Parameters, Stop};

/// Statements in the order in which they run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// The node that the next lines compute.
    Comment(String),
    /// One line.
    Line(String),
    /// The same lines for a run of time steps, forwards or backwards.
    Loop { head: String, body: Vec<Statement> },
}

/// Prints the lines of one drawing.
pub(super) struct Lines<'a> {
    definitions: &'a Definitions<'a>,
    names: Names<'a>,
    convention: Convention,
    parameters: &'a Parameters,
    /// What stands before every name: `self.` in a class.
    prefix: &'static str,
    /// What the time step is called in loops.
    time: &'static str,
    /// Nodes whose output a loss takes for its target although the network computes it.
    held: BTreeSet<NodeId>,
    /// Nodes through which no gradient passes although their numbers follow their inputs, or chance.
    cut: BTreeSet<NodeId>,
}

/// A name, and the time step it belongs to where there are several.
struct Place {
    base: String,
    time_step: Option<usize>,
}

impl<'a> Lines<'a> {
    /// Lines of a class, whose values are its own, with targets that a gradient check can hold.
    pub(super) fn of_a_class(
        definitions: &'a Definitions<'a>,
        convention: Convention,
        parameters: &'a Parameters,
    ) -> Self {
        let (held, cut) = (held_targets(definitions), cut_nodes(definitions.network()));
        Self { prefix: "self.", time: "t", held, cut, ..Self::plain(definitions, convention, parameters) }
    }

    /// Lines that stand alone. A loop's time step begins with an underscore: marimo lets no two cells
    /// define one name, and takes such names for the cell's own.
    pub(super) fn plain(
        definitions: &'a Definitions<'a>,
        convention: Convention,
        parameters: &'a Parameters,
    ) -> Self {
        let names = Names::new(definitions, convention.names);
        let (held, cut) = (BTreeSet::new(), BTreeSet::new());
        Self { definitions, names, convention, parameters, prefix: "", time: "_t", held, cut }
    }

    /// The name of a tensor without its time step: `W1`, `dZ2`.
    pub(super) fn name(&self, tensor: Tensor) -> String {
        self.place(tensor).base
    }

    /// Whether a gradient check holds anything fixed.
    pub(super) fn holds_any(&self) -> bool {
        !self.held.is_empty() || !self.cut.is_empty()
    }

    /// What it holds fixed, by the names of lists over time.
    pub(super) fn held_lists(&self) -> Vec<String> {
        let output = |&node: &NodeId| self.name(Tensor::Output { node, time_step: 0 });
        let targets = self.held.iter().map(|node| format!("held_{}", output(node)));
        let cut = self.cut.iter().map(output);
        let masks = self.cut.iter().filter(|node| self.noise(**node).is_some());
        let masks = masks.map(|&node| self.name(Tensor::Mask { node, time_step: 0 }));
        targets.chain(cut).chain(masks).collect()
    }

    /// The parameters that learn and get a gradient, alone or as a column of another.
    pub(super) fn trained_keys(&self) -> Vec<ParameterKey> {
        let learns = |key: &ParameterKey| self.parameters.get(key).is_some_and(|it| it.trainable);
        let mut keys = self.written_keys();
        let joined: Vec<ParameterKey> = keys.iter().filter_map(|&key| self.joined_bias(key)).collect();
        keys.extend(joined);
        keys.retain(learns);
        keys.into_iter().collect()
    }

    /// The parameters whose gradients are written.
    fn written_keys(&self) -> BTreeSet<ParameterKey> {
        let lines = self.backward_definitions();
        let keys = lines.iter().filter_map(|line| match line.tensor {
            Tensor::ParameterGrad { key, .. } => Some(key),
            _ => None,
        });
        keys.collect()
    }

    /// The bias that is a column of this weight.
    fn joined_bias(&self, weight: ParameterKey) -> Option<ParameterKey> {
        match self.convention.joined_bias(self.definitions, Tensor::Parameter(weight)) {
            Some(Tensor::Parameter(bias)) => Some(bias),
            _ => None,
        }
    }

    /// The names of those that learn, each with that of its gradient.
    pub(super) fn trained(&self) -> Vec<(String, String)> {
        let named = |key: ParameterKey| {
            let grad = Tensor::ParameterGrad { key, time_step: None, sample: None };
            (self.name(Tensor::Parameter(key)), self.name(grad))
        };
        self.written_keys().into_iter().map(named).collect()
    }

    /// The forward pass and the losses.
    pub(super) fn forward(&self) -> Vec<Statement> {
        let lines = forward_lines(self.definitions, self.convention);
        let (timed, rest): (Vec<Definition>, Vec<Definition>) =
            lines.into_iter().partition(|line| self.place(line.tensor).time_step.is_some());
        let mut statements = self.over_time(&timed, false);
        statements.extend(rest.iter().flat_map(|line| self.statements(line, &Index::None)));
        statements
    }

    /// The backward pass.
    pub(super) fn backward(&self) -> Vec<Statement> {
        let lines = self.backward_definitions();
        let is_timed = |line: &Definition| self.step_of(line.tensor).is_some();
        let (timed, rest): (Vec<Definition>, Vec<Definition>) = lines.into_iter().partition(is_timed);
        let mut statements = self.over_time(&timed, true);
        statements.extend(rest.iter().flat_map(|line| self.statements(line, &Index::None)));
        statements
    }

    /// Gradients of frozen parameters are not asked for. The sum over time is made step by step.
    fn backward_definitions(&self) -> Vec<Definition> {
        let mut lines = backward_lines(self.definitions, self.convention);
        let learns = |key: ParameterKey| self.parameters.get(&key).is_some_and(|it| it.trainable);
        let is_over_time = self.definitions.n_steps() > 1;
        lines.retain(|line| match line.tensor {
            Tensor::ParameterGrad { key, time_step, .. } => {
                (learns(key) || self.joined_bias(key).is_some_and(learns))
                    && !(is_over_time && time_step.is_none())
            }
            _ => true,
        });
        lines
    }

    /// The values that exist once at every time step: lists as long as the time.
    pub(super) fn lists(&self, statements: &[Definition]) -> Vec<String> {
        let mut names = Vec::new();
        for tensor in statements.iter().flat_map(|line| self.mask_of(line).into_iter().chain([line.tensor])) {
            let place = self.place(tensor);
            if place.time_step.is_some() && !names.contains(&place.base) {
                names.push(place.base);
            }
        }
        names
    }

    /// All lines of a pass that make something at a time step.
    pub(super) fn timed_lists(&self) -> (Vec<String>, Vec<String>) {
        let forward = forward_lines(self.definitions, self.convention);
        (self.lists(&forward), self.lists(&self.backward_definitions()))
    }

    /// Lines of every time step; equal ones in a row become a loop.
    fn over_time(&self, lines: &[Definition], is_backwards: bool) -> Vec<Statement> {
        let n_steps = self.definitions.n_steps();
        if n_steps == 1 {
            return lines.iter().flat_map(|line| self.statements(line, &Index::None)).collect();
        }
        let of_step = |step: usize, index: &Index| -> Vec<Statement> {
            let own = lines.iter().filter(|line| self.step_of(line.tensor) == Some(step));
            own.flat_map(|line| self.statements(line, index)).collect()
        };
        let order: Vec<usize> =
            if is_backwards { (0..n_steps).rev().collect() } else { (0..n_steps).collect() };
        let bodies: Vec<Vec<Statement>> =
            order.iter().map(|&step| of_step(step, &Index::Relative(step))).collect();
        let mut statements = Vec::new();
        let mut start = 0;
        while start < order.len() {
            let n_equal = bodies[start..].iter().take_while(|body| **body == bodies[start]).count();
            let (first, last) = (order[start], order[start + n_equal - 1]);
            if bodies[start].is_empty() {
                // Nothing happens at these time steps.
            } else if n_equal == 1 {
                statements.extend(of_step(first, &Index::Absolute));
            } else {
                let head = if is_backwards {
                    format!("for {} in reversed({}):", self.time, range(last, first + 1))
                } else {
                    format!("for {} in {}:", self.time, range(first, last + 1))
                };
                statements.push(Statement::Loop { head, body: bodies[start].clone() });
            }
            start += n_equal;
        }
        statements
    }

    /// The statements of one line: a comment where it begins a node, what must be there before, itself.
    fn statements(&self, line: &Definition, index: &Index) -> Vec<Statement> {
        let network = self.definitions.network();
        let mut statements = Vec::new();
        let made = match line.tensor {
            Tensor::Output { node, .. } => network.nodes.get(&node).map(|drawn| (node, drawn)),
            _ => None,
        };
        statements.extend(made.map(|(_, drawn)| Statement::Comment(drawn.name.clone())));
        let is_loss = match line.tensor {
            Tensor::Output { node, .. } => network.nodes.get(&node).is_some_and(|node| node.kind.is_loss()),
            _ => false,
        };
        let product = if self.convention.layout == Layout::NumPy { Product::Dot } else { Product::At };
        let name = |leaf: &Tensor| {
            if is_loss && self.is_held(*leaf) {
                self.written_as(*leaf, index, "held_")
            } else {
                self.written(*leaf, index)
            }
        };
        let rank = |leaf: &Tensor| self.convention.sizes(self.definitions, *leaf).len();
        let mut lines: Vec<Statement> = Vec::new();
        if let (Some(mask), Some((node, _))) = (self.mask_of(line), made)
            && let (Some(noise), Some(source)) = (self.noise(node), noisy(&line.expression))
        {
            // What comes in may be of an earlier time step, or from before time began.
            let like = numpy(source, product, &name, &rank);
            let drawn = match noise {
                Noise::Dropout { p } => format!("mask({like}, {})", super::python::number(p)),
                Noise::Uniform => format!("rng.random(np.shape({like}))"),
                Noise::Normal => format!("rng.standard_normal(np.shape({like}))"),
            };
            lines.push(Statement::Line(format!("{} = {}{drawn}", self.written(mask, index), self.prefix)));
        }
        let code = self
            .sum_over_time(&line.expression)
            .unwrap_or_else(|| numpy(&line.expression, product, &name, &rank));
        let name = self.written(line.tensor, index);
        if name == code {
            return statements;
        }
        let is_share = matches!(line.tensor, Tensor::ParameterGrad { time_step: Some(_), .. })
            && self.definitions.n_steps() > 1;
        let sign = if is_share { "+=" } else { "=" };
        lines.push(Statement::Line(hugged(&format!("{name} {sign} {code}"))));
        if made.is_some_and(|(node, _)| self.cut.contains(&node)) {
            lines =
                vec![Statement::Loop { head: format!("if not {}is_checking:", self.prefix), body: lines }];
        }
        statements.extend(lines);
        if let Tensor::Output { node, .. } = line.tensor
            && self.held.contains(&node)
        {
            let held = self.written_as(line.tensor, index, "held_");
            let head = format!("if not {}is_checking:", self.prefix);
            let body = vec![Statement::Line(format!("{held} = {name}"))];
            statements.push(Statement::Loop { head, body });
        }
        statements
    }

    /// What is drawn for the output of a node that takes chance.
    fn mask_of(&self, line: &Definition) -> Option<Tensor> {
        let Tensor::Output { node, time_step } = line.tensor else { return None };
        self.noise(node).map(|_| Tensor::Mask { node, time_step })
    }

    fn noise(&self, node: NodeId) -> Option<Noise> {
        self.definitions.network().nodes.get(&node)?.kind.noise()
    }

    /// `sum(L[a:b])` where an expression adds up one tensor over several time steps, or their mean.
    fn sum_over_time(&self, of: &Expression<Tensor>) -> Option<String> {
        if self.definitions.n_steps() == 1 {
            return None;
        }
        if let Expression::Quotient(sum, count) = of
            && let Expression::Number(count) = **count
        {
            return Some(format!("{} / {count}", self.sum_over_time(sum)?));
        }
        let Expression::Sum(terms) = of else { return None };
        let places: Vec<Place> = terms
            .iter()
            .map(|term| match &**term {
                Expression::Leaf(leaf) => Some(self.place(*leaf)),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let first = places.first()?;
        let start = first.time_step?;
        let is_run = places
            .iter()
            .enumerate()
            .all(|(at, place)| place.base == first.base && place.time_step == Some(start + at));
        if !is_run || places.len() < 2 {
            return None;
        }
        let list = format!("{}{}", self.prefix, first.base);
        let is_whole = start == 0 && places.len() == self.definitions.n_steps();
        let run = if is_whole { list } else { format!("{list}[{start}:{}]", start + places.len()) };
        Some(format!("sum({run})"))
    }

    fn is_held(&self, tensor: Tensor) -> bool {
        matches!(tensor, Tensor::Output { node, .. } if self.held.contains(&node))
    }

    fn written(&self, tensor: Tensor, index: &Index) -> String {
        self.written_as(tensor, index, "")
    }

    fn written_as(&self, tensor: Tensor, index: &Index, mark: &str) -> String {
        let place = self.place(tensor);
        let name = format!("{}{mark}{}", self.prefix, place.base);
        match (place.time_step, index) {
            (None, _) => name,
            (Some(step), Index::Absolute | Index::None) => format!("{name}[{step}]"),
            (Some(step), &Index::Relative(t)) => {
                let time = self.time;
                match step.cmp(&t) {
                    std::cmp::Ordering::Less => format!("{name}[{time} - {}]", t - step),
                    std::cmp::Ordering::Equal => format!("{name}[{time}]"),
                    std::cmp::Ordering::Greater => format!("{name}[{time} + {}]", step - t),
                }
            }
        }
    }

    /// A tensor's name, and its time step where it is an entry of a list.
    fn place(&self, tensor: Tensor) -> Place {
        let code = self.names.code(tensor);
        match self.step_of(tensor) {
            Some(step) => {
                let base = code.strip_suffix(&format!("_t{step}")).unwrap_or(&code).to_owned();
                let is_share = matches!(tensor, Tensor::ParameterGrad { .. });
                Place { base, time_step: (!is_share).then_some(step) }
            }
            None => Place { base: code, time_step: None },
        }
    }

    /// The time step of a tensor, where there are several.
    fn step_of(&self, tensor: Tensor) -> Option<usize> {
        tensor.time_step().filter(|_| self.definitions.n_steps() > 1)
    }
}

/// How entries of lists are written.
enum Index {
    /// There is no time.
    None,
    /// `Z1[4]`.
    Absolute,
    /// `Z1[t]` and `Z1[t - 1]` seen from this time step.
    Relative(usize),
}

fn range(start: usize, end: usize) -> String {
    if start == 0 { format!("range({end})") } else { format!("range({start}, {end})") }
}

/// What comes in beside what is drawn: x ⊙ M, M < x, x + σ M.
fn noisy(of: &Expression<Tensor>) -> Option<&Expression<Tensor>> {
    match of {
        Expression::Product(parts) | Expression::Sum(parts) => parts.first().map(|part| &**part),
        Expression::Compare(_, _, source) => Some(source),
        _ => None,
    }
}

/// Nodes that are detached, computed under `no_grad`, or drawn by chance.
fn cut_nodes(network: &Network) -> BTreeSet<NodeId> {
    let is_cut =
        |node: &Node| node.no_grad || matches!(node.kind.stop(0), Some(Stop::Drawn | Stop::Detached));
    network.nodes.iter().filter(|(_, node)| is_cut(node)).map(|(&id, _)| id).collect()
}

/// Nodes that are computed and that a loss takes for its target: backward holds them fixed.
fn held_targets(definitions: &Definitions<'_>) -> BTreeSet<NodeId> {
    let network: &Network = definitions.network();
    let losses = network.nodes.iter().filter(|(_, node)| node.kind.is_loss());
    let targets = losses.filter_map(|(&id, _)| network.edges.get(definitions.incoming(id).get(1)?));
    let is_computed = |id: &NodeId| network.nodes.get(id).is_some_and(|node| node.kind.data().is_none());
    targets.map(|edge| edge.from).filter(is_computed).collect()
}

//! The forward pass as Python: one line a node, a loop over time where there is one.
//!
//! Must not know layers' settings. What a loss reads leaves the pass as its output; where a sigmoid
//! or a softmax is joined with its loss, the logits do.

use std::collections::BTreeMap;

use super::fits;
use super::model::Drawing;
use super::timing::{Moment, State};
use crate::export::python::{Code, hugged};
use crate::network::{
    Activation, CountedSteps, Edge, EdgeId, LossKind, LossNode, Node, NodeId, NodeKind, expression,
};

/// One of the values that the losses read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// What it is called.
    pub(super) name: String,
    edge: EdgeId,
    /// Whether every time step counts: the value is `[N, T, features]`.
    pub(super) every: bool,
}

/// One loss, and which values it reads.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) loss: NodeId,
    pub(super) kind: LossKind,
    pub(super) prediction: String,
    pub(super) target: Target,
    pub(super) features: usize,
    /// The activation joined with the loss, where there is one.
    pub(super) joined: Option<Activation>,
}

/// What a loss compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A Target node: comes with the batch.
    Data(NodeId),
    /// A value of the network, through which no gradient goes back.
    Computed(String),
}

/// The forward pass of one drawing.
pub(super) struct Forward<'a> {
    drawing: &'a Drawing<'a>,
    incoming: BTreeMap<NodeId, Vec<EdgeId>>,
    state_names: Vec<(State, String)>,
    pub(super) inputs: Vec<NodeId>,
    pub(super) targets: Vec<NodeId>,
    pub(super) outputs: Vec<Output>,
    pub(super) judged: Vec<Judged>,
}

impl<'a> Forward<'a> {
    pub(super) fn new(drawing: &'a Drawing<'a>) -> Self {
        let network = drawing.network;
        let wiring = network.wiring();
        let incoming = network.nodes.keys().map(|&id| (id, wiring.incoming(id).to_vec())).collect();
        let mut names = drawing.names.clone();
        let state_names = drawing
            .timing
            .states
            .iter()
            .map(|&state| {
                let word = if state.delay == 1 { "before" } else { "past" };
                (state, names.free(&format!("{}_{word}", drawing.names.node(state.from))))
            })
            .collect();
        let mut forward = Self {
            drawing,
            incoming,
            state_names,
            inputs: Vec::new(),
            targets: Vec::new(),
            outputs: Vec::new(),
            judged: Vec::new(),
        };
        for (&id, node) in &network.nodes {
            if let Some(loss) = node.kind.loss() {
                forward.judge(&mut names, id, loss);
            }
        }
        let used: Vec<NodeId> =
            forward.outputs.iter().filter_map(|output| forward.source(output.edge)).collect();
        let is_data = |id: &NodeId| network.nodes.get(id).is_some_and(|node| node.kind.data().is_some());
        let read = drawing.timing.order.iter().flat_map(|id| forward.edges(*id)).map(|(_, edge)| edge.from);
        let read: Vec<NodeId> = read.chain(used).collect();
        forward.inputs =
            drawing.timing.order.iter().copied().filter(|id| is_data(id) && read.contains(id)).collect();
        if forward.inputs.is_empty() {
            // Nothing that comes in is read, but its rows say how many there are.
            let is_input = |node: &crate::network::Node| node.kind.data().is_some() && !node.kind.is_target();
            let first = network.nodes.iter().find(|(_, node)| is_input(node)).map(|(&id, _)| id);
            forward.inputs.extend(first);
        }
        forward
    }

    fn edges(&self, node: NodeId) -> impl Iterator<Item = (EdgeId, &'a Edge)> + '_ {
        let edges = self.incoming.get(&node).map_or(&[][..], Vec::as_slice);
        edges.iter().filter_map(|id| Some((*id, self.drawing.network.edges.get(id)?)))
    }

    fn source(&self, edge: EdgeId) -> Option<NodeId> {
        self.drawing.network.edges.get(&edge).map(|edge| edge.from)
    }

    fn kind(&self, node: NodeId) -> Option<&'a NodeKind> {
        self.drawing.network.nodes.get(&node).map(|node| &node.kind)
    }

    /// Notes what a loss reads.
    fn judge(&mut self, names: &mut crate::export::Identifiers, id: NodeId, loss: &LossNode) {
        let ports: Vec<(EdgeId, &Edge)> = self.edges(id).collect();
        let &[(prediction_edge, prediction), (target_edge, target), ..] = ports.as_slice() else { return };
        let every = loss.counted == CountedSteps::Every && self.drawing.network.n_steps > 1;
        let joined = self.joined(loss.kind, prediction);
        let read = match joined {
            Some(_) => self.edges(prediction.from).next().map_or(prediction_edge, |(edge, _)| edge),
            None => prediction_edge,
        };
        let features = self.drawing.features(prediction.from);
        let prediction = self.output(names, read, every);
        let target = if target.delay == 0 && self.kind(target.from).is_some_and(NodeKind::is_target) {
            if !self.targets.contains(&target.from) {
                self.targets.push(target.from);
            }
            Target::Data(target.from)
        } else {
            Target::Computed(self.output(names, target_edge, every))
        };
        self.judged.push(Judged { loss: id, kind: loss.kind, prediction, target, features, joined });
    }

    /// The sigmoid or softmax that a loss is computed together with, for the stable form.
    fn joined(&self, kind: LossKind, prediction: &Edge) -> Option<Activation> {
        // What is computed under no_grad is computed alone.
        let source = self.drawing.network.nodes.get(&prediction.from).filter(|node| !node.is_unrecorded())?;
        let activation = source.kind.activation()?;
        // A cross-entropy takes rows, whose only axis is that of the classes.
        let is_pair = kind == LossKind::Bce && activation == Activation::Sigmoid
            || kind == LossKind::CrossEntropy && !activation.is_entrywise();
        (is_pair && prediction.delay == 0).then_some(activation)
    }

    /// The name of the output that an edge brings, noted once.
    fn output(&mut self, names: &mut crate::export::Identifiers, edge: EdgeId, every: bool) -> String {
        let Some(drawn) = self.drawing.network.edges.get(&edge) else { return String::new() };
        let is_same = |output: &&Output| {
            let other = self.drawing.network.edges.get(&output.edge);
            output.every == every
                && other.is_some_and(|o| {
                    (o.from, o.delay) == (drawn.from, drawn.delay) && (o.delay == 0 || output.edge == edge)
                })
        };
        if let Some(output) = self.outputs.iter().find(is_same) {
            return output.name.clone();
        }
        let base = self.drawing.names.node(drawn.from);
        let name = match (drawn.delay, every) {
            (0, false) => base.to_owned(),
            (0, true) => names.free(&format!("{base}_steps")),
            (_, false) => names.free(&format!("{base}_read")),
            (_, true) => names.free(&format!("{base}_read_steps")),
        };
        self.outputs.push(Output { name: name.clone(), edge, every });
        name
    }

    /// How a value that arrives over an edge is written where `moment` is computed.
    fn operand(&self, id: EdgeId, edge: &Edge, moment: Moment) -> String {
        if let Some(state) = State::of(id, edge) {
            let name = self.state_names.iter().find(|(other, _)| *other == state);
            let name = name.map_or("", |(_, name)| name.as_str());
            return if state.delay == 1 { name.to_owned() } else { format!("{name}[0]") };
        }
        let name = self.drawing.names.node(edge.from);
        let is_sequence = self.drawing.network.n_steps > 1
            && self.kind(edge.from).and_then(NodeKind::data).is_some_and(|data| data.per_step);
        match (is_sequence, moment) {
            (true, Moment::Within) => format!("{name}[:, t]"),
            (true, Moment::After | Moment::Before) => format!("{name}[:, -1]"),
            (false, _) => name.to_owned(),
        }
    }

    /// `def forward(self, …)`.
    pub(super) fn write(&self, code: &mut Code) {
        let arguments: Vec<String> = std::iter::once("self".to_owned())
            .chain(self.inputs.iter().map(|&id| self.drawing.names.node(id).to_owned()))
            .collect();
        code.block(&format!("def forward({}):", arguments.join(", ")), |code| {
            self.initial_states(code);
            self.nodes(code, Moment::Before);
            if self.drawing.network.n_steps > 1 {
                self.time(code);
                self.nodes(code, Moment::After);
            }
            let names: Vec<String> = self.outputs.iter().map(|output| self.returned(output)).collect();
            code.line(&format!("return {}", names.join(", ")));
        });
    }

    /// How an output is written at the end of the pass.
    fn returned(&self, output: &Output) -> String {
        let Some(edge) = self.drawing.network.edges.get(&output.edge) else { return output.name.clone() };
        if self.is_collected(output) {
            format!("torch.stack({}, dim=1)", output.name)
        } else if output.every {
            self.drawing.names.node(edge.from).to_owned()
        } else if edge.delay > 0 && self.drawing.network.n_steps > 1 {
            output.name.clone()
        } else {
            self.operand(output.edge, edge, Moment::After)
        }
    }

    /// Whether an output is gathered time step after time step. A sequence that comes in is there as a
    /// whole.
    fn is_collected(&self, output: &Output) -> bool {
        let Some(edge) = self.drawing.network.edges.get(&output.edge) else { return false };
        let is_whole = edge.delay == 0
            && self.kind(edge.from).and_then(NodeKind::data).is_some_and(|data| data.per_step);
        output.every && !is_whole
    }

    fn initial_states(&self, code: &mut Code) {
        let Some(&first) = self.inputs.first() else { return };
        let first = self.drawing.names.node(first);
        for (state, name) in &self.state_names {
            let features = self.drawing.features(state.from);
            let zeros = format!("{first}.new_zeros(len({first}), {features})");
            match (state.trained.and_then(|edge| self.drawing.names.initial(edge)), state.delay) {
                (None, 1) => code.chain(&format!("{name} ="), "", &[zeros]),
                (None, delay) => code.chain(&format!("{name} ="), "", &[format!("[{zeros}] * {delay}")]),
                (Some(initial), 1) => {
                    code.chain(
                        &format!("{name} ="),
                        "",
                        &[format!("self.{initial}.expand(len({first}), -1)")],
                    );
                }
                (Some(initial), _) => {
                    let rows = format!("row.expand(len({first}), -1) for row in self.{initial}");
                    code.line(&format!("{name} = [{rows}]"));
                }
            }
        }
    }

    /// The loop over time.
    fn time(&self, code: &mut Code) {
        let network = self.drawing.network;
        let collected: Vec<&Output> =
            self.outputs.iter().filter(|output| self.is_collected(output)).collect();
        let is_needed = !self.state_names.is_empty() || !collected.is_empty();
        if !is_needed {
            return;
        }
        for output in &collected {
            code.line(&format!("{} = []", output.name));
        }
        code.block(&format!("for t in range({}):", network.n_steps), |code| {
            self.truncate(code);
            self.nodes(code, Moment::Within);
            for output in &self.outputs {
                let Some(edge) = network.edges.get(&output.edge) else { continue };
                let value = self.operand(output.edge, edge, Moment::Within);
                if self.is_collected(output) {
                    code.call(&format!("{}.append", output.name), &[value]);
                } else if edge.delay > 0 {
                    code.line(&format!("{} = {value}", output.name));
                }
            }
            for (state, name) in &self.state_names {
                let edge = Edge {
                    from: state.from,
                    to: state.from,
                    port: 0,
                    delay: 0,
                    initial: crate::network::InitialState::Zeros,
                };
                let value = self.operand(EdgeId(0), &edge, Moment::Within);
                if state.delay == 1 {
                    code.line(&format!("{name} = {value}"));
                } else {
                    code.line(&format!("{name} = [*{name}[1:], {value}]"));
                }
            }
        });
    }

    /// Truncated backpropagation through time: what comes from before a border passes, its gradient
    /// does not.
    fn truncate(&self, code: &mut Code) {
        let Some(k) = self.drawing.network.truncate.filter(|&k| k > 0 && k < self.drawing.network.n_steps)
        else {
            return;
        };
        if self.state_names.is_empty() {
            return;
        }
        let head = if k == 1 { "if t > 0:".to_owned() } else { format!("if t > 0 and t % {k} == 0:") };
        code.block(&head, |code| {
            for (state, name) in &self.state_names {
                if state.delay == 1 {
                    code.line(&format!("{name} = {name}.detach()"));
                } else {
                    code.line(&format!("{name} = [value.detach() for value in {name}]"));
                }
            }
        });
    }

    fn nodes(&self, code: &mut Code, moment: Moment) {
        for &id in &self.drawing.timing.order {
            if self.drawing.timing.moment(id) == moment && !self.is_only_joined(id) {
                self.node(code, id, moment);
            }
        }
    }

    /// Whether nobody reads an activation but the loss that it is joined with.
    fn is_only_joined(&self, id: NodeId) -> bool {
        let network = self.drawing.network;
        let mut readers = network.edges.values().filter(|edge| edge.from == id).peekable();
        readers.peek().is_some()
            && readers.all(|edge| {
                edge.port == 0
                    && self.judged.iter().any(|judged| judged.loss == edge.to && judged.joined.is_some())
            })
    }

    fn node(&self, code: &mut Code, id: NodeId, moment: Moment) {
        if self.drawing.network.nodes.get(&id).is_some_and(Node::is_unrecorded) {
            code.block("with torch.no_grad():", |code| self.statement(code, id, moment));
        } else {
            self.statement(code, id, moment);
        }
    }

    fn statement(&self, code: &mut Code, id: NodeId, moment: Moment) {
        let Some(kind) = self.kind(id) else { return };
        let name = self.drawing.names.node(id);
        let operands: Vec<String> = self
            .edges(id)
            .map(|(edge, drawn)| {
                let operand = self.operand(edge, drawn, moment);
                fits::aligned(self.drawing, id, drawn.from, operand)
            })
            .collect();
        match kind {
            NodeKind::Dense(_) | NodeKind::Activation(_) | NodeKind::Dropout { .. } => {
                code.call(&format!("{name} = self.{name}"), &operands);
            }
            NodeKind::Add => code.chain(&format!("{name} ="), "+", &operands),
            NodeKind::Multiply => code.chain(&format!("{name} ="), "*", &operands),
            NodeKind::Concat { dim } => {
                code.call(
                    &format!("{name} = torch.cat"),
                    &[format!("[{}]", operands.join(", ")), format!("dim={dim}")],
                );
            }
            NodeKind::Tensor(_) => code.line(&format!("{name} = self.{name}")),
            NodeKind::Operation(_) | NodeKind::Reduce(_) | NodeKind::Reshape { .. } => {
                let is_batched = self.drawing.is_batched(id);
                let line = expression::torch_call(kind, &operands, is_batched);
                code.line(&hugged(&format!("{name} = {line}")));
            }
            NodeKind::Input(_) | NodeKind::Target(_) | NodeKind::Loss(_) => {}
        }
    }

    /// `def predict(self, …)`: probabilities where `forward` gives logits, the last time step where it
    /// gives all.
    pub(super) fn write_predict(&self, code: &mut Code) {
        let names: Vec<&str> = self.inputs.iter().map(|&id| self.drawing.names.node(id)).collect();
        code.block(&format!("def predict(self, {}):", names.join(", ")), |code| {
            code.line("\"\"\"A prediction for each loss: probabilities where forward gives logits.\"\"\"");
            let outputs: Vec<&str> = self.outputs.iter().map(|output| output.name.as_str()).collect();
            code.call(
                &format!("{} = self", outputs.join(", ")),
                &names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(),
            );
            let predictions: Vec<String> = self.judged.iter().map(|judged| self.prediction(judged)).collect();
            let last = if predictions.len() == 1 { "," } else { "" };
            code.line(&format!("return ({}{last})", predictions.join(", ")));
        });
    }

    fn prediction(&self, judged: &Judged) -> String {
        let every = self.outputs.iter().any(|output| output.name == judged.prediction && output.every);
        let value = if every { format!("{}[:, -1]", judged.prediction) } else { judged.prediction.clone() };
        let is_logits = judged.joined.is_some();
        match judged.kind {
            LossKind::BceWithLogits => format!("torch.sigmoid({value})"),
            LossKind::CrossEntropyWithLogits => format!("torch.softmax({value}, dim=-1)"),
            LossKind::Bce if is_logits => format!("torch.sigmoid({value})"),
            LossKind::CrossEntropy if is_logits => format!("torch.softmax({value}, dim=-1)"),
            LossKind::Mse
            | LossKind::HalfSumOfSquares
            | LossKind::Mae
            | LossKind::Huber { .. }
            | LossKind::Bce
            | LossKind::CrossEntropy => value,
        }
    }
}

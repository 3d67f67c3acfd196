//! From nodes to text: one expression, or PyTorch code line by line.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::{OPEN_END, is_written_out, literal};
use super::names::identifiers;
use crate::network::{
    Family, Network, Node, NodeId, NodeKind, Operation, ParameterKey, ParameterRole, Parameters, ReduceNode,
    Shapes, Written, index_of,
};

/// A shared part that is longer than this gets a line of its own.
const LONG: usize = 60;

/// A written part, and how tightly it holds together.
#[derive(Clone, Debug)]
struct Text {
    text: String,
    binding: Binding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Comparison,
    Sum,
    Product,
    Prefix,
    Power,
    Atom,
}

impl Text {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), binding: Binding::Atom }
    }

    fn within(&self, needed: Binding) -> String {
        if self.binding >= needed { self.text.clone() } else { format!("({})", self.text) }
    }
}

/// What is written of a drawing.
struct Writer<'a> {
    network: &'a Network,
    parameters: &'a Parameters,
    shapes: Shapes,
    names: BTreeMap<NodeId, String>,
    /// The nodes that are written, in an order of computing.
    order: Vec<NodeId>,
    incoming: BTreeMap<NodeId, Vec<NodeId>>,
}

impl<'a> Writer<'a> {
    fn new(network: &'a Network, parameters: &'a Parameters, selected: &BTreeSet<NodeId>) -> Self {
        let wiring = network.wiring();
        let sources = |id: NodeId| {
            let edges = wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge));
            edges.map(|edge| edge.from).collect::<Vec<_>>()
        };
        let order = network.topological_order().unwrap_or_default();
        Self {
            network,
            parameters,
            shapes: network.infer_shapes().0,
            names: identifiers(network),
            order: order.into_iter().filter(|id| selected.contains(id)).collect(),
            incoming: selected.iter().map(|&id| (id, sources(id))).collect(),
        }
    }

    fn is_unrecorded(&self, id: NodeId) -> bool {
        self.network.nodes.get(&id).is_some_and(Node::is_unrecorded)
    }

    /// Whether a value goes into a block `with torch.no_grad():` or out of one: then it has a line of its own.
    fn crosses_a_block(&self, id: NodeId) -> bool {
        let mut users = self.incoming.iter().filter(|(_, sources)| sources.contains(&id));
        users.any(|(user, _)| self.is_unrecorded(*user) != self.is_unrecorded(id))
    }

    fn name(&self, id: NodeId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    fn inputs(&self, id: NodeId) -> &[NodeId] {
        self.incoming.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a tensor as they are now, and whether they learn.
    fn tensor(&self, id: NodeId) -> Option<(String, bool)> {
        let typed = self.network.nodes.get(&id)?.kind.tensor()?;
        let held = self.parameters.get(&ParameterKey::Node(id, ParameterRole::Value));
        let values = held.map_or(typed.values.as_slice(), |parameter| parameter.values.as_slice());
        Some((literal(&typed.shape, values), typed.requires_grad))
    }

    /// An axis counted from the first one.
    fn axis(&self, of: NodeId, dim: f64) -> usize {
        let rank = self.shapes.node(of).map_or(0, |it| it.dims().len() + usize::from(it.is_batched()));
        let dim = index_of(dim);
        if dim < 0 { rank.saturating_add_signed(dim) } else { dim.unsigned_abs() }
    }

    /// A node as it is written from its written inputs.
    fn written(&self, id: NodeId, inputs: &[Text]) -> Text {
        let Some(node) = self.network.nodes.get(&id) else { return Text::atom("") };
        let joined = |sign: &str, binding: Binding| {
            let mut parts = inputs.iter();
            let first = parts.next().map(|part| part.within(binding)).unwrap_or_default();
            let next = if binding == Binding::Sum { Binding::Product } else { Binding::Prefix };
            let rest: Vec<String> = parts.map(|part| format!(" {sign} {}", part.within(next))).collect();
            Text { text: first + &rest.concat(), binding }
        };
        let listed = || inputs.iter().map(|input| input.text.as_str()).collect::<Vec<_>>().join(", ");
        match &node.kind {
            NodeKind::Add => joined("+", Binding::Sum),
            NodeKind::Multiply => joined("*", Binding::Product),
            NodeKind::Concat { dim } => Text::atom(format!("cat([{}], dim={dim})", listed())),
            NodeKind::Operation(operation) => self.operation(*operation, id, inputs, &joined),
            NodeKind::Reduce(reduce) => {
                Text::atom(format!("{}({}{})", function(*reduce), listed(), over(*reduce)))
            }
            NodeKind::Reshape { shape } => Text::atom(format!("reshape({}, ({}))", listed(), sizes(shape))),
            NodeKind::Activation(_) => {
                let settings: Vec<String> = node
                    .kind
                    .numbers()
                    .iter()
                    .map(|(setting, value)| format!(", {}={value}", setting.slug))
                    .collect();
                Text::atom(format!("{}({}{})", node.kind.slug(), listed(), settings.concat()))
            }
            NodeKind::Input(_)
            | NodeKind::Target(_)
            | NodeKind::Tensor(_)
            | NodeKind::Dense(_)
            | NodeKind::Dropout { .. }
            | NodeKind::Loss(_) => {
                let name = self.name(id);
                Text::atom(if inputs.is_empty() { name } else { format!("{name}({})", listed()) })
            }
        }
    }

    fn operation(
        &self,
        operation: Operation,
        id: NodeId,
        inputs: &[Text],
        joined: &dyn Fn(&str, Binding) -> Text,
    ) -> Text {
        let first = |binding: Binding| inputs.first().map(|input| input.within(binding)).unwrap_or_default();
        let list = || inputs.iter().map(|input| input.text.as_str()).collect::<Vec<_>>().join(", ");
        let numbers = NodeKind::Operation(operation).numbers();
        let keywords: Vec<String> =
            numbers.iter().map(|(setting, value)| format!(", {}={value}", setting.slug)).collect();
        let keywords = keywords.concat();
        match operation.written() {
            Written::Prefix(sign) => {
                Text { text: format!("{sign}{}", first(Binding::Power)), binding: Binding::Prefix }
            }
            Written::Infix("**") => {
                let exponent = match numbers.first() {
                    Some((_, exponent)) => exponent.to_string(),
                    None => inputs.get(1).map(|it| it.within(Binding::Atom)).unwrap_or_default(),
                };
                Text { text: format!("{} ** {exponent}", first(Binding::Atom)), binding: Binding::Power }
            }
            Written::Infix(sign @ ("-" | "+")) => joined(sign, Binding::Sum),
            Written::Infix(sign @ ("/" | "@")) => joined(sign, Binding::Product),
            Written::Infix(sign) => {
                let [a, b] = [0, 1]
                    .map(|idx| inputs.get(idx).map(|input| input.within(Binding::Sum)).unwrap_or_default());
                Text { text: format!("{a} {sign} {b}"), binding: Binding::Comparison }
            }
            Written::Call(name) => Text::atom(format!("{name}({}{keywords})", list())),
            Written::CallWithList(name) => Text::atom(format!("{name}([{}]{keywords})", list())),
            Written::Suffix(suffix) => Text::atom(format!("{}{suffix}", first(Binding::Atom))),
            Written::Index => {
                let of = self.inputs(id).first().copied().unwrap_or(id);
                Text::atom(format!("{}[{}]", first(Binding::Atom), self.index(operation, of)))
            }
        }
    }

    /// What stands between the brackets of an index.
    fn index(&self, operation: Operation, of: NodeId) -> String {
        let (dim, item) = match operation {
            Operation::Select { dim, index } => (dim, index.to_string()),
            Operation::Slice { dim, start, end } if end >= OPEN_END => (dim, format!("{start}:")),
            Operation::Slice { dim, start, end } => (dim, format!("{start}:{end}")),
            _ => (0.0, String::new()),
        };
        ":, ".repeat(self.axis(of, dim)) + &item
    }
}

fn function(reduce: ReduceNode) -> &'static str {
    reduce.kind.function()
}

fn over(reduce: ReduceNode) -> String {
    let dim = reduce.dim.map(|dim| format!(", dim={dim}")).unwrap_or_default();
    dim + if reduce.keepdim { ", keepdim=True" } else { "" }
}

fn sizes(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    if sizes.len() == 1 { format!("{},", sizes.concat()) } else { sizes.join(", ") }
}

/// Nodes as an expression that can be typed again: a line for every tensor, and one for what nothing else
/// that is written uses. A long part that is used more than once gets a line of its own.
pub fn as_expression(network: &Network, parameters: &Parameters, nodes: &BTreeSet<NodeId>) -> String {
    let writer = Writer::new(network, parameters, nodes);
    let n_uses = |id: NodeId| writer.incoming.values().flatten().filter(|from| **from == id).count();
    let mut texts: BTreeMap<NodeId, Text> = BTreeMap::new();
    let mut lines = Vec::new();
    for &id in &writer.order {
        let name = writer.name(id);
        if let Some((numbers, is_trainable)) = writer.tensor(id) {
            let text = if !is_trainable && is_written_out(network, id) {
                let binding = if numbers.starts_with('-') { Binding::Prefix } else { Binding::Atom };
                Text { text: numbers, binding }
            } else {
                let numbers = if is_trainable { numbers } else { format!("tensor({numbers})") };
                lines.push((false, format!("{name} = {numbers}")));
                Text::atom(name)
            };
            texts.insert(id, text);
            continue;
        }
        let inputs: Vec<Text> = writer
            .inputs(id)
            .iter()
            .map(|from| texts.get(from).cloned().unwrap_or_else(|| Text::atom(writer.name(*from))))
            .collect();
        let text = writer.written(id, &inputs);
        let n_uses = n_uses(id);
        if n_uses == 0 || n_uses > 1 && text.text.len() > LONG || writer.crosses_a_block(id) {
            lines.push((writer.is_unrecorded(id), format!("{name} = {}", text.text)));
            texts.insert(id, Text::atom(name));
        } else {
            texts.insert(id, text);
        }
    }
    in_blocks(lines).join("\n")
}

/// Lines with those that are under `no_grad` in blocks.
fn in_blocks(lines: Vec<(bool, String)>) -> Vec<String> {
    let mut written = Vec::new();
    let mut is_within = false;
    for (is_unrecorded, line) in lines {
        if is_unrecorded && !is_within {
            written.push("with torch.no_grad():".to_owned());
        }
        is_within = is_unrecorded;
        written.push(if is_unrecorded { format!("    {line}") } else { line });
    }
    written
}

/// Nodes as PyTorch code, one line a node, and `backward()` where a root is among them.
pub fn torch_lines(network: &Network, parameters: &Parameters, nodes: &BTreeSet<NodeId>) -> Vec<String> {
    let writer = Writer::new(network, parameters, nodes);
    let mut lines = vec![(false, "import torch".to_owned()), (false, String::new())];
    for &id in &writer.order {
        let name = writer.name(id);
        if let Some((numbers, is_trainable)) = writer.tensor(id) {
            let grad = if is_trainable { ", requires_grad=True" } else { "" };
            lines.push((false, format!("{name} = torch.tensor({numbers}, dtype=torch.float64{grad})")));
            continue;
        }
        let Some(node) = network.nodes.get(&id) else { continue };
        let operands: Vec<String> = writer.inputs(id).iter().map(|from| writer.name(*from)).collect();
        let is_batched = writer.shapes.node(id).is_some_and(crate::tensor::Shape::is_batched);
        let line = match &node.kind {
            NodeKind::Add => operands.join(" + "),
            NodeKind::Multiply => operands.join(" * "),
            NodeKind::Concat { dim } => format!("torch.cat([{}], dim={dim})", operands.join(", ")),
            NodeKind::Operation(_) | NodeKind::Reduce(_) | NodeKind::Reshape { .. } => {
                torch_call(&node.kind, &operands, is_batched)
            }
            NodeKind::Activation(_) => {
                let inputs: Vec<Text> = operands.iter().map(Text::atom).collect();
                format!("torch.nn.functional.{}", writer.written(id, &inputs).text)
            }
            NodeKind::Input(_)
            | NodeKind::Target(_)
            | NodeKind::Tensor(_)
            | NodeKind::Dense(_)
            | NodeKind::Dropout { .. }
            | NodeKind::Loss(_) => {
                let inputs: Vec<Text> = operands.iter().map(Text::atom).collect();
                lines.push((false, format!("# {name}: {}", writer.written(id, &inputs).text)));
                continue;
            }
        };
        lines.push((writer.is_unrecorded(id), format!("{name} = {line}")));
    }
    for root in writer.order.iter().filter(|id| network.roots.contains(id)) {
        let name = writer.name(*root);
        let vector = network.seeds.get(root).map_or_else(String::new, |seed| {
            let v = literal(&seed.shape, &seed.values);
            format!("torch.tensor({v}, dtype={name}.dtype).expand_as({name})")
        });
        lines.push((false, format!("{name}.backward({vector})")));
    }
    in_blocks(lines)
}

/// One operation as PyTorch computes it from named operands; `is_batched` says whether N is its first axis.
pub fn torch_call(kind: &NodeKind, operands: &[String], is_batched: bool) -> String {
    let x = operands.first().map_or("", String::as_str);
    let y = operands.get(1).map_or("", String::as_str);
    let all = operands.join(", ");
    match kind {
        NodeKind::Operation(operation) => match *operation {
            Operation::Step => format!("({x}.detach() > 0).to({x}.dtype)"),
            Operation::Pow { exponent } => format!("{x} ** {exponent}"),
            Operation::Clamp { min, max } => format!("torch.clamp({x}, min={min}, max={max})"),
            Operation::Normal { std } => format!("torch.normal({x}.detach(), {std})"),
            Operation::Bernoulli => format!("torch.bernoulli({x}.detach())"),
            Operation::LogSoftmax { dim } => format!("torch.log_softmax({x}, dim={dim})"),
            Operation::Where => {
                let z = operands.get(2).map_or("", String::as_str);
                format!("torch.where({x} != 0, {y}, {z})")
            }
            Operation::Stack { dim } => format!("torch.stack([{all}], dim={dim})"),
            Operation::Slice { dim, start, end } => {
                let end = if end >= OPEN_END { "None".to_owned() } else { end.to_string() };
                let dim = index_of(dim);
                let run = format!("slice({start}, {end})");
                if dim < 0 {
                    let after = ", slice(None)".repeat(dim.unsigned_abs() - 1);
                    format!("{x}[(..., {run}{after})]")
                } else {
                    let before = "slice(None), ".repeat(dim.unsigned_abs());
                    format!("{x}[({before}{run},)]")
                }
            }
            Operation::Select { dim, index } => format!("torch.select({x}, {dim}, {index})"),
            Operation::Greater | Operation::GreaterEqual | Operation::Less | Operation::Equal => {
                let sign = match operation.written() {
                    Written::Infix(sign) => sign,
                    _ => "",
                };
                format!("({x} {sign} {y}).to({x}.dtype)")
            }
            _ => match operation.written() {
                Written::Prefix(sign) => format!("{sign}{x}"),
                Written::Infix(sign) => format!("{x} {sign} {y}"),
                Written::Call(name) => format!("torch.{name}({all})"),
                Written::CallWithList(name) => format!("torch.{name}([{all}])"),
                Written::Suffix(suffix) => format!("{x}{suffix}"),
                Written::Index => x.to_owned(),
            },
        },
        NodeKind::Reduce(reduce) => {
            let over = over(*reduce);
            match (reduce.kind.declaration().slug, reduce.dim, reduce.keepdim) {
                ("norm", ..) => format!("torch.linalg.vector_norm({x}{over})"),
                ("min" | "max", Some(_), _) => format!("torch.{}({x}{over}).values", function(*reduce)),
                (_, Some(_), _) | (_, None, false) => {
                    format!("torch.{}({x}{over})", function(*reduce))
                }
                (_, None, true) => {
                    format!("torch.{}({x}).reshape([1] * {x}.dim())", function(*reduce))
                }
            }
        }
        NodeKind::Reshape { shape } => {
            let to = sizes(shape);
            let to = if is_batched { format!("len({x}), {}", to.trim_end_matches(',')) } else { to };
            format!("{x}.reshape(({to}))")
        }
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Tensor(_)
        | NodeKind::Dense(_)
        | NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat { .. }
        | NodeKind::Dropout { .. }
        | NodeKind::Loss(_) => all,
    }
}

//! From a typed expression to nodes: every part once, however often it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::call::{Call, function, infix};
use super::error::{ExpressionError, Wrong};
use super::names::is_identifier;
use super::parse;
use super::token::Place;
use super::tree::{Item, Part, Statement, Tree};
use crate::network::{
    Builder, MAX_TYPED, Network, NodeId, NodeKind, Operation, ReduceKind, ReduceNode, TensorNode, index_of,
};

/// The most nodes that one text draws.
const MAX_NODES: usize = 2_000;
/// Where a slice ends that is open at its end.
pub(super) const OPEN_END: f64 = 1e6;

/// What a text draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The nodes, laid out. Its roots are where `backward()` is called, else numbers that nothing else uses.
    pub network: Network,
}

/// Draws a text.
///
/// # Errors
/// What is wrong with it, and at which column.
pub fn draw(text: &str) -> Result<Drawn, ExpressionError> {
    let statements = parse::statements(text)?;
    let start = Place { line: 1, column: 1 };
    if statements.is_empty() {
        return Err(start.wrong(Wrong::Nothing));
    }
    let mut drawing = Drawing::new(&statements);
    for idx in 0..statements.len() {
        drawing.assign(idx)?;
    }
    Ok(drawing.finish())
}

/// A value on the way: a number becomes a node only where one is needed.
#[derive(Clone, Copy, Debug)]
enum Value {
    Number(f64),
    Node(NodeId),
}

struct Drawing<'a> {
    statements: &'a [Statement],
    /// Whether each statement was drawn, or is being drawn.
    states: Vec<State>,
    builder: Builder,
    /// By kind, whether it is under `no_grad`, and inputs: what was drawn already.
    drawn: BTreeMap<(String, bool, Vec<NodeId>), NodeId>,
    values: BTreeMap<String, Value>,
    names: BTreeMap<NodeId, String>,
    n_nodes: usize,
    /// Whether the statement that is being drawn stands under `no_grad`.
    no_grad: bool,
    /// Where the text says `backward()`.
    roots: BTreeSet<NodeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Begun,
    Done,
}

impl<'a> Drawing<'a> {
    fn new(statements: &'a [Statement]) -> Self {
        Self {
            statements,
            states: vec![State::Waiting; statements.len()],
            builder: Builder::new(),
            drawn: BTreeMap::new(),
            values: BTreeMap::new(),
            names: BTreeMap::new(),
            n_nodes: 0,
            no_grad: false,
            roots: BTreeSet::new(),
        }
    }

    /// Draws one statement, if that was not done before because another needed it.
    fn assign(&mut self, idx: usize) -> Result<(), ExpressionError> {
        let statement = &self.statements[idx];
        if self.states[idx] == State::Done {
            return Ok(());
        }
        self.states[idx] = State::Begun;
        // A name that is needed early is drawn as its own statement says.
        let before = std::mem::replace(&mut self.no_grad, statement.no_grad);
        let value = match (&statement.name, statement.value.numbers()) {
            // Numbers with a name are a variable.
            (Some((name, _)), Some(tensor)) => {
                Value::Node(self.variable(name, tensor?, statement.value.place)?)
            }
            _ => self.value(&statement.value)?,
        };
        self.no_grad = before;
        self.states[idx] = State::Done;
        if let Some((name, _)) = &statement.name {
            if let Value::Node(node) = value {
                self.names.entry(node).or_insert_with(|| name.clone());
            }
            self.values.insert(name.clone(), value);
        } else {
            let node = self.node(value, statement.value.place)?;
            self.roots.extend(statement.is_root.then_some(node));
        }
        Ok(())
    }

    /// The drawing, with its names and roots.
    fn finish(self) -> Drawn {
        let Self { builder, names, roots, .. } = self;
        let mut network = builder.finish();
        for (id, name) in names {
            let name = network.unique_name_for(&name, id);
            if let Some(node) = network.nodes.get_mut(&id) {
                node.name = name;
            }
        }
        let (shapes, _) = network.infer_shapes();
        let wiring = network.wiring();
        let is_root = |id: &NodeId| {
            let is_computed = network.nodes.get(id).is_some_and(|node| node.kind.tensor().is_none());
            let is_scalar = shapes.node(*id).is_some_and(|shape| shape.features() == 1);
            is_computed && is_scalar && wiring.outgoing(*id).is_empty()
        };
        let ends = || network.nodes.keys().copied().filter(is_root).collect();
        network.roots = if roots.is_empty() { ends() } else { roots };
        Drawn { network }
    }

    fn add(&mut self, kind: NodeKind, inputs: &[NodeId], place: Place) -> Result<NodeId, ExpressionError> {
        let no_grad = self.no_grad && kind.has_way_through();
        let key = (format!("{kind:?}"), no_grad, inputs.to_vec());
        if let Some(&node) = self.drawn.get(&key) {
            return Ok(node);
        }
        self.n_nodes += 1;
        if self.n_nodes > MAX_NODES {
            return Err(place.wrong(Wrong::TooLarge));
        }
        let node = self.builder.node(kind, inputs);
        if no_grad {
            self.builder.no_grad(node);
        }
        self.drawn.insert(key, node);
        Ok(node)
    }

    /// A tensor of its own, even where others hold the same numbers.
    fn variable(&mut self, name: &str, tensor: TensorNode, place: Place) -> Result<NodeId, ExpressionError> {
        self.n_nodes += 1;
        if self.n_nodes > MAX_NODES {
            return Err(place.wrong(Wrong::TooLarge));
        }
        let node = self.builder.node(NodeKind::Tensor(tensor), &[]);
        self.names.insert(node, name.to_owned());
        Ok(node)
    }

    /// Numbers that are written within an expression: they require no gradient and are called by what is
    /// written.
    fn constant(&mut self, tensor: TensorNode, place: Place) -> Result<NodeId, ExpressionError> {
        let name = literal(&tensor.shape, &tensor.values);
        let tensor = tensor.constant();
        let is_new =
            !self.drawn.contains_key(&(format!("{:?}", NodeKind::Tensor(tensor.clone())), false, Vec::new()));
        let node = self.add(NodeKind::Tensor(tensor), &[], place)?;
        if is_new {
            self.names.insert(node, name);
        }
        Ok(node)
    }

    fn node(&mut self, value: Value, place: Place) -> Result<NodeId, ExpressionError> {
        match value {
            Value::Node(node) => Ok(node),
            Value::Number(number) => self.constant(TensorNode::scalar(number), place),
        }
    }

    fn drawn(&mut self, tree: &Tree) -> Result<NodeId, ExpressionError> {
        let value = self.value(tree)?;
        self.node(value, tree.place)
    }

    fn value(&mut self, tree: &Tree) -> Result<Value, ExpressionError> {
        if let Some(number) = tree.number() {
            return Ok(Value::Number(number));
        }
        let place = tree.place;
        let node = match &tree.what {
            Part::Number(number) => return Ok(Value::Number(*number)),
            Part::Name(name) => return self.named(name, place),
            Part::List(_) => {
                let wrong = Wrong::Expected { expected: "[1, 2, 3]".to_owned(), found: "[".to_owned() };
                let tensor = tree.numbers().unwrap_or_else(|| Err(place.wrong(wrong)))?;
                self.constant(tensor, place)?
            }
            Part::Negative(of) => {
                let of = self.drawn(of)?;
                self.add(NodeKind::Operation(Operation::Neg), &[of], place)?
            }
            Part::Infix("**", base, exponent) => {
                let base = self.drawn(base)?;
                match self.value(exponent)? {
                    Value::Number(exponent) => {
                        self.add(NodeKind::Operation(Operation::Pow { exponent }), &[base], place)?
                    }
                    Value::Node(exponent) => {
                        self.add(NodeKind::Operation(Operation::Power), &[base, exponent], place)?
                    }
                }
            }
            Part::Infix(sign, a, b) => {
                let inputs = [self.drawn(a)?, self.drawn(b)?];
                self.add(infix(sign, place)?, &inputs, place)?
            }
            Part::Attribute(of, name) if matches!(name.as_str(), "T" | "mT") => {
                let of = self.drawn(of)?;
                self.add(NodeKind::Operation(Operation::Transpose), &[of], place)?
            }
            Part::Attribute(_, name) => return Err(place.wrong(Wrong::UnknownFunction(name.clone()))),
            Part::Index(of, items) => self.indexed(of, items, place)?,
            Part::Call { function, arguments, keywords } => {
                self.call(&Call { function, arguments, keywords, place })?
            }
        };
        Ok(Value::Node(node))
    }

    /// The value of a name: what was assigned last, or what will be assigned further down.
    fn named(&mut self, name: &str, place: Place) -> Result<Value, ExpressionError> {
        if let Some(&value) = self.values.get(name) {
            return Ok(value);
        }
        let is_it = |statement: &Statement| statement.name.as_ref().is_some_and(|(own, _)| own == name);
        let Some(idx) = self.statements.iter().position(is_it) else {
            return Err(place.wrong(Wrong::UnknownName(name.to_owned())));
        };
        if self.states[idx] == State::Begun {
            return Err(place.wrong(Wrong::Circle(name.to_owned())));
        }
        self.assign(idx)?;
        self.values.get(name).copied().ok_or_else(|| place.wrong(Wrong::UnknownName(name.to_owned())))
    }

    fn indexed(&mut self, of: &Tree, items: &[Item], place: Place) -> Result<NodeId, ExpressionError> {
        let mut node = self.drawn(of)?;
        let mut dim = 0.0;
        for item in items {
            let operation = match *item {
                Item::Run(None, None) => {
                    dim += 1.0;
                    continue;
                }
                Item::At(index) => Operation::Select { dim, index: index as f64 },
                Item::Run(start, end) => {
                    let end = end.map_or(OPEN_END, |end| end as f64);
                    let run = Operation::Slice { dim, start: start.unwrap_or(0) as f64, end };
                    dim += 1.0;
                    run
                }
            };
            node = self.add(NodeKind::Operation(operation), &[node], place)?;
        }
        Ok(node)
    }

    fn call(&mut self, call: &Call<'_>) -> Result<NodeId, ExpressionError> {
        if call.function == "tensor" {
            return self.tensor(call);
        }
        if let "min" | "max" = call.function
            && call.arguments.len() == 2
            && call.arguments[1].number().is_none()
        {
            let is_max = call.function == "max";
            let pair = if is_max { Operation::Maximum } else { Operation::Minimum };
            let inputs = [self.drawn(&call.arguments[0])?, self.drawn(&call.arguments[1])?];
            return self.add(NodeKind::Operation(pair), &inputs, call.place);
        }
        let reduce = ReduceKind::ALL.into_iter().find(|kind| kind.function() == call.function);
        if let Some(kind) = reduce.or_else(|| (call.function == "vector_norm").then_some(ReduceKind::Norm)) {
            return self.reduce(kind, call);
        }
        match call.function {
            "cat" | "concat" => {
                call.takes_keywords(&["dim"])?;
                // Without an axis PyTorch takes the first one.
                let dim = call.setting("dim", 1)?.unwrap_or(0.0);
                let inputs = self.listed(call)?;
                self.add(NodeKind::Concat { dim }, &inputs, call.place)
            }
            "stack" => {
                call.takes_keywords(&["dim"])?;
                let dim = call.setting("dim", 1)?.unwrap_or(0.0);
                let inputs = self.listed(call)?;
                self.add(NodeKind::Operation(Operation::Stack { dim }), &inputs, call.place)
            }
            "reshape" | "view" => {
                let sizes = match call.arguments.get(1).map(|tree| &tree.what) {
                    Some(Part::List(items)) => items.as_slice(),
                    _ => call.arguments.get(1..).unwrap_or_default(),
                };
                let size = |tree: &Tree| {
                    let size = tree.number().filter(|size| *size >= 0.0 && size.fract() == 0.0);
                    let size = size.filter(|size| *size <= MAX_TYPED as f64);
                    size.map(|size| index_of(size).unsigned_abs())
                        .ok_or_else(|| call.expected("reshape(x, (2, 3))"))
                };
                let shape = sizes.iter().map(size).collect::<Result<Vec<_>, _>>()?;
                let x = self.argument(call, 0)?;
                self.add(NodeKind::Reshape { shape }, &[x], call.place)
            }
            _ => self.function(call),
        }
    }

    fn tensor(&mut self, call: &Call<'_>) -> Result<NodeId, ExpressionError> {
        call.takes(1..=1)?;
        call.takes_keywords(&["dtype", "requires_grad"])?;
        let tensor = call.arguments[0].numbers().unwrap_or_else(|| Err(call.expected("[1, 2, 3]")))?;
        let requires_grad = call.keywords.iter().any(|(keyword, value)| {
            keyword == "requires_grad" && value.what == Part::Name("True".to_owned())
        });
        let name = literal(&tensor.shape, &tensor.values);
        let tensor = if requires_grad { tensor } else { tensor.constant() };
        let node = self.variable(&name, tensor, call.place)?;
        // A statement's own name is better.
        self.names.remove(&node);
        Ok(node)
    }

    fn reduce(&mut self, kind: ReduceKind, call: &Call<'_>) -> Result<NodeId, ExpressionError> {
        call.takes(1..=3)?;
        call.takes_keywords(&["dim", "axis", "keepdim", "keepdims"])?;
        let dim = match call.setting("dim", 1)? {
            Some(dim) => Some(dim),
            None => call.setting("axis", usize::MAX)?,
        };
        let is_true = |tree: &Tree| tree.what == Part::Name("True".to_owned());
        let keyword = call.keywords.iter().find(|(keyword, _)| keyword.starts_with("keepdim"));
        let keepdim = keyword.map(|(_, value)| value).or_else(|| call.arguments.get(2)).is_some_and(is_true);
        let x = self.argument(call, 0)?;
        let node = ReduceNode { kind, dim: dim.map(index_of), keepdim };
        self.add(NodeKind::Reduce(node), &[x], call.place)
    }

    /// A function of values, whose settings are keywords or follow the values.
    fn function(&mut self, call: &Call<'_>) -> Result<NodeId, ExpressionError> {
        let kind = function(call.function)
            .ok_or_else(|| call.place.wrong(Wrong::UnknownFunction(call.function.to_owned())))?;
        let n_inputs = kind.ports().needed();
        let slugs: Vec<&str> = kind.numbers().iter().map(|(setting, _)| setting.slug).collect();
        let n_extra = if call.function == "heaviside" { 1 } else { slugs.len() };
        let n_extra = if call.function == "transpose" { 2 } else { n_extra };
        call.takes(n_inputs..=n_inputs + n_extra)?;
        call.takes_keywords(&slugs)?;
        let mut kind = kind;
        for (idx, slug) in slugs.iter().enumerate() {
            if let Some(value) = call.setting(slug, n_inputs + idx)? {
                kind = kind.with_number(idx, value);
            }
        }
        let inputs = (0..n_inputs).map(|idx| self.argument(call, idx)).collect::<Result<Vec<_>, _>>()?;
        self.add(kind, &inputs, call.place)
    }

    fn argument(&mut self, call: &Call<'_>, idx: usize) -> Result<NodeId, ExpressionError> {
        match call.arguments.get(idx) {
            Some(tree) => self.drawn(tree),
            None => Err(call.wrong_count(&(idx + 1).to_string())),
        }
    }

    /// The values that stand in a list as the first argument.
    fn listed(&mut self, call: &Call<'_>) -> Result<Vec<NodeId>, ExpressionError> {
        match call.arguments.first().map(|tree| &tree.what) {
            Some(Part::List(items)) if !items.is_empty() => {
                items.iter().map(|item| self.drawn(item)).collect()
            }
            _ => Err(call.expected("[x, y]")),
        }
    }
}

/// Numbers as Python writes them: `3`, `[1, 2.5]`.
pub fn literal(shape: &[usize], values: &[f64]) -> String {
    match shape.split_first() {
        None => values.first().map_or_else(String::new, ToString::to_string),
        Some((&n, rest)) => {
            let each = rest.iter().product::<usize>().max(1);
            let rows = values.chunks(each).take(n).map(|row| literal(rest, row));
            format!("[{}]", rows.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether a tensor is written where it is used: nobody gave it a name.
pub(super) fn is_written_out(network: &Network, id: NodeId) -> bool {
    network.nodes.get(&id).is_some_and(|node| node.kind.tensor().is_some() && !is_identifier(&node.name))
}

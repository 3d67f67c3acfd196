//! ONNX: the network with its weights, for onnxruntime and whatever else reads the format. Raw
//! columns go in, class names or numbers in the units of the data come out.
//!
//! Goes over the compiled instructions of the drawing, unrolled over time, and writes the rule that
//! each op states. Must not know kinds of nodes, nor files.

mod expressions;
mod graph;
mod preparing;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use self::expressions::Writer;
use self::graph::{Attribute, Entry, Graph};
use self::preparing::Prepared;
use super::identifiers::identifier;
use super::{ExportError, ExportedFile, Identifiers, Subject};
use crate::algebra::{Misfit, Size, sizes_of};
use crate::autodiff::{Instruction, ValueId};
use crate::compile::{CompileOptions, Compiled, compile_network};
use crate::insight::Head;
use crate::network::{NodeId, Noise, Origin, Takes, Task};

/// As prediction runs it: nothing is joined with a loss or cut.
const OPTIONS: CompileOptions = CompileOptions { fuse: false, truncate: false, input_grads: false };

/// The file of a drawing without problems.
pub(super) fn file(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let compiled =
        compile_network::<f64>(&subject.document.network, OPTIONS).map_err(ExportError::Problems)?;
    let mut network = Network::new(subject, &compiled);
    // The rules are tested to fit the shapes that the drawing was checked for.
    let _: Result<(), Misfit> = network.write();
    let bytes = network.graph.into_bytes(&subject.heading().join("\n"));
    Ok(vec![ExportedFile { name: format!("{}.onnx", subject.title), bytes }])
}

/// The network while it is written.
struct Network<'a> {
    subject: &'a Subject<'a>,
    compiled: &'a Compiled<f64>,
    names: Identifiers,
    graph: Graph,
    /// The values that are written, by their names in the file.
    values: BTreeMap<ValueId, String>,
    prepared: BTreeMap<NodeId, Prepared>,
}

impl<'a> Network<'a> {
    fn new(subject: &'a Subject<'a>, compiled: &'a Compiled<f64>) -> Self {
        let names = Identifiers::of(&subject.document.network);
        let (values, prepared) = (BTreeMap::new(), BTreeMap::new());
        Self { subject, compiled, names, graph: Graph::default(), values, prepared }
    }

    fn write(&mut self) -> Result<(), Misfit> {
        let document = self.subject.document;
        let heads = Head::find(&document.network, &document.data, self.subject.data.preprocessing());
        let last = self.compiled.links.n_steps.saturating_sub(1);
        let value = |node| self.compiled.links.node(node, last).map(|link| link.output);
        let mut wanted: Vec<ValueId> = heads.iter().filter_map(|head| value(head.prediction)).collect();
        let ends = if wanted.is_empty() { self.ends() } else { Vec::new() };
        wanted.extend(ends.iter().filter_map(|&node| value(node)));
        let needed = self.needed(wanted);
        self.inputs(&needed);
        let program = &self.compiled.program;
        for id in program.instruction_ids() {
            let instruction = program.instruction(id);
            if needed.contains(&instruction.output) {
                self.instruction(instruction)?;
            }
        }
        for head in &heads {
            if let Some(value) = value(head.prediction) {
                self.head(head, value);
            }
        }
        for node in ends {
            if let Some(value) = value(node) {
                let (name, sizes) = (self.value(value), sizes_of(self.compiled.program.shape(value)));
                let wanted = format!("{}_output", self.names.node(node));
                self.graph.output(&name, &wanted, Entry::Float, sizes, String::new());
            }
        }
        Ok(())
    }

    /// Where a drawing without a loss ends: at its roots, else at nodes that no wire leaves.
    fn ends(&self) -> Vec<NodeId> {
        let network = &self.subject.document.network;
        if !network.roots.is_empty() {
            return network.roots.iter().copied().collect();
        }
        let wiring = network.wiring();
        network.nodes.keys().copied().filter(|&id| wiring.outgoing(id).is_empty()).collect()
    }

    /// Everything that some values are computed from, and they themselves.
    fn needed(&self, mut wanted: Vec<ValueId>) -> BTreeSet<ValueId> {
        let program = &self.compiled.program;
        let mut needed = BTreeSet::new();
        while let Some(value) = wanted.pop() {
            if needed.insert(value)
                && let Some(instruction) = program.instruction_of(value)
            {
                wanted.extend(&program.instruction(instruction).inputs);
            }
        }
        needed
    }

    /// Data nodes that are read, before anything is computed.
    fn inputs(&mut self, needed: &BTreeSet<ValueId>) {
        let links = &self.compiled.links;
        let leaves = links.inputs.iter().chain(&links.targets);
        let mut leaves: Vec<_> = leaves.filter(|leaf| needed.contains(&leaf.value)).collect();
        if leaves.is_empty() {
            // What depends on no data still says how many samples there are.
            leaves.extend(links.inputs.first());
        }
        for leaf in &leaves {
            let node = self.subject.document.network.nodes.get(&leaf.node);
            if let Some(data) = node.and_then(|node| node.kind.data())
                && !self.prepared.contains_key(&leaf.node)
            {
                let named = (leaf.node, self.names.node(leaf.node));
                let prepared = Prepared::new(&mut self.graph, self.subject, named, data);
                self.prepared.insert(leaf.node, prepared);
            }
        }
        for leaf in leaves.into_iter().filter(|leaf| needed.contains(&leaf.value)) {
            if let Some(prepared) = self.prepared.get(&leaf.node) {
                let name = prepared.at(&mut self.graph, leaf.step);
                self.values.insert(leaf.value, name);
            }
        }
    }

    fn instruction(&mut self, instruction: &Instruction<f64>) -> Result<(), Misfit> {
        let program = &self.compiled.program;
        let scope = self.scope(instruction.output);
        let mask = instruction.inputs.iter().find_map(|&input| Some((input, self.noise(input)?)));
        if let Some((mask, noise @ (Noise::Uniform | Noise::Normal))) = mask {
            let op = if noise == Noise::Uniform { "RandomUniformLike" } else { "RandomNormalLike" };
            let like = self.value(instruction.inputs[0]);
            let drawn = self.graph.apply(op, &[&like], &format!("{scope}_drawn"));
            self.values.insert(mask, drawn);
        }
        let value = if let Some((_, Noise::Dropout { .. })) = mask {
            // Dropout is off where a network predicts.
            self.value(instruction.inputs[0])
        } else {
            let inputs: Vec<String> = instruction.inputs.iter().map(|&input| self.value(input)).collect();
            let shapes: Vec<_> = instruction.inputs.iter().map(|&input| program.shape(input)).collect();
            let sizes: Vec<Vec<Size>> = shapes.iter().map(|shape| sizes_of(shape)).collect();
            let rule = instruction.op.rule(&shapes);
            Writer::new(&mut self.graph, &inputs, &sizes, &scope).write(&rule.value)?
        };
        self.values.insert(instruction.output, value);
        Ok(())
    }

    /// What a value is drawn from, if it is.
    fn noise(&self, value: ValueId) -> Option<Noise> {
        self.compiled.links.masks.iter().find(|mask| mask.value == value).map(|mask| mask.noise)
    }

    /// What a value is called after: its node, and its time step where there are several.
    fn scope(&self, value: ValueId) -> String {
        match self.compiled.links.origin(value) {
            Some(Origin::Node { node, step }) if self.compiled.links.n_steps > 1 => {
                format!("{}_t{step}", self.names.node(node))
            }
            Some(Origin::Node { node, .. }) => self.names.node(node).to_owned(),
            Some(Origin::Initial { edge, .. }) => {
                let edge = self.subject.document.network.edges.get(&edge);
                edge.map_or_else(String::new, |edge| format!("{}_initial", self.names.node(edge.from)))
            }
            None => "value".to_owned(),
        }
    }

    /// The name of a value; parameters and zeros are written when they are first asked for.
    fn value(&mut self, value: ValueId) -> String {
        if let Some(name) = self.values.get(&value) {
            return name.clone();
        }
        let program = &self.compiled.program;
        let key = program.parameter_of(value).and_then(|id| self.compiled.links.key(id));
        let parameter = key.and_then(|key| Some((key, self.subject.document.parameters.get(&key)?)));
        let name = if let Some((key, parameter)) = parameter {
            let wanted = self.names.state_dict_name(key);
            self.graph.floats(&wanted, &parameter.shape, parameter.values.iter().copied())
        } else {
            // What the data do not fill stays zero: initial states.
            let sizes = self.graph.sizes(&sizes_of(program.shape(value)));
            let scope = self.scope(value);
            self.graph.apply("ConstantOfShape", &[&sizes], &scope)
        };
        self.values.insert(value, name.clone());
        name
    }

    /// What a head says: probabilities and class names, or numbers in the units of the data.
    fn head(&mut self, head: &Head, value: ValueId) {
        let sizes = sizes_of(self.compiled.program.shape(value));
        let own = self.value(value);
        let mut value = own.clone();
        let base = self.head_name(head);
        let axis = || vec![("axis", Attribute::Int(-1))];
        match (head.kind.takes(), head.kind.task()) {
            (Takes::Logits, Task::BinaryClassification) => {
                value = self.graph.apply("Sigmoid", &[&value], &format!("{base}_probability"));
            }
            (Takes::Logits, Task::Classification | Task::Regression) => {
                value = self.graph.apply_with("Softmax", &[&value], axis(), &format!("{base}_probability"));
            }
            (Takes::Numbers, _) => value = self.in_units(head, value, &base),
            (Takes::Probabilities, _) => {}
        }
        let names: Vec<String> = head.features.iter().map(|feature| quoted(&feature.name)).collect();
        let listed = format!("[{}]", names.join(", "));
        let Some(classes) = head.classes() else {
            let name = self.graph.output(&value, &base, Entry::Float, sizes, listed.clone());
            if value == own {
                self.renamed(&own, &name);
            }
            self.graph.note(format!("columns of {name}"), listed);
            return;
        };
        let classes = classes.into_iter().map(str::to_owned).collect();
        let wanted = format!("{base}_probabilities");
        let name = self.graph.output(&value, &wanted, Entry::Float, sizes, listed.clone());
        if value == own {
            self.renamed(&own, &name);
        }
        self.graph.note(format!("columns of {name}"), listed);
        let settings = vec![("axis", Attribute::Int(-1)), ("keepdims", Attribute::Int(0))];
        let place = self.graph.apply_with("ArgMax", &[&name], settings, &format!("{base}_place"));
        let classes = self.graph.texts(&format!("{base}_classes"), classes);
        let class = self.graph.apply("Gather", &[&classes, &place], &format!("{base}_class"));
        self.graph.output(&class, &base, Entry::Text, vec![Size::Batch], "The likeliest class.".to_owned());
    }

    /// What another head asks for by its old name got a new one as an output.
    fn renamed(&mut self, old: &str, new: &str) {
        for name in self.values.values_mut().filter(|name| *name == old) {
            new.clone_into(name);
        }
    }

    /// What a head is called: after its column where that is one, else after its target.
    fn head_name(&self, head: &Head) -> String {
        match head.features.as_slice() {
            [first, rest @ ..]
                if !first.column.is_empty() && rest.iter().all(|other| other.column == first.column) =>
            {
                identifier(&first.column)
            }
            _ => format!("{}_prediction", self.names.node(head.target)),
        }
    }

    /// x · scale + shift.
    fn in_units(&mut self, head: &Head, value: String, base: &str) -> String {
        if head.features.iter().all(|feature| feature.shift == 0.0 && feature.scale == 1.0) {
            return value;
        }
        let n = [head.features.len()];
        let scales = head.features.iter().map(|feature| feature.scale);
        let scale = self.graph.floats(&format!("{base}_scale"), &n, scales);
        let shifts = head.features.iter().map(|feature| feature.shift);
        let shift = self.graph.floats(&format!("{base}_shift"), &n, shifts);
        let scaled = self.graph.apply("Mul", &[&value, &scale], &format!("{base}_scaled"));
        self.graph.apply("Add", &[&scaled, &shift], &format!("{base}_in_units"))
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            sign if sign.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(sign));
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

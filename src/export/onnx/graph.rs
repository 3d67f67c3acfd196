//! An ONNX graph while it is put together: nodes, constants, inputs, outputs, all under names of
//! their own.
//!
//! Must not know networks: it holds what an `.onnx` file holds, and writes it.

use std::collections::{BTreeMap, BTreeSet};

use onnx_rs::ast;

use crate::algebra::Size;

/// The operators' version: the first whose reductions all take their axes as an input.
const OPSET: i64 = 18;
/// The version of the operators for classic machine learning (`LabelEncoder`).
const ML_OPSET: i64 = 3;
/// The version of the file format that belongs to [`OPSET`].
const IR_VERSION: i64 = 8;
/// The domain of `LabelEncoder`.
const ML: &str = "ai.onnx.ml";

/// What the entries of a tensor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// 32-bit floating point.
    Float,
    /// Text.
    Text,
}

/// A setting of an ONNX node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Attribute {
    /// One whole number.
    Int(i64),
    /// One number.
    Float(f32),
    /// Several whole numbers.
    Ints(Vec<i64>),
    /// Several texts.
    Texts(Vec<String>),
}

/// A tensor that stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Constant {
    /// By bits, so that constants can be compared.
    Floats(Vec<usize>, Vec<u32>),
    Doubles(Vec<usize>, Vec<u64>),
    Ints(Vec<usize>, Vec<i64>),
    Texts(Vec<String>),
}

#[derive(Clone, Debug)]
struct Node {
    op: &'static str,
    inputs: Vec<String>,
    output: String,
    attributes: Vec<(&'static str, Attribute)>,
}

/// An input or an output of the whole graph.
#[derive(Clone, Debug)]
struct Port {
    name: String,
    entry: Entry,
    sizes: Vec<Size>,
    text: String,
}

/// The graph so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    taken: BTreeSet<String>,
    nodes: Vec<Node>,
    constants: Vec<(String, Constant)>,
    known: BTreeMap<Constant, String>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    metadata: Vec<(String, String)>,
    batch: Option<String>,
}

/// A count or a place as ONNX writes it.
pub(super) fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Graph {
    /// `wanted`, or the first free name after it; nobody gets it again.
    fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2_usize;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }

    /// A node, and the name of what it gives.
    pub(super) fn apply(&mut self, op: &'static str, inputs: &[&str], wanted: &str) -> String {
        self.apply_with(op, inputs, Vec::new(), wanted)
    }

    /// A node with settings, and the name of what it gives.
    pub(super) fn apply_with(
        &mut self,
        op: &'static str,
        inputs: &[&str],
        attributes: Vec<(&'static str, Attribute)>,
        wanted: &str,
    ) -> String {
        let output = self.free(wanted);
        let inputs = inputs.iter().map(|&name| name.to_owned()).collect();
        self.nodes.push(Node { op, inputs, output: output.clone(), attributes });
        output
    }

    /// The value under the name `wanted`: the last node is renamed where it gives the value, else it is
    /// passed on; so is what is an output already.
    pub(super) fn name_value(&mut self, value: &str, wanted: &str) -> String {
        let is_output = self.outputs.iter().any(|output| output.name == value);
        if is_output || self.nodes.last().is_none_or(|node| node.output != value) {
            return self.apply("Identity", &[value], wanted);
        }
        let name = self.free(wanted);
        if let Some(last) = self.nodes.last_mut() {
            self.taken.remove(&last.output);
            last.output.clone_from(&name);
        }
        name
    }

    fn constant(&mut self, wanted: &str, constant: Constant) -> String {
        if let Some(name) = self.known.get(&constant) {
            return name.clone();
        }
        let name = self.free(wanted);
        self.known.insert(constant.clone(), name.clone());
        self.constants.push((name.clone(), constant));
        name
    }

    /// Numbers of the network, in single precision and C order.
    pub(super) fn floats(
        &mut self,
        wanted: &str,
        sizes: &[usize],
        values: impl IntoIterator<Item = f64>,
    ) -> String {
        let bits = values.into_iter().map(|value| (value as f32).to_bits()).collect();
        self.constant(wanted, Constant::Floats(sizes.to_vec(), bits))
    }

    /// One number.
    pub(super) fn number(&mut self, value: f64) -> String {
        self.floats("number", &[], [value])
    }

    /// Numbers of the preprocessing, in double precision.
    pub(super) fn doubles(&mut self, wanted: &str, values: impl IntoIterator<Item = f64>) -> String {
        let bits: Vec<u64> = values.into_iter().map(f64::to_bits).collect();
        self.constant(wanted, Constant::Doubles(vec![bits.len()], bits))
    }

    /// Whole numbers side by side.
    pub(super) fn ints(&mut self, wanted: &str, values: &[i64]) -> String {
        self.constant(wanted, Constant::Ints(vec![values.len()], values.to_vec()))
    }

    /// One whole number.
    pub(super) fn int(&mut self, value: i64) -> String {
        self.constant("index", Constant::Ints(Vec::new(), vec![value]))
    }

    /// Texts side by side.
    pub(super) fn texts(&mut self, wanted: &str, texts: Vec<String>) -> String {
        self.constant(wanted, Constant::Texts(texts))
    }

    /// What somebody who runs the graph gives it. `text` is for readers.
    pub(super) fn input(&mut self, wanted: &str, entry: Entry, sizes: Vec<Size>, text: String) -> String {
        let name = self.free(wanted);
        self.inputs.push(Port { name: name.clone(), entry, sizes, text });
        name
    }

    /// What the graph gives: `value` under a name of its own.
    pub(super) fn output(
        &mut self,
        value: &str,
        wanted: &str,
        entry: Entry,
        sizes: Vec<Size>,
        text: String,
    ) -> String {
        let name = self.name_value(value, wanted);
        self.outputs.push(Port { name: name.clone(), entry, sizes, text });
        name
    }

    /// Something that programs can ask the file for.
    pub(super) fn note(&mut self, key: String, text: String) {
        self.metadata.push((key, text));
    }

    /// N as a list of one number: the first size of the first input.
    pub(super) fn batch_size(&mut self) -> String {
        if let Some(name) = &self.batch {
            return name.clone();
        }
        let Some(first) = self.inputs.first().map(|port| port.name.clone()) else {
            return self.ints("one", &[1]);
        };
        let ends = vec![("start", Attribute::Int(0)), ("end", Attribute::Int(1))];
        let name = self.apply_with("Shape", &[&first], ends, "batch_size");
        self.batch = Some(name.clone());
        name
    }

    /// Sizes as a list of numbers, N filled in while the graph runs.
    pub(super) fn sizes(&mut self, sizes: &[Size]) -> String {
        let fixed = |size: &Size| match size {
            Size::Fixed(size) => Some(whole(*size)),
            Size::Batch => None,
        };
        if let Some(all) = sizes.iter().map(fixed).collect::<Option<Vec<i64>>>() {
            return self.ints("sizes", &all);
        }
        let parts: Vec<String> = sizes
            .iter()
            .map(|size| match size {
                Size::Batch => self.batch_size(),
                Size::Fixed(size) => self.ints("sizes", &[whole(*size)]),
            })
            .collect();
        match parts.as_slice() {
            [one] => one.clone(),
            parts => {
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                self.apply_with("Concat", &parts, vec![("axis", Attribute::Int(0))], "sizes")
            }
        }
    }

    /// The bytes of the file. `text` stands at its head.
    pub(super) fn into_bytes(self, text: &str) -> Vec<u8> {
        let raw: Vec<Vec<u8>> = self.constants.iter().map(|(_, constant)| constant.bytes()).collect();
        let constants = self.constants.iter().zip(&raw);
        let graph = ast::Graph {
            name: "network",
            node: self.nodes.iter().map(Node::written).collect(),
            initializer: constants.map(|((name, constant), raw)| constant.written(name, raw)).collect(),
            input: self.inputs.iter().map(Port::written).collect(),
            output: self.outputs.iter().map(Port::written).collect(),
            ..Default::default()
        };
        let opset = |domain, version| ast::OperatorSetId { domain, version };
        let mut opset_import = vec![opset("", OPSET)];
        if self.nodes.iter().any(|node| node.domain() == ML) {
            opset_import.push(opset(ML, ML_OPSET));
        }
        let metadata = self.metadata.iter().map(|(key, value)| ast::StringStringEntry { key, value });
        onnx_rs::encode(&ast::Model {
            ir_version: IR_VERSION,
            opset_import,
            producer_name: "Vastavirta",
            producer_version: env!("CARGO_PKG_VERSION"),
            doc_string: text,
            graph: Some(graph),
            metadata_props: metadata.collect(),
            ..Default::default()
        })
    }
}

impl Node {
    fn domain(&self) -> &'static str {
        if self.op == "LabelEncoder" { ML } else { "" }
    }

    fn written(&self) -> ast::Node<'_> {
        ast::Node {
            name: &self.output,
            op_type: ast::OpType::from(self.op),
            domain: self.domain(),
            input: self.inputs.iter().map(String::as_str).collect(),
            output: vec![&self.output],
            attribute: self.attributes.iter().map(|(name, value)| value.written(name)).collect(),
            ..Default::default()
        }
    }
}

impl Attribute {
    fn written(&self, name: &'static str) -> ast::Attribute<'_> {
        let empty = ast::Attribute { name, ..Default::default() };
        match self {
            Self::Int(value) => ast::Attribute { r#type: ast::AttributeType::Int, i: *value, ..empty },
            Self::Float(value) => ast::Attribute { r#type: ast::AttributeType::Float, f: *value, ..empty },
            Self::Ints(values) => {
                ast::Attribute { r#type: ast::AttributeType::Ints, ints: values.clone(), ..empty }
            }
            Self::Texts(texts) => {
                let strings = texts.iter().map(String::as_bytes).collect();
                ast::Attribute { r#type: ast::AttributeType::Strings, strings, ..empty }
            }
        }
    }
}

impl Constant {
    /// The numbers as the file holds them.
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Floats(_, bits) => bits.iter().flat_map(|bits| bits.to_le_bytes()).collect(),
            Self::Doubles(_, bits) => bits.iter().flat_map(|bits| bits.to_le_bytes()).collect(),
            Self::Ints(_, values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Self::Texts(_) => Vec::new(),
        }
    }

    fn written<'a>(&'a self, name: &'a str, raw: &'a [u8]) -> ast::TensorProto<'a> {
        let dims = |sizes: &[usize]| sizes.iter().map(|&size| whole(size)).collect();
        match self {
            Self::Floats(sizes, _) => {
                ast::TensorProto::from_raw(name, dims(sizes), ast::DataType::Float, raw)
            }
            Self::Doubles(sizes, _) => {
                ast::TensorProto::from_raw(name, dims(sizes), ast::DataType::Double, raw)
            }
            Self::Ints(sizes, _) => ast::TensorProto::from_raw(name, dims(sizes), ast::DataType::Int64, raw),
            Self::Texts(texts) => {
                let strings = texts.iter().map(String::as_bytes).collect();
                ast::TensorProto::from_strings(name, vec![whole(texts.len())], strings)
            }
        }
    }
}

impl Port {
    fn written(&self) -> ast::ValueInfo<'_> {
        let size = |size: &Size| ast::TensorShapeDimension {
            value: match size {
                Size::Batch => ast::Dimension::Param("N"),
                Size::Fixed(size) => ast::Dimension::Value(whole(*size)),
            },
            denotation: "",
        };
        let elem_type = match self.entry {
            Entry::Float => ast::DataType::Float,
            Entry::Text => ast::DataType::String,
        };
        let shape = Some(ast::TensorShape { dim: self.sizes.iter().map(size).collect() });
        let tensor = ast::TypeValue::Tensor(ast::TensorTypeProto { elem_type, shape });
        ast::ValueInfo {
            name: &self.name,
            r#type: Some(ast::TypeProto { value: Some(tensor), denotation: "" }),
            doc_string: &self.text,
            ..Default::default()
        }
    }
}

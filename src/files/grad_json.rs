//! One forward and backward pass as JSON: everything needed to rebuild the network elsewhere and
//! compare. Kinds and settings are PyTorch's names; lists nest by shape.
//!
//! Must not know how the pass was run.

use std::collections::BTreeMap;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use crate::network::{
    InitialState, LossKind, Network, NodeId, NodeKind, ParameterKey, ParameterRole, Reduction, SettingValue,
};
use crate::train::{Pass, Precision, Values};
use crate::words::{Message, ToMessage};

/// A number that JSON cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFiniteInPass {
    /// Where it stands: `nodes['Dense 1'].output`.
    pub place: String,
}

impl ToMessage for NotFiniteInPass {
    fn message(&self) -> Message {
        Message::new("files-not-finite").with("place", self.place.as_str())
    }
}

#[derive(Debug, Serialize)]
struct GradJson<'a> {
    format: u32,
    mode: &'static str,
    precision: &'static str,
    rows: &'a [usize],
    steps: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncate: Option<usize>,
    loss: f64,
    losses: Vec<LossJson<'a>>,
    network: Vec<DrawnJson<'a>>,
    nodes: Vec<NodeJson<'a>>,
    parameters: Vec<ParameterJson<'a>>,
}

#[derive(Debug, Serialize)]
struct LossJson<'a> {
    name: &'a str,
    kind: &'static str,
    weight: f64,
    reduction: &'static str,
    counted_steps: Vec<usize>,
    value: f64,
    /// The vector v of a root that is no scalar.
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<Nested<'a>>,
}

#[derive(Debug, Serialize)]
struct DrawnJson<'a> {
    id: u32,
    name: &'a str,
    kind: &'static str,
    settings: BTreeMap<&'static str, SettingJson>,
    /// Whether it is computed under `no_grad`; only where it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_grad: bool,
    inputs: Vec<InputJson<'a>>,
    parameters: BTreeMap<&'static str, &'a str>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum SettingJson {
    Count(usize),
    Flag(bool),
    Number(f64),
    Whole(isize),
    Sizes(Vec<usize>),
}

#[derive(Debug, Serialize)]
struct InputJson<'a> {
    from: u32,
    delay: usize,
    initial: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct NodeJson<'a> {
    id: u32,
    name: &'a str,
    kind: &'static str,
    step: usize,
    shape: &'a [usize],
    output: Nested<'a>,
    grad: Option<Nested<'a>>,
    grad_inputs: Vec<Option<Nested<'a>>>,
    fused_into: Option<u32>,
    mask: Option<Nested<'a>>,
}

#[derive(Debug, Serialize)]
struct ParameterJson<'a> {
    name: &'a str,
    shape: &'a [usize],
    trainable: bool,
    value: Nested<'a>,
    grad: Option<Nested<'a>>,
    grad_steps: Option<Vec<Nested<'a>>>,
}

/// Numbers in C order as lists that nest by shape; a scalar is bare.
#[derive(Clone, Copy, Debug)]
struct Nested<'a> {
    shape: &'a [usize],
    data: &'a [f64],
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some((&n, shape)) = self.shape.split_first() else {
            return self.data.first().copied().unwrap_or_default().serialize(serializer);
        };
        let each = shape.iter().product::<usize>();
        let mut list = serializer.serialize_seq(Some(n))?;
        for idx in 0..n {
            let data = self.data.get(idx * each..(idx + 1) * each).unwrap_or_default();
            list.serialize_element(&Nested { shape, data })?;
        }
        list.end()
    }
}

/// Writes one pass over a network that holds every node. `is_training` says whether dropout acted.
///
/// # Errors
/// When a number is not finite: JSON has no word for it.
pub fn grad_json(network: &Network, pass: &Pass, is_training: bool) -> Result<String, NotFiniteInPass> {
    check_finite(network, pass)?;
    let json = GradJson {
        format: 1,
        mode: if is_training { "train" } else { "eval" },
        precision: match pass.precision {
            Precision::F32 => "f32",
            Precision::F64 => "f64",
        },
        rows: &pass.rows,
        steps: network.n_steps,
        truncate: network.truncate,
        loss: pass.loss,
        losses: losses(network, pass),
        network: drawn(network, pass),
        nodes: nodes(network, pass),
        parameters: parameters(network, pass),
    };
    // Strings, lists and finite numbers always become JSON.
    Ok(serde_json::to_string(&json).unwrap_or_default())
}

fn nested(values: &Values) -> Nested<'_> {
    Nested { shape: values.shape(), data: values.data() }
}

fn losses<'a>(network: &'a Network, pass: &'a Pass) -> Vec<LossJson<'a>> {
    let losses = pass.losses.iter().filter_map(|loss| {
        let node = network.nodes.get(&loss.node)?;
        Some(LossJson {
            name: &node.name,
            kind: loss.kind.map_or("root", LossKind::slug),
            weight: loss.weight,
            reduction: loss.kind.map_or(Reduction::Sum, LossKind::reduction).slug(),
            counted_steps: loss.counted_steps.clone(),
            value: loss.value,
            v: loss.seed.as_ref().map(nested),
        })
    });
    losses.collect()
}

fn drawn<'a>(network: &'a Network, pass: &'a Pass) -> Vec<DrawnJson<'a>> {
    let wiring = network.wiring();
    let name = |key| pass.parameters.get(&key).map(|parameter| parameter.name.as_str());
    let drawn = network.nodes.iter().map(|(&id, node)| DrawnJson {
        id: id.0,
        name: &node.name,
        kind: node.kind.slug(),
        settings: settings(&node.kind),
        no_grad: node.is_unrecorded(),
        inputs: wiring
            .incoming(id)
            .iter()
            .filter_map(|edge| Some((edge, network.edges.get(edge)?)))
            .map(|(&edge, wire)| InputJson {
                from: wire.from.0,
                delay: wire.delay,
                initial: match wire.initial {
                    InitialState::Trained if wire.delay > 0 => name(ParameterKey::Initial(edge)),
                    InitialState::Trained | InitialState::Zeros => None,
                },
            })
            .collect(),
        parameters: [
            ("weight", ParameterRole::Weight),
            ("bias", ParameterRole::Bias),
            ("value", ParameterRole::Value),
        ]
        .into_iter()
        .filter_map(|(role_name, role)| Some((role_name, name(ParameterKey::Node(id, role))?)))
        .collect(),
    });
    drawn.collect()
}

/// A kind's settings under PyTorch's names; what says how a node starts is not among them.
fn settings(kind: &NodeKind) -> BTreeMap<&'static str, SettingJson> {
    let json = |value| match value {
        SettingValue::Count(count) => SettingJson::Count(count),
        SettingValue::Flag(flag) => SettingJson::Flag(flag),
        SettingValue::Number(number) => SettingJson::Number(number),
        SettingValue::Whole(number) => SettingJson::Whole(number),
        SettingValue::Sizes(sizes) => SettingJson::Sizes(sizes),
    };
    kind.settings().into_iter().map(|(name, value)| (name, json(value))).collect()
}

fn nodes<'a>(network: &'a Network, pass: &'a Pass) -> Vec<NodeJson<'a>> {
    let by_step = (0..network.n_steps).flat_map(|step| network.nodes.iter().map(move |node| (step, node)));
    by_step
        .filter_map(|(step, (&id, node))| {
            let run = pass.node(id, step)?;
            Some(NodeJson {
                id: id.0,
                name: &node.name,
                kind: node.kind.slug(),
                step,
                shape: run.output.shape(),
                output: nested(&run.output),
                grad: run.grad.as_ref().map(nested),
                grad_inputs: run.ports.iter().map(|port| port.grad.as_ref().map(nested)).collect(),
                fused_into: run.fused_into.map(|NodeId(loss)| loss),
                mask: run.mask.as_ref().map(nested),
            })
        })
        .collect()
}

fn parameters<'a>(network: &Network, pass: &'a Pass) -> Vec<ParameterJson<'a>> {
    let parameters = pass.parameters.values().map(|parameter| ParameterJson {
        name: &parameter.name,
        shape: parameter.value.shape(),
        trainable: parameter.trainable,
        value: nested(&parameter.value),
        grad: parameter.grad.as_ref().map(nested),
        grad_steps: (network.n_steps > 1 && parameter.grad.is_some() && !parameter.grad_steps.is_empty())
            .then(|| parameter.grad_steps.iter().map(nested).collect()),
    });
    parameters.collect()
}

fn check_finite(network: &Network, pass: &Pass) -> Result<(), NotFiniteInPass> {
    let bad = |values: &Values| values.data().iter().any(|value| !value.is_finite());
    let failed = |place: String| Err(NotFiniteInPass { place });
    if !pass.loss.is_finite() {
        return failed("loss".to_owned());
    }
    for (&(id, step), run) in &pass.nodes {
        let name = network.nodes.get(&id).map_or("", |node| node.name.as_str());
        let place = |what: &str| format!("nodes['{name}', step {step}].{what}");
        if bad(&run.output) {
            return failed(place("output"));
        }
        if run.grad.as_ref().is_some_and(bad) {
            return failed(place("grad"));
        }
        if let Some(idx) = run.ports.iter().position(|port| port.grad.as_ref().is_some_and(bad)) {
            return failed(place(&format!("grad_inputs[{idx}]")));
        }
    }
    for parameter in pass.parameters.values() {
        let place = |what: &str| format!("parameters['{}'].{what}", parameter.name);
        if bad(&parameter.value) {
            return failed(place("value"));
        }
        if parameter.grad.as_ref().is_some_and(bad) || parameter.grad_steps.iter().any(bad) {
            return failed(place("grad"));
        }
    }
    Ok(())
}

//! What is written on cards and wires, in the person's language, with the problems of each.
//!
//! Must not know where anything stands or how it is painted.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::network::{
    EdgeId, Fix, LOSS_WEIGHT, Network, Node, NodeId, NodeKind, Place, Problem, Severity, Shapes,
};
use crate::words::{Message, ToMessage, Words};

/// What is written on a card.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CardText {
    /// The node's name.
    pub(crate) name: String,
    /// Its kind or its most telling setting; empty where the name says it all.
    pub(crate) detail: String,
    /// The name of the kind.
    pub(crate) kind: String,
    /// Name, kind, settings and problems as a screen reader says them.
    pub(crate) spoken: String,
    /// What is wrong.
    pub(crate) findings: Findings,
    /// Whether a wire can leave.
    pub(crate) has_output: bool,
    /// Whether it is computed under `no_grad`.
    pub(crate) is_unrecorded: bool,
}

/// What is written on a wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Label {
    /// The shape, `N, 3`; empty where it is not known.
    pub(crate) shape: String,
    /// `t−1` on a loop edge.
    pub(crate) delay: String,
    /// Whether gradients stop at its end.
    pub(crate) is_cut: bool,
    /// Both ends, the shape and the delay as a screen reader says them.
    pub(crate) spoken: String,
    /// What is wrong.
    pub(crate) findings: Findings,
}

impl Label {
    /// The text of the pill.
    pub(crate) fn pill(&self) -> String {
        match (self.delay.is_empty(), self.shape.is_empty()) {
            (true, _) => self.shape.clone(),
            (false, true) => self.delay.clone(),
            (false, false) => format!("{} · {}", self.delay, self.shape),
        }
    }
}

/// One problem in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// How bad it is.
    pub(crate) severity: Severity,
    /// What was expected and what was found.
    pub(crate) text: String,
    /// What its fix is called, and the fix.
    pub(crate) fix: Option<(String, Fix)>,
}

/// What is wrong with one node or wire; the wires of a cycle share what is said about it.
pub(crate) type Findings = Vec<Arc<Finding>>;

/// All texts of a drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CardTexts {
    /// Cards by node.
    pub(crate) nodes: BTreeMap<NodeId, Arc<CardText>>,
    /// Wires by edge.
    pub(crate) edges: BTreeMap<EdgeId, Arc<Label>>,
}

impl CardTexts {
    /// Says everything about a network once.
    pub(crate) fn new(network: &Network, shapes: &Shapes, problems: &[Problem], words: &Words) -> Self {
        let (at_nodes, at_edges) = placed(problems, words);
        let nodes = network
            .nodes
            .iter()
            .map(|(&id, node)| {
                let findings = at_nodes.get(&id).cloned().unwrap_or_default();
                (id, Arc::new(card_text(node, network.roots.contains(&id), findings, words)))
            })
            .collect();
        let name = |id: &NodeId| network.nodes.get(id).map_or("", |node| node.name.as_str());
        let cut = network.cut_wires();
        let edges = network
            .edges
            .iter()
            .map(|(&id, edge)| {
                let shape = shapes.edge(edge).map(|shape| bare(&shape.to_string())).unwrap_or_default();
                let delay = if edge.delay > 0 { format!("t−{}", edge.delay) } else { String::new() };
                let mut spoken = words.text_with(
                    if edge.delay > 0 { "canvas-loop-spoken" } else { "canvas-wire-spoken" },
                    &[
                        ("from", name(&edge.from).into()),
                        ("to", name(&edge.to).into()),
                        ("shape", or_none(&shape).into()),
                        ("delay", edge.delay.into()),
                    ],
                );
                let findings = at_edges.get(&id).cloned().unwrap_or_default();
                if let Some(stop) = cut.get(&id) {
                    let why = words.say(&stop.message());
                    spoken.push_str(". ");
                    spoken.push_str(&words.text_with("canvas-cut-spoken", &[("why", why.into())]));
                }
                (id, Arc::new(Label { shape, delay, is_cut: cut.contains_key(&id), spoken, findings }))
            })
            .collect();
        Self { nodes, edges }
    }
}

/// Problems in words, by the nodes and edges that they belong to.
fn placed(problems: &[Problem], words: &Words) -> (BTreeMap<NodeId, Findings>, BTreeMap<EdgeId, Findings>) {
    let mut nodes: BTreeMap<NodeId, Findings> = BTreeMap::new();
    let mut edges: BTreeMap<EdgeId, Findings> = BTreeMap::new();
    for problem in problems {
        let finding = Arc::new(Finding {
            severity: problem.severity,
            text: words.say(&problem.message()),
            fix: problem.fix.as_ref().map(|fix| (words.say(&fix.message()), fix.clone())),
        });
        match &problem.at {
            Place::Node(node) => nodes.entry(*node).or_default().push(finding),
            Place::Edge(edge) => edges.entry(*edge).or_default().push(finding),
            Place::Edges(all) => {
                for edge in all {
                    edges.entry(*edge).or_default().push(Arc::clone(&finding));
                }
            }
            Place::Network => {}
        }
    }
    (nodes, edges)
}

fn card_text(node: &Node, is_root: bool, findings: Findings, words: &Words) -> CardText {
    let kind = words.say(&node.kind.message());
    let told = match (is_root, node.is_unrecorded()) {
        (true, _) => Some(Message::new("canvas-root")),
        (false, true) => Some(Message::new("canvas-no-grad")),
        (false, false) => setting(&node.kind),
    };
    let setting = told.map(|message| words.say(&message)).unwrap_or_default();
    let says_kind = |name: &str| {
        let name = name.to_lowercase();
        name.contains(&kind.to_lowercase()) || name.contains(&node.kind.base_name().to_lowercase())
    };
    let detail = if !setting.is_empty() {
        setting.clone()
    } else if says_kind(&node.name) {
        String::new()
    } else {
        kind.clone()
    };
    let mut spoken = words.text_with(
        "canvas-node-spoken",
        &[
            ("name", node.name.as_str().into()),
            ("kind", kind.as_str().into()),
            ("setting", or_none(&setting).into()),
        ],
    );
    for finding in &findings {
        spoken.push_str(". ");
        spoken.push_str(&finding.text);
    }
    let (has_output, is_unrecorded) = (node.kind.has_output(), node.is_unrecorded());
    CardText { name: node.name.clone(), detail, kind, spoken, findings, has_output, is_unrecorded }
}

/// The most telling setting of a kind.
fn setting(kind: &NodeKind) -> Option<Message> {
    if let Some(dense) = kind.dense() {
        let id = if dense.bias { "canvas-units" } else { "canvas-units-no-bias" };
        return Some(Message::new(id).with("units", dense.units));
    }
    if let Some(what) = kind.shape_setting() {
        return Some(Message::new("canvas-sizes").with("sizes", what));
    }
    if let Some(loss) = kind.loss().filter(|loss| loss.weight != 1.0) {
        return Some(LOSS_WEIGHT.on_card(loss.weight));
    }
    let numbers = kind.numbers();
    let told = numbers.first().filter(|(setting, value)| setting.tells(*value));
    told.map(|(setting, value)| setting.on_card(*value))
}

/// What the tables take for "nothing to say": they choose by it.
fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// `[N, 3]` without its brackets.
fn bare(shape: &str) -> String {
    shape.trim_start_matches('[').trim_end_matches(']').to_owned()
}

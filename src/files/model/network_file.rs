//! The drawing as it stands in a file, and back.
//!
//! These types are the format: a field renamed here is a new format version. The drawing's own
//! types may change freely; the full destructuring below makes the compiler ask what a change
//! means for the file.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};
use super::super::limits::{self, finite, within};
use super::kind_file::KindFile;
use crate::network::{
    Edge, EdgeId, InitialState, MAX_NAME_CHARS, MAX_PORT, MAX_TYPED, Network, Node, NodeId, Position, Seed,
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkFile {
    /// Time steps T.
    n_steps: usize,
    /// Truncated backpropagation through time.
    truncate: Option<usize>,
    /// Nodes that are marked as roots; only where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roots: Vec<u32>,
    /// The vectors v of roots that are no scalars; only where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seeds: Vec<SeedFile>,
    nodes: Vec<NodeFile>,
    edges: Vec<EdgeFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    root: u32,
    shape: Vec<usize>,
    values: Vec<f64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeFile {
    id: u32,
    name: String,
    position: (f32, f32),
    kind: KindFile,
    /// Whether it is computed under `no_grad`; only where it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    no_grad: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeFile {
    id: u32,
    from: u32,
    to: u32,
    port: usize,
    delay: usize,
    initial: InitialFile,
}

#[derive(Debug, Serialize, Deserialize)]
enum InitialFile {
    Zeros,
    Trained,
}

impl NetworkFile {
    pub(super) fn new(network: &Network) -> Self {
        let Network { nodes, edges, n_steps, truncate, roots, seeds } = network;
        Self {
            n_steps: *n_steps,
            truncate: *truncate,
            roots: roots.iter().filter(|id| nodes.contains_key(id)).map(|id| id.0).collect(),
            seeds: seeds
                .iter()
                .filter(|(id, _)| roots.contains(id) && nodes.contains_key(id))
                .map(|(id, Seed { shape, values })| SeedFile {
                    root: id.0,
                    shape: shape.clone(),
                    values: values.to_vec(),
                })
                .collect(),
            nodes: nodes.iter().map(|(id, node)| NodeFile::new(*id, node)).collect(),
            edges: edges.iter().map(|(id, edge)| EdgeFile::new(*id, edge)).collect(),
        }
    }

    pub(super) fn read(self) -> Result<Network, FileError> {
        let Self { n_steps, truncate, roots, seeds, nodes, edges } = self;
        let n_steps = within("network.n_steps", n_steps, 1, limits::STEPS)?;
        let truncate = truncate.map(|k| within("network.truncate", k, 1, limits::STEPS)).transpose()?;
        within("network.nodes", nodes.len(), 0, limits::NODES)?;
        within("network.edges", edges.len(), 0, limits::EDGES)?;
        let mut network = Network { n_steps, truncate, ..Network::default() };
        let mut names = BTreeSet::new();
        for (idx, node) in nodes.into_iter().enumerate() {
            let place = format!("network.nodes[{idx}]");
            let (id, node) = node.read(&place)?;
            if !names.insert(node.name.clone()) {
                let place = format!("{place}.name");
                return Err(FileError::invalid(&place, Invalid::Duplicate { what: node.name }));
            }
            if network.nodes.insert(id, node).is_some() {
                let what = id.0.to_string();
                return Err(FileError::invalid(&format!("{place}.id"), Invalid::Duplicate { what }));
            }
        }
        for (idx, edge) in edges.into_iter().enumerate() {
            let place = format!("network.edges[{idx}]");
            let (id, edge) = edge.read(&place)?;
            for (end, node) in [("from", edge.from), ("to", edge.to)] {
                if !network.nodes.contains_key(&node) {
                    let place = format!("{place}.{end}");
                    return Err(FileError::invalid(&place, Invalid::Unknown { id: node.0 }));
                }
            }
            if network.edges.insert(id, edge).is_some() {
                let what = id.0.to_string();
                return Err(FileError::invalid(&format!("{place}.id"), Invalid::Duplicate { what }));
            }
        }
        for (idx, id) in roots.into_iter().enumerate() {
            if !network.nodes.contains_key(&NodeId(id)) {
                return Err(FileError::invalid(&format!("network.roots[{idx}]"), Invalid::Unknown { id }));
            }
            network.roots.insert(NodeId(id));
        }
        for (idx, seed) in seeds.into_iter().enumerate() {
            let (root, seed) = seed.read(&format!("network.seeds[{idx}]"), &network)?;
            network.seeds.insert(root, seed);
        }
        Ok(network)
    }
}

impl SeedFile {
    fn read(self, place: &str, network: &Network) -> Result<(NodeId, Seed), FileError> {
        let Self { root: id, shape, values } = self;
        let root = NodeId(id);
        if !network.roots.contains(&root) {
            return Err(FileError::invalid(&format!("{place}.root"), Invalid::Unknown { id }));
        }
        if network.seeds.contains_key(&root) {
            let what = id.to_string();
            return Err(FileError::invalid(&format!("{place}.root"), Invalid::Duplicate { what }));
        }
        within(&format!("{place}.shape"), shape.len(), 0, limits::DEPTH)?;
        let expected = shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
        let place = format!("{place}.values");
        within(&place, values.len(), 0, MAX_TYPED)?;
        if values.len() != expected {
            let problem = Invalid::Count { found: values.len(), expected };
            return Err(FileError::invalid(&place, problem));
        }
        for &value in &values {
            finite(&place, value)?;
        }
        Ok((root, Seed { shape, values: Arc::new(values) }))
    }
}

impl NodeFile {
    fn new(id: NodeId, node: &Node) -> Self {
        let Node { name, kind, position: Position { x, y }, no_grad: _ } = node;
        let kind = KindFile::new(kind);
        Self { id: id.0, name: name.clone(), position: (*x, *y), kind, no_grad: node.is_unrecorded() }
    }

    fn read(self, place: &str) -> Result<(NodeId, Node), FileError> {
        let Self { id, name, position: (x, y), kind, no_grad } = self;
        for at in [x, y] {
            finite(&format!("{place}.position"), f64::from(at))?;
        }
        let found = name.chars().count();
        if found > MAX_NAME_CHARS {
            let problem = Invalid::LongName { found, limit: MAX_NAME_CHARS };
            return Err(FileError::invalid(&format!("{place}.name"), problem));
        }
        let kind = kind.read(&format!("{place}.kind"))?;
        Ok((NodeId(id), Node { no_grad, ..Node::new(name, kind, Position { x, y }.within_bounds()) }))
    }
}

impl EdgeFile {
    fn new(id: EdgeId, edge: &Edge) -> Self {
        let Edge { from, to, port, delay, initial } = edge;
        let initial = match initial {
            InitialState::Zeros => InitialFile::Zeros,
            InitialState::Trained => InitialFile::Trained,
        };
        Self { id: id.0, from: from.0, to: to.0, port: *port, delay: *delay, initial }
    }

    fn read(self, place: &str) -> Result<(EdgeId, Edge), FileError> {
        let Self { id, from, to, port, delay, initial } = self;
        within(&format!("{place}.port"), port, 0, MAX_PORT)?;
        within(&format!("{place}.delay"), delay, 0, limits::STEPS)?;
        let initial = match initial {
            InitialFile::Zeros => InitialState::Zeros,
            InitialFile::Trained => InitialState::Trained,
        };
        Ok((EdgeId(id), Edge { from: NodeId(from), to: NodeId(to), port, delay, initial }))
    }
}

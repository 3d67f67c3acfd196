//! The unrolled graph as it stands in a file, and whether it belongs to the drawing beside it.
//!
//! T copies of every node, step after step, each after everything that it takes; parameters are
//! not repeated, since every copy uses those of its node.

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid, UnrolledTooLarge};
use super::super::limits;
use crate::network::{
    EdgeId, Network, NodeId, Origin, UnrolledGraph, UnrolledInput, UnrolledNode, UnrolledSize,
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnrolledFile {
    n_steps: usize,
    nodes: Vec<CopyFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CopyFile {
    of: OriginFile,
    /// In port order; sources are places in the list of nodes, always earlier ones.
    inputs: Vec<InputFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum OriginFile {
    /// A drawn node at a step.
    Node { id: u32, step: usize },
    /// What a delayed edge carries before time began.
    Initial { edge: u32, row: usize },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFile {
    from: usize,
    edge: u32,
    /// Truncated: the value passes, its gradient does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    detached: bool,
}

/// Whether the drawing has steps or delays, so that its file holds an unrolled graph.
pub(super) fn has_time(network: &Network) -> bool {
    network.n_steps > 1 || network.edges.values().any(|edge| edge.delay > 0)
}

/// How large the unrolled graph is, where it is too large to be saved, and how many steps would
/// do.
pub fn too_large_to_save(network: &Network) -> Option<UnrolledTooLarge> {
    let UnrolledSize { nodes, edges: _, bytes } = network.unrolled_size();
    let bytes = bytes as u64;
    if !has_time(network) || bytes <= limits::UNROLLED_BYTES {
        return None;
    }
    let n_steps = network.n_steps;
    let fewer = (n_steps as u64).saturating_mul(limits::UNROLLED_BYTES) / bytes.max(1);
    Some(UnrolledTooLarge { n_steps, nodes, bytes, fewer: (fewer as usize).max(1) })
}

impl UnrolledFile {
    /// The unrolled graph of a drawing with loops; none while the drawing has errors.
    pub(super) fn of(network: &Network) -> Result<Option<Self>, FileError> {
        if !has_time(network) {
            return Ok(None);
        }
        if let Some(size) = too_large_to_save(network) {
            return Err(FileError::UnrolledTooLarge(size));
        }
        Ok(network.unroll().ok().map(|graph| Self::new(&graph)))
    }

    fn new(graph: &UnrolledGraph) -> Self {
        let UnrolledGraph { n_steps, nodes } = graph;
        let nodes = nodes.iter().map(|UnrolledNode { origin, inputs }| CopyFile {
            of: match origin {
                Origin::Node { node, step } => OriginFile::Node { id: node.0, step: *step },
                Origin::Initial { edge, row } => OriginFile::Initial { edge: edge.0, row: *row },
            },
            inputs: inputs
                .iter()
                .map(|UnrolledInput { source, edge, detached }| InputFile {
                    from: *source,
                    edge: edge.0,
                    detached: *detached,
                })
                .collect(),
        });
        Self { n_steps: *n_steps, nodes: nodes.collect() }
    }

    fn read(self) -> UnrolledGraph {
        let Self { n_steps, nodes } = self;
        let nodes = nodes.into_iter().map(|CopyFile { of, inputs }| UnrolledNode {
            origin: match of {
                OriginFile::Node { id, step } => Origin::Node { node: NodeId(id), step },
                OriginFile::Initial { edge, row } => Origin::Initial { edge: EdgeId(edge), row },
            },
            inputs: inputs
                .into_iter()
                .map(|InputFile { from, edge, detached }| UnrolledInput {
                    source: from,
                    edge: EdgeId(edge),
                    detached,
                })
                .collect(),
        });
        UnrolledGraph { n_steps, nodes: nodes.collect() }
    }

    /// Whether the drawing unrolls to exactly this.
    ///
    /// # Errors
    /// The first copy in which they differ, with what was expected and found there.
    pub(super) fn check(self, network: &Network) -> Result<(), FileError> {
        let found = self.read();
        // The size first: nothing is unrolled that the file did not pay for.
        let expected = network.unrolled_size().nodes;
        if found.n_steps != network.n_steps || found.nodes.len() != expected {
            return Err(mismatch(
                "unrolled.nodes",
                format!("{expected} nodes, T = {}", network.n_steps),
                format!("{} nodes, T = {}", found.nodes.len(), found.n_steps),
            ));
        }
        let Ok(graph) = network.unroll() else {
            return Err(mismatch("unrolled", "None".to_owned(), format!("{} nodes", found.nodes.len())));
        };
        let pairs = graph.nodes.iter().zip(&found.nodes).enumerate();
        for (idx, (expected, found)) in pairs {
            if expected != found {
                let place = format!("unrolled.nodes[{idx}]");
                return Err(mismatch(&place, shown(network, expected), shown(network, found)));
            }
        }
        Ok(())
    }
}

fn mismatch(place: &str, expected: String, found: String) -> FileError {
    FileError::invalid(place, Invalid::Unrolled { expected, found })
}

/// `'Dense 1', step 3, from [4, 7]`
fn shown(network: &Network, copy: &UnrolledNode) -> String {
    let origin = match copy.origin {
        Origin::Node { node, step } => match network.nodes.get(&node) {
            Some(drawn) => format!("'{}', step {step}", drawn.name),
            None => format!("node {}, step {step}", node.0),
        },
        Origin::Initial { edge, row } => format!("edge {}, row {row}", edge.0),
    };
    let sources: Vec<String> = copy
        .inputs
        .iter()
        .map(|input| format!("{}{}", input.source, if input.detached { " detached" } else { "" }))
        .collect();
    format!("{origin}, from [{}]", sources.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::super::error::{FileError, Invalid, UnrolledTooLarge};
    use super::super::{Form, ModelFile, model_text, parse_model};
    use crate::document::Document;
    use crate::network::{Activation, Builder, LossKind, NodeKind};

    /// An Elman cell over three steps, truncated after two.
    fn elman() -> ModelFile {
        let mut b = Builder::with_steps(3);
        let x = b.input(1);
        let wx = b.dense(x, 2);
        let wh = b.node(NodeKind::Dense(crate::network::DenseNode::new(2)), &[]);
        let sum = b.node(NodeKind::Add, &[wx, wh]);
        let h = b.activation(sum, Activation::Tanh);
        b.loop_edge(h, wh, 0);
        let y = b.dense(h, 1);
        let target = b.target(1);
        b.loss(LossKind::Mse, y, target);
        b.truncate(2);
        let network = b.finish();
        let parameters = network.initialize(1);
        ModelFile {
            document: Document { network, parameters, ..Document::default() },
            ..ModelFile::default()
        }
    }

    #[test]
    fn a_loop_is_saved_with_its_copies_and_comes_back() {
        let model = elman();
        let text = model_text(&model, None, Form::Saved).unwrap();
        assert_eq!(parse_model(&text).unwrap().0, model);
        // Eight drawn nodes at three steps, one row of an initial state; parameters once.
        assert_eq!(text.matches("(of: Node(id:").count(), 8 * 3);
        assert_eq!(text.matches("(of: Initial(edge:").count(), 1);
        assert_eq!(text.matches("detached: true").count(), 1);
        assert_eq!(text.matches("of: Weight(").count(), 3);
    }

    #[test]
    fn a_drawing_and_an_unrolled_graph_that_disagree_are_an_error_that_says_where() {
        let text = model_text(&elman(), None, Form::Saved).unwrap();
        let wrong = text.replacen("detached: true", "detached: false", 1);
        let error = parse_model(&wrong).unwrap_err();
        assert!(
            matches!(&error, FileError::Invalid { place, problem: Invalid::Unrolled { expected, .. } }
                if place.starts_with("unrolled.nodes[") && expected.contains("step 2") && expected.contains("detached")),
            "{error:?}"
        );
        let wrong = text.replacen("n_steps: 3", "n_steps: 900000", 1);
        assert!(matches!(
            parse_model(&wrong),
            Err(FileError::Invalid { problem: Invalid::Unrolled { .. }, .. })
        ));
    }

    #[test]
    fn an_unreasonable_size_is_refused_with_a_number_of_steps_that_would_do() {
        let mut model = elman();
        model.document.network.n_steps = 900_000;
        let error = model_text(&model, None, Form::Saved).unwrap_err();
        let FileError::UnrolledTooLarge(UnrolledTooLarge { n_steps, fewer, .. }) = error else {
            unreachable!("{error:?}");
        };
        assert_eq!(n_steps, 900_000);
        model.document.network.n_steps = fewer;
        assert_eq!(super::too_large_to_save(&model.document.network), None);
    }

    #[test]
    fn rescued_work_leaves_the_copies_out() {
        let text = model_text(&elman(), None, Form::Rescue { original: None }).unwrap();
        assert!(!text.contains("unrolled"));
        assert!(parse_model(&text).is_ok());
    }
}

//! Settings of the data, of data nodes, of time and of training.

use super::{Change, Document, Edit};
use crate::data::DataSettings;
use crate::document::TrainingSettings;
use crate::network::{DataNode, Node, NodeId};
use crate::words::Message;

/// Changes the data settings, and with them the widths of data nodes (features after encoding,
/// which only the data know).
pub fn set_data(document: &Document, settings: DataSettings, widths: &[(NodeId, usize)]) -> Change {
    let label = Message::new("edit-data");
    let mut edits = widened(document, widths);
    if settings != document.data {
        edits.insert(0, Edit::SetData(Box::new(settings)));
    }
    Change::structural(document, label, edits)
}

/// Sets the widths of data nodes.
pub fn set_features(document: &Document, widths: &[(NodeId, usize)]) -> Change {
    Change::structural(document, Message::new("edit-data"), widened(document, widths))
}

fn widened(document: &Document, widths: &[(NodeId, usize)]) -> Vec<Edit> {
    let edits = widths.iter().filter_map(|&(id, features)| {
        let mut node = document.network.nodes.get(&id)?.clone();
        let data = node.kind.data_mut()?;
        if data.features() == features {
            return None;
        }
        data.set_features(features);
        Some(Edit::SetNode(id, Some(node)))
    });
    edits.collect()
}

/// Settings of an Input or a Target. With typed rows the width follows the first row.
pub fn set_data_node(document: &Document, id: NodeId, mut data: DataNode) -> Change {
    let label = |node: &Node| Message::new("edit-settings").with("name", node.name.as_str());
    let Some(old) = document.network.nodes.get(&id) else {
        return Change::nothing(Message::new("edit-settings").with("name", ""));
    };
    let steps = if data.per_step { document.network.n_steps.max(1) } else { 1 };
    if let Some(first) = data.rows.as_ref().and_then(|typed| typed.rows.first()) {
        data.set_features(first.len() / steps);
    }
    let mut kind = old.kind.clone();
    let Some(before) = kind.data_mut().filter(|before| **before != data) else {
        return Change::nothing(label(old));
    };
    *before = data;
    let edits = vec![Edit::SetNode(id, Some(Node { kind, ..old.clone() }))];
    Change::structural(document, label(old), edits)
}

/// Sets the number of time steps T (at least one).
pub fn set_steps(document: &Document, n_steps: usize) -> Change {
    set_time(document, n_steps, document.network.truncate)
}

/// Sets truncated backpropagation through time: the state is detached before steps k, 2k, …
pub fn set_truncation(document: &Document, truncate: Option<usize>) -> Change {
    set_time(document, document.network.n_steps, truncate)
}

/// Sets the number of time steps T (at least one) and the truncation together.
pub fn set_time(document: &Document, n_steps: usize, truncate: Option<usize>) -> Change {
    let n_steps = n_steps.max(1);
    let network = &document.network;
    let label = if n_steps == network.n_steps {
        Message::new("edit-truncation")
    } else {
        Message::new("edit-steps").with("n", n_steps)
    };
    if (n_steps, truncate) == (network.n_steps, network.truncate) {
        return Change::nothing(label);
    }
    Change::new(label, vec![Edit::SetNetworkSettings { n_steps, truncate }])
}

/// Changes the training settings.
pub fn set_training(document: &Document, settings: TrainingSettings) -> Change {
    let label = Message::new("edit-training");
    if settings == document.training {
        return Change::nothing(label);
    }
    Change::new(label, vec![Edit::SetTraining(Box::new(settings))])
}

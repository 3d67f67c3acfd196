//! Changes of weights by hand, and keeping all parameters in step with the drawing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Document, Edit};
use crate::network::{
    MAX_PARAMETERS, Network, NodeId, Parameter, ParameterKey, ParameterSpec, Parameters, n_parameters,
};
use crate::words::Message;

/// What has to happen to the parameters when the drawing becomes `network`: those no longer
/// needed go, new and reshaped ones are drawn from the seed (or taken from `known` where the
/// shape is right). Those that fit stay as they are and are not mentioned.
pub(super) fn kept_in_step(
    document: &Document,
    network: &Network,
    known: &BTreeMap<ParameterKey, Parameter>,
) -> Vec<(ParameterKey, Option<Parameter>)> {
    let specs = network.parameter_specs();
    // What was typed into tensors before.
    let drawn_tensors = document.network.nodes.values().any(|node| node.kind.tensor().is_some());
    let before = if drawn_tensors { document.network.parameter_specs() } else { Vec::new() };
    let before: BTreeMap<ParameterKey, Option<Arc<Vec<f64>>>> =
        before.into_iter().map(|spec| (spec.key, spec.typed)).collect();
    let needed: BTreeMap<ParameterKey, &ParameterSpec> = specs.iter().map(|spec| (spec.key, spec)).collect();
    let mut changes: Vec<_> =
        document.parameters.keys().filter(|key| !needed.contains_key(key)).map(|&key| (key, None)).collect();
    let is_too_large = n_parameters(&specs) > MAX_PARAMETERS;
    for spec in &specs {
        let old = document.parameters.get(&spec.key);
        let is_tensor = spec.typed.is_some();
        let is_typed_anew = is_tensor && before.get(&spec.key) != Some(&spec.typed);
        if !is_typed_anew && let Some(old) = old.filter(|parameter| parameter.shape == spec.shape) {
            if is_tensor && old.trainable != spec.trainable {
                changes.push((spec.key, Some(Parameter { trainable: spec.trainable, ..old.clone() })));
            }
            continue;
        }
        if is_too_large {
            // The drawing's problem says so; no memory is taken.
            if old.is_some() {
                changes.push((spec.key, None));
            }
            continue;
        }
        let brought = known.get(&spec.key);
        let mut new = match brought.filter(|parameter| parameter.shape == spec.shape) {
            Some(parameter) => parameter.clone(),
            None => spec.initialize(document.training.seed),
        };
        if let Some(model) = brought.or(old).filter(|_| !is_tensor) {
            new.trainable = model.trainable;
        }
        changes.push((spec.key, Some(new)));
    }
    changes
}

/// The parameter's name as people know it (`Dense 1.weight`).
fn name_of(document: &Document, key: ParameterKey) -> String {
    let specs = document.network.parameter_specs();
    specs.into_iter().find(|spec| spec.key == key).map_or_else(String::new, |spec| spec.name)
}

/// Types numbers into a parameter, as (index in C order, value).
pub fn set_entries(document: &Document, key: ParameterKey, entries: Vec<(usize, f64)>) -> Change {
    let n = document.parameters.get(&key).map_or(0, |parameter| parameter.values.len());
    let label = Message::new("edit-parameter").with("name", name_of(document, key));
    let entries: Vec<_> = entries.into_iter().filter(|(idx, value)| *idx < n && value.is_finite()).collect();
    Change::new(label, vec![Edit::SetEntries(key, entries)])
}

/// Freezes (`trainable` false) or unfreezes parameters.
pub fn set_trainable(document: &Document, keys: &[ParameterKey], trainable: bool) -> Change {
    let id = if trainable { "edit-unfreeze" } else { "edit-freeze" };
    let name = keys.first().map_or_else(String::new, |&key| name_of(document, key));
    let label = Message::new(id).with("name", name).with("n", keys.len());
    let differs =
        |key: &&ParameterKey| document.parameters.get(key).is_some_and(|p| p.trainable != trainable);
    let changes = keys.iter().filter(differs).map(|&key| (key, trainable)).collect();
    Change::new(label, vec![Edit::SetTrainable(changes)])
}

/// Other numbers for all parameters, as one change.
pub fn replace_parameters(parameters: Parameters) -> Change {
    let changes = parameters.into_iter().map(|(key, parameter)| (key, Some(parameter))).collect();
    Change::new(Message::new("edit-import"), vec![Edit::SetParameters(changes)])
}

/// Draws the parameters anew from the document's seed: all of them, or those of some nodes.
/// Frozen ones stay: somebody chose those numbers.
pub fn reset(document: &Document, nodes: Option<&[NodeId]>) -> Change {
    let seed = document.training.seed;
    let is_meant = |key: ParameterKey| match (nodes, key) {
        (None, _) => true,
        (Some(nodes), ParameterKey::Node(node, _)) => nodes.contains(&node),
        (Some(nodes), ParameterKey::Initial(edge)) => {
            document.network.edges.get(&edge).is_some_and(|edge| nodes.contains(&edge.to))
        }
    };
    let specs = document.network.parameter_specs();
    let changes = specs.iter().filter(|spec| is_meant(spec.key)).filter_map(|spec| {
        let old = document.parameters.get(&spec.key)?;
        let new = spec.initialize(seed);
        (old.trainable && *old != new).then_some((spec.key, Some(new)))
    });
    Change::new(Message::new("edit-reset"), vec![Edit::SetParameters(changes.collect())])
}

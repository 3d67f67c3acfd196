//! Names of nodes as identifiers: unique, readable, and safe in Python.
//!
//! Must not know what a node does. The same drawing gives the same identifiers, so that weights
//! find their way back by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{EdgeId, InitialState, Network, NodeId, ParameterKey, ParameterRole};

/// Longer identifiers are cut: a line of code must stay readable.
const MAX_LENGTH: usize = 40;

/// Python's words, the names that the written code uses itself, and what `torch.nn.Module` already
/// calls something (`dir(torch.nn.Module)` of PyTorch 2.9, without underscores at the front).
const RESERVED: &str = "\
    False None True and as assert async await break class continue def del elif else except finally for \
    from global if import in is lambda match nonlocal not or pass raise return try type while with yield \
    self n t nn torch len list range sum inputs targets outputs loss losses predict total values \
    add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval \
    extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu \
    load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters \
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook \
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook \
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook \
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to \
    to_empty train training xpu zero_grad";

/// The identifier of every node and of every trained initial state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifiers {
    nodes: BTreeMap<NodeId, String>,
    initials: BTreeMap<EdgeId, String>,
    taken: BTreeSet<String>,
}

impl Identifiers {
    /// The identifiers of a drawing, in the order of ids.
    pub fn of(network: &Network) -> Self {
        let taken = RESERVED.split_whitespace().map(str::to_owned).collect();
        let mut names = Self { nodes: BTreeMap::new(), initials: BTreeMap::new(), taken };
        for (&id, node) in &network.nodes {
            let name = names.free(&identifier(&node.name));
            names.nodes.insert(id, name);
        }
        for (&id, edge) in &network.edges {
            if edge.delay > 0 && edge.initial == InitialState::Trained {
                let initial = names.free(&format!("{}_initial", names.node(edge.from)));
                names.initials.insert(id, initial);
            }
        }
        names
    }

    /// A node's identifier; empty where there is no such node.
    pub fn node(&self, node: NodeId) -> &str {
        self.nodes.get(&node).map_or("", String::as_str)
    }

    /// The identifier of an edge's trained initial state, where it has one.
    pub fn initial(&self, edge: EdgeId) -> Option<&str> {
        self.initials.get(&edge).map(String::as_str)
    }

    /// A parameter's name in a PyTorch state dict: `dense_1.weight`.
    pub fn state_dict_name(&self, key: ParameterKey) -> String {
        match key {
            ParameterKey::Node(node, ParameterRole::Weight) => format!("{}.weight", self.node(node)),
            ParameterKey::Node(node, ParameterRole::Bias) => format!("{}.bias", self.node(node)),
            ParameterKey::Node(node, ParameterRole::Value) => self.node(node).to_owned(),
            ParameterKey::Initial(edge) => self.initial(edge).unwrap_or_default().to_owned(),
        }
    }

    /// `wanted`, or the first free name after it; nobody gets it again.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2_usize;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }
}

/// `Dense 1` → `dense_1`, `Päästöt (g/km)` → `paastot_g_km`: letters, digits and underscores of ASCII,
/// never empty, never a digit first.
pub(super) fn identifier(name: &str) -> String {
    let mut text = String::new();
    for sign in name.chars().flat_map(char::to_lowercase) {
        let plain = without_accent(sign);
        if plain.is_ascii_alphanumeric() {
            text.push(plain);
        } else if !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
        if text.len() >= MAX_LENGTH {
            break;
        }
    }
    let text = text.trim_end_matches('_');
    if text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit()) {
        format!("node_{text}").trim_end_matches('_').to_owned()
    } else {
        text.to_owned()
    }
}

/// The plain letter of the accented ones in western and Nordic alphabets.
fn without_accent(sign: char) -> char {
    match sign {
        'à'..='å' | 'æ' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' => 's',
        'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Builder, DataNode, NodeKind};

    #[test]
    fn names_become_readable_identifiers() {
        for (name, expected) in [
            ("Dense 1", "dense_1"),
            ("Päästöt (g/km)", "paastot_g_km"),
            ("3 kerrosta", "node_3_kerrosta"),
            ("层", "node"),
            ("\"\"\"\nimport os", "import_os"),
            ("  ", "node"),
        ] {
            assert_eq!(identifier(name), expected);
        }
        assert!(identifier(&"long ".repeat(50)).len() <= MAX_LENGTH);
    }

    #[test]
    fn two_nodes_never_share_an_identifier_nor_take_a_word_of_python() {
        let mut builder = Builder::new();
        for name in ["h 1", "h-1", "lambda", "forward"] {
            builder.named(name, NodeKind::Input(DataNode::new(1)), &[]);
        }
        let network = builder.finish();
        let names = Identifiers::of(&network);
        let found: Vec<&str> = network.nodes.keys().map(|&id| names.node(id)).collect();
        assert_eq!(found, ["h_1", "h_1_2", "lambda_2", "forward_2"]);
    }
}

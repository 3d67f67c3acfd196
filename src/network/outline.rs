//! A drawing in a line of text: its kinds in the order of computing, so that two drawings can be told apart
//! in words. The same in every language: kinds and settings have PyTorch's names.
//!
//! Must not know what the line is for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Network, NodeId, NodeKind, SettingValue};

/// Letters of an outline at most.
pub const MOST_OUTLINE_LETTERS: usize = 400;

impl Network {
    /// What is drawn, such as `Input 9 → Dense 64 → ReLU → Dense 1 → MSE`: names, places and how nodes start
    /// are left out. A long one is cut, and ends with a number made of all of it.
    pub fn outline(&self) -> String {
        let order = self.topological_order().unwrap_or_else(|_| self.nodes.keys().copied().collect());
        let mut delays: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        for edge in self.edges.values().filter(|edge| edge.delay > 0) {
            delays.entry(edge.to).or_default().push(edge.delay);
        }
        let told = order.into_iter().filter_map(|id| {
            let kind = &self.nodes.get(&id)?.kind;
            (!kind.is_target()).then(|| outlined(kind, delays.get(&id).map_or(&[], Vec::as_slice)))
        });
        let mut line = told.collect::<Vec<_>>().join(" → ");
        if self.n_steps > 1 {
            line = format!("T = {}: {line}", self.n_steps);
        }
        shortened(line)
    }
}

fn outlined(kind: &NodeKind, delays: &[usize]) -> String {
    let mut text = kind.base_name().to_owned();
    if let Some(data) = kind.data() {
        let _ = write!(text, " {}", data.features());
    }
    if let Some(tensor) = kind.tensor() {
        let _ = write!(text, " {:?}", tensor.shape);
    }
    for (name, value) in kind.settings() {
        let _ = match value {
            SettingValue::Count(n) => write!(text, " {n}"),
            SettingValue::Whole(n) => write!(text, " {n}"),
            SettingValue::Number(number) => write!(text, " {number}"),
            SettingValue::Sizes(sizes) => write!(text, " {sizes:?}"),
            // What is usual goes without saying.
            SettingValue::Flag(is_on) if is_on == (name == "bias") => Ok(()),
            SettingValue::Flag(is_on) => write!(text, " {name}={}", if is_on { "True" } else { "False" }),
        };
    }
    for delay in delays {
        let _ = write!(text, " (t−{delay})");
    }
    text
}

/// Cut to the limit, with the FNV-1a hash of the whole in place of the rest.
fn shortened(line: String) -> String {
    const MARK_LETTERS: usize = 20;
    if line.chars().count() <= MOST_OUTLINE_LETTERS {
        return line;
    }
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = line.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let begin: String = line.chars().take(MOST_OUTLINE_LETTERS - MARK_LETTERS).collect();
    format!("{begin}… {hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::MOST_OUTLINE_LETTERS;
    use crate::network::{Activation, Builder, LossKind, NodeKind};

    #[test]
    fn an_outline_names_what_is_computed_and_tells_drawings_apart() {
        let drawn = |units: usize, activation: Activation| {
            let mut builder = Builder::new();
            let (x, y) = (builder.input(2), builder.target(1));
            let hidden = builder.dense(x, units);
            let hidden = builder.activation(hidden, activation);
            let out = builder.dense_without_bias(hidden, 1);
            builder.loss(LossKind::Mse, out, y);
            builder.finish().outline()
        };
        let line = drawn(8, Activation::Tanh);
        assert_eq!(line, "Input 2 → Dense 8 → Tanh → Dense 1 bias=False → MSE");
        assert!(drawn(9, Activation::Tanh) != line && drawn(8, Activation::Sigmoid) != line);
    }

    #[test]
    fn a_loop_is_told_and_a_long_outline_is_cut_but_differs() {
        let mut builder = Builder::with_steps(5);
        let x = builder.input(1);
        let sum = builder.node(NodeKind::Add, &[x]);
        builder.loop_edge(sum, sum, 1);
        assert_eq!(builder.finish().outline(), "T = 5: Input 1 → Add (t−1)");
        let long = |n: usize| {
            let mut builder = Builder::new();
            let mut last = builder.input(1);
            for _ in 0..n {
                last = builder.dense(last, 1);
            }
            builder.finish().outline()
        };
        assert!(long(200).chars().count() <= MOST_OUTLINE_LETTERS && long(200) != long(201));
    }
}

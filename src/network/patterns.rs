//! Ready-made patterns, recurrent cells and an attention head, drawn from ordinary nodes so that they can be taken apart.
//!
//! Must not know the document: ids count from 1 and are renumbered where a pattern is dropped.

use super::build::Builder;
use super::{
    Activation, DenseNode, InitialState, Initializer, Network, NodeId, NodeKind, Operation, ParameterKey,
    ParameterRole, TensorNode,
};
use crate::words::{Message, ToMessage};

/// Which pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// Elman's network (1990): hₜ = tanh(Wₓ xₜ + b + Wₕ hₜ₋₁).
    Elman,
    /// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000),
    /// as `torch.nn.LSTM` computes it.
    Lstm,
    /// Gated recurrent unit (Cho et al. 2014), as `torch.nn.GRU` computes it.
    Gru,
    /// One head of scaled dot-product attention (Vaswani et al. 2017): softmax(q kᵀ / √d) v.
    Attention,
}

impl PatternKind {
    /// Every pattern, in the palette's order.
    pub const ALL: [Self; 4] = [Self::Elman, Self::Lstm, Self::Gru, Self::Attention];

    /// A name for people and tests.
    pub fn base_name(self) -> &'static str {
        match self {
            Self::Elman => "Elman RNN",
            Self::Lstm => "LSTM",
            Self::Gru => "GRU",
            Self::Attention => "Attention head",
        }
    }

    /// The pattern with so many units of state, or numbers a token.
    pub fn draw(self, units: usize) -> Pattern {
        match self {
            Self::Elman => elman(units),
            Self::Lstm => lstm(units),
            Self::Gru => gru(units),
            Self::Attention => attention(units),
        }
    }
}

impl ToMessage for PatternKind {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Elman => "pattern-elman",
            Self::Lstm => "pattern-lstm",
            Self::Gru => "pattern-gru",
            Self::Attention => "pattern-attention",
        })
    }
}

/// A piece of drawing with open ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The nodes (laid out around the origin) and the wires between them.
    pub network: Network,
    /// Ports that wait for x, as (node, port).
    pub entries: Vec<(NodeId, usize)>,
    /// The node whose output is hₜ, or what the head gives.
    pub output: NodeId,
    /// Parameters that are part of the formula and must not be trained.
    pub frozen: Vec<ParameterKey>,
}

fn dense(builder: &mut Builder, name: &str, from: &[NodeId], units: usize, bias: bool) -> NodeId {
    builder.named(name, NodeKind::Dense(DenseNode { bias, ..DenseNode::new(units) }), from)
}

fn act(builder: &mut Builder, name: &str, activation: Activation, from: NodeId) -> NodeId {
    builder.named(name, NodeKind::Activation(activation), &[from])
}

/// An Identity that waits for its input.
fn act_open(builder: &mut Builder, name: &str) -> NodeId {
    builder.named(name, NodeKind::Activation(Activation::Identity), &[])
}

/// hₜ = tanh(Wₓ xₜ + b + Wₕ hₜ₋₁)
fn elman(units: usize) -> Pattern {
    let mut b = Builder::new();
    let x = dense(&mut b, "Wx 1", &[], units, true);
    let h_before = dense(&mut b, "Wh 1", &[], units, false);
    let sum = b.named("Sum 1", NodeKind::Add, &[x, h_before]);
    let h = act(&mut b, "h 1", Activation::Tanh, sum);
    b.loop_edge(h, h_before, 0);
    Pattern { network: b.finish(), entries: vec![(x, 0)], output: h, frozen: Vec::new() }
}

/// i, f, o = σ(W·[x, h] + b), g = tanh(W·[x, h] + b), cₜ = f⊙cₜ₋₁ + i⊙g, hₜ = o⊙tanh(cₜ).
/// `[W_ih | W_hh]` of PyTorch stand side by side in each W; its two biases are one sum.
fn lstm(units: usize) -> Pattern {
    let mut b = Builder::new();
    let xh = b.named("x, h 1", NodeKind::CONCAT, &[]);
    let mut gate = |name: &str, activation: Activation| {
        let z = dense(&mut b, &format!("W{name} 1"), &[xh], units, true);
        act(&mut b, &format!("{name} 1"), activation, z)
    };
    let i = gate("i", Activation::Sigmoid);
    let f = gate("f", Activation::Sigmoid);
    let g = gate("g", Activation::Tanh);
    let o = gate("o", Activation::Sigmoid);
    let kept = b.named("Keep 1", NodeKind::Multiply, &[f]);
    let written = b.named("Write 1", NodeKind::Multiply, &[i, g]);
    let c = b.named("c 1", NodeKind::Add, &[kept, written]);
    let shown = act(&mut b, "tanh c 1", Activation::Tanh, c);
    let h = b.named("h 1", NodeKind::Multiply, &[o, shown]);
    b.loop_edge(c, kept, 1);
    b.loop_edge(h, xh, 1);
    Pattern { network: b.finish(), entries: vec![(xh, 0)], output: h, frozen: Vec::new() }
}

/// r, z = σ(W·[x, h] + b), n = tanh(Wₙ x + bₙ + r⊙(Uₙ h + cₙ)), hₜ = (1 − z)⊙n + z⊙hₜ₋₁.
/// hₜ₋₁ arrives once, at an Identity node, so that it has one initial state. 1 − z is a Dense node
/// with fixed W = −1 on the diagonal and b = 1.
fn gru(units: usize) -> Pattern {
    let mut b = Builder::new();
    let before = act_open(&mut b, "h before 1");
    let xh = b.named("x, h 1", NodeKind::CONCAT, &[]);
    b.edge(before, xh, 1, 0, InitialState::Zeros);
    let wr = dense(&mut b, "Wr 1", &[xh], units, true);
    let r = act(&mut b, "r 1", Activation::Sigmoid, wr);
    let wz = dense(&mut b, "Wz 1", &[xh], units, true);
    let z = act(&mut b, "z 1", Activation::Sigmoid, wz);
    let wn = dense(&mut b, "Wn 1", &[], units, true);
    let un = dense(&mut b, "Un 1", &[before], units, true);
    let reset = b.named("Reset 1", NodeKind::Multiply, &[r, un]);
    let sum = b.named("Sum 1", NodeKind::Add, &[wn, reset]);
    let n = act(&mut b, "n 1", Activation::Tanh, sum);
    let one_minus = DenseNode {
        weight_init: Initializer::Eye { gain: -1.0 },
        bias_init: Initializer::Constant { value: 1.0 },
        ..DenseNode::new(units)
    };
    let not_z = b.named("1 - z 1", NodeKind::Dense(one_minus), &[z]);
    let new = b.named("New 1", NodeKind::Multiply, &[not_z, n]);
    let kept = b.named("Keep 1", NodeKind::Multiply, &[z, before]);
    let h = b.named("h 1", NodeKind::Add, &[new, kept]);
    b.loop_edge(h, before, 0);
    let frozen = [ParameterRole::Weight, ParameterRole::Bias];
    Pattern {
        network: b.finish(),
        entries: vec![(xh, 0), (wn, 0)],
        output: h,
        frozen: frozen.map(|role| ParameterKey::Node(not_z, role)).to_vec(),
    }
}

/// q = x Wq, k = x Wk, v = x Wv, softmax(q kᵀ / √d) v of tokens x `[N, T, d]`. The three W `[d, d]` start as
/// the identity, so that each token first looks at those that are like it.
fn attention(d: usize) -> Pattern {
    let mut b = Builder::new();
    let x = act_open(&mut b, "x 1");
    let eye: Vec<f64> = (0..d * d).map(|at| f64::from(u8::from(at / d.max(1) == at % d.max(1)))).collect();
    let operation = |b: &mut Builder, name: &str, operation: Operation, from: &[NodeId]| {
        b.named(name, NodeKind::Operation(operation), from)
    };
    let [q, k, v] = ["q", "k", "v"].map(|name| {
        let eye = TensorNode::new(&[d, d], eye.clone());
        let weight = b.named(&format!("W{name} 1"), NodeKind::Tensor(eye), &[]);
        operation(&mut b, &format!("{name} 1"), Operation::MatMul, &[x, weight])
    });
    let turned = operation(&mut b, "kᵀ 1", Operation::Transpose, &[k]);
    let scores = operation(&mut b, "Scores 1", Operation::MatMul, &[q, turned]);
    let size = b.named("d 1", NodeKind::Tensor(TensorNode::scalar(d as f64).constant()), &[]);
    let root = operation(&mut b, "√d 1", Operation::Sqrt, &[size]);
    let scaled = operation(&mut b, "Scaled 1", Operation::Div, &[scores, root]);
    let weights = act(&mut b, "Weights 1", Activation::SOFTMAX, scaled);
    let head = operation(&mut b, "Head 1", Operation::MatMul, &[weights, v]);
    Pattern {
        network: b.finish(),
        entries: vec![(x, 0)],
        output: head,
        frozen: vec![ParameterKey::Node(size, ParameterRole::Value)],
    }
}

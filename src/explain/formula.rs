//! The one line that made a matrix, with its shapes.
//!
//! Printed from the op's rule: nothing is stated here. Must not know numbers: a formula is the same
//! for every batch and time step.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use super::definition::Definitions;
use super::letter::Letter;
use super::print::{self, Convention, NameStyle, Names, Symbols};
use super::quantity::Tensor;
use crate::algebra::{Expression, Size};
use crate::network::{Network, NodeId, NodeKind, ParameterKey, ParameterRole, Shapes};

/// One line: `grad_W = dZᵀ · X   [2, 3] = [2, N] · [N, 3]`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Formula {
    /// Left of the equals sign.
    pub result: String,
    /// Right of it.
    pub expression: String,
    /// The same line in shapes; empty where a shape is not known yet.
    pub shapes: String,
    /// What an abbreviation in the expression stands for, such as a derivative.
    pub note: Option<String>,
    /// The line in LaTeX: the result, and what it is equal to, with the tensors under marks.
    pub latex: Vec<String>,
    /// The tensor behind each mark.
    pub marks: Vec<Tensor>,
    /// The time step that the line speaks of, where it holds at any.
    pub time_step: usize,
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.result, self.expression)?;
        if !self.shapes.is_empty() {
            write!(f, "   {}", self.shapes)?;
        }
        Ok(())
    }
}

/// The formulas of one drawn network.
pub struct Formulas<'a> {
    definitions: Definitions<'a>,
    convention: Convention,
}

impl<'a> Formulas<'a> {
    /// Of a drawing with its shapes.
    pub fn new(network: &'a Network, shapes: &'a Shapes) -> Self {
        Self { definitions: Definitions::at_any_time(network, shapes), convention: Convention::default() }
    }

    /// The same in a convention.
    #[must_use]
    pub fn in_convention(mut self, convention: Convention) -> Self {
        self.convention = convention;
        self
    }

    fn at(&self) -> usize {
        self.definitions.middle()
    }

    fn kind(&self, node: NodeId) -> Option<&'a NodeKind> {
        Some(&self.definitions.network().nodes.get(&node)?.kind)
    }

    /// How a node's output is made; nothing for Input and Target.
    pub fn output(&self, node: NodeId) -> Option<Formula> {
        self.line(node, Tensor::Output { node, time_step: self.at() })
    }

    /// How d loss / d output of a node is made: the sum of what every use sends back. `None` where
    /// nothing can reach it.
    pub fn output_gradient(&self, node: NodeId) -> Option<Formula> {
        if self.kind(node)?.is_target() {
            return None;
        }
        self.line(node, Tensor::Grad { node, time_step: self.at() })
    }

    /// The gradient that a node sends back over an input port: dX of Dense, dZ of an activation.
    pub fn input_gradient(&self, node: NodeId, port: usize) -> Option<Formula> {
        let (network, incoming) = (self.definitions.network(), self.definitions.incoming(node));
        let (edge, time_step) = (*incoming.get(port)?, self.at());
        let tensor = Tensor::PortGrad { edge, time_step };
        let mut line = self.line(node, tensor)?;
        // Of what the line of its output calls X.
        let is_of_x =
            incoming.len() == 1 && tensor.letter(network) == Tensor::Grad { node, time_step }.letter(network);
        let kind = self.kind(node)?;
        let letter = if kind.activation().is_some() {
            Letter::Dz
        } else if kind.dense().is_some() || is_of_x {
            Letter::Dx
        } else {
            return Some(line);
        };
        letter.symbol().clone_into(&mut line.result);
        if let Some(latex) = line.latex.first_mut() {
            letter.latex().clone_into(latex);
        }
        Some(line)
    }

    /// `grad_W = dZᵀ · X`.
    pub fn weight_gradient(&self, node: NodeId) -> Option<Formula> {
        self.parameter_gradient(node, ParameterRole::Weight)
    }

    /// `grad_b = Σₙ dZ`.
    pub fn bias_gradient(&self, node: NodeId) -> Option<Formula> {
        self.parameter_gradient(node, ParameterRole::Bias)
    }

    /// How the gradient of a parameter of this role is made.
    pub fn parameter_gradient(&self, node: NodeId, role: ParameterRole) -> Option<Formula> {
        if role == ParameterRole::Value {
            // A tensor is its own parameter: what enters its node is its gradient.
            return self.output_gradient(node);
        }
        let key = ParameterKey::Node(node, role);
        let mut line = self.line(node, Tensor::ParameterGrad { key, time_step: None, sample: None })?;
        if self.definitions.network().n_steps > 1 {
            // Shared weights sum the shares of all time steps.
            line.expression = format!("Σₜ {}", line.expression);
            if let Some(latex) = line.latex.last_mut() {
                *latex = latex.replacen("=\\;", "=\\; \\sum_{t}", 1);
            }
        }
        Some(line)
    }

    /// The line of a tensor as it stands beside a node.
    fn line(&self, own: NodeId, tensor: Tensor) -> Option<Formula> {
        let network = self.definitions.network();
        let of = self.convention.definition(&self.definitions, tensor)?;
        // s is written with what it is, not with dL.
        let of = of.replace(&mut |leaf| match leaf {
            Tensor::Grad { node, .. } if self.kind(*node).is_some_and(|kind| kind.loss().is_some()) => {
                self.definitions.of(*leaf).unwrap_or(Expression::Leaf(*leaf))
            }
            _ => Expression::Leaf(*leaf),
        });
        // Also what is made has a letter: `A = |A(Sin 1)|`.
        let mut owners = BTreeMap::from([(tensor.letter(network), vec![tensor])]);
        of.for_each_leaf(&mut |leaf| {
            let tensors = owners.entry(leaf.letter(network)).or_default();
            if !tensors.contains(leaf) {
                tensors.push(*leaf);
            }
        });
        let name = |leaf: &Tensor| {
            let letter = leaf.letter(network);
            let is_only = owners.get(&letter).is_none_or(|tensors| tensors.len() == 1);
            self.name(own, *leaf, is_only)
        };
        let is_scalar = |leaf: &Tensor| self.definitions.sizes(*leaf).is_empty();
        let symbols = Symbols { leaf: &name, is_scalar: &is_scalar, value: None, names_written_out: false };
        let notes = print::notes(&of, &symbols);
        let marks = RefCell::new(Vec::new());
        let marked = |leaf: &Tensor| {
            let letter = leaf.letter(network);
            let is_only = owners.get(&letter).is_none_or(|tensors| tensors.len() == 1);
            let mut marks = marks.borrow_mut();
            marks.push(*leaf);
            print::marked(marks.len() - 1, &self.latex_name(own, *leaf, is_only))
        };
        let latex = print::latex(&of, &marked, &is_scalar, None);
        let result = self.result_name(tensor);
        Some(Formula {
            expression: symbols.line(&of),
            shapes: self.shapes(tensor, &of).unwrap_or_default(),
            note: (!notes.is_empty()).then(|| notes.join("   ")),
            latex: vec![self.latex_result(tensor), format!("=\\; {latex}")],
            marks: marks.into_inner(),
            time_step: self.at(),
            result,
        })
    }

    /// What is made: its letter, with the number of its layer where names go by layer.
    fn result_name(&self, tensor: Tensor) -> String {
        match self.convention.names {
            NameStyle::Node => tensor.letter(self.definitions.network()).symbol().to_owned(),
            NameStyle::Layer => Names::new(&self.definitions, NameStyle::Layer).at_any_time(tensor),
        }
    }

    fn latex_result(&self, tensor: Tensor) -> String {
        match self.convention.names {
            NameStyle::Node => tensor.letter(self.definitions.network()).latex().to_owned(),
            NameStyle::Layer => in_latex(&self.result_name(tensor)),
        }
    }

    fn latex_name(&self, own: NodeId, tensor: Tensor, is_only: bool) -> String {
        in_latex(&self.name(own, tensor, is_only))
    }

    /// What a tensor is called in a line beside the node `own`: with its node's name, where the letter
    /// alone would not say which.
    fn name(&self, own: NodeId, tensor: Tensor, is_only: bool) -> String {
        let network = self.definitions.network();
        let middle = self.at();
        let mut letter = tensor.letter(network);
        let (node, time_step) = match tensor {
            Tensor::Output { node, time_step }
            | Tensor::Grad { node, time_step }
            | Tensor::GradNorm { node, time_step }
            | Tensor::Mask { node, time_step } => (Some(node), Some(time_step)),
            Tensor::PortValue { edge, time_step } | Tensor::PortGrad { edge, time_step } => {
                (network.edges.get(&edge).map(|edge| edge.to), Some(time_step))
            }
            Tensor::Parameter(ParameterKey::Node(node, _))
            | Tensor::ParameterGrad { key: ParameterKey::Node(node, _), .. }
            | Tensor::LossValue(node) => (Some(node), None),
            _ => (None, None),
        };
        // What arrives at the only port of a layer is its X, whatever made it.
        let feeds_only_port = node.is_some_and(|node| {
            let edges = self.definitions.incoming(own);
            edges.len() == 1
                && edges.iter().all(|edge| network.edges.get(edge).is_some_and(|edge| edge.from == node))
        });
        let is_port = feeds_only_port && matches!(tensor, Tensor::Output { .. });
        let made = Tensor::Output { node: own, time_step: middle }.letter(network);
        let kind = self.kind(own);
        let is_layer = kind.is_some_and(|kind| kind.dense().is_some() || kind.dropout().is_some());
        // An operation on another's A has it for its X, too: `A = |X|`.
        if is_port && (is_layer || letter == made) {
            let is_activation = kind.is_some_and(|kind| kind.activation().is_some());
            letter = if is_activation { Letter::Z } else { Letter::X };
        }
        let is_value = !tensor.is_gradient() && !matches!(tensor, Tensor::Parameter(_));
        let is_plain = node == Some(own) || is_port || is_only && is_value;
        let name = match node.and_then(|node| network.nodes.get(&node)) {
            _ if self.convention.names == NameStyle::Layer => {
                Names::new(&self.definitions, NameStyle::Layer).at_any_time(tensor)
            }
            Some(node) if !is_plain => format!("{}({})", letter.symbol(), node.name),
            _ => letter.symbol().to_owned(),
        };
        match time_step {
            Some(step) if step > middle => format!("{name}[t+{}]", step - middle),
            Some(step) if step < middle => format!("{name}[t−{}]", middle - step),
            _ => name,
        }
    }

    /// The line in shapes, where all are known.
    fn shapes(&self, tensor: Tensor, of: &Expression<Tensor>) -> Option<String> {
        let is_known = |leaf: &Tensor| {
            let is_number = matches!(
                leaf,
                Tensor::LossValue(_)
                    | Tensor::TotalLoss
                    | Tensor::TotalNorm
                    | Tensor::ClipFactor
                    | Tensor::LossScale(_)
            );
            let is_loss = matches!(leaf, Tensor::Output { node, .. } | Tensor::Grad { node, .. }
                if self.kind(*node).is_some_and(|kind| kind.loss().is_some()));
            is_number || is_loss || !self.sizes_of(*leaf).is_empty()
        };
        if of.any_leaf(&|leaf| !is_known(leaf)) || !is_known(&tensor) {
            return None;
        }
        let text = |sizes: &[Size]| {
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            format!("[{}]", sizes.join(", "))
        };
        let sizes_of_leaf = |leaf: &Tensor| self.sizes_of(*leaf);
        let sizes = |part: &Expression<Tensor>| part.sizes(&sizes_of_leaf).ok().map(|sizes| text(&sizes));
        let right = print::shapes(of, &sizes)?;
        Some(format!("{} = {right}", text(&self.sizes_of(tensor))))
    }

    fn sizes_of(&self, tensor: Tensor) -> Vec<Size> {
        self.convention.sizes(&self.definitions, tensor)
    }
}

/// A name of a line in LaTeX: `dZ(Dense 2)[t−1]`.
fn in_latex(name: &str) -> String {
    let (name, step) = match name.split_once('[') {
        Some((name, step)) => (name, format!("^{{[{}}}", step.replace('−', "-"))),
        None => (name, String::new()),
    };
    let (letter, owner) = match name.split_once('(') {
        Some((letter, owner)) => (letter, owner.trim_end_matches(')')),
        None => (name, ""),
    };
    // By layer, a number follows the letter.
    let digits = letter.len() - letter.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (letter, layer) = letter.split_at(letter.len() - digits);
    let letter = Letter::ALL.iter().find(|known| known.symbol() == letter || known.code() == letter);
    let letter = letter.map_or("\\cdot", |letter| letter.latex());
    let below = match (owner, layer) {
        ("", "") => String::new(),
        ("", layer) => format!("_{{{layer}}}"),
        (owner, _) => format!("_{{\\text{{{}}}}}", print::latex_text(owner)),
    };
    format!("{{{letter}}}{below}{step}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::network::expression::draw;

    #[test]
    fn what_an_operation_takes_from_another_is_its_x() {
        let network = draw("f = mean(sqrt(abs(sin(x)) / z)); x = [1, 2]; z = 0.5").unwrap().network;
        let shapes = network.infer_shapes().0;
        let formulas = Formulas::new(&network, &shapes);
        let named = |name: &str| *network.nodes.iter().find(|(_, node)| node.name == name).unwrap().0;
        let output = |name: &str| formulas.output(named(name)).unwrap();
        assert_eq!(output("Abs 1").expression, "|X|");
        assert_eq!(output("f").expression, "mean(X)");
        assert_eq!(output("Div 1").expression, "A(Abs 1) / X");
        let sent = formulas.input_gradient(named("f"), 0).unwrap();
        assert_eq!((sent.result.as_str(), sent.expression.as_str()), ("dX", "dA / (2)"));
    }
}

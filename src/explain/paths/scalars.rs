//! The numbers of a pass and what each goes into: the graph in which paths run.
//!
//! Links are the coefficients of the ops' shares. Must not know values.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::algebra::{Entries, Entry, Expression, concrete};
use crate::explain::definition::Definitions;
use crate::explain::quantity::{Quantity, Tensor};
use crate::network::{EdgeId, NodeId, ParameterKey};

/// One number of a node's output; ordered so that it stands before all that it goes into.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scalar {
    time_step: usize,
    /// Its node's place in the order of computing.
    position: usize,
    node: NodeId,
    index: Vec<usize>,
}

/// What a number goes into.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) to: Scalar,
    /// The local derivative; none of the step from a number to itself.
    pub(super) formula: Option<Expression<Quantity>>,
    pub(super) of: Quantity,
    pub(super) with_respect_to: Quantity,
    pub(super) past: Option<NodeId>,
}

/// All links of a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    pub(super) links: Vec<Link>,
    /// How many scalar multiplications its gradient takes, from the gradients of what it goes into.
    pub(super) multiplications: u64,
}

/// Where paths begin.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) links: Vec<Link>,
    pub(super) multiplications: u64,
    /// The number of a node's output itself, where it begins there.
    pub(super) at: Option<Scalar>,
}

/// Shares over one wire at one time step, each linear in one gradient.
type Shares = Vec<(Expression<Tensor>, Option<NodeId>)>;

pub(super) struct Scalars<'a> {
    definitions: &'a Definitions<'a>,
    batch: usize,
    positions: BTreeMap<NodeId, usize>,
    shares: RefCell<BTreeMap<(EdgeId, usize, bool), Shares>>,
}

impl<'a> Scalars<'a> {
    pub(super) fn new(definitions: &'a Definitions<'a>, batch: usize) -> Self {
        let order = definitions.network().topological_order().unwrap_or_default();
        let positions = order.into_iter().enumerate().map(|(position, node)| (node, position)).collect();
        Self { definitions, batch, positions, shares: RefCell::default() }
    }

    pub(super) fn scalar(&self, (node, time_step): (NodeId, usize), index: Vec<usize>) -> Option<Scalar> {
        Some(Scalar { time_step, position: *self.positions.get(&node)?, node, index })
    }

    /// Where the paths of a gradient's number begin.
    pub(super) fn start(&self, of: Quantity) -> Option<Start> {
        let index = of.index(&concrete(&self.definitions.sizes(of.tensor), self.batch));
        match of.tensor {
            Tensor::Grad { node, time_step } => {
                let at = self.scalar((node, time_step), index)?;
                self.definitions.reaches(node, time_step).then_some(())?;
                let output = Tensor::Output { node, time_step }.at(of.row, of.column);
                let link =
                    Link { to: at.clone(), formula: None, of: output, with_respect_to: output, past: None };
                Some(Start { links: vec![link], multiplications: 0, at: Some(at) })
            }
            Tensor::PortGrad { edge, time_step } => {
                let mut links = Links::default();
                self.over(&mut links, (edge, time_step), &index, true);
                Some(Start { links: links.links, multiplications: links.multiplications, at: None })
            }
            Tensor::ParameterGrad { key, time_step, sample } => {
                let steps = match time_step {
                    Some(step) => step..step + 1,
                    None => 0..self.definitions.n_steps(),
                };
                let mut links = Links::default();
                for step in steps {
                    self.of_parameter(&mut links, (key, step, sample), of, &index);
                }
                (!links.links.is_empty()).then_some(())?;
                Some(Start { links: links.links, multiplications: links.multiplications, at: None })
            }
            _ => None,
        }
    }

    /// What an entry of a parameter goes into at one time step.
    fn of_parameter(
        &self,
        links: &mut Links,
        (key, step, sample): (ParameterKey, usize, Option<usize>),
        of: Quantity,
        index: &[usize],
    ) {
        let tensor = Tensor::ParameterGrad { key, time_step: Some(step), sample };
        let Some(share) = self.definitions.of(tensor) else { return };
        let entry = Tensor::Parameter(key).at(of.row, of.column);
        match key {
            ParameterKey::Node(..) => self.add(links, &share, index, (entry, None)),
            ParameterKey::Initial(edge) => {
                // A state is brought onto its wire as it is.
                let Ok(scalar) = self.entries(|entries| entries.entry(&share, index)) else { return };
                for Entry { index, .. } in scalar.coefficients(&|leaf| leaf.of.is_gradient()).into_keys() {
                    self.over(links, (edge, step), &index, false);
                }
            }
        }
    }

    /// What a number of a node's output goes into. `long_way` also follows it through losses that it is
    /// joined with.
    pub(super) fn next(&self, from: &Scalar, long_way: bool) -> Links {
        let mut links = Links::default();
        for (edge, at) in self.definitions.uses(from.node, from.time_step) {
            self.over(&mut links, (edge, at), &from.index, long_way);
        }
        links
    }

    /// The factor of a number in the total loss, where backward starts at it.
    pub(super) fn seed(&self, at: &Scalar) -> Option<Expression<Quantity>> {
        let seed = self.definitions.seed_at(at.node, at.time_step)?;
        Some(seed.replace(&mut |leaf| {
            Expression::Leaf(match leaf {
                Tensor::Seed(_) => self.quantity(&Entry { of: *leaf, index: at.index.clone() }),
                _ => leaf.at(0, 0),
            })
        }))
    }

    /// Adds what a number goes into over a wire.
    fn over(&self, links: &mut Links, wire: (EdgeId, usize), index: &[usize], long_way: bool) {
        let key = (wire.0, wire.1, long_way);
        if !self.shares.borrow().contains_key(&key) {
            let found = self.definitions.local_shares(wire, long_way);
            self.shares.borrow_mut().insert(key, found);
        }
        let shares = self.shares.borrow();
        let Some(shares) = shares.get(&key) else { return };
        let tensor = Tensor::PortValue { edge: wire.0, time_step: wire.1 };
        let tensor = self.definitions.source_of(wire.0, wire.1).unwrap_or(tensor);
        let input = self.quantity(&Entry { of: tensor, index: index.to_vec() });
        for (share, past) in shares {
            self.add(links, share, index, (input, *past));
        }
    }

    /// Adds the coefficients of a share's entry.
    fn add(
        &self,
        links: &mut Links,
        share: &Expression<Tensor>,
        index: &[usize],
        (with_respect_to, past): (Quantity, Option<NodeId>),
    ) {
        let Ok(scalar) = self.entries(|entries| entries.entry(share, index)) else { return };
        let is_gradient = |leaf: &Entry<Tensor>| leaf.of.is_gradient();
        let multiplications = scalar.multiplications_with(&is_gradient, &|_| Vec::new(), self.batch);
        links.multiplications += multiplications.unwrap_or(0);
        for (Entry { of, index }, factor) in scalar.coefficients(&is_gradient) {
            let Tensor::Grad { node, time_step } = of else { continue };
            let Some(to) = self.scalar((node, time_step), index.clone()) else { continue };
            let formula = factor.replace(&mut |leaf| Expression::Leaf(self.quantity(leaf)));
            let of = self.quantity(&Entry { of: Tensor::Output { node, time_step }, index });
            links.links.push(Link { to, formula: Some(formula), of, with_respect_to, past });
        }
    }

    fn quantity(&self, entry: &Entry<Tensor>) -> Quantity {
        Quantity::of_entry(entry, &concrete(&self.definitions.sizes(entry.of), self.batch))
    }

    fn entries<R>(&self, derive: impl FnOnce(&Entries<'_, Tensor>) -> R) -> R {
        let sizes = |tensor: &Tensor| self.definitions.sizes(*tensor);
        derive(&Entries::new(self.batch, &sizes))
    }
}

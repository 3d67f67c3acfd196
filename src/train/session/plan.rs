//! What a session needs of a compiled drawing, gathered once.
//!
//! Must not know batches: names, places and links only.

use std::collections::BTreeSet;

use super::super::feed::Feed;
use super::health::{PlanLayer, PlanState, plan_layers, plan_states};
use crate::autodiff::{InstructionId, ParameterId, Program, Trace, ValueId};
use crate::compile::{CompileOptions, Compiled, Links, NotCompiled, RootLink, compile_network_while};
use crate::data::Prepared;
use crate::network::{EdgeId, LossKind, Network, NodeId, ParameterKey, Problem, Reduction};
use crate::tensor::Real;
use crate::words::{Message, ToMessage, in_english};

/// A chunk of an evaluation does about this many multiplications at most.
const CHUNK_WORK: usize = 20_000_000;

/// It holds about this many numbers at most.
const CHUNK_NUMBERS: usize = 50_000_000;

/// Why a network cannot be run.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionError {
    /// The drawing has problems.
    Problems(Vec<Problem>),
    /// It has no loss and no other root.
    NoLoss,
    /// No row is left for training.
    NoRows,
    /// Nobody waits for it any more.
    Stopped,
}

/// A compiled drawing with its names.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) n_steps: usize,
    /// What fills the leaves.
    pub(super) feed: Feed,
    /// Every copy of every node, in the order of computing.
    pub(super) nodes: Vec<PlanNode>,
    pub(super) parameters: Vec<PlanParameter>,
    /// The layers whose health is looked at.
    pub(super) layers: Vec<PlanLayer>,
    /// The values carried through time whose gradients are looked at.
    pub(super) states: Vec<PlanState>,
    pub(super) losses: Vec<PlanLoss>,
    /// Nodes that a person marked as roots.
    pub(super) roots: Vec<PlanRoot>,
    /// The places among the program's losses of those that add up over the samples.
    pub(super) sums: Vec<usize>,
    /// How many rows an evaluation may look at before it gives others their turn.
    pub(super) affordable_rows: usize,
}

#[derive(Debug)]
pub(super) struct PlanNode {
    pub(super) node: NodeId,
    pub(super) time_step: usize,
    pub(super) name: String,
    pub(super) output: ValueId,
    /// An Input or a Target.
    pub(super) is_data: bool,
    pub(super) is_target: bool,
    pub(super) loss: Option<LossKind>,
    pub(super) ports: Vec<PlanPort>,
    pub(super) mask: Option<ValueId>,
    /// Whether the mask is one of dropout.
    pub(super) drops: bool,
    pub(super) fused_into: Option<NodeId>,
}

#[derive(Debug)]
pub(super) struct PlanPort {
    pub(super) edge: EdgeId,
    pub(super) from: NodeId,
    /// The source's value.
    pub(super) value: ValueId,
    pub(super) is_detached: bool,
}

#[derive(Debug)]
pub(super) struct PlanParameter {
    pub(super) key: ParameterKey,
    pub(super) id: ParameterId,
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct PlanLoss {
    pub(super) node: NodeId,
    pub(super) name: String,
    pub(super) kind: LossKind,
    pub(super) weight: f64,
    pub(super) n_outputs: usize,
    pub(super) target_node: Option<NodeId>,
    /// The place of the target port's data node in the prepared data.
    pub(super) target_idx: Option<usize>,
    pub(super) steps: Vec<LossStep>,
}

#[derive(Debug)]
pub(super) struct PlanRoot {
    pub(super) node: NodeId,
    pub(super) name: String,
    /// The time step at which backward starts.
    pub(super) time_step: usize,
    pub(super) value: ValueId,
    /// Its place among the program's losses.
    pub(super) idx: usize,
}

#[derive(Debug)]
pub(super) struct LossStep {
    pub(super) time_step: usize,
    pub(super) prediction: ValueId,
    pub(super) target: ValueId,
    pub(super) output: ValueId,
    pub(super) is_counted: bool,
}

/// Compiles a drawing and gathers what a session needs.
pub(super) fn compile_plan<T: Real>(
    network: &Network,
    data: &Prepared,
    goes_on: &dyn Fn() -> bool,
) -> Result<(Program<T>, Plan), SessionError> {
    if !network.has_root() {
        return Err(SessionError::NoLoss);
    }
    let compiled = compile_network_while::<T>(network, CompileOptions::default(), goes_on);
    let Compiled { program, links } = compiled.map_err(|reason| match reason {
        NotCompiled::Problems(problems) => SessionError::Problems(problems),
        NotCompiled::Stopped => SessionError::Stopped,
    })?;
    let feed = Feed::new(&links, data);
    let nodes = plan_nodes(network, &links);
    let store = program.parameters();
    let parameters: Vec<PlanParameter> = links
        .parameters()
        .map(|(key, id)| PlanParameter {
            key,
            id,
            name: store.name(id).to_owned(),
            shape: store.shape(id).dims().to_vec(),
        })
        .collect();
    let losses = plan_losses(network, data, &program, &links);
    let root = |link: &RootLink| PlanRoot {
        node: link.node,
        name: network.nodes.get(&link.node).map(|node| node.name.clone()).unwrap_or_default(),
        time_step: link.step,
        value: link.value,
        idx: program.losses().iter().position(|(value, _)| *value == link.value).unwrap_or(usize::MAX),
    };
    let roots: Vec<PlanRoot> = links.roots.iter().map(root).collect();
    let of_sums = losses.iter().filter(|loss| loss.kind.reduction() == Reduction::Sum);
    let mut of_sums: BTreeSet<ValueId> =
        of_sums.flat_map(|loss| &loss.steps).map(|step| step.output).collect();
    of_sums.extend(roots.iter().map(|root| root.value));
    let sums = program.losses().iter().enumerate().filter(|(_, (id, _))| of_sums.contains(id));
    let sums = sums.map(|(root, _)| root).collect();
    let work_a_row = store.n_numbers().saturating_mul(links.n_steps.max(1)).max(1);
    let plan = Plan {
        n_steps: links.n_steps,
        feed,
        layers: plan_layers(network, &nodes, &parameters),
        states: plan_states(network, &nodes),
        nodes,
        parameters,
        losses,
        roots,
        sums,
        affordable_rows: (CHUNK_WORK / work_a_row).min(CHUNK_NUMBERS / program.pass_numbers(1).max(1)).max(1),
    };
    Ok((program, plan))
}

/// Every copy of every node, in the order of computing.
fn plan_nodes(network: &Network, links: &Links) -> Vec<PlanNode> {
    let mut nodes: Vec<PlanNode> = links
        .nodes()
        .filter_map(|(node, copies)| Some((node, network.nodes.get(&node)?, copies)))
        .flat_map(|(node, drawn, copies)| {
            copies.iter().enumerate().map(move |(time_step, copy)| PlanNode {
                node,
                time_step,
                name: drawn.name.clone(),
                output: copy.output,
                is_data: drawn.kind.data().is_some(),
                is_target: drawn.kind.is_target(),
                loss: drawn.kind.loss().map(|loss| loss.kind),
                ports: copy
                    .inputs
                    .iter()
                    .filter_map(|input| {
                        let from = network.edges.get(&input.edge)?.from;
                        let (edge, value) = (input.edge, input.source);
                        Some(PlanPort { edge, from, value, is_detached: input.is_detached })
                    })
                    .collect(),
                mask: copy.mask,
                drops: drawn.kind.dropout().is_some(),
                fused_into: copy.fused_into,
            })
        })
        .collect();
    nodes.sort_by_key(|node| node.output);
    nodes
}

fn plan_losses<T: Real>(
    network: &Network,
    data: &Prepared,
    program: &Program<T>,
    links: &Links,
) -> Vec<PlanLoss> {
    let wiring = network.wiring();
    links
        .losses
        .iter()
        .map(|loss| {
            let steps: Vec<LossStep> = loss
                .steps
                .iter()
                .filter_map(|step| {
                    let inputs = &links.node(loss.node, step.step)?.inputs;
                    Some(LossStep {
                        time_step: step.step,
                        prediction: inputs.first()?.source,
                        target: inputs.get(1)?.source,
                        output: step.value,
                        is_counted: step.is_counted,
                    })
                })
                .collect();
            let target_edge = wiring.incoming(loss.node).get(1).and_then(|edge| network.edges.get(edge));
            let target_node = target_edge.map(|edge| edge.from);
            PlanLoss {
                node: loss.node,
                name: network.nodes.get(&loss.node).map(|node| node.name.clone()).unwrap_or_default(),
                kind: loss.kind,
                weight: loss.weight,
                n_outputs: steps.first().map_or(0, |step| program.shape(step.prediction).features()),
                target_node,
                target_idx: target_node.and_then(|node| data.node_index(node)),
                steps,
            }
        })
        .collect()
}

impl Plan {
    /// The part of the total loss that adds up over the samples.
    pub(super) fn summing_losses<T: Real>(&self, program: &Program<T>, trace: &Trace<T>) -> f64 {
        let counted = self.sums.iter().filter_map(|&root| Some((root, program.losses().get(root)?.1)));
        counted.map(|(root, seed)| (seed * program.root_number(trace, root)).to_f64()).sum()
    }

    /// Where a parameter is used: instruction, argument and time step.
    pub(super) fn uses_of<T: Real>(
        &self,
        program: &Program<T>,
        parameter: &PlanParameter,
    ) -> Vec<(InstructionId, usize, usize)> {
        let at = |output: ValueId| {
            let place = self.nodes.binary_search_by_key(&output, |node| node.output).ok()?;
            self.nodes.get(place).map(|node| node.time_step)
        };
        let direct = program.uses(program.value_of(parameter.id)).iter();
        direct
            .enumerate()
            .map(|(row, &(instruction, arg))| {
                let output = program.instruction(instruction).output;
                // An initial state is not a node's: its rows are used one a step, from the first on.
                (instruction, arg, at(output).unwrap_or(row))
            })
            .collect()
    }
}

impl PlanLoss {
    /// Its value in a pass, over the steps that count, without its weight.
    pub(super) fn own_value<T: Real>(&self, trace: &Trace<T>) -> f64 {
        let counted = self.steps.iter().filter(|step| step.is_counted);
        let sum: f64 = counted.flat_map(|step| trace.value(step.output).iter()).map(|x| x.to_f64()).sum();
        sum / self.averaged_steps()
    }

    /// How many entries one step's loss averages over; 1 for a sum.
    pub(super) fn entries(&self, n_samples: usize) -> f64 {
        match self.kind.reduction() {
            Reduction::Mean => (n_samples * self.n_outputs).max(1) as f64,
            Reduction::MeanOverSamples => n_samples.max(1) as f64,
            Reduction::Sum => 1.0,
        }
    }

    /// How many steps one mean runs over; 1 for a sum, which stays a sum.
    pub(super) fn averaged_steps(&self) -> f64 {
        match self.kind.reduction() {
            Reduction::Mean | Reduction::MeanOverSamples => {
                self.steps.iter().filter(|step| step.is_counted).count().max(1) as f64
            }
            Reduction::Sum => 1.0,
        }
    }
}

impl ToMessage for SessionError {
    fn message(&self) -> Message {
        match self {
            Self::Problems(problems) => match problems.first() {
                Some(problem) => problem.message(),
                None => Message::new("train-cannot-problems"),
            },
            Self::NoLoss => Message::new("train-cannot-no-loss"),
            Self::NoRows => Message::new("train-cannot-no-rows"),
            Self::Stopped => Message::new("train-cannot-stopped"),
        }
    }
}

impl std::fmt::Display for SessionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&in_english(&self.message()))
    }
}

impl std::error::Error for SessionError {}

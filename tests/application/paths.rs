//! Both ways to one gradient agree: the sum over all paths, and the chain of deltas. Their counts agree
//! with a count of every single path.
//!
//! Must not know any op.

use std::cell::Cell;
use std::collections::BTreeSet;

use num_bigint::BigUint;
use vastavirta::explain::{
    Definitions, DeltaEntry, MOST_PATHS, Multiplications, Path, Paths, Quantity, Split, Tensor, Timeline,
    delta_chain, entry, evaluate, local_derivative, multiplications, shares,
};
use vastavirta::files::ModelFile;
use vastavirta::network::{Activation, Builder, LossKind, NodeId, NodeKind};
use vastavirta::train::{Mode, Pass};

use crate::explained::{first_rows, session, shipped};
use crate::random_networks::random_model;

/// Every gradient number of a pass that has paths: entries of parameters and of nodes' outputs. Of each
/// tensor a few.
fn gradients(pass: &Pass) -> Vec<Quantity> {
    let of_parameters = pass.parameters.iter().filter(|(_, parameter)| parameter.grad.is_some());
    let of_parameters =
        of_parameters.map(|(&key, _)| Tensor::ParameterGrad { key, time_step: None, sample: None });
    let of_nodes = pass.nodes.iter().filter(|(_, node)| node.grad.is_some());
    let of_nodes = of_nodes.map(|(&(node, time_step), _)| Tensor::Grad { node, time_step });
    of_parameters
        .chain(of_nodes)
        .flat_map(|tensor| {
            let values = vastavirta::explain::values_of(tensor, pass).unwrap();
            let places =
                (0..values.n_rows()).flat_map(|row| (0..values.n_columns()).map(move |at| (row, at)));
            places.map(move |(row, column)| tensor.at(row, column)).step_by(3).take(4).collect::<Vec<_>>()
        })
        .collect()
}

/// Each factor of a path stands in the entry of a delta that the path passes, and the entry's terms sum to
/// the delta's number.
fn assert_factors_stand_in_deltas(
    definitions: &Definitions<'_>,
    pass: &Pass,
    path: &Path,
    (of, chain): (Quantity, &[Tensor]),
) {
    let entry = |&tensor: &Tensor| DeltaEntry::find(definitions, pass, path, (of, tensor));
    let entries: Vec<DeltaEntry> = chain.iter().filter_map(entry).collect();
    for entry in entries.iter().filter(|entry| !entry.terms.is_empty()) {
        let terms = entry.terms.iter().map(|term| term.incoming * term.factor);
        let size: f64 = terms.clone().map(f64::abs).sum();
        assert!((terms.sum::<f64>() - entry.value).abs() <= 1e-9 * size.max(1.0), "{entry:?}");
        let backward = entry.of.value(pass).unwrap();
        assert!((entry.value - backward).abs() <= 1e-9 * size.max(1.0), "{entry:?}: {backward}");
    }
    for factor in &path.factors {
        let Some(to) = factor.of else { continue };
        let Tensor::Output { node, time_step } = to.tensor else { panic!("{to:?}") };
        let gradient = Tensor::Grad { node, time_step }.at(to.row, to.column);
        let holds = |entry: &DeltaEntry| {
            let is_here = entry.of.row == factor.with_respect_to.row || entry.of == of;
            let term = entry.on_path.and_then(|at| entry.terms.get(at));
            is_here && term.is_some_and(|term| term.gradient == gradient)
        };
        assert!(entries.iter().any(holds), "{factor:?} stands in none of {entries:?}");
    }
}

fn assert_both_ways_agree(name: &str, model: &ModelFile, n_rows: usize) -> usize {
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let mut session = session::<f64>(model);
    let rows = first_rows(&session, n_rows);
    let pass = session.pass_on(&rows, Mode::Train);
    let mut n_checked = 0;
    for of in gradients(&pass) {
        let by_deltas = of.value(&pass).unwrap();
        let Some(found) = Paths::find(&definitions, &pass, of, &|| false) else {
            assert_eq!(by_deltas, 0.0, "{name}: {of:?} has no path");
            continue;
        };
        // As much as the paths' magnitudes allow: large ones may cancel.
        let listed: f64 = found.listed.iter().map(|path| path.product.abs()).sum();
        assert!(
            (found.sum - by_deltas).abs() <= 1e-9 * listed.max(by_deltas.abs()).max(1.0),
            "{name}: {of:?} is {by_deltas}, its paths sum to {}",
            found.sum
        );
        assert_eq!(BigUint::from(found.listed.len()).min(found.n_paths.clone()), found.listed.len().into());
        assert!(found.listed.is_sorted_by(|a, b| a.product.abs() >= b.product.abs()), "{name}");
        for path in &found.listed {
            let product: f64 = path.factors.iter().map(|factor| factor.value).product();
            assert!((product - path.product).abs() <= 1e-9 * product.abs().max(1e-300), "{name}: {of:?}");
            for factor in &path.factors {
                let (value, _) = evaluate(&factor.formula, &pass).unwrap();
                assert_eq!(value.to_bits(), factor.value.to_bits(), "{name}");
            }
            // Each factor begins where the one before it ended.
            for pair in path.factors.windows(2) {
                assert_eq!(pair[0].of, Some(pair[1].with_respect_to), "{name}: {of:?}");
            }
        }
        let chain = delta_chain(&definitions, of.tensor);
        for path in found.listed.iter().take(3) {
            assert_factors_stand_in_deltas(&definitions, &pass, path, (of, &chain));
        }
        if found.n_paths <= BigUint::from(MOST_PATHS) {
            assert_eq!(found.n_paths, found.listed.len().into(), "{name}: all of few paths are listed");
            let sum: f64 = found.listed.iter().map(|path| path.product).sum();
            assert!((sum - found.sum).abs() <= 1e-9 * listed.max(1.0), "{name}");
        }
        n_checked += 1;
    }
    n_checked
}

#[test]
fn the_sum_over_all_paths_is_the_gradient_of_the_deltas() {
    let mut n = 0;
    for seed in 0..60 {
        n += assert_both_ways_agree(&format!("random {seed}"), &random_model(seed), 2);
    }
    for (name, model) in shipped() {
        if !matches!(name, "digits" | "lstm_sine" | "sine_rnn" | "auto_mpg") {
            n += assert_both_ways_agree(name, &model, 2);
        }
    }
    assert!(n > 500, "only {n} gradients");
}

/// Counts every single path by walking it: numbers of Dense, activation, Add and Multiply nodes, by their
/// local derivatives. Gives the paths and the factors that are not 1 of each.
fn walked(definitions: &Definitions<'_>, pass: &Pass, from: (NodeId, usize), factors: usize) -> Vec<usize> {
    let network = definitions.network();
    let (node, index) = from;
    let mut found = Vec::new();
    for edge in network.edges.values().filter(|edge| edge.from == node) {
        let to = edge.to;
        let n_out = pass.node(to, 0).unwrap().output.n_columns();
        let arg = definitions.incoming(to).iter().position(|id| &network.edges[id] == edge).unwrap();
        for out in 0..n_out {
            let quantity = Tensor::Output { node: to, time_step: 0 }.at(0, out);
            let Some(factor) = local_derivative(definitions, (quantity, arg), &[0, index], 1) else {
                continue;
            };
            let is_one = factor == vastavirta::algebra::Expression::Number(1.0);
            let factors = factors + usize::from(!is_one);
            if network.nodes[&to].kind.is_loss() {
                found.push(factors);
            } else {
                found.extend(walked(definitions, pass, (to, out), factors));
            }
        }
    }
    found
}

/// How many multiplications the deltas between a number and the loss take, each made once: those of every
/// number that it reaches.
fn stepped(definitions: &Definitions<'_>, from: (NodeId, usize)) -> u64 {
    let network = definitions.network();
    let (mut waiting, mut seen, mut count) = (vec![from], BTreeSet::from([from]), 0);
    while let Some((node, index)) = waiting.pop() {
        for (&edge, drawn) in network.edges.iter().filter(|(_, edge)| edge.from == node) {
            let formula =
                entry(definitions, Tensor::PortGrad { edge, time_step: 0 }.at(0, index), 1).unwrap();
            for (leaf, factor) in formula.coefficients(&|leaf: &Quantity| leaf.tensor.is_gradient()) {
                count += u64::from(factor != vastavirta::algebra::Expression::Number(1.0));
                if seen.insert((drawn.to, leaf.column)) {
                    waiting.push((drawn.to, leaf.column));
                }
            }
        }
    }
    count
}

/// x → Dense → tanh, added to itself twice over and multiplied with a branch; MSE, and a second loss on the
/// branch.
fn diamond() -> ModelFile {
    let mut b = Builder::new();
    let x = b.input(2);
    let z = b.dense(x, 3);
    let a = b.activation(z, Activation::Tanh);
    let again = b.node(NodeKind::Add, &[a, a]);
    let branch = b.dense(a, 3);
    let joined = b.node(NodeKind::Multiply, &[again, branch]);
    let out = b.dense(joined, 2);
    let y = b.target(2);
    b.loss(LossKind::Mse, out, y);
    let other = b.target(3);
    b.loss(LossKind::HalfSumOfSquares, branch, other);
    for (node, row) in [(x, vec![0.3, -0.7]), (y, vec![0.5, 1.0]), (other, vec![0.1, 0.2, 0.3])] {
        b.rows(node, vec![row]);
    }
    let network = b.finish();
    let parameters = network.initialize(3);
    let document = vastavirta::document::Document { network, parameters, ..Default::default() };
    ModelFile { document, ..ModelFile::default() }
}

#[test]
fn counts_agree_with_walking_every_path() {
    let model = diamond();
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let pass = session::<f64>(&model).pass_on(&[0], Mode::Train);
    let (mut all, mut steps_of_all) = (0_usize, 0_u64);
    for (&key, parameter) in &pass.parameters {
        let vastavirta::network::ParameterKey::Node(node, _) = key else { continue };
        let is_bias = parameter.value.shape().len() == 1;
        for place in 0..parameter.value.data().len() {
            let n_columns = parameter.value.n_columns();
            let of = Tensor::ParameterGrad { key, time_step: None, sample: None }
                .at(place / n_columns, place % n_columns);
            let unit = if is_bias { of.column } else { of.row };
            let walked = walked(&definitions, &pass, (node, unit), usize::from(!is_bias));
            let found = Paths::find(&definitions, &pass, of, &|| false).unwrap();
            assert_eq!(found.n_paths, walked.len().into(), "{of:?}");
            let expected: usize = walked.iter().map(|factors| factors.saturating_sub(1)).sum();
            assert_eq!(found.multiplications, expected.into(), "{of:?}");
            let steps = stepped(&definitions, (node, unit)) + u64::from(!is_bias);
            assert_eq!(found.step_multiplications, steps, "{of:?}");
            all += expected;
        }
    }
    let timeline = Timeline::new(&definitions, &pass).unwrap();
    let Multiplications { by_paths, by_steps } = multiplications(&definitions, &timeline, &|| false).unwrap();
    assert_eq!(by_paths, all.into());
    // From the end: every share of every action, entry by entry, with its local derivative as one number.
    for action in timeline.actions() {
        let Some(Tensor::PortGrad { .. } | Tensor::ParameterGrad { .. }) = action.makes else { continue };
        if action.is_for_showing {
            continue;
        }
        let tensor = action.makes.unwrap();
        let values = vastavirta::explain::values_of(tensor, &pass).unwrap();
        for place in 0..values.data().len() {
            let of = tensor.at(place / values.n_columns(), place % values.n_columns());
            let formula = entry(&definitions, of, 1).unwrap();
            let is_gradient = |leaf: &Quantity| leaf.tensor.is_gradient();
            let factors = formula.coefficients(&is_gradient);
            let is_one = |factor: &vastavirta::algebra::Expression<Quantity>| {
                *factor == vastavirta::algebra::Expression::Number(1.0)
            };
            steps_of_all += factors.values().filter(|factor| !is_one(factor)).count() as u64;
        }
    }
    assert_eq!(by_steps, steps_of_all);
    assert!(BigUint::from(by_steps) < by_paths, "backpropagation is worth its name");
}

#[test]
fn astronomically_many_paths_are_counted_exactly_and_the_sum_needs_no_list() {
    // 3 units in each of 60 layers: from a first unit 3⁵⁹ paths.
    let mut b = Builder::new();
    let x = b.input(1);
    let mut at = x;
    for _ in 0..60 {
        at = b.dense(at, 3);
    }
    let y = b.target(3);
    b.loss(LossKind::HalfSumOfSquares, at, y);
    b.rows(x, vec![vec![1.0]]);
    b.rows(y, vec![vec![0.0; 3]]);
    let network = b.finish();
    let parameters = network.initialize(1);
    let document = vastavirta::document::Document { network, parameters, ..Default::default() };
    let model = ModelFile { document, ..ModelFile::default() };
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let pass = session::<f64>(&model).pass_on(&[0], Mode::Train);
    let (&key, _) = pass.parameters.iter().next().unwrap();
    let of = Tensor::ParameterGrad { key, time_step: None, sample: None }.at(0, 0);
    let found = Paths::find(&definitions, &pass, of, &|| false).unwrap();
    assert_eq!(found.n_paths, BigUint::from(3_u32).pow(59));
    assert_eq!(found.listed.len(), MOST_PATHS);
    let exact = of.value(&pass).unwrap();
    assert!((found.sum - exact).abs() <= 1e-9 * exact.abs(), "{} against {exact}", found.sum);
    let asked = Cell::new(0);
    let is_cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() > 5
    };
    assert_eq!(Paths::find(&definitions, &pass, of, &is_cancelled), None, "a flag ends it");
}

#[test]
fn shares_add_up_to_their_gradient() {
    let mut n = 0;
    for seed in 0..30 {
        let model = random_model(seed);
        let network = &model.document.network;
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes);
        let mut session = session::<f64>(&model);
        let rows = first_rows(&session, 4);
        let pass = session.pass_on(&rows, Mode::Train);
        for of in gradients(&pass) {
            for by in [Split::Samples, Split::TimeSteps, Split::Uses] {
                let shares = shares(&definitions, &pass, of, by);
                let is_root =
                    matches!(of.tensor, Tensor::Grad { node, .. } if network.nodes[&node].kind.is_loss());
                if shares.is_empty() || is_root {
                    continue;
                }
                let (sum, terms) = shares
                    .iter()
                    .fold((0.0, 0.0), |(sum, terms), it| (sum + it.value, terms + it.value.abs()));
                let exact = of.value(&pass).unwrap();
                assert!(
                    (sum - exact).abs() <= 1e-9 * f64::max(terms, 1.0),
                    "random {seed}: {of:?} is {exact}, by {by:?} {sum}"
                );
                n += 1;
            }
        }
    }
    assert!(n > 500, "only {n}");
}

#[test]
fn the_chain_of_deltas_runs_from_the_loss_to_the_gradient() {
    for (name, model) in shipped() {
        let network = &model.document.network;
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes);
        let grads = model.document.parameters.keys();
        let mut grads = grads.map(|&key| Tensor::ParameterGrad { key, time_step: None, sample: None });
        // A step lets no gradient through to the first of its parameters.
        let of = grads.find(|grad| definitions.of(*grad).is_some()).unwrap();
        let chain = delta_chain(&definitions, of);
        assert_eq!(chain.last(), Some(&of), "{name}");
        for (at, tensor) in chain.iter().enumerate() {
            definitions.of(*tensor).unwrap().for_each_leaf(&mut |leaf| {
                let is_there = chain[..at].contains(leaf);
                assert!(is_there || !leaf.is_gradient(), "{name}: {leaf:?} comes after {tensor:?}");
            });
        }
    }
}

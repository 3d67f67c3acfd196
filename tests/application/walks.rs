//! A walk over a pass: what it shows at every place, forwards and backwards; its lines of code run to the
//! pass's numbers; its end is one training step.
//!
//! Must not know any op.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use vastavirta::explain::print::{Convention, Layout, NUMPY_PRELUDE, NameStyle, Names, ReductionPlace};
use vastavirta::explain::{
    ActionKind, CodeStyle, Definitions, Order, Phase, Stride, Tensor, Visibility, Walk, Way,
};
use vastavirta::files::ModelFile;
use vastavirta::network::{NodeId, ParameterKey, ParameterRole};
use vastavirta::tensor::Real;
use vastavirta::train::{Mode, Pass, SampleView, Values, Watch};

use crate::explained::{first_rows, session, shipped};
use crate::random_networks::random_model;
use crate::support::{python, root};

/// The pass at rest, all of it.
fn resting<T: Real>(
    session: &mut vastavirta::train::Session<T>,
    model: &ModelFile,
    view: SampleView,
) -> Pass {
    let nodes = model.document.network.nodes.keys().copied().collect();
    session.capture(&Watch { nodes, view, ..Watch::default() })
}

/// What is to be seen of every tensor.
fn seen(walk: &Walk, definitions: &Definitions<'_>) -> BTreeMap<Tensor, (Visibility, Option<Values>)> {
    let parameters = walk.pass().parameters.keys().map(|&key| Tensor::Parameter(key));
    let tensors = walk.timeline().tensors().chain(parameters);
    tensors.map(|tensor| (tensor, (walk.visibility(tensor), walk.values(definitions, tensor)))).collect()
}

/// Walks over the models, each with its definitions.
fn for_each_walk(mut see: impl FnMut(&str, &Definitions<'_>, Walk)) {
    let random = (0..30).map(|seed| (format!("random {seed}"), random_model(seed)));
    let shipped = shipped().into_iter().filter(|(name, _)| !matches!(*name, "digits" | "lstm_sine"));
    let models = shipped.map(|(name, model)| (name.to_owned(), model)).chain(random);
    for (name, model) in models {
        for view in [SampleView::Batch, SampleView::Sample(0)] {
            let mut session = session::<f64>(&model);
            let pass = Arc::new(resting(&mut session, &model, view));
            let network = &model.document.network;
            let shapes = network.infer_shapes().0;
            let definitions = Definitions::new(network, &shapes).with_updates_of(&pass);
            let walk = Walk::new(&definitions, Arc::clone(&pass)).unwrap();
            see(&format!("{name}, {view:?}"), &definitions, walk);
        }
    }
}

#[test]
fn stepping_on_and_back_shows_the_same() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for_each_walk(|name, definitions, mut walk| {
        for order in [Order::AsRun, Order::DeltasFirst, Order::Own(Way::Paths), Order::Own(Way::Steps)] {
            walk.set_order(order);
            for _ in 0..3 {
                walk.go_to(rng.random_range(0..=walk.len()));
                let (before, at) = (seen(&walk, definitions), walk.cursor());
                let k = rng.random_range(1..=8);
                let moved = (0..k).filter(|_| walk.forward(Stride::Action)).count();
                for _ in 0..moved {
                    assert!(walk.back(Stride::Action), "{name}");
                }
                assert_eq!(walk.cursor(), at, "{name}");
                assert_eq!(seen(&walk, definitions), before, "{name} {order:?} at {at}");
            }
            walk.go_to(0);
            while walk.forward(Stride::Node) {}
            assert!(walk.is_at_end(), "{name} {order:?} ends at {} of {}", walk.cursor(), walk.len());
            while walk.back(Stride::Phase) {}
            assert_eq!(walk.cursor(), 0, "{name}");
        }
    });
}

#[test]
fn a_walk_begins_blank_and_ends_with_every_number_of_the_pass() {
    for_each_walk(|name, definitions, mut walk| {
        for &tensor in &walk.timeline().tensors().collect::<Vec<_>>() {
            assert_eq!(walk.visibility(tensor), Visibility::Blank, "{name}: {tensor:?}");
        }
        let pass = Arc::clone(walk.pass());
        for order in [Order::AsRun, Order::DeltasFirst, Order::Own(Way::Paths)] {
            walk.set_order(order);
            walk.go_to(walk.len());
            for tensor in walk.timeline().tensors() {
                assert_eq!(walk.visibility(tensor), Visibility::Shown, "{name}: {tensor:?}");
                if let Some(values) = vastavirta::explain::values_of(tensor, &pass) {
                    assert_eq!(walk.values(definitions, tensor).as_ref(), Some(values), "{name}: {tensor:?}");
                }
            }
        }
        for (&key, parameter) in &pass.parameters {
            let tensor = Tensor::ParameterGrad {
                key,
                time_step: None,
                sample: if let SampleView::Sample(n) = pass.view { Some(n) } else { None },
            };
            let expected = match (parameter.trainable, &parameter.grad) {
                (false, _) => Visibility::Frozen,
                (true, None) => Visibility::Blank,
                (true, Some(_)) => Visibility::Shown,
            };
            assert_eq!(walk.visibility(tensor), expected, "{name}: {}", parameter.name);
        }
    });
}

#[test]
fn partial_sums_grow_to_the_gradient() {
    let mut n_partial = 0;
    for_each_walk(|name, definitions, mut walk| {
        let pass = Arc::clone(walk.pass());
        while walk.forward(Stride::Action) {
            let action = walk.current_action().unwrap().clone();
            for &tensor in &action.writes {
                let Visibility::Partial { arrived, of } = walk.visibility(tensor) else { continue };
                n_partial += 1;
                assert!(arrived < of);
                // Only the long way of a joined loss that is not finite has none.
                let is_long_way = matches!(action.kind, ActionKind::SendPast { .. });
                let values = walk.values(definitions, tensor);
                assert!(values.is_some() || is_long_way, "{name}: {tensor:?} after {:?}", action.kind);
            }
        }
        // The last share completes it: what came before plus that share is the whole.
        for tensor in walk.timeline().tensors().collect::<Vec<_>>() {
            let writers = walk.timeline().writers(tensor).to_vec();
            let (Some(whole), true) = (vastavirta::explain::values_of(tensor, &pass), writers.len() > 1)
            else {
                continue;
            };
            let &last = writers.last().unwrap();
            assert!(walk.go_to_action(last));
            walk.back(Stride::Action);
            let before = walk.values(definitions, tensor);
            let share = walk.timeline().action(last).and_then(|it| walk.timeline().share_of(it, tensor));
            let share = share.filter(|share| walk.timeline().writers(*share).len() == 1);
            let share = share.and_then(|share| vastavirta::explain::values_of(share, &pass));
            let (Some(before), Some(share)) = (before, share) else { continue };
            for ((before, share), whole) in before.data().iter().zip(share.data()).zip(whole.data()) {
                let terms = before.abs() + share.abs();
                assert!((before + share - whole).abs() <= 1e-9 * terms.max(1.0), "{name}: {tensor:?}");
            }
        }
    });
    assert!(n_partial > 100, "only {n_partial} partial sums were met");
}

fn assert_ends_in_a_step<T: Real>(name: &str, model: &ModelFile) {
    let mut session = session::<T>(model);
    for _ in 0..3 {
        let pass = Arc::new(resting(&mut session, model, SampleView::Batch));
        let network = &model.document.network;
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes).with_updates_of(&pass);
        let mut walk = Walk::new(&definitions, Arc::clone(&pass)).unwrap();
        walk.go_to(walk.len());
        session.update();
        let next = resting(&mut session, model, SampleView::Batch);
        for (&key, parameter) in &next.parameters {
            let shown = walk.values(&definitions, Tensor::Parameter(key)).unwrap();
            assert_eq!(shown.data(), parameter.value.data(), "{name}: {}", parameter.name);
        }
    }
}

#[test]
fn the_end_of_a_walk_is_one_training_step_bit_by_bit() {
    for (name, model) in shipped() {
        assert_ends_in_a_step::<f64>(name, &model);
        assert_ends_in_a_step::<f32>(name, &model);
    }
    for seed in 0..30 {
        assert_ends_in_a_step::<f64>(&format!("random {seed}"), &random_model(seed));
    }
}

fn mazur_walk(see: impl FnOnce(&Definitions<'_>, &mut Walk)) {
    let (_, model) = shipped().into_iter().find(|(name, _)| *name == "mazur").unwrap();
    let mut session = session::<f64>(&model);
    let pass = Arc::new(resting(&mut session, &model, SampleView::Batch));
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes).with_updates_of(&pass);
    let mut walk = Walk::new(&definitions, Arc::clone(&pass)).unwrap();
    see(&definitions, &mut walk);
}

#[test]
fn every_number_of_mazurs_page_stands_at_its_place_in_the_walk() {
    mazur_walk(|definitions, walk| {
        let output = |node| Tensor::Output { node: NodeId(node), time_step: 0 };
        let grad = |node| Tensor::Grad { node: NodeId(node), time_step: 0 };
        let weight = |node| ParameterKey::Node(NodeId(node), ParameterRole::Weight);
        let of_weight = |node| Tensor::ParameterGrad { key: weight(node), time_step: None, sample: None };
        // Each number with the action after which it is there first.
        let places: Vec<(Tensor, usize, usize, f64, &str)> = vec![
            (output(2), 0, 0, 0.3775, "net h1"),
            (output(3), 0, 0, 0.593_269_992, "out h1"),
            (output(3), 0, 1, 0.596_884_378, "out h2"),
            (output(4), 0, 0, 1.105_905_967, "net o1"),
            (output(5), 0, 0, 0.751_365_07, "out o1"),
            (output(5), 0, 1, 0.772_928_465, "out o2"),
            (Tensor::TotalLoss, 0, 0, 0.298_371_109, "E total"),
            (grad(5), 0, 0, 0.741_365_07, "dE/d out o1"),
            (grad(4), 0, 0, 0.138_498_562, "delta o1"),
            (of_weight(4), 0, 0, 0.082_167_041, "dE/dw5"),
            (grad(3), 0, 0, 0.036_350_306, "dE/d out h1"),
            (of_weight(2), 0, 0, 0.000_438_568, "dE/dw1"),
        ];
        for (tensor, row, column, expected, name) in places {
            assert!(walk.go_to_writer_of(tensor), "{name} has no action");
            let found = walk.value(definitions, tensor.at(row, column));
            let found = found.unwrap_or_else(|| panic!("{name} is blank behind its own action"));
            assert!((found - expected).abs() < 1e-8, "{name}: {found}, Mazur has {expected}");
            assert!(walk.back(Stride::Action));
            assert_eq!(walk.value(definitions, tensor.at(row, column)), None, "{name} is there too early");
        }
        // The slope of the output's sigmoid is a local derivative: a factor of the delta.
        let delta = vastavirta::explain::entry(definitions, grad(4).at(0, 0), 1).unwrap();
        let mut slopes = Vec::new();
        collect_values(&delta, walk.pass(), &mut slopes);
        let has = |expected: f64| slopes.iter().any(|found| (found - expected).abs() < 1e-8);
        assert!(has(0.186_815_602), "out o1 · (1 − out o1) in {slopes:?}");
        walk.go_to(walk.len());
        let updated =
            |node, row, column| walk.value(definitions, Tensor::Parameter(weight(node)).at(row, column));
        let expected = [(4, 0, 0, 0.358_916_48), (4, 0, 1, 0.408_666_186), (4, 1, 0, 0.511_301_270)];
        let expected = [expected.as_slice(), &[(4, 1, 1, 0.561_370_121), (2, 0, 0, 0.149_780_716)]].concat();
        for (node, row, column, expected) in expected {
            assert!((updated(node, row, column).unwrap() - expected).abs() < 1e-8);
        }
        let bias = ParameterKey::Node(NodeId(2), ParameterRole::Bias);
        let bias = Tensor::ParameterGrad { key: bias, time_step: None, sample: None };
        assert_eq!(walk.visibility(bias), Visibility::Frozen);
    });
}

/// The values of all parts of a formula.
fn collect_values(
    of: &vastavirta::algebra::Expression<vastavirta::explain::Quantity>,
    pass: &Pass,
    found: &mut Vec<f64>,
) {
    found.extend(vastavirta::explain::evaluate(of, pass).map(|(value, _)| value));
    for part in of.parts() {
        collect_values(part, pass, found);
    }
}

#[test]
fn deltas_first_puts_every_weight_gradient_behind_the_last_delta() {
    mazur_walk(|_, walk| {
        walk.set_order(Order::DeltasFirst);
        let timeline = Arc::clone(walk.timeline());
        let kinds: Vec<bool> = walk
            .sequence()
            .iter()
            .map(|&idx| timeline.action(idx).unwrap())
            .filter(|action| action.phase == Phase::Backward)
            .map(|action| matches!(action.kind, ActionKind::SendTo(_)))
            .collect();
        assert!(kinds.is_sorted() && kinds.contains(&true) && kinds.contains(&false));
    });
}

#[test]
fn way_2_refuses_what_lacks_its_delta_and_names_it_and_way_1_takes_it() {
    mazur_walk(|definitions, walk| {
        let delta = Tensor::Grad { node: NodeId(2), time_step: 0 };
        let weight = ParameterKey::Node(NodeId(2), ParameterRole::Weight);
        let of_weight = Tensor::ParameterGrad { key: weight, time_step: None, sample: None };
        let last = walk.timeline().writers(of_weight)[0];
        walk.set_order(Order::Own(Way::Steps));
        let refused = walk.choose(last).unwrap_err();
        assert_eq!(
            (refused.unfinished, refused.missing.as_slice()),
            (Some(Phase::ZeroGrad), [delta].as_slice())
        );
        let first = walk.timeline().writers(Tensor::Output { node: NodeId(2), time_step: 0 })[0];
        let refused = walk.choose(first).unwrap_err();
        assert_eq!(
            (refused.unfinished, refused.missing.len()),
            (Some(Phase::ZeroGrad), 0),
            "phases keep their order"
        );
        while walk.timeline().action(walk.next().unwrap()).unwrap().phase < Phase::Backward {
            walk.forward(Stride::Action);
        }
        assert_eq!(walk.choose(last).unwrap_err().missing, [delta]);
        walk.set_order(Order::Own(Way::Paths));
        assert_eq!(walk.choose(last), Ok(()));
        assert_eq!(walk.visibility(of_weight), Visibility::Blank, "a local derivative is no gradient yet");
        assert!(walk.choose(last).is_err(), "once is enough");
        while walk.forward(Stride::Action) {}
        assert_eq!(walk.visibility(of_weight), Visibility::Shown);
        assert_eq!(
            walk.values(definitions, of_weight),
            vastavirta::explain::values_of(of_weight, walk.pass()).cloned()
        );
    });
}

#[test]
fn what_comes_next_by_itself_is_never_refused_in_an_order_of_ones_own() {
    let random = (0..20).map(|seed| (format!("random {seed}"), random_model(seed)));
    let shipped = shipped().into_iter().map(|(name, model)| (name.to_owned(), model));
    for (name, model) in shipped.chain(random) {
        let mut session = session::<f64>(&model);
        let pass = Arc::new(resting(&mut session, &model, SampleView::Batch));
        let network = &model.document.network;
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes).with_updates_of(&pass);
        for way in [Way::Steps, Way::Paths] {
            let mut walk = Walk::new(&definitions, Arc::clone(&pass)).unwrap();
            walk.set_order(Order::Own(way));
            // A learner's own choices first: whatever of the last actions is allowed.
            for action in (0..walk.len()).rev() {
                let _ = walk.choose(action);
            }
            while let Some(next) = walk.next() {
                assert_eq!(walk.may_come_next(next), Ok(()), "{name}, {way:?}");
                walk.forward(Stride::Action);
            }
            assert!(walk.is_at_end(), "{name}, {way:?}");
            let mut all = walk.sequence().to_vec();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..walk.len()), "{name}: each action once");
            for tensor in walk.timeline().tensors() {
                assert_eq!(walk.visibility(tensor), Visibility::Shown, "{name}, {way:?}: {tensor:?}");
            }
        }
    }
}

/// The lines of a whole walk with what they start from and what they must give.
fn printed(name: &str, model: &ModelFile, pass: &Pass, convention: Convention) -> Value {
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes).with_updates_of(pass);
    let names = Names::new(&definitions, convention.names);
    let style = CodeStyle { definitions: &definitions, convention, names: &names };
    let timeline = vastavirta::explain::Timeline::new(&definitions, pass).unwrap();
    let lines: Vec<String> = (0..timeline.len()).flat_map(|idx| timeline.code(idx, &style)).collect();
    let stored = |tensor: Tensor| {
        let values = convention.shown(&definitions, tensor, pass)?;
        Some(json!({"shape": values.shape(), "data": values.data()}))
    };
    let (mut givens, mut expected) = (serde_json::Map::new(), serde_json::Map::new());
    for tensor in timeline.givens(&style) {
        let values = stored(tensor).unwrap_or_else(|| panic!("{name}: no {tensor:?}"));
        givens.insert(names.code(tensor), values);
    }
    for tensor in timeline.tensors() {
        let is_made = lines.iter().any(|line| line.starts_with(&format!("{} = ", names.code(tensor))));
        if let Some(values) = stored(tensor).filter(|_| is_made) {
            expected.insert(names.code(tensor), values);
        }
    }
    json!({
        "name": format!("{name}, {convention:?}"), "prelude": NUMPY_PRELUDE, "n": pass.rows.len(),
        "givens": givens, "lines": lines, "expected": expected,
    })
}

#[test]
fn numpy_runs_the_lines_of_a_walk_to_the_numbers_of_the_pass() {
    let Some(python) = python("numpy_runs_the_lines_of_a_walk_to_the_numbers_of_the_pass") else { return };
    let mut runs = Vec::new();
    let random = (0..20).map(|seed| (format!("random {seed}"), random_model(seed)));
    let shipped = shipped().into_iter().map(|(name, model)| (name.to_owned(), model));
    for (name, model) in shipped.chain(random) {
        let mut session = session::<f64>(&model);
        let rows = first_rows(&session, 3);
        let pass = session.step_on(&rows, Mode::Eval);
        for layout in [Layout::PyTorch, Layout::NumPy, Layout::Columns] {
            for reduction in [ReductionPlace::Loss, ReductionPlace::Parameters] {
                let convention =
                    Convention { layout, reduction, names: NameStyle::Layer, ..Convention::default() };
                runs.push(printed(&name, &model, &pass, convention));
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("walks.json");
    std::fs::write(&path, serde_json::to_vec(&runs).unwrap()).unwrap();
    let output =
        Command::new(python).arg(root().join("tests/interop/run_lines.py")).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
}

//! The explanation of a number, as a hand and a screen reader meet it: clicked, followed, gone back from.
//!
//! Must not look at pixels: names, values and what the application did.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, TrainCommand, ViewCommand};
use vastavirta::autodiff::UpdateLine;
use vastavirta::explain::print::{BiasStyle, Convention, Layout, NameStyle, ReductionPlace};
use vastavirta::explain::{Explainer, Metric, Quantity, Tensor};
use vastavirta::network::{NodeKind, ParameterKey, ParameterRole};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, select, settle, window};

fn explain(harness: &mut Drawn, of: Quantity) {
    window(harness).app_mut().dispatch(Command::View(ViewCommand::Explain(of)));
    window(harness).show_pane("pane-why");
    settle(harness);
}

fn says(harness: &Drawn, part: &str) -> bool {
    labels(harness).iter().any(|label| label.contains(part))
}

fn explained(harness: &mut Drawn) -> Option<Quantity> {
    window(harness).app().why().current()
}

/// The first Dense node's weight.
fn first_weight(harness: &mut Drawn) -> ParameterKey {
    let network = &window(harness).app().document().network;
    let dense = network.nodes.iter().find(|(_, node)| node.kind.dense().is_some()).unwrap();
    ParameterKey::Node(*dense.0, ParameterRole::Weight)
}

#[test]
fn a_cell_of_a_matrix_is_explained_its_operands_followed_and_gone_back_from() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(_)));
    harness.get_by_label("Matrix grad_W").focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::Space);
    settle(&mut harness);
    let first = explained(&mut harness).unwrap();
    assert!(matches!(first.tensor, Tensor::ParameterGrad { .. }), "{first:?}");
    assert!(says(&harness, "how much the loss grows when w00 grows"), "{:#?}", labels(&harness));
    let chip = |harness: &Drawn, part: &str| {
        let chips = harness.query_all_by_role(Role::Button).filter_map(|chip| chip.accesskit_node().label());
        chips.into_iter().find(|label| label.contains(part) && label.contains(" = "))
    };
    let label = chip(&harness, "dZ[0]").unwrap();
    harness.get_by_label(&label).click();
    settle(&mut harness);
    assert!(matches!(explained(&mut harness).unwrap().tensor, Tensor::Grad { .. }));
    let label = chip(&harness, "dA").unwrap();
    harness.get_by_label(&label).click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().why().trail().len(), 3);
    for _ in 0..2 {
        harness.get_by_label("Back to the number before").click();
        settle(&mut harness);
    }
    assert_eq!(explained(&mut harness), Some(first));
}

#[test]
fn every_kind_of_number_answers() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    let key = first_weight(&mut harness);
    let network = window(&mut harness).app().document().network.clone();
    let loss = *network.nodes.iter().find(|(_, node)| node.kind.is_loss()).unwrap().0;
    let ParameterKey::Node(dense, _) = key else { unreachable!() };
    let edge = *network.edges.iter().find(|(_, edge)| edge.to == dense).unwrap().0;
    let time_step = 0;
    let tensors = [
        Tensor::Output { node: dense, time_step },
        Tensor::Grad { node: dense, time_step },
        Tensor::PortValue { edge, time_step },
        Tensor::PortGrad { edge, time_step },
        Tensor::Mask { node: dense, time_step },
        Tensor::Parameter(key),
        Tensor::ParameterGrad { key, time_step: None, sample: None },
        Tensor::Update(key),
        Tensor::UsedGrad(key),
        Tensor::UpdateLine { key, line: UpdateLine::Change },
        Tensor::UpdateLine { key, line: UpdateLine::Decayed },
        Tensor::UpdateLine { key, line: UpdateLine::State("exp_avg") },
        Tensor::UpdateLine { key, line: UpdateLine::Corrected("exp_avg") },
        Tensor::OptimizerState { key, name: "exp_avg" },
        Tensor::LossValue(loss),
        Tensor::LossScale(loss),
        Tensor::TotalLoss,
        Tensor::TotalNorm,
        Tensor::ClipFactor,
        Tensor::GradNorm { node: dense, time_step },
        Tensor::Metric(Metric::Loss),
        Tensor::Metric(Metric::Mae),
        Tensor::Metric(Metric::Rmse),
        Tensor::Metric(Metric::R2),
        Tensor::Metric(Metric::Accuracy),
        Tensor::Column(0),
    ];
    for tensor in tensors {
        explain(&mut harness, tensor.at(0, 0));
        assert_eq!(explained(&mut harness), Some(tensor.at(0, 0)));
        let why = labels(&harness);
        let (at, _) =
            why.iter().enumerate().find(|(_, label)| *label == "Back to the number before").unwrap();
        assert!(why.len() > at + 3, "{tensor:?}: {why:#?}");
    }
}

#[test]
fn a_card_costs_its_operands_and_no_matrix() {
    use vastavirta::network::{Builder, LossKind};
    let mut b = Builder::new();
    let x = b.input(512);
    let z = b.dense(x, 512);
    let y = b.target(512);
    b.loss(LossKind::Mse, z, y);
    let network = b.finish();
    let shapes = network.infer_shapes().0;
    let explainer = Explainer::new(&network, &shapes, Convention::default(), None);
    let card = explainer.card(Tensor::Output { node: z, time_step: 0 }.at(0, 300));
    // 512 products and a bias; of the long sum only some are shown.
    assert_eq!(card.n_operands, 1025);
    assert!(card.operands.len() <= 8, "{}", card.operands.len());
    let signs = card.signs.unwrap();
    assert!(signs.marks.len() <= 4, "{signs:?}");
    let latex: usize = signs.parts.iter().map(String::len).sum();
    assert!(latex < 400, "{signs:?}");
    let key = ParameterKey::Node(z, ParameterRole::Weight);
    let allocated = |of: Quantity| allocation_counter::measure(|| drop(explainer.card(of))).bytes_total;
    let share = Tensor::ParameterGrad { key, time_step: None, sample: None };
    let (one, other) = (allocated(share.at(0, 0)), allocated(share.at(511, 511)));
    // A matrix of 512 × 512 numbers would be two million bytes.
    assert!(one < 100_000 && other < 100_000, "{one} {other}");
}

#[test]
fn the_convention_turns_formulas_shapes_and_matrices_together() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    let key = first_weight(&mut harness);
    let of = Tensor::ParameterGrad { key, time_step: None, sample: None }.at(0, 2);
    explain(&mut harness, of);
    assert!(says(&harness, "grad_W[0,2]"), "{:#?}", labels(&harness));
    let layouts = [(Layout::NumPy, "grad_W[2,0]"), (Layout::Columns, "grad_W[0,2]")];
    for (layout, name) in layouts {
        let convention = Convention { layout, ..Convention::default() };
        window(&mut harness).app_mut().dispatch(Command::View(ViewCommand::Convention(convention)));
        settle(&mut harness);
        assert!(says(&harness, name), "{layout:?}: {:#?}", labels(&harness));
    }
    let convention = Convention {
        layout: Layout::NumPy,
        names: NameStyle::Layer,
        reduction: ReductionPlace::Parameters,
        bias: BiasStyle::Ones,
    };
    window(&mut harness).app_mut().dispatch(Command::View(ViewCommand::Convention(convention)));
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(_)));
    window(&mut harness).show_pane("pane-inspector");
    settle(&mut harness);
    let all = labels(&harness);
    assert!(all.iter().any(|label| label.contains("dW1 = ")), "{all:#?}");
}

#[test]
fn whatever_a_number_is_made_of_says_that_it_is_used_there() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    let app = window(&mut harness).app();
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    let explainer = Explainer::new(&app.document().network, app.shapes(), app.convention(), Some(&pass));
    let mut tensors: Vec<Tensor> = Vec::new();
    for &(node, time_step) in pass.nodes.keys() {
        tensors.extend([Tensor::Output { node, time_step }, Tensor::Grad { node, time_step }]);
    }
    for &key in pass.parameters.keys() {
        tensors.extend([
            Tensor::ParameterGrad { key, time_step: None, sample: None },
            Tensor::UsedGrad(key),
            Tensor::Update(key),
        ]);
    }
    let mut n_checked = 0;
    for tensor in tensors {
        let n: usize = explainer.sizes(tensor).iter().product();
        for column in 0..n.min(2) {
            let of = tensor.at(0, column);
            if explainer.value(of).is_none() {
                continue;
            }
            for operand in explainer.card(of).operands {
                let uses = explainer.uses(operand);
                assert!(uses.iter().any(|used| used.named.contains(&of)), "{operand:?} → {of:?}: {uses:?}");
                n_checked += 1;
            }
        }
    }
    assert!(n_checked > 30, "{n_checked}");
}

#[test]
fn every_card_comes_to_its_number_in_every_convention() {
    for example in ["mazur", "bce_2_3_1", "iris"] {
        let mut harness = drawn(Language::English, [1280.0, 800.0]);
        open(&mut harness, example);
        let app = window(&mut harness).app();
        let pass = app.snapshot().unwrap().pass.clone().unwrap();
        for layout in [Layout::PyTorch, Layout::NumPy, Layout::Columns] {
            for (reduction, bias) in [
                (ReductionPlace::Loss, BiasStyle::Apart),
                (ReductionPlace::Parameters, BiasStyle::Apart),
                (ReductionPlace::Loss, BiasStyle::Ones),
            ] {
                let convention = Convention { layout, reduction, bias, ..Convention::default() };
                let explainer =
                    Explainer::new(&app.document().network, app.shapes(), convention, Some(&pass));
                let nodes = pass.nodes.keys().flat_map(|&(node, time_step)| {
                    [Tensor::Output { node, time_step }, Tensor::Grad { node, time_step }]
                });
                let keys = pass.parameters.keys();
                let keys = keys.map(|&key| Tensor::ParameterGrad { key, time_step: None, sample: None });
                for tensor in nodes.chain(keys) {
                    let of = tensor.at(0, 0);
                    let (Some(value), Some(formula)) = (explainer.value(of), explainer.formula(of)) else {
                        continue;
                    };
                    let Some(found) = explainer.evaluate(&formula).filter(|found| found.is_finite()) else {
                        continue;
                    };
                    let allowed = 2e-5 * value.abs().max(1.0);
                    assert!(
                        (found - value).abs() <= allowed,
                        "{example} {convention:?} {of:?}: {found} {value}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_card_writes_more_than_twelve_terms() {
    for example in ["sine_rnn", "lstm_sine", "digits", "attention_head"] {
        let mut harness = drawn(Language::English, [1280.0, 800.0]);
        open(&mut harness, example);
        let app = window(&mut harness).app();
        let pass = app.snapshot().unwrap().pass.clone().unwrap();
        let explainer = Explainer::new(&app.document().network, app.shapes(), app.convention(), Some(&pass));
        let nodes = pass.nodes.keys().flat_map(|&(node, time_step)| {
            [Tensor::Output { node, time_step }, Tensor::Grad { node, time_step }]
        });
        let keys = pass.parameters.keys();
        let keys = keys.map(|&key| Tensor::ParameterGrad { key, time_step: None, sample: None });
        let mut n_checked = 0;
        for tensor in nodes.chain(keys) {
            let card = explainer.card(tensor.at(0, 0));
            for written in card.signs.iter().chain(&card.numbers) {
                assert!(written.parts.len() <= 13, "{example}, {tensor:?}: {}", written.linear);
                n_checked += 1;
            }
        }
        assert!(n_checked > 10, "{example}: {n_checked}");
    }
}

#[test]
fn metrics_and_readings_answer_a_click() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    let run = TrainCommand::Run(Goal::Epochs(1));
    window(&mut harness).app_mut().dispatch(Command::Train(run));
    settle(&mut harness);
    for (card, metric) in
        [("MAE ", Metric::Mae), ("RMSE ", Metric::Rmse), ("R² ", Metric::R2), ("loss ", Metric::Loss)]
    {
        window(&mut harness).show_pane("pane-metrics");
        harness.run_steps(2);
        let is_card = |label: &String| label.starts_with(card) && label.len() > card.len();
        let buttons = harness.query_all_by_role(Role::Button);
        let label = buttons.filter_map(|button| button.accesskit_node().label()).find(is_card).unwrap();
        harness.get_by_role_and_label(Role::Button, &label).click();
        settle(&mut harness);
        assert_eq!(explained(&mut harness), Some(Tensor::Metric(metric).at(0, 0)));
    }
    // From the cell of the file to the number at the input: shift and scale stand in the formula.
    let network = window(&mut harness).app().document().network.clone();
    let input = *network.nodes.iter().find(|(_, node)| matches!(node.kind, NodeKind::Input(_))).unwrap().0;
    explain(&mut harness, Tensor::Output { node: input, time_step: 0 }.at(0, 0));
    assert!(says(&harness, "(c − shift) / scale"), "{:#?}", labels(&harness));
    let app = window(&mut harness).app();
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    let explainer = Explainer::new(&app.document().network, app.shapes(), app.convention(), Some(&pass));
    let explainer = explainer.with_data(app.prepared().map(std::convert::AsRef::as_ref));
    for (row, column) in [(0, 0), (3, 4), (7, 8)] {
        let of = Tensor::Output { node: input, time_step: 0 }.at(row, column);
        let (value, formula) = (explainer.value(of).unwrap(), explainer.formula(of).unwrap());
        let found = explainer.evaluate(&formula).unwrap();
        assert!((found - value).abs() < 1e-5, "{row}, {column}: {found} {value}");
    }
}

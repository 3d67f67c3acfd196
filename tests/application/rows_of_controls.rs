//! Rows of labels and controls in a narrow panel and with large text: what belongs together is not parted, and
//! the bar at the top takes two rows at most.
//!
//! Must not look at pixels: places and names come from what a screen reader hears.

use egui::Rect;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{Command, EditCommand, TrainCommand};
use vastavirta::document::OptimizerSettings;
use vastavirta::explain::{Metric, Tensor};
use vastavirta::train::{Goal, Tempo};
use vastavirta::words::{Language, Words};

use crate::window::{Drawn, drawn, labels, open, rest, settle, window};

/// A window of 1024×700 with text of 1.8 times the size.
const SIZE: [f32; 2] = [1024.0 / 1.8, 700.0 / 1.8];

fn place(harness: &Drawn, role: Role, label: &str) -> Rect {
    let found = harness.query_all_by_role_and_label(role, label).next();
    found.unwrap_or_else(|| panic!("no {label}: {:?}", labels(harness))).rect()
}

#[test]
fn a_name_and_its_control_are_not_parted_by_the_end_of_a_row() {
    for language in Language::CHOICES {
        let words = Words::new(language);
        for (pane, name, role, control) in [
            ("pane-boundary", "boundary-others", Role::ComboBox, "boundary-start"),
            ("pane-landscape", "landscape-reach", Role::SpinButton, "landscape-reach"),
        ] {
            for width in [SIZE[0], 900.0] {
                let mut harness = drawn(language, [width, 500.0]);
                open(&mut harness, "auto_mpg");
                window(&mut harness).show_pane(pane);
                rest(&mut harness);
                let label = place(&harness, Role::Label, &words.text(name));
                let control = place(&harness, role, &words.text(control));
                let is_beside = (label.center().y - control.center().y).abs() < 2.0;
                // Where no row is wide enough for both, the name stands above.
                let gap = control.top() - label.bottom();
                let is_above = label.left() == control.left() && (0.0..16.0).contains(&gap);
                let is_narrow = width < 600.0;
                let is_together = is_beside || is_narrow && is_above;
                assert!(is_together, "{language:?}, {pane}, {width}: {label} and {control}");
            }
        }
    }
}

#[test]
fn the_bar_at_the_top_takes_two_rows_at_most_and_what_has_no_room_is_in_a_menu() {
    for language in Language::CHOICES {
        let words = Words::new(language);
        let mut n_folded = 0;
        for width in [480.0, SIZE[0], 700.0, 900.0] {
            let mut harness = drawn(language, [width, SIZE[1]]);
            open(&mut harness, "xor");
            let app = window(&mut harness).app_mut();
            app.dispatch(Command::Train(TrainCommand::SetTempo(Tempo::PerSecond(30))));
            let mut training = app.document().training.clone();
            training.learning_rate = 0.000_123;
            training.optimizer =
                OptimizerSettings::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 };
            app.dispatch(Command::Edit(EditCommand::SetTraining(training)));
            rest(&mut harness);
            let train = place(&harness, Role::Button, &words.text("top-step-batch"));
            let rate = place(&harness, Role::SpinButton, &words.text("training-learning-rate"));
            assert!((train.center().y - rate.center().y).abs() < 2.0, "{language:?}, {width}");
            let name = words.text("top-more");
            let more = harness.query_by_role_and_label(Role::Button, &name);
            let Some(more) = more else {
                let optimizer = place(&harness, Role::ComboBox, &words.text("training-optimizer"));
                assert!((optimizer.center().y - rate.center().y).abs() < 2.0, "{language:?}, {width}");
                assert!(optimizer.right() <= width, "{language:?}, {width}: {optimizer}");
                continue;
            };
            n_folded += 1;
            assert!((more.rect().center().y - rate.center().y).abs() < 2.0 && more.rect().right() <= width);
            more.click();
            harness.run_steps(3);
            harness.get_by_label("AdamW").click();
            settle(&mut harness);
            let optimizer = window(&mut harness).app().document().training.optimizer;
            assert!(matches!(optimizer, OptimizerSettings::AdamW { .. }), "{optimizer:?}");
        }
        assert!((1..=3).contains(&n_folded), "{language:?}: {n_folded}");
    }
}

#[test]
fn a_click_on_the_curve_explains_the_epoch_under_it() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(20))));
    settle(&mut harness);
    window(&mut harness).show_pane("pane-loss");
    rest(&mut harness);
    let plot = harness.get_by_label("Plot: loss").rect();
    for part in [0.5, 1.0] {
        let at = plot.lerp_inside(egui::vec2(part, 0.5));
        harness.hover_at(at);
        harness.run_steps(1);
        harness.drag_at(at);
        harness.drop_at(at);
        harness.run_steps(2);
        let asked = window(&mut harness).app().why().current().unwrap();
        let records = window(&mut harness).app().loss_history().records();
        let newest = records.last().unwrap().epoch;
        assert_eq!(asked.tensor, Tensor::Metric(Metric::TrainLoss));
        let epoch = asked.epoch();
        if part < 1.0 {
            assert!(epoch.is_some_and(|epoch| (2..newest).contains(&epoch)), "{epoch:?} of {newest}");
            let record = records.iter().find(|record| Some(record.epoch) == epoch).unwrap();
            let value = vastavirta::explain::short(record.train_loss);
            window(&mut harness).show_pane("pane-why");
            rest(&mut harness);
            let said = labels(&harness);
            let title = format!("training loss after epoch {}", epoch.unwrap());
            assert!(said.iter().any(|label| label.contains(&title)), "{title}: {said:#?}");
            assert!(said.contains(&value), "{value}: {said:#?}");
            harness.get_by_label("Explain the newest epoch").click();
            rest(&mut harness);
            assert_eq!(window(&mut harness).app().why().current().unwrap().epoch(), None);
        } else {
            assert_eq!(epoch, None, "the newest");
        }
    }
}

#[test]
fn the_heading_of_the_gradient_is_one_line() {
    for language in Language::CHOICES {
        let mut harness = drawn(language, [1280.0, 800.0]);
        open(&mut harness, "auto_mpg");
        window(&mut harness).show_pane("pane-gradient");
        rest(&mut harness);
        let norm = harness.get_by_label_contains("‖∇L‖ = ").rect();
        let heading = place(&harness, Role::Label, "∇L");
        assert!((norm.center().y - heading.center().y).abs() < 3.0, "{heading} and {norm}");
        let word = if language == Language::English { " parameters · " } else { "parametria · " };
        let counts = harness.get_by_label_contains(word).rect();
        assert!(counts.height() < 20.0, "{language:?}: {counts}");
    }
}

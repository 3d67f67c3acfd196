//! The metrics of a network with several losses: each loss has its own, and the panel, the explanation of a
//! number and the terminal say the same.
//!
//! Must not know how anything is measured.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{Command, FileCommand};
use vastavirta::explain::{self, Metric};
use vastavirta::train::{Evaluation, Goal};
use vastavirta::words::Language;

use crate::command_line::ran;
use crate::flows;
use crate::unusual::{Files, Loss, MSE, Model};
use crate::window::{Drawn, drawn, labels, rest, window};

/// Two losses over columns of their own, the second of which counts half.
fn two_losses() -> Files {
    let csv = "x,y,z\n1,2,-1\n2,4,-3\n3,7,-4\n4,8,-9\n5,9,-9\n";
    let files =
        Model { csv, losses: &[MSE, Loss { kind: "Mae", columns: &["z"], ..MSE }], ..Model::default() }
            .written();
    let text = std::fs::read_to_string(&files.model).unwrap();
    let at = text.rfind("weight: 1.0").unwrap();
    let halved = format!("{}weight: 0.5{}", &text[..at], &text[at + "weight: 1.0".len()..]);
    std::fs::write(&files.model, halved).unwrap();
    files
}

fn evaluation(harness: &mut Drawn) -> Evaluation {
    Evaluation::clone(window(harness).app().snapshot().unwrap().evaluation.as_ref().unwrap())
}

#[test]
fn each_of_two_losses_has_its_metrics_in_the_panel_and_in_the_terminal() {
    for (language, total) in [(Language::English, "The total loss"), (Language::Finnish, "Kokonaishäviö")] {
        let files = two_losses();
        let mut harness = drawn(language, [1280.0, 1000.0]);
        files.shown(&mut harness, "pane-metrics");
        flows::train(window(&mut harness).app_mut(), Goal::Epochs(2));
        rest(&mut harness);
        let found = evaluation(&mut harness);
        let [first, second] = found.losses.as_slice() else { panic!("{found:?}") };
        assert!((found.loss - (first.loss + 0.5 * second.loss)).abs() < 1e-12, "{found:?}");
        // Both are losses that are metrics, too.
        assert!((first.loss - first.metrics.rmse.unwrap().powi(2)).abs() < 1e-12);
        assert!((second.loss - second.metrics.mae.unwrap()).abs() < 1e-12);
        let said = labels(&harness);
        for text in [total, &first.name, &second.name] {
            assert!(said.iter().any(|said| said.starts_with(text)), "{text}: {said:?}");
        }
        for of in [first, second] {
            let mae = format!("MAE {}", explain::short(of.metrics.mae.unwrap()));
            assert!(said.contains(&mae), "{mae}: {said:?}");
        }
        window(&mut harness).app_mut().dispatch(Command::File(FileCommand::Save));
        rest(&mut harness);
        let json = files.evaluated(&files.data);
        let near = |said: &serde_json::Value, value: f64| {
            assert!((said.as_f64().unwrap() - value).abs() < 1e-9, "{said} for {value}");
        };
        near(&json["loss"], found.loss);
        near(&json["metrics"]["mae"], first.metrics.mae.unwrap());
        for (idx, of) in found.losses.iter().enumerate() {
            let printed = &json["losses"][idx];
            assert_eq!(printed["name"], of.name.as_str());
            near(&printed["loss"], of.loss);
            near(&printed["metrics"]["mae"], of.metrics.mae.unwrap());
            near(&printed["metrics"]["rmse"], of.metrics.rmse.unwrap());
        }
        let arguments = ["evaluate", files.model.to_str().unwrap(), "--data", files.data.to_str().unwrap()];
        let text = ran(&arguments);
        assert_eq!(text.lines().filter(|line| line.contains("MAE")).count(), 2, "{text}");
    }
}

#[test]
fn a_metric_of_the_second_loss_is_explained_by_its_own_numbers() {
    let files = two_losses();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-metrics");
    flows::train(window(&mut harness).app_mut(), Goal::Epochs(2));
    rest(&mut harness);
    let second = evaluation(&mut harness).losses[1].clone();
    let mae = explain::short(second.metrics.mae.unwrap());
    harness.get_by_role_and_label(Role::Button, &format!("MAE {mae}")).click_accesskit();
    rest(&mut harness);
    let explained = window(&mut harness).app().why().current();
    assert_eq!(explained, Some(Metric::Mae.of_loss(1)));
    let said = labels(&harness);
    assert!(said.iter().any(|said| said.contains("MAE (Loss 2)")), "{said:?}");
}

#[test]
fn the_only_loss_is_not_listed_twice() {
    let files = Model::default().written();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-metrics");
    flows::train(window(&mut harness).app_mut(), Goal::Epochs(2));
    rest(&mut harness);
    let shown = format!("loss {}", explain::short(evaluation(&mut harness).loss));
    let said = labels(&harness);
    assert_eq!(said.iter().filter(|said| **said == shown).count(), 1, "{said:?}");
    assert!(files.evaluated(&files.data).get("losses").is_none());
}

//! Numbers have one minus sign wherever they stand in the window; what leaves it has the hyphen that programs
//! read.
//!
//! Must not look at pixels.

use egui::Shape;
use vastavirta::app::{Command, TrainCommand};
use vastavirta::network::NodeKind;
use vastavirta::train::Goal;
use vastavirta::words::{Language, with_minus};

use crate::window::{Drawn, drawn, open, select, settle, window};

const PANES: [&str; 14] = [
    "pane-training",
    "pane-loss",
    "pane-metrics",
    "pane-data",
    "pane-backprop",
    "pane-predictions",
    "pane-boundary",
    "pane-whatif",
    "pane-gradient",
    "pane-health",
    "pane-runs",
    "pane-landscape",
    "pane-why",
    "pane-problems",
];

/// Every text that is painted.
fn texts(harness: &Drawn) -> Vec<String> {
    fn add(shape: &Shape, texts: &mut Vec<String>) {
        match shape {
            Shape::Text(text) => texts.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| add(shape, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    harness.output().shapes.iter().for_each(|clipped| add(&clipped.shape, &mut texts));
    texts
}

#[test]
fn every_negative_number_in_the_window_has_the_same_minus_sign() {
    let mut n_minus = 0;
    for example in ["iris", "mazur"] {
        let mut harness = drawn(Language::English, [1280.0, 800.0]);
        open(&mut harness, example);
        window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(1))));
        settle(&mut harness);
        select(&mut harness, |kind| matches!(kind, NodeKind::Dense { .. }));
        for pane in PANES {
            window(&mut harness).show_pane(pane);
            harness.run_steps(4);
            for text in texts(&harness) {
                assert_eq!(text, with_minus(&text), "{example}, {pane}");
                n_minus += usize::from(text.contains('−'));
            }
        }
    }
    assert!(n_minus > 30, "{n_minus}");
}

//! What the window says at each place of a walk: the same on the way forward and on the way back, in each of
//! the three ways to look at a batch; and what it says where no pass can begin.
//!
//! Must not look at pixels.

use vastavirta::app::{Command, EditCommand, ViewCommand, WalkCommand};
use vastavirta::network::NodeKind;
use vastavirta::train::SampleView;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, select, settle, window};

fn go_to(harness: &mut Drawn, cursor: usize) -> Vec<String> {
    window(harness).app_mut().dispatch(Command::Walk(WalkCommand::GoTo(cursor)));
    harness.run_steps(3);
    let mut said = labels(harness);
    said.sort_unstable();
    said
}

#[test]
fn every_number_and_every_blank_of_the_screen_returns_on_the_way_back() {
    for (example, view) in [
        ("sine_rnn", SampleView::Alone(3)),
        ("sine_rnn", SampleView::Sample(2)),
        ("mazur", SampleView::Batch),
        ("mazur", SampleView::Sample(0)),
    ] {
        let mut harness = drawn(Language::English, [1280.0, 1000.0]);
        open(&mut harness, example);
        select(&mut harness, |kind| matches!(kind, NodeKind::Dense { .. }));
        window(&mut harness).app_mut().dispatch(Command::View(ViewCommand::Samples(view)));
        settle(&mut harness);
        window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Open));
        window(&mut harness).show_pane("pane-backprop");
        settle(&mut harness);
        let n = window(&mut harness).app().walk().unwrap().len();
        let places: Vec<usize> = (0..=6).map(|part| part * n / 6).collect();
        let forward: Vec<_> = places.iter().map(|&place| go_to(&mut harness, place)).collect();
        assert!(forward.windows(2).all(|pair| pair[0] != pair[1]), "{example} {view:?}");
        for (&place, before) in places.iter().zip(&forward).rev() {
            let now = go_to(&mut harness, place);
            assert_eq!(&now, before, "{example} {view:?} at {place} of {n}");
        }
    }
}

#[test]
fn the_loss_of_a_single_row_is_not_called_that_of_the_batch() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "sine_rnn");
    let says = |harness: &Drawn, text: &str| labels(harness).iter().any(|label| label == text);
    assert!(says(&harness, "batch loss") && !says(&harness, "row loss"));
    let alone = ViewCommand::Samples(SampleView::Alone(3));
    window(&mut harness).app_mut().dispatch(Command::View(alone));
    settle(&mut harness);
    assert!(says(&harness, "row loss") && !says(&harness, "batch loss"));
}

#[test]
fn a_root_without_its_vector_asks_for_that_alone() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mean_of_squares");
    let network = &window(&mut harness).app().document().network;
    let named = |name: &str| *network.nodes.iter().find(|(_, node)| node.name == name).unwrap().0;
    let [y, f] = ["y", "f"].map(named);
    for command in [
        EditCommand::SetRoot { node: f, is_root: false },
        EditCommand::Delete { nodes: vec![f], edges: Vec::new(), heal: false },
        EditCommand::SetRoot { node: y, is_root: true },
    ] {
        window(&mut harness).app_mut().dispatch(Command::Edit(command));
    }
    let select = |nodes| Command::View(ViewCommand::Select { nodes, edges: Vec::new() });
    window(&mut harness).app_mut().dispatch(select(vec![y]));
    settle(&mut harness);
    let said = labels(&harness);
    let count = |part: &str| said.iter().filter(|label| label.contains(part)).count();
    assert_eq!(count("Choose the ones offered here or type v"), 1, "{said:?}");
    assert_eq!(count("there are no rows"), 0, "{said:?}");
}

#[test]
fn the_count_of_a_walk_is_whole_at_every_size_of_text() {
    for language in [Language::English, Language::Finnish] {
        for percent in [100_u8, 110, 120, 140, 160, 180] {
            let scale = f32::from(percent) / 100.0;
            let mut harness = drawn(language, [1024.0 / scale, 700.0 / scale]);
            open(&mut harness, "xor");
            window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Open));
            settle(&mut harness);
            let n = window(&mut harness).app().walk().unwrap().len();
            let count = format!("0 / {n}");
            let wholes = harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
                egui::Shape::Text(text) if text.galley.text() == count => {
                    Some((text.galley.elided, text.visual_bounding_rect(), shape.clip_rect))
                }
                _ => None,
            });
            let found: Vec<_> = wholes.collect();
            let [(is_cut, place, clip)] = found[..] else { panic!("{language:?}, {percent} %: {found:?}") };
            assert!(!is_cut && clip.contains_rect(place), "{language:?}, {percent} %: {place} in {clip}");
        }
    }
}

//! What the program tells, and for how long: notices, problems, what is still to be done. And whose
//! numbers it shows.
//!
//! Must not look at the screen.

use std::sync::Arc;

use vastavirta::app::{
    App, Command, DataCommand, EditCommand, FileCommand, Question, TrainCommand, UnsavedAnswer, ViewCommand,
};
use vastavirta::data::Part;
use vastavirta::network::{
    Activation, DataNode, DenseNode, Fix, LossKind, LossNode, NodeId, NodeKind, Problem, ProblemKind,
    Severity,
};
use vastavirta::train::{Goal, SampleView};
use vastavirta::words::{ToMessage as _, in_english};

use crate::flows::{add, app, asset, connect, draw, edit, example, file, settle, train};

fn told(app: &App) -> Vec<String> {
    app.notices().iter().map(|notice| in_english(&notice.message)).collect()
}

fn press_train(app: &mut App) {
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(1))));
    settle(app);
}

#[test]
fn a_new_drawing_is_a_quiet_list_of_things_to_do_until_train_is_pressed() {
    let mut app = app();
    let is_quiet = |app: &App| app.problems().iter().all(|problem| app.is_to_do(problem));
    assert!(is_quiet(&app), "an empty drawing");
    let input = add(&mut app, NodeKind::Input(DataNode::new(0)));
    let dense = add(&mut app, NodeKind::Dense(DenseNode::new(2)));
    add(&mut app, NodeKind::Loss(LossNode::new(LossKind::Mse)));
    connect(&mut app, input, dense, 0);
    assert!(app.problems().len() > 2 && is_quiet(&app), "{:?}", app.problems());
    press_train(&mut app);
    assert!(!is_quiet(&app), "now they stand in the way");
    assert!(told(&app)[0].starts_with("Training cannot start"), "{:?}", told(&app));
    file(&mut app, FileCommand::New);
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Discard));
    assert!(is_quiet(&app), "another drawing begins anew");
}

#[test]
fn a_refused_wire_tells_what_is_unfinished_and_a_mistake_is_told_at_once() {
    let mut app = app();
    let [_, hidden, tanh, _, _, loss] = draw(&mut app);
    edit(&mut app, EditCommand::Connect { from: loss, to: hidden, port: 0, delay: 0 });
    assert_eq!(told(&app), ["Nothing can follow a loss."]);
    let lone = add(&mut app, NodeKind::Dense(DenseNode::new(2)));
    assert!(told(&app).is_empty(), "the next edit went well");
    assert!(app.problems().iter().all(|problem| app.is_to_do(problem)), "what was drawn was finished");
    edit(&mut app, EditCommand::Connect { from: tanh, to: hidden, port: 0, delay: 0 });
    assert!(app.problems().iter().any(|problem| !app.is_to_do(problem)));
    edit(&mut app, EditCommand::Delete { nodes: vec![lone], edges: vec![], heal: false });
    edit(&mut app, EditCommand::Rename(tanh, " ".to_owned()));
    let loud = app.problems().iter().filter(|problem| !app.is_to_do(problem));
    assert!(loud.count() <= 1);
}

#[test]
fn what_is_told_about_a_state_goes_with_the_state() {
    let mut app = app();
    press_train(&mut app);
    press_train(&mut app);
    assert_eq!(told(&app).len(), 1, "said again, it stands there once");
    draw(&mut app);
    press_train(&mut app);
    assert_eq!(told(&app).len(), 1, "only what is true now: {:?}", told(&app));
    app.dispatch(Command::Data(DataCommand::Load(asset("no_such_file.csv"))));
    settle(&mut app);
    assert_eq!(told(&app).len(), 1, "what happened to the file says more: {:?}", told(&app));
    app.dispatch(Command::Data(DataCommand::Load(asset("auto_mpg.csv"))));
    settle(&mut app);
    assert!(told(&app).is_empty(), "there are data, and training can start: {:?}", told(&app));
    train(&mut app, Goal::UntilDone);
    assert_eq!(told(&app), ["Training is finished: all epochs are done."]);
    train(&mut app, Goal::Batches(1));
    assert!(told(&app).is_empty(), "it goes on: {:?}", told(&app));

    let folder = tempfile::tempdir().unwrap();
    file(&mut app, FileCommand::SaveAs(folder.path().join("no/such/folder.ron")));
    assert!(
        matches!(app.question(), Some(Question::WhereToSave { reason: Some(_), .. })),
        "asked again, with why"
    );
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    file(&mut app, FileCommand::OpenExample("no_such_example".to_owned()));
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Discard));
    assert_eq!(told(&app).len(), 1, "{:?}", told(&app));
    file(&mut app, FileCommand::SaveAs(folder.path().join("mine.ron")));
    app.dispatch(Command::View(ViewCommand::DismissNotices));
    assert!(told(&app).is_empty());
}

#[test]
fn training_that_cannot_start_says_why_before_it_is_asked() {
    let mut app = app();
    draw(&mut app);
    assert!(app.problems().is_empty(), "{:?}", app.problems());
    let reason = app.cannot_start().map(|reason| in_english(&reason)).unwrap_or_default();
    assert!(!reason.is_empty(), "there are no data yet");
    app.dispatch(Command::Data(DataCommand::Load(asset("auto_mpg.csv"))));
    settle(&mut app);
    assert_eq!(app.cannot_start(), None);
}

/// Input → Dense → (activation) → MSE ← Target, on the iris file, whose species are three classes.
fn iris(activation: Option<Activation>) -> (App, NodeId, NodeId) {
    let mut app = app();
    let x = add(&mut app, NodeKind::Input(DataNode::new(1)));
    let out = add(&mut app, NodeKind::Dense(DenseNode::new(3)));
    let last = activation.map(|activation| add(&mut app, NodeKind::Activation(activation)));
    let y = add(&mut app, NodeKind::Target(DataNode::new(1)));
    let loss = add(&mut app, NodeKind::Loss(LossNode::new(LossKind::Mse)));
    connect(&mut app, x, out, 0);
    if let Some(last) = last {
        connect(&mut app, out, last, 0);
    }
    connect(&mut app, last.unwrap_or(out), loss, 0);
    connect(&mut app, y, loss, 1);
    app.dispatch(Command::Data(DataCommand::Load(asset("iris.csv"))));
    settle(&mut app);
    (app, out, loss)
}

#[test]
fn classes_learned_as_numbers_are_offered_softmax_and_cross_entropy_as_one_step() {
    for activation in [None, Some(Activation::Sigmoid), Some(Activation::SOFTMAX)] {
        let (mut app, out, loss) = iris(activation);
        let before = app.document().clone();
        let classes = |app: &App| {
            let problems = Arc::clone(app.problems());
            problems.iter().find(|p| matches!(p.kind, ProblemKind::ClassesAsNumbers { .. })).cloned()
        };
        let problem = classes(&app).unwrap_or_else(|| panic!("{:?}", app.problems()));
        assert_eq!((problem.severity, &problem.fix), (Severity::Warning, &Some(Fix::Classify { loss })));
        let said = in_english(&problem.message());
        assert!(said.contains("3 classes of Target 1"), "{said}");
        edit(&mut app, EditCommand::Fix(Fix::Classify { loss }));
        settle(&mut app);
        let is_note = |problem: &Problem| problem.severity == Severity::Note;
        assert!(app.problems().iter().all(is_note), "{activation:?}: {:?}", app.problems());
        let network = &app.document().network;
        assert_eq!(network.nodes[&loss].kind.loss().unwrap().kind, LossKind::CrossEntropy);
        let before_loss = network.incoming(loss).iter().find(|(_, edge)| edge.port == 0).unwrap().1.from;
        assert_eq!(network.nodes[&before_loss].kind, NodeKind::Activation(Activation::SOFTMAX));
        assert_eq!(network.incoming(before_loss)[0].1.from, out);
        train(&mut app, Goal::Epochs(1));
        edit(&mut app, EditCommand::Undo);
        assert_eq!(app.document().network, before.network, "one step takes it all back");
    }
}

#[test]
fn a_row_alone_counts_among_the_rows_of_its_part_and_stays_in_range() {
    let mut app = example("auto_mpg");
    let prepared = Arc::clone(app.prepared().unwrap());
    let last = *prepared.train().last().unwrap() as usize;
    let validation = prepared.validation()[0] as usize;
    for sample in [last, validation] {
        app.dispatch(Command::View(ViewCommand::Samples(SampleView::Alone(sample))));
        let pass = loop {
            app.tick();
            let pass = app.snapshot().and_then(|snapshot| snapshot.pass.clone()).unwrap();
            if pass.view == SampleView::Alone(sample) {
                break pass;
            }
        };
        assert_eq!(pass.rows, [sample]);
        let row = prepared.row_of(sample as u32);
        assert_eq!(prepared.sample_at(row), Some(sample as u32), "from the row of the file, and back");
    }
    assert_eq!(prepared.part_of_row(prepared.row_of(validation as u32)), Part::Validation);
    file(&mut app, FileCommand::OpenExample("xor".to_owned()));
    assert_eq!(app.samples(), SampleView::Batch, "four rows have no such row");
}

#[test]
fn every_step_in_sight_of_the_unrolled_graph_has_its_numbers() {
    let mut app = example("sine_rnn");
    edit(&mut app, EditCommand::SetSteps { n_steps: 400, truncate: None });
    settle(&mut app);
    let nodes: Vec<NodeId> = app.document().network.nodes.keys().copied().collect();
    let seen = nodes.iter().flat_map(|&node| (0..12).map(move |time_step| (node, time_step))).collect();
    app.dispatch(Command::View(ViewCommand::SeeCopies(seen)));
    let targets = |node: NodeId, app: &App| {
        matches!(app.document().network.nodes[&node].kind, NodeKind::Target(_) | NodeKind::Loss(_))
    };
    for _ in 0..5_000 {
        app.tick();
        let pass = app.snapshot().and_then(|snapshot| snapshot.pass.clone());
        let is_filled = pass.is_some_and(|pass| {
            nodes
                .iter()
                .filter(|&&node| !targets(node, &app))
                .all(|&node| (0..12).all(|time_step| pass.nodes.contains_key(&(node, time_step))))
        });
        if is_filled {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("some copies have no numbers");
}

//! What a person does from the first node to the saved model, without a window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vastavirta::app::{
    App, Command, DataCommand, EditCommand, FileCommand, Question, ResetTo, TrainCommand, UnsavedAnswer,
    ViewCommand,
};
use vastavirta::document::{OptimizerSettings, TrainingSettings};
use vastavirta::network::{
    Activation, DataNode, DenseNode, LossKind, LossNode, NodeId, NodeKind, ParameterKey, ParameterRole,
    Position, Problem, Severity,
};
use vastavirta::train::{Goal, RunState, SampleView, StopReason};
use vastavirta::words::{ToMessage as _, in_english};

/// An application that keeps nothing outside of itself.
pub(crate) fn app() -> App {
    App::new(Arc::new(|| {}))
}

/// Lets everything come to rest.
pub(crate) fn settle(app: &mut App) {
    assert!(app.wait(Duration::from_mins(1)), "still busy: {:?}, {:?}", app.run_state(), app.job());
}

pub(crate) fn edit(app: &mut App, command: EditCommand) {
    app.dispatch(Command::Edit(command));
}

pub(crate) fn add(app: &mut App, kind: NodeKind) -> NodeId {
    let x = app.document().network.nodes.len() as f32 * 150.0;
    edit(app, EditCommand::AddNode { kind, position: Position { x, y: 0.0 } });
    app.selection().only_node().unwrap()
}

pub(crate) fn connect(app: &mut App, from: NodeId, to: NodeId, port: usize) {
    edit(app, EditCommand::Connect { from, to, port, delay: 0 });
}

pub(crate) fn train(app: &mut App, goal: Goal) {
    app.dispatch(Command::Train(TrainCommand::Run(goal)));
    settle(app);
}

pub(crate) fn file(app: &mut App, command: FileCommand) {
    app.dispatch(Command::File(command));
    settle(app);
}

pub(crate) fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// Input → Dense → Tanh → Dense → MSE ← Target, drawn node by node.
pub(crate) fn draw(app: &mut App) -> [NodeId; 6] {
    let x = add(app, NodeKind::Input(DataNode::new(1)));
    let hidden = add(app, NodeKind::Dense(DenseNode::new(8)));
    let tanh = add(app, NodeKind::Activation(Activation::Tanh));
    let out = add(app, NodeKind::Dense(DenseNode::new(1)));
    let y = add(app, NodeKind::Target(DataNode::new(1)));
    let loss = add(app, NodeKind::Loss(LossNode::new(LossKind::Mse)));
    for (from, to, port) in [(x, hidden, 0), (hidden, tanh, 0), (tanh, out, 0), (out, loss, 0), (y, loss, 1)]
    {
        connect(app, from, to, port);
    }
    [x, hidden, tanh, out, y, loss]
}

pub(crate) fn example(name: &str) -> App {
    let mut app = app();
    file(&mut app, FileCommand::OpenExample(name.to_owned()));
    assert_eq!(app.example(), Some(name), "{:?}", app.notices());
    app
}

#[test]
fn a_network_is_drawn_trained_on_a_csv_saved_and_opened_again() {
    let mut app = app();
    let [x, hidden, ..] = draw(&mut app);
    app.dispatch(Command::Data(DataCommand::Load(asset("auto_mpg.csv"))));
    settle(&mut app);
    assert!(app.notices().is_empty(), "{:?}", app.notices());
    let is_note = |problem: &Problem| problem.severity == Severity::Note;
    assert!(app.problems().iter().all(is_note), "{:?}", app.problems());
    let NodeKind::Input(input) = &app.document().network.nodes[&x].kind else { unreachable!() };
    let features = input.features();
    assert!(features >= 7, "the Input follows the columns: {features}");
    let weight = ParameterKey::Node(hidden, ParameterRole::Weight);
    assert_eq!(app.document().parameters[&weight].shape, [8, features]);
    app.dispatch(Command::View(ViewCommand::Select { nodes: vec![hidden], edges: vec![] }));
    let drawn = app.document().parameters.clone();
    train(&mut app, Goal::Epochs(5));
    let history = app.loss_history();
    assert_eq!(history.records().len(), 5);
    assert!(history.records()[4].train_loss < 0.9 * history.records()[0].train_loss);
    assert!(history.records()[4].metrics.mae.unwrap() < 12.0, "in miles per gallon");
    assert_ne!(app.document().parameters, drawn, "training enters the document");
    let snapshot = Arc::clone(app.snapshot().unwrap());
    let pass = snapshot.pass.as_ref().unwrap();
    assert_eq!(pass.parameters[&weight].grad.as_ref().unwrap().shape(), [8, features]);
    assert_eq!(pass.parameters[&weight].value.data(), *app.document().parameters[&weight].values);

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.ron");
    assert!(app.is_dirty());
    file(&mut app, FileCommand::SaveAs(path.clone()));
    assert!(!app.is_dirty(), "{:?}", app.notices());
    let saved = app.document().clone();
    let optimizer = app.model_file().optimizer;
    assert!(optimizer.is_some());

    let mut again = self::app();
    file(&mut again, FileCommand::Open(path.clone()));
    assert!(again.notices().is_empty(), "{:?}", again.notices());
    assert_eq!(*again.document(), saved);
    assert_eq!(again.model_file().optimizer, optimizer);
    assert_eq!(again.path(), Some(path.as_path()));
    assert!(!again.is_dirty());
    // It goes on from where it was: the same next epoch in both.
    let before = again.loss_history().records().len();
    train(&mut again, Goal::Epochs(1));
    assert_eq!((before, again.loss_history().records().len()), (0, 1));
}

#[test]
fn every_edit_can_be_undone_to_the_empty_drawing_and_done_again() {
    let mut app = app();
    let [_, hidden, tanh, ..] = draw(&mut app);
    edit(&mut app, EditCommand::Rename(hidden, "first".to_owned()));
    edit(&mut app, EditCommand::SetKind(tanh, NodeKind::Activation(Activation::Relu)));
    edit(&mut app, EditCommand::Delete { nodes: vec![tanh], edges: vec![], heal: true });
    let end = app.document().clone();
    let mut n = 0;
    while app.undo_label().is_some() {
        edit(&mut app, EditCommand::Undo);
        n += 1;
    }
    assert_eq!(n, 6 + 5 + 3);
    assert!(app.document().network.nodes.is_empty() && app.document().parameters.is_empty());
    while app.redo_label().is_some() {
        edit(&mut app, EditCommand::Redo);
    }
    assert_eq!(*app.document(), end);
}

#[test]
fn an_edit_while_it_trains_pauses_and_the_other_nodes_keep_what_they_learned() {
    let mut app = example("auto_mpg");
    let training = TrainingSettings { epochs: 100_000, ..app.document().training.clone() };
    edit(&mut app, EditCommand::SetTraining(training));
    let drawn = app.document().parameters.clone();
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    while app.loss_history().records().len() < 3 {
        app.tick();
    }
    let (first, last) = (NodeId(2), NodeId(6));
    edit(
        &mut app,
        EditCommand::SetKind(last, NodeKind::Dense(DenseNode { bias: false, ..DenseNode::new(1) })),
    );
    settle(&mut app);
    assert_eq!(app.run_state(), RunState::Paused);
    let weight = |node| ParameterKey::Node(node, ParameterRole::Weight);
    let learned = &app.document().parameters[&weight(first)];
    assert_ne!(learned, &drawn[&weight(first)]);
    assert!(!app.document().parameters.contains_key(&ParameterKey::Node(last, ParameterRole::Bias)));
    let shown = app.snapshot().unwrap().pass.as_ref().unwrap().step;
    assert!(shown >= 3, "steps are counted on: {shown}");
    let state = app.optimizer_state().unwrap();
    assert!(state.parameters[&weight(first)].step >= 3);
    // The edit comes back; what was learned is no part of the history.
    let learned = learned.clone();
    edit(&mut app, EditCommand::Undo);
    assert_eq!(app.document().parameters[&weight(first)], learned);
    assert!(app.document().parameters.contains_key(&ParameterKey::Node(last, ParameterRole::Bias)));
}

#[test]
fn moving_a_node_and_settings_do_not_disturb_the_training() {
    let mut app = example("xor");
    let training =
        TrainingSettings { epochs: 10_000_000, target_loss: None, ..app.document().training.clone() };
    edit(&mut app, EditCommand::SetTraining(training.clone()));
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    while app.snapshot().is_none_or(|snapshot| !snapshot.state.is_running()) {
        app.tick();
    }
    edit(&mut app, EditCommand::Move(vec![(NodeId(1), Position { x: 3.0, y: 4.0 })]));
    edit(&mut app, EditCommand::SetTraining(TrainingSettings { learning_rate: 0.123, ..training }));
    for _ in 0..50 {
        app.tick();
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(app.run_state(), RunState::Running);
    app.dispatch(Command::Train(TrainCommand::Toggle));
    settle(&mut app);
    assert_eq!(app.run_state(), RunState::Paused);
}

#[test]
fn a_weight_typed_in_changes_the_pass_and_can_be_undone() {
    let mut app = example("mazur");
    settle(&mut app);
    let loss = |app: &App| app.snapshot().unwrap().pass.as_ref().unwrap().loss;
    let before = loss(&app);
    assert!((before - 0.298_371_109).abs() < 1e-9);
    let (&key, _) = app.document().parameters.iter().find(|(_, parameter)| parameter.trainable).unwrap();
    edit(&mut app, EditCommand::SetParameterEntry { key, index: 0, value: 2.0 });
    while loss(&app) == before {
        app.tick();
    }
    edit(&mut app, EditCommand::Undo);
    while loss(&app) != before {
        app.tick();
    }
    assert!(!app.is_dirty());
}

#[test]
fn one_step_of_mazurs_example_shows_the_published_loss() {
    let mut app = example("mazur");
    train(&mut app, Goal::Batches(1));
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    assert_eq!(pass.step, 1);
    assert!((pass.loss - 0.291_027_774).abs() < 1e-9, "{}", pass.loss);
}

#[test]
fn unsaved_work_is_asked_about_and_never_lost_by_accident() {
    let mut app = app();
    add(&mut app, NodeKind::Add);
    file(&mut app, FileCommand::OpenExample("xor".to_owned()));
    assert_eq!(app.question(), Some(&Question::Unsaved));
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    assert_eq!((app.question(), app.document().network.nodes.len()), (None, 1));
    file(&mut app, FileCommand::Quit);
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Save));
    assert!(matches!(app.question(), Some(Question::WhereToSave { typed: None, reason: None })));
    assert!(!app.may_close());
    let directory = tempfile::tempdir().unwrap();
    let wrong = directory.path().join("no such directory").join("x.ron");
    file(&mut app, FileCommand::SaveAs(wrong.clone()));
    assert!(!app.may_close(), "what cannot be saved is not left");
    let Some(Question::WhereToSave { typed, reason: Some(reason) }) = app.question() else {
        panic!("{:?}", app.question())
    };
    assert_eq!(typed.as_ref(), Some(&wrong), "what was typed is kept");
    assert!(in_english(reason).contains("there is no folder"), "{reason:?}");
    file(&mut app, FileCommand::SaveAs(directory.path().join("x.ron")));
    assert!(app.may_close(), "{:?}", app.notices());
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_open_work_as_it_was() {
    let mut app = example("xor");
    let before = app.document().clone();
    let directory = tempfile::tempdir().unwrap();
    let broken = directory.path().join("broken.ron");
    std::fs::write(&broken, "(version: 1, network:").unwrap();
    file(&mut app, FileCommand::Open(broken));
    file(&mut app, FileCommand::OpenAny(directory.path().join("missing.csv")));
    assert_eq!(*app.document(), before);
    assert_eq!(app.notices().len(), 2);
    assert!(in_english(&app.notices()[0].message).contains("broken.ron"));
    assert!(in_english(&app.notices()[1].message).contains("missing.csv"));
}

#[test]
fn a_model_whose_data_are_missing_asks_for_them() {
    let mut app = example("auto_mpg");
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("cars.csv");
    std::fs::copy(asset("auto_mpg.csv"), &data).unwrap();
    app.dispatch(Command::Data(DataCommand::Load(data.clone())));
    settle(&mut app);
    let path = directory.path().join("cars.ron");
    file(&mut app, FileCommand::SaveAs(path.clone()));
    std::fs::remove_file(&data).unwrap();
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path));
    assert!(matches!(again.question(), Some(Question::DataMissing { .. })), "{:?}", again.notices());
    let roles = again.document().data.columns.clone();
    again.dispatch(Command::Data(DataCommand::Load(asset("auto_mpg.csv"))));
    settle(&mut again);
    assert_eq!(again.question(), None);
    assert_eq!(again.document().data.columns, roles, "roles are kept");
    train(&mut again, Goal::Epochs(1));
    assert_eq!(again.loss_history().records().len(), 1);
}

#[test]
fn a_model_whose_data_have_changed_says_how_and_asks() {
    let mut app = example("auto_mpg");
    let directory = tempfile::tempdir().unwrap();
    let (data, path) = (directory.path().join("cars.csv"), directory.path().join("cars.ron"));
    std::fs::copy(asset("auto_mpg.csv"), &data).unwrap();
    app.dispatch(Command::Data(DataCommand::Load(data.clone())));
    settle(&mut app);
    file(&mut app, FileCommand::SaveAs(path.clone()));
    let saved = std::fs::read(&path).unwrap();
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path.clone()));
    assert_eq!(again.question(), None, "the file is as it was");
    file(&mut again, FileCommand::Save);
    assert_eq!(std::fs::read(&path).unwrap(), saved);

    let whole = std::fs::read_to_string(&data).unwrap();
    let cut: Vec<&str> = whole.lines().take(101).collect();
    std::fs::write(&data, cut.join("\n")).unwrap();
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path.clone()));
    let Some(Question::DataChanged(change)) = again.question() else {
        unreachable!("{:?}", again.question())
    };
    let said = in_english(&change.message());
    assert!(said.contains("398 rows × 9 columns, now it has 100 rows × 9 columns"), "{said}");
    assert!(again.table().is_none() && !again.is_dirty());
    let roles = again.document().data.columns.clone();
    again.dispatch(Command::Data(DataCommand::Reload));
    settle(&mut again);
    assert_eq!((again.question(), again.table().unwrap().n_rows()), (None, 100));
    assert_eq!(again.document().data.columns, roles);
    assert!(again.is_dirty(), "the model now knows other data");
    file(&mut again, FileCommand::Save);
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path.clone()));
    assert_eq!(again.question(), None);

    std::fs::write(&data, cut.join("\n").replacen("18", "19", 1)).unwrap();
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path));
    let Some(Question::DataChanged(change)) = again.question() else {
        unreachable!("{:?}", again.question())
    };
    let said = in_english(&change.message());
    assert!(said.contains("still has 100 rows × 9 columns"), "{said}");
    again.dispatch(Command::Data(DataCommand::Unload));
    settle(&mut again);
    assert_eq!(again.question(), None);
}

#[test]
fn a_model_from_before_fingerprints_opens_without_a_question() {
    let mut app = example("iris");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.ron");
    file(&mut app, FileCommand::SaveAs(path.clone()));
    let saved = std::fs::read_to_string(&path).unwrap();
    let begin = saved.find("        fingerprint:").unwrap();
    let end = saved.find("        dialect:").unwrap();
    std::fs::write(&path, format!("{}{}", &saved[..begin], &saved[end..])).unwrap();
    let mut again = self::app();
    file(&mut again, FileCommand::Open(path.clone()));
    assert_eq!((again.question(), again.notices().len(), again.is_dirty()), (None, 0, false));
    file(&mut again, FileCommand::Save);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), saved);
}

#[test]
fn a_loss_that_is_not_finite_stops_with_the_node_and_keeps_good_weights() {
    let mut app = example("auto_mpg");
    let wild = TrainingSettings {
        optimizer: OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        learning_rate: 1e8,
        ..app.document().training.clone()
    };
    edit(&mut app, EditCommand::SetTraining(wild));
    train(&mut app, Goal::UntilDone);
    let RunState::Stopped(StopReason::NotFinite(found)) = app.run_state() else {
        unreachable!("{:?}", app.run_state())
    };
    let said = in_english(&app.notices().last().unwrap().message);
    assert!(said.contains(&found.name) && said.contains("learning rate"), "{said}");
    assert!(app.document().parameters.values().all(|p| p.values.iter().all(|x| x.is_finite())));
}

#[test]
fn reset_draws_the_weights_anew_and_can_be_undone() {
    let mut app = example("xor");
    let stored = app.document().parameters.clone();
    train(&mut app, Goal::Batches(20));
    let trained = app.document().parameters.clone();
    assert_ne!(trained, stored);
    app.dispatch(Command::Train(TrainCommand::Reset(ResetTo::Stored)));
    settle(&mut app);
    assert_eq!(app.document().parameters, stored);
    assert!(app.loss_history().records().is_empty());
    assert_eq!(app.snapshot().unwrap().progress.step, 0);
    edit(&mut app, EditCommand::Undo);
    assert_eq!(app.document().parameters, trained);
    app.dispatch(Command::Train(TrainCommand::Reset(ResetTo::Seed)));
    settle(&mut app);
    let seed = app.document().training.seed;
    assert_eq!(app.document().parameters, app.document().network.initialize(seed));
}

#[test]
fn one_sample_its_share_and_the_row_alone_can_be_looked_at_while_paused() {
    let mut app = example("auto_mpg");
    train(&mut app, Goal::Batches(3));
    let shown = |app: &App| app.snapshot().and_then(|snapshot| snapshot.pass.clone()).map(|pass| pass.view);
    for view in [SampleView::Sample(2), SampleView::Alone(2), SampleView::Batch] {
        app.dispatch(Command::View(ViewCommand::Samples(view)));
        while shown(&app) != Some(view) {
            app.tick();
        }
    }
    assert_eq!(app.snapshot().unwrap().progress.step, 3, "looking is not learning");
}

#[test]
fn what_a_run_learned_is_not_lost_to_an_edit_in_the_frame_that_it_ends() {
    let mut app = example("xor");
    let stored = app.document().parameters.clone();
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(5))));
    // No tick: the window was busy while the run came to its end.
    std::thread::sleep(Duration::from_millis(300));
    let hidden = NodeId(2);
    edit(&mut app, EditCommand::Rename(hidden, "first".to_owned()));
    settle(&mut app);
    let key = ParameterKey::Node(hidden, ParameterRole::Weight);
    assert_ne!(app.document().parameters[&key], stored[&key]);
    assert_eq!(app.snapshot().unwrap().progress.step, 5);
}

#[test]
fn a_network_that_unrolls_too_large_is_saved_with_fewer_steps_on_demand() {
    let mut app = example("sine_rnn");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.ron");
    edit(&mut app, EditCommand::SetSteps { n_steps: 100_000, truncate: None });
    settle(&mut app);
    file(&mut app, FileCommand::SaveAs(path.clone()));
    let Some(Question::FewerSteps { path: asked, size }) = app.question().cloned() else {
        panic!("{:?}", app.question())
    };
    assert_eq!(asked, path);
    assert_eq!(size.n_steps, 100_000);
    assert!(!path.exists() && size.fewer < size.n_steps, "{size:?}");
    let said = in_english(&size.message());
    assert!(said.contains(&format!("{} steps", size.fewer)) && said.contains(" MB"), "{said}");

    file(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    assert!(app.question().is_none() && !path.exists());
    assert_eq!(app.document().network.n_steps, 100_000);

    file(&mut app, FileCommand::SaveWithSteps { n_steps: 30, path: path.clone() });
    assert!(path.exists() && !app.is_dirty() && app.question().is_none(), "{:?}", app.notices());
    assert_eq!(app.document().network.n_steps, 30);
    edit(&mut app, EditCommand::Undo);
    assert_eq!(app.document().network.n_steps, 100_000);
    assert!(app.is_dirty());
}

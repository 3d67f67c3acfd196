//! Long work that is stopped before its end, as a person meets it.

use vastavirta::app::{App, Command, DataCommand, EditCommand, TrainCommand};
use vastavirta::network::{Activation, DataNode, DenseNode, LossKind, LossNode, NodeKind, TypedRows};
use vastavirta::train::{Goal, RunState, SessionError, StopReason};
use vastavirta::words::in_english;

use crate::flows::{add, app, connect, edit, settle};

/// So many time steps take a while to compile.
const MANY: usize = 100_000;

/// h = tanh(Wx·x + Wh·h before), and the loss of the last h, over very many time steps.
fn long() -> App {
    let mut app = app();
    let typed = |values: [f64; 2]| {
        let rows = values.map(|value| vec![value]).to_vec();
        DataNode { rows: Some(TypedRows { rows }), per_step: false, ..DataNode::new(1) }
    };
    let x = add(&mut app, NodeKind::Input(typed([0.5, -0.25])));
    let wx = add(&mut app, NodeKind::Dense(DenseNode::new(1)));
    let wh = add(&mut app, NodeKind::Dense(DenseNode::new(1)));
    let sum = add(&mut app, NodeKind::Add);
    let h = add(&mut app, NodeKind::Activation(Activation::Tanh));
    let y = add(&mut app, NodeKind::Target(typed([0.1, 0.2])));
    let loss = add(&mut app, NodeKind::Loss(LossNode::new(LossKind::Mse)));
    for (from, to, port) in [(x, wx, 0), (wx, sum, 0), (wh, sum, 1), (sum, h, 0), (h, loss, 0), (y, loss, 1)]
    {
        connect(&mut app, from, to, port);
    }
    edit(&mut app, EditCommand::Connect { from: h, to: wh, port: 0, delay: 1 });
    settle(&mut app);
    assert_eq!(app.run_state(), RunState::Paused, "{:?}", app.problems());
    edit(&mut app, EditCommand::SetSteps { n_steps: MANY, truncate: None });
    app
}

#[test]
fn compiling_shows_itself_is_stopped_by_cancel_and_goes_on_with_train() {
    let mut app = long();
    app.tick();
    let job = app.job().unwrap();
    assert_eq!((in_english(&job.message), job.can_cancel), ("Compiling the network".to_owned(), true));
    app.dispatch(Command::Data(DataCommand::Cancel));
    settle(&mut app);
    let stopped = RunState::Stopped(StopReason::CannotStart(SessionError::Stopped));
    assert_eq!(app.run_state(), stopped);
    assert!(app.job().is_none(), "it stays stopped");
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(1))));
    settle(&mut app);
    assert_eq!(app.run_state(), RunState::Paused, "{:?}", app.notices());
    assert_eq!(app.snapshot().map(|snapshot| snapshot.progress.step), Some(1));
}

#[test]
fn an_edit_gives_up_what_is_being_compiled() {
    let mut app = long();
    app.tick();
    assert!(app.job().is_some());
    edit(&mut app, EditCommand::SetSteps { n_steps: 2, truncate: None });
    settle(&mut app);
    assert_eq!(app.run_state(), RunState::Paused);
    assert!(app.snapshot().is_some_and(|snapshot| snapshot.pass.is_some()), "two time steps have run");
}

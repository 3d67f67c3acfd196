//! Keeping, naming and deleting runs, and taking their weights back.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Document, Edit};
use crate::document::{MOST_RUN_LETTERS, MadeRoom, Run, RunId, RunName, Runs, within_limits};
use crate::network::Parameter;
use crate::words::{Message, ToMessage as _};

/// Keeps runs, an edit each; older ones make room.
pub fn keep_runs(document: &Document, new: Vec<(RunId, Run)>) -> (Change, MadeRoom) {
    let label = Message::new("edit-keep-run").with("n", new.len());
    let ids: BTreeSet<RunId> = new.iter().map(|(id, _)| *id).collect();
    let mut runs = document.runs.clone();
    runs.extend(new.into_iter().map(|(id, run)| (id, Arc::new(run))));
    let (runs, made_room) = within_limits(runs, &ids);
    (Change::new(label, edits_between(&document.runs, &runs)), made_room)
}

/// What brings the runs of a document within the limits again, where a step back brought some of them back:
/// others than those of `before` stay.
pub fn make_room(document: &Document, before: &Runs) -> (Change, MadeRoom) {
    let back = document.runs.keys().filter(|id| !before.contains_key(id)).copied().collect();
    let (runs, made_room) = within_limits(document.runs.clone(), &back);
    (Change::new(Message::new("edit-keep-run"), edits_between(&document.runs, &runs)), made_room)
}

fn edits_between(before: &Runs, after: &Runs) -> Vec<Edit> {
    let gone = before.keys().filter(|id| !after.contains_key(id)).map(|id| Edit::SetRun(*id, None));
    let is_new =
        |(id, run): &(&RunId, &Arc<Run>)| !before.get(id).is_some_and(|before| Arc::ptr_eq(before, run));
    let new = after.iter().filter(is_new).map(|(id, run)| Edit::SetRun(*id, Some(Arc::clone(run))));
    gone.chain(new).collect()
}

/// Calls a run something else; by its number again where the name is empty.
pub fn rename_run(document: &Document, id: RunId, name: &str) -> Change {
    let given: String = name.trim().chars().take(MOST_RUN_LETTERS).collect();
    let given = Some(given).filter(|given| !given.is_empty());
    let run = document.runs.get(&id).filter(|run| run.name.given != given);
    let name = RunName { number: run.map_or(0, |run| run.name.number), given };
    let label = Message::new("edit-rename-run").with("name", name.message());
    Change::new(label, run.map(|_| Edit::RenameRun(id, name)).into_iter().collect())
}

/// Lets a run go.
pub fn delete_run(document: &Document, id: RunId) -> Change {
    let Some(run) = document.runs.get(&id) else { return Change::nothing(Message::new("edit-delete-run")) };
    let label = Message::new("edit-delete-run").with("name", run.name.message());
    Change::new(label, vec![Edit::SetRun(id, None)])
}

/// The weights that a run ended with, and its settings; nothing where they do not fit the drawing. What is
/// frozen is the drawing's own.
pub fn restore_run(document: &Document, id: RunId) -> Change {
    let Some(run) = document.runs.get(&id).filter(|run| run.fits(&document.parameters)) else {
        return Change::nothing(Message::new("edit-restore-run"));
    };
    let changes = run.parameters.iter().filter_map(|(key, stored)| {
        let now = document.parameters.get(key)?;
        let back = Parameter { trainable: now.trainable, ..stored.clone() };
        (*now != back).then_some((*key, Some(back)))
    });
    let mut edits = vec![Edit::SetParameters(changes.collect())];
    if run.settings != document.training {
        edits.push(Edit::SetTraining(Box::new(run.settings.clone())));
    }
    Change::new(Message::new("edit-restore-run").with("name", run.name.message()), edits)
}

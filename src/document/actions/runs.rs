//! Keeping, naming and deleting runs, and taking their weights back.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Document, Edit};
use crate::document::{MOST_RUN_LETTERS, MadeRoom, Run, RunId, Runs, within_limits};
use crate::words::Message;

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

/// Calls a run something else; nothing where the name is empty.
pub fn rename_run(document: &Document, id: RunId, name: &str) -> Change {
    let name: String = name.trim().chars().take(MOST_RUN_LETTERS).collect();
    let label = Message::new("edit-rename-run").with("name", name.as_str());
    let run = document.runs.get(&id).filter(|run| !name.is_empty() && run.name != name);
    Change::new(label, run.map(|_| Edit::RenameRun(id, name)).into_iter().collect())
}

/// Lets a run go.
pub fn delete_run(document: &Document, id: RunId) -> Change {
    let run = document.runs.get(&id);
    let label = Message::new("edit-delete-run").with("name", run.map_or("", |run| run.name.as_str()));
    Change::new(label, run.map(|_| Edit::SetRun(id, None)).into_iter().collect())
}

/// The weights that a run ended with, and its settings; parameters that have another shape by now stay.
pub fn restore_run(document: &Document, id: RunId) -> Change {
    let Some(run) = document.runs.get(&id) else { return Change::nothing(Message::new("edit-restore-run")) };
    let changes = run.parameters.iter().filter_map(|(key, stored)| {
        let now = document.parameters.get(key).filter(|now| now.shape == stored.shape)?;
        (now != stored).then(|| (*key, Some(stored.clone())))
    });
    let mut edits = vec![Edit::SetParameters(changes.collect())];
    if run.settings != document.training {
        edits.push(Edit::SetTraining(Box::new(run.settings.clone())));
    }
    Change::new(Message::new("edit-restore-run").with("name", run.name.as_str()), edits)
}

//! Keeping, naming and deleting runs, and taking their weights back.

use std::sync::Arc;

use super::{Change, Document, Edit};
use crate::document::{MOST_RUN_LETTERS, MOST_RUN_NUMBERS, Run};
use crate::network::Parameters;
use crate::words::Message;

/// Keeps runs after those that are kept, as many as there is room for; weights as long as there is.
pub fn keep_runs(document: &Document, new: Vec<Run>) -> Change {
    let mut runs = document.runs.clone();
    let mut numbers: usize = runs.iter().map(|run| run.n_numbers()).sum();
    let label = Message::new("edit-keep-run").with("n", new.len());
    for mut run in new.into_iter().take(document.room_for_runs()) {
        if numbers + run.n_numbers() > MOST_RUN_NUMBERS {
            run.parameters = Parameters::new();
        }
        numbers += run.n_numbers();
        runs.push(Arc::new(run));
    }
    set(document, label, runs)
}

/// Calls a run something else; nothing where the name is empty.
pub fn rename_run(document: &Document, idx: usize, name: &str) -> Change {
    let name: String = name.trim().chars().take(MOST_RUN_LETTERS).collect();
    let mut runs = document.runs.clone();
    if let Some(run) = runs.get_mut(idx).filter(|_| !name.is_empty()) {
        Arc::make_mut(run).name.clone_from(&name);
    }
    set(document, Message::new("edit-rename-run").with("name", name), runs)
}

/// Lets a run go.
pub fn delete_run(document: &Document, idx: usize) -> Change {
    let mut runs = document.runs.clone();
    let name = runs.get(idx).map_or_else(String::new, |run| run.name.clone());
    if idx < runs.len() {
        runs.remove(idx);
    }
    set(document, Message::new("edit-delete-run").with("name", name), runs)
}

/// The weights that a run ended with, and its settings; parameters that have another shape by now stay.
pub fn restore_run(document: &Document, idx: usize) -> Change {
    let Some(run) = document.runs.get(idx) else { return Change::nothing(Message::new("edit-restore-run")) };
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

fn set(document: &Document, label: Message, runs: Vec<Arc<Run>>) -> Change {
    if runs == document.runs { Change::nothing(label) } else { Change::new(label, vec![Edit::SetRuns(runs)]) }
}

//! What was fitted for trained weights: kept when other data come, given up only when asked for;
//! and the scaling that follows what columns are used for.
//!
//! Must not know how anything is fitted.

use std::path::PathBuf;
use std::sync::Arc;

use crate::data::{
    self, ColumnKind, ColumnRole, ColumnSettings, ColumnSummary, DataRequest, DataSettings, Scaling, Table,
};
use crate::document::Document;
use crate::network::{LossKind, Network};
use crate::words::Message;

use super::data::{Loaded, file_name};
use super::{App, Question, Tone, Used};

impl App {
    /// A file was read: it takes the place of the old one, or a question is asked first. Weights
    /// that were trained rely on what was fitted for them.
    pub(super) fn take_arrived(&mut self, loaded: Loaded, path: PathBuf) {
        let settings = &self.document.data;
        let Some(fitted) = &settings.fitted else {
            self.take_loaded(loaded, path, true);
            return;
        };
        let request = DataRequest::of(&self.document.network);
        let needed = data::needed_columns(settings, &request);
        let is_fitted =
            |column: &&ColumnSettings| fitted.columns.iter().any(|known| known.name == column.name);
        let lacking = needed
            .iter()
            .filter(is_fitted)
            .filter(|column| loaded.table.column_index(&column.name).is_none())
            .map(|column| column.name.clone());
        let lacks: Vec<String> = lacking.collect();
        let is_same_file = settings.path.as_ref() == Some(&path)
            || settings.fingerprint.is_some_and(|old| old.is_of_same_bytes(&loaded.table.fingerprint()));
        if lacks.is_empty() && is_same_file {
            self.take_loaded(loaded, path, false);
        } else {
            self.messages.question = Some(Question::Refit { path: path.clone(), lacks });
            self.data.arrived = Some((loaded, path));
        }
    }

    /// The answer to [`Question::Refit`].
    pub(super) fn answer_refit(&mut self, is_refit: bool) {
        if matches!(self.messages.question, Some(Question::Refit { .. })) {
            self.messages.question = None;
        }
        if let Some((loaded, path)) = self.data.arrived.take() {
            self.take_loaded(loaded, path, is_refit);
        }
    }

    /// A new file: roles and kinds of columns that it shares with the old one stay.
    fn take_loaded(&mut self, loaded: Loaded, path: PathBuf, is_refit: bool) {
        let before = self.document.clone();
        let Loaded { inspection, table, summaries } = loaded;
        let old = &self.document.data;
        let has_all = |columns: &[ColumnSettings]| {
            columns.iter().all(|column| table.column_index(&column.name).is_some())
        };
        let is_kept = !is_refit && old.fitted.is_some();
        let is_known = is_kept
            || (!old.columns.is_empty() && old.columns.len() == table.n_columns() && has_all(&old.columns));
        let found = data::guess_columns(&table);
        let unknown = data::unknown_columns(&table, &old.columns).filter(|_| is_kept);
        let mut settings = DataSettings {
            path: Some(path.clone()),
            fingerprint: Some(table.fingerprint()),
            dialect: inspection.dialect.clone(),
            columns: if is_known { data::keep_roles(found, &old.columns) } else { found },
            fitted: old.fitted.clone().filter(|_| is_kept),
            ..old.clone()
        };
        let mut guessed = None;
        if !is_known {
            let mut targets = settings.columns.iter().filter(|column| column.role == ColumnRole::Target);
            guessed = targets.next().map(|column| column.name.clone());
            settings.scaling = Scaling::Standardize;
            settings.target_scaling =
                usual_target_scaling(&self.document.network, &settings.columns, &table, &summaries);
        }
        self.take_table(Some(Loaded { inspection, table, summaries }));
        self.data.guessed_target = guessed;
        self.change_data(settings);
        self.after_change(&before);
        self.reload_trainer();
        if is_kept {
            let message = Message::new("data-fit-kept").with("file", file_name(&path));
            self.notify(Tone::Info, message);
        }
        if let Some(unknown) = unknown {
            self.notify(Tone::Warning, unknown);
        }
        self.used.push(Used::Data(path));
    }

    /// Training begins: from now on the weights rely on what is fitted at present.
    pub(super) fn rely_on_fit(&mut self) {
        let Some(prepared) = &self.data.prepared else { return };
        let fitted = prepared.preprocessing();
        if fitted.columns.is_empty() || self.document.data.fitted.as_deref() == Some(fitted) {
            return;
        }
        self.document.data.fitted = Some(Arc::new(fitted.clone()));
        self.revision += 1;
    }

    /// Choices of a person about the data, with what follows from them: the scaling of targets,
    /// where nobody chose another, and a new fit of columns that are used in another way.
    pub(super) fn with_consequences(&mut self, mut settings: DataSettings) -> DataSettings {
        self.replace_guessed_target(&mut settings);
        let old = &self.document.data;
        if settings.columns != old.columns
            && settings.target_scaling == old.target_scaling
            && let Some(table) = &self.data.table
        {
            let usual = |columns: &[ColumnSettings]| {
                usual_target_scaling(&self.document.network, columns, table, &self.data.summaries)
            };
            if old.target_scaling == usual(&old.columns) {
                settings.target_scaling = usual(&settings.columns);
            }
        }
        let changed = settings.forget_changed_fits(old);
        if !changed.is_empty() {
            let message = Message::new("data-fit-anew").with("columns", changed.join(", "));
            self.notify(Tone::Info, message);
        }
        settings
    }

    /// A target that a person chooses takes the place of the guessed one; further ones are added.
    fn replace_guessed_target(&mut self, settings: &mut DataSettings) {
        let is_new = |column: &ColumnSettings| {
            let before = self.document.data.columns.iter().find(|old| old.name == column.name);
            column.role == ColumnRole::Target && before.is_none_or(|old| old.role != ColumnRole::Target)
        };
        if !settings.columns.iter().any(is_new) {
            return;
        }
        let Some(guessed) = self.data.guessed_target.take() else { return };
        let guess = settings.columns.iter_mut().find(|column| column.name == guessed);
        if let Some(column) = guess.filter(|column| column.role == ColumnRole::Target) {
            column.role = ColumnRole::Feature;
        }
    }

    /// Another loss wants other targets: their scaling follows it before any training.
    pub(super) fn follow_losses(&mut self, before: &Network) {
        let settings = &self.document.data;
        let Some(table) = self.data.table.as_ref().filter(|_| settings.fitted.is_none()) else { return };
        if losses(before).eq(losses(&self.document.network)) {
            return;
        }
        let usual = |network| usual_target_scaling(network, &settings.columns, table, &self.data.summaries);
        let new = usual(&self.document.network);
        if settings.target_scaling != usual(before) || settings.target_scaling == new {
            return;
        }
        let settings = DataSettings { target_scaling: new, ..settings.clone() };
        let change = crate::document::actions::set_data(&self.document, settings, &[]);
        self.history.perform(&mut self.document, change);
    }

    /// After Undo or Redo: trained weights that stayed keep what was fitted for them.
    pub(super) fn carry_fit(&mut self, before: &Document) {
        if self.document.data.fitted.is_none() && before.data.fitted.is_some() && self.document.is_trained() {
            self.document.data.fitted.clone_from(&before.data.fitted);
            let _ = self.document.data.forget_changed_fits(&before.data);
        }
    }
}

fn losses(network: &Network) -> impl Iterator<Item = LossKind> {
    network.nodes.values().filter_map(|node| Some(node.kind.loss()?.kind))
}

/// Targets are standardized where they are numbers that a regression learns, and where no loss is
/// drawn yet. A loss of probabilities takes them as they are.
fn usual_target_scaling(
    network: &Network,
    columns: &[ColumnSettings],
    table: &Table,
    summaries: &[ColumnSummary],
) -> Scaling {
    let takes_probabilities = losses(network).any(|loss| match loss {
        LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => false,
        LossKind::Bce
        | LossKind::BceWithLogits
        | LossKind::CrossEntropy
        | LossKind::CrossEntropyWithLogits => true,
    });
    let is_amount = |column: &ColumnSettings| {
        column.role == ColumnRole::Target
            && column.kind == ColumnKind::Number
            && table
                .column_index(&column.name)
                .is_some_and(|index| summaries.get(index).is_some_and(|summary| summary.distinct > 2))
    };
    if !takes_probabilities && columns.iter().any(is_amount) { Scaling::Standardize } else { Scaling::None }
}

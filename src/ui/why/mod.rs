//! Why a number is what it is: its name in words, how it is made, with signs and with numbers, what it
//! is made of and what it goes into.
//!
//! Must not know how a number is made: [`crate::explain`] says it.

mod chips;
mod names;
mod optimizer;
mod shortcut;

use std::sync::Arc;

use egui::{Button, Color32, RichText, ScrollArea, Ui};

pub(crate) use self::names::{label, title};
use super::convention::convention_row_ui;
use super::fields::{note_ui, sign_button, wrapped_ui};
use super::formula::{Formula, family_color};
use super::lit;
use super::theme::{self, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::explain::print::Convention;
use crate::explain::{self, Card, Explainer, Metric, Quantity, Tensor, Written};
use crate::words::Words;

/// The height of an em in the formula with signs, and in the one with numbers.
const SIGNS: f32 = 19.0;
const NUMBERS: f32 = 16.0;
/// What the names of a formula stand for.
const NOTES: f32 = 14.0;

/// What every part of a card needs.
pub(super) struct Shown<'a> {
    pub(super) app: &'a App,
    pub(super) words: &'a Words,
    pub(super) explainer: &'a Explainer<'a>,
}

/// All that a card depends on.
#[derive(Clone, PartialEq)]
struct CardKey {
    of: Quantity,
    convention: Convention,
    /// Of the drawing.
    revision: u64,
    /// The state of the run, by its weights and its number.
    snapshot: Option<(u64, u64)>,
    evaluation: Option<usize>,
    /// The prepared data, by where they are.
    data: Option<usize>,
}

/// Explains the numbers that the panels show now.
pub(crate) fn with_explainer<R>(app: &App, read: impl FnOnce(&Explainer<'_>) -> R) -> R {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let explainer = Explainer::new(&app.document().network, app.shapes(), app.convention(), pass);
    let data = app.prepared().map(std::convert::AsRef::as_ref);
    let evaluation = app.snapshot().and_then(|snapshot| snapshot.evaluation.as_deref());
    let train_loss = app.snapshot().and_then(|snapshot| snapshot.progress.train_loss);
    read(
        &explainer
            .with_data(data)
            .with_evaluation(evaluation)
            .with_train_loss(train_loss)
            .with_epochs(app.loss_history().records()),
    )
}

/// The panel.
pub(crate) fn why_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        match app.why().current() {
            None => note_ui(ui, words.text("why-empty")),
            Some(of) => with_explainer(app, |explainer| {
                let shown = Shown { app, words, explainer };
                shown.trail_ui(ui, out);
                shown.card_ui(ui, of, out);
            }),
        }
        ui.add_space(4.0);
        ui.separator();
        wrapped_ui(ui, |ui| convention_row_ui(ui, app.convention(), words, out));
    });
}

impl Shown<'_> {
    /// How the person came here, with the way back.
    fn trail_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let trail = self.app.why().trail();
        let theme = Theme::of(ui);
        wrapped_ui(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let before = trail.len().checked_sub(2);
            if sign_button(ui, "◀", &self.words.text("why-back"), before.is_some()).clicked()
                && let Some(at) = before
            {
                out.push(Command::View(ViewCommand::ExplainBack(at)));
            }
            for (at, &quantity) in trail.iter().enumerate() {
                let is_last = at + 1 == trail.len();
                if at > 0 {
                    ui.label(RichText::new("›").color(theme.weak));
                }
                let label = label(self.app, self.explainer, quantity, self.words);
                let color = if is_last { theme.accent } else { theme.weak };
                let text = RichText::new(label).font(theme::mono(11.5)).color(color);
                if ui.add(Button::new(text).frame(false)).clicked() && !is_last {
                    out.push(Command::View(ViewCommand::ExplainBack(at)));
                }
            }
            if sign_button(ui, "×", &self.words.text("why-close"), true).clicked() {
                out.push(Command::View(ViewCommand::CloseWhy));
            }
        });
    }

    fn card_ui(&self, ui: &mut Ui, of: Quantity, out: &mut Vec<Command>) {
        let card = self.kept_card(ui, of);
        let card = card.as_ref();
        self.heading_ui(ui, card);
        ui.add_space(6.0);
        if let (Some(signs), Some(numbers)) = (&card.signs, &card.numbers) {
            self.formula_ui(ui, signs, SIGNS, out);
            let mut numbers = numbers.clone();
            if let Some(value) = card.value {
                numbers.equal_to(value);
            }
            ui.add_space(2.0);
            self.formula_ui(ui, &numbers, NUMBERS, out);
            for note in &card.notes {
                self.formula_ui(ui, note, NOTES, out);
            }
        } else if let Tensor::Metric(metric) = of.tensor {
            self.metric_ui(ui, (metric, of), out);
        } else {
            self.given_ui(ui, of);
        }
        self.shortcut_ui(ui, of, out);
        chips::made_of_ui(ui, self, card, out);
        chips::used_in_ui(ui, self, of, out);
        self.optimizer_ui(ui, of, out);
    }

    /// The card, made once for a state of the run: that of a loss over many samples is long.
    fn kept_card(&self, ui: &Ui, of: Quantity) -> Arc<Card> {
        let snapshot = self.app.snapshot();
        let evaluation = snapshot.and_then(|snapshot| snapshot.evaluation.as_ref());
        let key = CardKey {
            of,
            convention: self.explainer.convention(),
            revision: self.app.revision(),
            snapshot: snapshot.map(|snapshot| (snapshot.revision, snapshot.sequence)),
            evaluation: evaluation.map(|evaluation| evaluation.epoch),
            data: self.app.prepared().map(|data| Arc::as_ptr(data).addr()),
        };
        let id = egui::Id::new("kept card");
        let kept: Option<(CardKey, Arc<Card>)> = ui.data(|data| data.get_temp(id));
        if let Some((_, card)) = kept.filter(|(known, _)| *known == key) {
            return card;
        }
        let card = Arc::new(self.explainer.card(of));
        ui.data_mut(|data| data.insert_temp(id, (key, Arc::clone(&card))));
        card
    }

    fn heading_ui(&self, ui: &mut Ui, card: &Card) {
        let theme = Theme::of(ui);
        let value = card.value.map_or_else(|| "None".to_owned(), explain::short);
        let color = family_color(ui, card.of.tensor);
        ui.horizontal(|ui| {
            let title = title(self.app, self.explainer, card.of, self.words);
            let value = RichText::new(value).font(theme::mono(16.0)).color(color);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(value);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let title = RichText::new(title).font(theme::strong(14.0));
                    ui.add(egui::Label::new(title).truncate());
                });
            });
        });
        let text = names::sentence(self.app, self.explainer, card.of, self.words);
        ui.add(egui::Label::new(RichText::new(text).color(theme.weak).size(12.0)).wrap());
    }

    /// A metric by its rule and by the sums of the newest evaluation; of an older epoch only the number is
    /// kept.
    fn metric_ui(&self, ui: &mut Ui, (metric, of): (Metric, Quantity), out: &mut Vec<Command>) {
        if let Some(epoch) = of.epoch() {
            let evaluation = self.explainer.evaluation();
            let first = evaluation.and_then(|evaluation| evaluation.losses.first());
            let rule = first.and_then(|first| self.explainer.metric(metric, first));
            if let Some((signs, _)) = self.explainer.mean_loss(of).or(rule) {
                self.formula_ui(ui, &signs, SIGNS, out);
            }
            let about = [("epoch", epoch.into())];
            note_ui(ui, self.words.text_with("why-older-epoch", &about));
            let newest = self.words.text("why-newest-epoch");
            if ui.button(newest).clicked() {
                out.push(Command::View(ViewCommand::Follow(of.tensor.at(0, 0))));
            }
            return;
        }
        if let Some((signs, numbers)) = self.explainer.mean_loss(of) {
            self.formula_ui(ui, &signs, SIGNS, out);
            ui.add_space(2.0);
            self.formula_ui(ui, &numbers, NUMBERS, out);
        }
        if metric == Metric::TrainLoss {
            return;
        }
        let Some(evaluation) = self.explainer.evaluation() else {
            return note_ui(ui, self.words.text("metrics-nothing"));
        };
        let of_loss = evaluation.losses.get(of.loss().unwrap_or(0));
        if let Some((signs, numbers)) = of_loss.and_then(|of_loss| self.explainer.metric(metric, of_loss)) {
            self.formula_ui(ui, &signs, SIGNS, out);
            ui.add_space(2.0);
            self.formula_ui(ui, &numbers, NUMBERS, out);
        }
        let part = if evaluation.is_validation { "metrics-validation" } else { "metrics-training" };
        let about = [("part", self.words.text(part).into()), ("epoch", evaluation.epoch.into())];
        note_ui(ui, self.words.text_with("metrics-about", &about));
    }

    /// What is given has no formula: where it comes from instead.
    fn given_ui(&self, ui: &mut Ui, of: Quantity) {
        let key = match of.tensor {
            Tensor::Parameter(_) => "why-given-parameter",
            Tensor::OptimizerState { .. } => "why-given-state",
            Tensor::Mask { .. } => "why-given-mask",
            Tensor::Output { .. } | Tensor::Column(_) => "why-given-data",
            _ if self.explainer.value(of).is_none() => "why-given-none",
            _ => "why-given",
        };
        note_ui(ui, self.words.text(key));
    }

    /// A formula, its operands in the colors of their families: a click goes to an operand's own card.
    pub(super) fn formula_ui(&self, ui: &mut Ui, written: &Written, size: f32, out: &mut Vec<Command>) {
        let lit = lit::of(ui.ctx());
        let colors: Vec<Color32> = written.marks.iter().map(|&of| family_color(ui, of.tensor)).collect();
        let is_lit = |mark: usize| written.marks.get(mark).is_some_and(|of| lit.is_hovered(*of));
        let formula = Formula {
            parts: &written.parts,
            linear: &written.linear,
            size,
            color: &|mark| colors.get(mark).copied().unwrap_or(Color32::PLACEHOLDER),
            is_lit: &is_lit,
        };
        let (response, pointed) = formula.ui(ui);
        if let Some(&of) = pointed.hovered.and_then(|mark| written.marks.get(mark)) {
            lit::light(ui.ctx(), self.explainer, of);
            response.on_hover_ui_at_pointer(|ui| self.hover_ui(ui, of));
        }
        if let Some(&of) = pointed.clicked.and_then(|mark| written.marks.get(mark)) {
            out.push(Command::View(ViewCommand::Follow(of)));
        }
    }

    /// A number under the pointer: what it is called, its value and its formula.
    pub(super) fn hover_ui(&self, ui: &mut Ui, of: Quantity) {
        let title = title(self.app, self.explainer, of, self.words);
        let value = self.explainer.value(of).map_or_else(|| "None".to_owned(), explain::short);
        ui.label(RichText::new(format!("{title} = {value}")).font(theme::mono(12.0)));
    }
}

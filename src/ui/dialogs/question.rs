//! Questions that wait for an answer, and notices that tell what happened.
//!
//! Must not know what follows from an answer.

use egui::{Align2, Button, Context, Frame, Modal, RichText, Ui};

use super::super::fields::sign_button;
use super::super::theme::Theme;
use crate::app::{App, Command, DataCommand, FileCommand, Question, Tone, UnsavedAnswer, ViewCommand};
use crate::words::Words;

/// Asks `question`; true where a path must be asked for.
pub(super) fn question_ui(ctx: &Context, words: &Words, question: &Question, out: &mut Vec<Command>) -> bool {
    let file = |command| Command::File(command);
    let answer = |answer| Command::File(FileCommand::Answer(answer));
    match question {
        Question::Unsaved => {
            let buttons = [
                ("files-save", answer(UnsavedAnswer::Save)),
                ("files-discard", answer(UnsavedAnswer::Discard)),
                ("files-cancel", answer(UnsavedAnswer::Cancel)),
            ];
            let body = words.text("files-unsaved-body");
            ask_ui(ctx, words, &words.text("files-unsaved-title"), &body, &buttons, Some(2), out);
            false
        }
        Question::WhereToSave => true,
        Question::Recover { path, name } => {
            let buttons = [
                ("files-recover", file(FileCommand::Recover)),
                ("files-discard-recovery", file(FileCommand::DiscardRecovery)),
            ];
            let place = path.as_ref().map_or_else(|| name.clone(), |path| path.display().to_string());
            let body = words.text_with("files-recover-body", &[("name", place.into())]);
            ask_ui(ctx, words, &words.text("files-recover-title"), &body, &buttons, None, out);
            false
        }
        Question::DataMissing { path } => {
            let buttons = [
                ("files-find-data", Command::Data(DataCommand::Load(path.clone()))),
                ("files-without-data", Command::Data(DataCommand::Unload)),
            ];
            let body = words.text_with("files-missing-body", &[("path", path.display().to_string().into())]);
            ask_ui(ctx, words, &words.text("files-missing-title"), &body, &buttons, Some(1), out);
            false
        }
    }
}

/// A question with its answers; the first is the proposed one.
fn ask_ui(
    ctx: &Context,
    words: &Words,
    title: &str,
    body: &str,
    buttons: &[(&str, Command)],
    on_escape: Option<usize>,
    out: &mut Vec<Command>,
) {
    let mut chosen = None;
    let modal = Modal::new("question".into()).show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ctx.content_rect().width() - 40.0).max(0.0));
        ui.heading(title);
        ui.add_space(4.0);
        ui.add(egui::Label::new(body).wrap());
        ui.add_space(8.0);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let theme = Theme::of(ui);
            for (i, (key, _)) in buttons.iter().enumerate() {
                let button = if i == 0 {
                    Button::new(RichText::new(words.text(key)).color(theme.on_accent)).fill(theme.accent)
                } else {
                    Button::new(words.text(key))
                };
                if ui.add(button).clicked() {
                    chosen = Some(i);
                }
            }
        });
    });
    if modal.should_close() {
        chosen = chosen.or(on_escape);
    }
    if let Some((_, command)) = chosen.and_then(|i| buttons.get(i)) {
        out.push(command.clone());
    }
}

/// What there is to tell, as cards in the lower right corner.
pub(super) fn notices_ui(ctx: &Context, app: &App, words: &Words, out: &mut Vec<Command>) {
    const SHOWN: usize = 4;
    let notices = app.notices();
    let newest = &notices[notices.len().saturating_sub(SHOWN)..];
    if newest.is_empty() {
        return;
    }
    egui::Area::new("notices".into())
        .order(egui::Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, [-12.0, -12.0])
        .show(ctx, |ui| {
            ui.set_max_width(380.0);
            for notice in newest {
                card_ui(ui, notice.tone, &words.say(&notice.message), words, || {
                    out.push(Command::View(ViewCommand::DismissNotice(notice.id)));
                });
            }
        });
}

fn card_ui(ui: &mut Ui, tone: Tone, text: &str, words: &Words, dismiss: impl FnOnce()) {
    let theme = Theme::of(ui);
    let (color, sign) = match tone {
        Tone::Info => (theme.accent, "ℹ"),
        Tone::Warning => (theme.warning, "⚠"),
        Tone::Error => (theme.error, "⚠"),
    };
    Frame::popup(ui.style()).stroke((1.0, color)).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(sign).color(color));
            ui.scope(|ui| {
                ui.set_max_width(300.0);
                ui.add(egui::Label::new(text).wrap());
            });
            if sign_button(ui, "✕", &words.text("files-dismiss"), true).clicked() {
                dismiss();
            }
        });
    });
}

//! Questions that wait for an answer, and notices that tell what happened.
//!
//! Must not know what follows from an answer.

use egui::{Align2, Button, Context, Frame, RichText, Ui};

use super::super::fields::sign_button;
use super::super::theme::Theme;
use super::PathTask;
use crate::app::{
    App, Command, DataCommand, FileCommand, JobProgress, Question, Tone, UnsavedAnswer, ViewCommand,
};
use crate::words::{ToMessage as _, Words};

/// Asks `question`; gives what a path must be asked for, if anything.
pub(super) fn question_ui(
    ctx: &Context,
    words: &Words,
    question: &Question,
    out: &mut Vec<Command>,
) -> Option<PathTask> {
    let file = |command| Answer::Send(Command::File(command));
    let answer = |answer| Answer::Send(Command::File(FileCommand::Answer(answer)));
    match question {
        Question::Unsaved => {
            let buttons = [
                ("files-save", answer(UnsavedAnswer::Save)),
                ("files-discard", answer(UnsavedAnswer::Discard)),
                ("files-cancel", answer(UnsavedAnswer::Cancel)),
            ];
            let body = words.text("files-unsaved-body");
            ask_ui(ctx, words, "files-unsaved-title", &body, &buttons, Some(2), out)
        }
        Question::WhereToSave => Some(PathTask::SaveAs),
        Question::Recover { path, name } => {
            let buttons = [
                ("files-recover", file(FileCommand::Recover)),
                ("files-discard-recovery", file(FileCommand::DiscardRecovery)),
            ];
            let place = match path {
                Some(path) => path.display().to_string(),
                None if name.is_empty() => words.text("files-untitled"),
                None => name.clone(),
            };
            let body = words.text_with("files-recover-body", &[("name", place.into())]);
            ask_ui(ctx, words, "files-recover-title", &body, &buttons, None, out)
        }
        Question::FewerSteps { path, size } => {
            let save = FileCommand::SaveWithSteps { n_steps: size.fewer, path: path.clone() };
            let buttons =
                [("files-save-fewer-steps", file(save)), ("files-cancel", answer(UnsavedAnswer::Cancel))];
            let body = words.say(&size.message());
            ask_ui(ctx, words, "files-fewer-steps-title", &body, &buttons, Some(1), out)
        }
        Question::DataMissing { path } => {
            let again = Command::Data(DataCommand::Load(path.clone()));
            let buttons = [
                ("files-find-data", Answer::AskPath(PathTask::LoadData)),
                ("files-try-again", Answer::Send(again)),
                ("files-without-data", Answer::Send(Command::Data(DataCommand::Unload))),
            ];
            let body = words.text_with("files-missing-body", &[("path", path.display().to_string().into())]);
            ask_ui(ctx, words, "files-missing-title", &body, &buttons, Some(2), out)
        }
        Question::DataChanged(change) => {
            let buttons = [
                ("files-use-changed", Answer::Send(Command::Data(DataCommand::Reload))),
                ("files-find-data", Answer::AskPath(PathTask::LoadData)),
                ("files-without-data", Answer::Send(Command::Data(DataCommand::Unload))),
            ];
            let body = words.say(&change.message());
            ask_ui(ctx, words, "files-changed-title", &body, &buttons, Some(2), out)
        }
        Question::Refit { path, lacks } => {
            let data = |command| Answer::Send(Command::Data(command));
            let keep = ("data-refit-keep", data(DataCommand::KeepFit));
            let anew = ("data-refit-anew", data(DataCommand::FitAnew));
            let cancel = ("files-cancel", data(DataCommand::Cancel));
            let file = path.display().to_string();
            if lacks.is_empty() {
                let body = words.text_with("data-refit-body", &[("file", file.into())]);
                ask_ui(ctx, words, "data-refit-title", &body, &[keep, anew, cancel], Some(2), out)
            } else {
                let about = [("file", file.into()), ("columns", lacks.join(", ").into())];
                let body = words.text_with("data-refit-lacks", &about);
                ask_ui(ctx, words, "data-refit-title", &body, &[anew, cancel], Some(1), out)
            }
        }
    }
}

/// What a button of a question does.
enum Answer {
    Send(Command),
    AskPath(PathTask),
}

/// A question with its answers; the first is the proposed one.
fn ask_ui(
    ctx: &Context,
    words: &Words,
    title: &str,
    body: &str,
    buttons: &[(&str, Answer)],
    on_escape: Option<usize>,
    out: &mut Vec<Command>,
) -> Option<PathTask> {
    let mut chosen = None;
    let modal = super::modal("question", ctx).show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ctx.content_rect().width() - 40.0).max(0.0));
        ui.heading(words.text(title));
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
    match &buttons.get(chosen?)?.1 {
        Answer::Send(command) => {
            out.push(command.clone());
            None
        }
        Answer::AskPath(task) => Some(*task),
    }
}

/// Good news leaves by itself after this many seconds.
const LASTS: f64 = 6.0;

/// Whether a piece of good news has been seen long enough. It stays while nothing is drawn.
fn has_been_seen(ctx: &Context, id: u64) -> bool {
    let key = egui::Id::new(("notice", id));
    let now = ctx.input(|input| input.time);
    let since: f64 = ctx.data_mut(|data| *data.get_temp_mut_or(key, now));
    let left = since + LASTS - now;
    if left > 0.0 {
        ctx.request_repaint_after_secs(left as f32);
    }
    left <= 0.0
}

/// What there is to tell, as cards below the height `top`.
pub(crate) fn notices_ui(ctx: &Context, app: &App, words: &Words, top: f32, out: &mut Vec<Command>) {
    const SHOWN: usize = 4;
    let notices = app.notices();
    let newest = &notices[notices.len().saturating_sub(SHOWN)..];
    let job = app.job();
    if newest.is_empty() && job.is_none() {
        return;
    }
    egui::Area::new("notices".into())
        .order(egui::Order::Foreground)
        .anchor(Align2::CENTER_TOP, [0.0, top + 8.0])
        .show(ctx, |ui| {
            ui.set_max_width((ctx.content_rect().width() - 40.0).clamp(0.0, 540.0));
            if let Some(job) = job {
                job_ui(ui, &job, words, out);
            }
            for notice in newest {
                if notice.tone == Tone::Info && has_been_seen(ctx, notice.id) {
                    out.push(Command::View(ViewCommand::DismissNotice(notice.id)));
                }
                card_ui(ui, notice.tone, &words.say(&notice.message), words, || {
                    out.push(Command::View(ViewCommand::DismissNotice(notice.id)));
                });
            }
        });
}

/// A job in the background, with how far it has come.
fn job_ui(ui: &mut Ui, job: &JobProgress, words: &Words, out: &mut Vec<Command>) {
    Frame::popup(ui.style()).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(words.say(&job.message));
            if let Some(fraction) = job.fraction {
                let percent = format!("{:.0} %", fraction * 100.0);
                ui.add(egui::ProgressBar::new(fraction).desired_width(120.0).text(percent));
            }
            if job.can_cancel && ui.button(words.text("files-stop")).clicked() {
                out.push(Command::Data(DataCommand::Cancel));
            }
        });
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
                ui.set_max_width((ui.available_width() - 60.0).max(0.0));
                ui.add(egui::Label::new(text).wrap());
            });
            if sign_button(ui, "✕", &words.text("files-dismiss"), true).clicked() {
                dismiss();
            }
        });
    });
}

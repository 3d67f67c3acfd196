//! What there is to tell, in a strip below the panels: it covers nothing.
//!
//! Must not know what happened, nor how long it stays true.

use egui::{Align, Button, Context, Frame, Layout, RichText, ScrollArea, Ui};

use super::super::fields::sign_button;
use super::super::theme::Theme;
use crate::app::{App, Command, DataCommand, JobProgress, Notice, Tone, ViewCommand};
use crate::words::Words;

/// The most notices that are shown at once, the newest of all.
const SHOWN: usize = 3;
/// The most of the window's height that they take.
const SHARE: f32 = 0.4;
/// Good news leaves by itself after this many seconds.
const LASTS: f64 = 6.0;
/// A job that is done sooner is not told of, in seconds.
const SHORT_JOB: f64 = 0.4;

/// Whether so many seconds have passed since something was first shown. While nothing is drawn it stays.
fn has_passed(ctx: &Context, what: egui::Id, seconds: f64) -> bool {
    let now = ctx.input(|input| input.time);
    let since: f64 = ctx.data_mut(|data| *data.get_temp_mut_or(what, now));
    let left = since + seconds - now;
    if left > 0.0 {
        ctx.request_repaint_after_secs(left as f32);
    }
    left <= 0.0
}

/// The strip; nothing where there is nothing to tell.
pub(crate) fn notices_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let job = lasting_job(ui.ctx(), app);
    let notices = app.notices();
    if notices.is_empty() && job.is_none() {
        return;
    }
    let height = ui.available_height() * SHARE;
    let frame = Frame::NONE.fill(Theme::of(ui).panel).inner_margin(egui::Margin::symmetric(10, 5));
    egui::Panel::bottom("notices").frame(frame).show(ui, |ui| {
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            if let Some(job) = job {
                job_ui(ui, &job, words, out);
            }
            // The newest is the lowest: its × stays where it is while others come and go.
            let newest = &notices[notices.len().saturating_sub(SHOWN)..];
            for (i, notice) in newest.iter().enumerate() {
                let is_last = i + 1 == newest.len();
                notice_ui(ui, notice, notices.len(), is_last, words, out);
            }
        });
    });
}

/// The job in the background, where it takes a while.
fn lasting_job(ctx: &Context, app: &App) -> Option<JobProgress> {
    let key = egui::Id::new("job since");
    let job = app.job();
    if job.is_none() {
        ctx.data_mut(|data| data.remove::<f64>(key));
    }
    job.filter(|_| has_passed(ctx, key, SHORT_JOB))
}

/// A job in the background, with how far it has come.
fn job_ui(ui: &mut Ui, job: &JobProgress, words: &Words, out: &mut Vec<Command>) {
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
}

/// One line; the last one can dismiss all.
fn notice_ui(ui: &mut Ui, notice: &Notice, n: usize, is_last: bool, words: &Words, out: &mut Vec<Command>) {
    let dismiss = Command::View(ViewCommand::DismissNotice(notice.id));
    if notice.tone == Tone::Info && has_passed(ui.ctx(), egui::Id::new(("notice", notice.id)), LASTS) {
        out.push(dismiss.clone());
    }
    let theme = Theme::of(ui);
    let (color, sign) = match notice.tone {
        Tone::Info => (theme.accent, "ℹ"),
        Tone::Warning => (theme.warning, "⚠"),
        Tone::Error => (theme.error, "⚠"),
    };
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(sign).color(color));
        // From the right: the buttons stay where they are, and the text takes what room they leave.
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if sign_button(ui, "×", &words.text("files-dismiss"), true).clicked() {
                out.push(dismiss);
            }
            let all = words.text_with("files-dismiss-all", &[("n", n.into())]);
            if is_last && n > 1 && ui.add(Button::new(all).wrap_mode(egui::TextWrapMode::Extend)).clicked() {
                out.push(Command::View(ViewCommand::DismissNotices));
            }
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                ui.add(egui::Label::new(words.say(&notice.message)).wrap());
            });
        });
    });
}

//! The walk on the screen: the bar under the drawing, the list of actions with the current one, and the
//! marks on the drawing.
//!
//! Must not know how an action computes.

mod action;
mod bar;
mod list;
mod matrices;
mod ribbon;

pub(crate) use bar::{bar_id, give_focus};
pub(crate) use list::walk_ui;

use egui::{Ui, UiBuilder};

use self::bar::bar_ui;
use crate::app::{App, Command};
use crate::explain::{ActionKind, TimelineAction};
use crate::ui::canvas::Canvas;
use crate::words::Words;

/// What an action makes, as the list shows it.
fn made_symbol(app: &App, action: &TimelineAction) -> String {
    let network = &app.document().network;
    match action.kind {
        ActionKind::Clear => "None".to_owned(),
        ActionKind::Clip => "‖∇L‖".to_owned(),
        ActionKind::Update(key) => crate::explain::Letter::of_parameter(key).symbol().to_owned(),
        ActionKind::Forward
        | ActionKind::Seed
        | ActionKind::SendOver(_)
        | ActionKind::SendPast { .. }
        | ActionKind::SendTo(_) => {
            action.makes.map_or_else(String::new, |tensor| tensor.letter(network).symbol().to_owned())
        }
    }
}

/// The node that does it, and the time step where there are several: `h 1` and `, t=24`.
fn node_text(app: &App, words: &Words, action: &TimelineAction) -> (String, String) {
    let network = &app.document().network;
    let Some(node) = action.node.and_then(|node| network.nodes.get(&node)) else {
        return (words.text("walk-all-parameters"), String::new());
    };
    // Of a parameter's update no time is told.
    let is_timed = network.has_loops() && !matches!(action.kind, ActionKind::Update(_));
    let time = if is_timed { format!(", t={}", action.time_step) } else { String::new() };
    (node.name.clone(), time)
}

/// `grad_W of Dense 1`, in the person's language.
fn action_name(app: &App, words: &Words, action: &TimelineAction) -> String {
    let what = made_symbol(app, action);
    match action.kind {
        ActionKind::Clear => words.text("walk-clears"),
        ActionKind::Clip => words.text("walk-clips"),
        ActionKind::Forward
        | ActionKind::Seed
        | ActionKind::SendOver(_)
        | ActionKind::SendPast { .. }
        | ActionKind::SendTo(_)
        | ActionKind::Update(_) => {
            let (node, time) = node_text(app, words, action);
            let about = [("what", what.into()), ("node", (node + &time).into())];
            words.text_with("walk-action", &about)
        }
    }
}

/// What an action is for, in one sentence.
fn purpose(words: &Words, action: &TimelineAction) -> String {
    words.text(match action.kind {
        ActionKind::Clear => "walk-why-clear",
        ActionKind::Forward => "walk-why-forward",
        ActionKind::Seed if action.starts_with_vector() => "walk-why-vector",
        ActionKind::Seed => "walk-why-seed",
        ActionKind::SendOver(_) => "walk-why-send-over",
        ActionKind::SendPast { .. } => "walk-why-send-past",
        ActionKind::SendTo(_) => "walk-why-send-to",
        ActionKind::Clip => "walk-why-clip",
        ActionKind::Update(_) => "walk-why-update",
    })
}

/// The drawing with the bar under it.
pub(crate) fn with_bar_ui(
    ui: &mut Ui,
    canvas: &mut Canvas,
    app: &App,
    words: &Words,
    out: &mut Vec<Command>,
) {
    let area = ui.available_rect_before_wrap();
    let (drawing, bar) = area
        .split_top_bottom_at_y((area.bottom() - bar::height(ui, app, words, area.size())).max(area.top()));
    let mut inner = ui.new_child(UiBuilder::new().id_salt("drawing over the walk bar").max_rect(drawing));
    canvas.ui(&mut inner, app, words, out);
    bar_ui(ui, bar, app, words, out);
    ui.advance_cursor_after_rect(area);
}

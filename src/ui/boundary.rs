//! The Boundary panel: what the network says over two chosen inputs, or over one, with the rows of the
//! data; the same for a single unit of a hidden layer.
//!
//! Must not compute anything: fields come from the application.

mod descent;
mod field;
mod key;

use egui::{Id, Ui};

use super::fields::{choice_ui, note_ui, row_label_of_choice, wrapped_ui};
use super::scrolling::{LEAST_PLOT, rest_ui, scrolling_ui};
use super::studies::freshness_ui;
use crate::app::{App, Command, Questions};
use crate::insight::{Field, FieldOf, FieldQuestion, InputKind, Start};
use crate::network::{NodeId, Task};
use crate::train::SampleView;
use crate::words::Words;

/// Units of a node that are offered.
const MOST_UNITS: usize = 200;

/// Whether the panel shows the paths of optimizers, where no network with inputs is drawn.
pub(super) fn is_of_tensors(app: &App) -> bool {
    descent::has_free_tensors(app)
}

/// The panel. `asks` takes what it wants to know.
pub(crate) fn boundary_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    asks: &mut Questions,
    out: &mut Vec<Command>,
) {
    if descent::has_free_tensors(app) {
        return descent::descent_ui(ui, app, words, asks, out);
    }
    // Inputs and units are those of one document.
    let id = Id::new(("field question", app.n_documents()));
    let held: Option<FieldQuestion> = ui.data(|data| data.get_temp(id));
    let mut question = held.unwrap_or(FieldQuestion { y: Some(1), ..FieldQuestion::default() });
    let before = question;
    asks.field = Some(question);
    if !app.can_predict() {
        note_ui(ui, words.text("insight-not-ready"));
        return;
    }
    if app.has_no_field() {
        return note_ui(ui, words.text("boundary-nothing"));
    }
    let Some(answer) = app.field() else { return note_ui(ui, words.text("insight-computing")) };
    let shown = answer.result;
    if held.is_none()
        && let Some([x, y]) = better_axes(shown)
    {
        (question.x, question.y) = (x, Some(y));
    }
    scrolling_ui(ui, "boundary", |ui| {
        wrapped_ui(ui, |ui| {
            axes_ui(ui, words, shown, &mut question);
            of_ui(ui, app, words, shown, &mut question);
            start_ui(ui, app, words, "boundary-others", &mut question.start);
            freshness_ui(ui, words, &answer);
        });
        notes_ui(ui, app, words, shown);
        rest_ui(ui, LEAST_PLOT, |ui| field::field_ui(ui, app, words, shown, out));
    });
    if question != before {
        ui.data_mut(|data| data.insert_temp(id, question));
        asks.field = Some(question);
        ui.ctx().request_repaint();
    }
}

/// Other axes to begin with where one of the first two inputs is the same in every row, as pixels at a corner
/// are: the first two whose rows are spread out, or that differ at all.
fn better_axes(field: &Field) -> Option<[usize; 2]> {
    let spread = |idx: usize| match field.variables.get(idx)?.kind {
        InputKind::Number { min, max, mean, .. } if min < max => Some((mean - min) / (max - min)),
        InputKind::Number { .. } | InputKind::Choice { .. } => None,
    };
    let y = field.y?;
    if spread(field.x).is_some() && spread(y).is_some() {
        return None;
    }
    let first_two = |is_good: &dyn Fn(f64) -> bool| {
        let mut good = (0..field.variables.len()).filter(|&idx| spread(idx).is_some_and(is_good));
        Some([good.next()?, good.next()?])
    };
    first_two(&|middle| (0.25..=0.75).contains(&middle)).or_else(|| first_two(&|_| true))
}

/// What the picture cannot show.
fn notes_ui(ui: &mut Ui, app: &App, words: &Words, field: &Field) {
    let n_steps = app.document().network.n_steps;
    if n_steps > 1 {
        note_ui(ui, words.text_with("boundary-newest-step", &[("n", n_steps.into())]));
    }
    // Where numbers are enough for both axes, nobody misses a category there.
    let n_numbers = field.variables.iter().filter(|variable| variable.is_number()).count();
    let choices = field.variables.iter().filter(|variable| !variable.is_number());
    let choices: Vec<&str> = choices.map(|variable| variable.name.as_str()).collect();
    if n_numbers < 2 && !choices.is_empty() {
        note_ui(ui, words.text_with("boundary-categories", &[("columns", choices.join(", ").into())]));
    }
}

/// Which inputs stand along the axes.
fn axes_ui(ui: &mut Ui, words: &Words, field: &Field, question: &mut FieldQuestion) {
    let numbers = || field.variables.iter().enumerate().filter(|(_, variable)| variable.is_number());
    let name =
        |idx: usize| field.variables.get(idx).map_or_else(String::new, |variable| variable.name.clone());
    let choices = numbers().map(|(idx, variable)| (idx, variable.name.clone()));
    if let Some(x) = choice_ui(ui, &words.text("boundary-x"), &field.x, choices, &name(field.x)) {
        // The axes change places where the other one has it.
        if question.y == Some(x) {
            question.y = Some(field.x);
        }
        question.x = x;
    }
    let none = words.text("boundary-one-input");
    let shown = field.y.map_or_else(|| none.clone(), name);
    let others = numbers().filter(|(idx, _)| *idx != field.x);
    let others = others.map(|(idx, variable)| (Some(idx), variable.name.clone()));
    let choices = std::iter::once((None, none)).chain(others);
    if let Some(y) = choice_ui(ui, &words.text("boundary-y"), &field.y, choices, &shown) {
        question.y = y;
        question.x = field.x;
    }
}

/// What is shown: a prediction, one number of it, or one unit of the selected node.
fn of_ui(ui: &mut Ui, app: &App, words: &Words, field: &Field, question: &mut FieldQuestion) {
    let prediction = words.text("boundary-prediction");
    let node_name = |node: NodeId| {
        app.document().network.nodes.get(&node).map_or_else(String::new, |node| node.name.clone())
    };
    let losses: Vec<NodeId> = super::what_if::losses(app);
    let of_loss = |(head, loss): (usize, &NodeId)| {
        let text = match losses.len() {
            1 => prediction.clone(),
            _ => words.text_with("boundary-prediction-of", &[("loss", node_name(*loss).into())]),
        };
        (FieldOf::Prediction(head), text)
    };
    let mut choices: Vec<(FieldOf, String)> = losses.iter().enumerate().map(of_loss).collect();
    let is_class = field.task == Task::Classification;
    if let FieldOf::Prediction(head) | FieldOf::Output(head, _) = question.of
        && (is_class || field.n_outputs > 1)
    {
        let outputs = field.names.iter().take(MOST_UNITS).enumerate();
        let key = if is_class { "predictions-probability" } else { "boundary-output" };
        choices.extend(outputs.map(|(idx, name)| {
            (FieldOf::Output(head, idx), words.text_with(key, &[("class", name.as_str().into())]))
        }));
    }
    let selected = app.selection().only_node();
    let unit_node = match question.of {
        FieldOf::Unit(node, _) => Some(node),
        FieldOf::Prediction(_) | FieldOf::Output(..) => None,
    };
    let network = &app.document().network;
    // What depends on a target says nothing away from the rows.
    let targets = || network.nodes.iter().filter(|(_, node)| node.kind.is_target());
    let is_free = |node: &NodeId| !targets().any(|(target, _)| network.reaches(*target, *node));
    let nodes = selected.into_iter().chain(unit_node.filter(|node| Some(*node) != selected));
    for node in nodes.filter(is_free) {
        let n_units = app.shapes().node(node).map_or(0, crate::tensor::Shape::features);
        let has_value = app.document().network.nodes.get(&node).is_some_and(|node| node.kind.has_output());
        for idx in (0..n_units.min(MOST_UNITS)).filter(|_| has_value) {
            let about = [("node", node_name(node).into()), ("unit", (idx + 1).into())];
            choices.push((FieldOf::Unit(node, idx), words.text_with("boundary-unit", &about)));
        }
    }
    let shown = choices.iter().find(|(of, _)| *of == question.of).map(|(_, text)| text.clone());
    let shown = shown.unwrap_or(prediction);
    if let Some(of) = choice_ui(ui, &words.text("boundary-of"), &question.of, choices, &shown) {
        question.of = of;
    }
}

/// Where the inputs that are not on an axis stand.
pub(super) fn start_ui(ui: &mut Ui, app: &App, words: &Words, title: &str, start: &mut Start) {
    let n_samples = app.prepared().map_or(0, |data| data.n_samples());
    if matches!(*start, Start::Sample(sample) if sample as usize >= n_samples) {
        *start = Start::Mean;
    }
    let looked_at = match app.samples() {
        SampleView::Alone(sample) => Some(Start::Sample(sample as u32)),
        SampleView::Batch | SampleView::Sample(_) => None,
    };
    let mut features = app.prepared().into_iter().flat_map(|data| data.nodes());
    let has_categories =
        features.any(|node| !node.is_target && node.features.iter().any(|it| it.category.is_some()));
    let text = |start: &Start| match *start {
        Start::Mean if has_categories => words.text("boundary-mean-categories"),
        Start::Mean => words.text("boundary-mean"),
        Start::Sample(sample) => {
            let row = super::samples::row_of(app, sample as usize) + 1;
            words.text_with("boundary-row", &[("row", row.into())])
        }
    };
    let mut choices = vec![Start::Mean];
    choices.extend(looked_at);
    choices.extend(Some(*start).filter(|start| !choices.contains(start)));
    let shown = text(start);
    row_label_of_choice(ui, words.text(title), &shown);
    let choices = choices.into_iter().map(|start| (start, text(&start)));
    if let Some(chosen) = choice_ui(ui, &words.text("boundary-start"), start, choices, &shown) {
        *start = chosen;
    }
}

//! Two ways to one gradient side by side: all paths multiplied, and the chain of deltas from the end.
//!
//! Must not know how either is found.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Layout, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::super::fields::{heading_ui, note_ui};
use super::super::numbers::asked_ui;
use super::super::theme::{self, Theme};
use crate::app::{App, Command, GradientCommand, Lenses, ViewCommand};
use crate::explain::print::Names;
use crate::explain::{self, DeltaEntry, Explainer, Factor, Path, Quantity, Tensor};
use crate::network::{EdgeId, NodeId};
use crate::words::Words;

/// From this width on the two ways stand side by side: a path under the pointer lights its factors in the
/// other, so both should be in sight.
const SIDE_BY_SIDE: f32 = 400.0;
/// Products of more factors are written with their ends only.
const MOST_FACTORS: usize = 6;
/// Sums of more terms in an entry of a delta are written with the first ones and the path's own.
const MOST_TERMS: usize = 3;

/// What the pointer lights in both lenses and on the drawing: one path.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct LitPath {
    /// The nodes and the wires that it passes.
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) wires: Vec<EdgeId>,
    /// Its place among the listed paths.
    listed: Option<usize>,
    renewed: u64,
}

/// Lights go out when nothing renewed them for so many frames.
const LASTS: u64 = 2;

fn lit_id() -> egui::Id {
    egui::Id::new("lit path")
}

/// The path under the pointer, for whoever draws its nodes.
pub(crate) fn lit_path(ctx: &egui::Context) -> LitPath {
    let lit: Option<LitPath> = ctx.data(|data| data.get_temp(lit_id()));
    lit.filter(|lit| lit.renewed + LASTS >= ctx.cumulative_pass_nr()).unwrap_or_default()
}

/// Both ways.
pub(super) fn lenses_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    if app.chosen_entry().is_none() {
        note_ui(ui, words.text("lens-choose"));
        return;
    }
    if app.wants_lenses() {
        out.push(Command::Gradient(GradientCommand::FindWays));
    }
    let Some(lenses) = app.lenses() else {
        if app.is_finding_lenses() {
            ui.horizontal(|ui| {
                note_ui(ui, words.text("lens-running"));
                if ui.button(words.text("check-cancel")).clicked() {
                    out.push(Command::Gradient(GradientCommand::CancelWays));
                }
            });
        } else {
            note_ui(ui, words.text("lens-nothing"));
        }
        return;
    };
    let Some(pass) = app.whole_pass() else { return };
    let definitions = app.definitions(pass);
    let names = Names::new(&definitions, app.convention().names);
    let explainer = Explainer::new(&app.document().network, app.shapes(), app.convention(), Some(pass));
    let drawn = Drawn { app, words, lenses, names: &names, explainer: &explainer };
    if ui.available_width() < SIDE_BY_SIDE {
        drawn.paths_ui(ui, out);
        ui.add_space(6.0);
        drawn.chain_ui(ui, out);
    } else {
        ui.columns_const(|[left, right]| {
            left.with_layout(Layout::top_down(Align::LEFT), |ui| drawn.paths_ui(ui, out));
            right.with_layout(Layout::top_down(Align::LEFT), |ui| drawn.chain_ui(ui, out));
        });
    }
    drawn.counts_ui(ui);
}

struct Drawn<'a> {
    app: &'a App,
    words: &'a Words,
    lenses: &'a Lenses,
    names: &'a Names<'a>,
    explainer: &'a Explainer<'a>,
}

impl Drawn<'_> {
    /// Way 1: each path with its factors and its product, and the sum.
    fn paths_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let paths = &self.lenses.paths;
        heading_ui(ui, self.words.text("lens-paths"));
        let about = [("shown", paths.listed.len().into()), ("n", paths.n_paths.to_string().into())];
        let count = RichText::new(self.words.text_with("lens-count", &about)).size(11.0);
        ui.add(egui::Label::new(count.color(theme.weak)).wrap());
        for (place, path) in paths.listed.iter().enumerate() {
            self.path_ui(ui, (place, path), out);
        }
        let sum = format!("Σ = {}", explain::short(paths.sum));
        let sum = RichText::new(sum).font(theme::mono(13.0)).color(theme.gradients.positive);
        asked_ui(ui, self.words, sum, self.lenses.gradient, out);
        self.factors_ui(ui, out);
    }

    fn path_ui(&self, ui: &mut Ui, (listed, path): (usize, &Path), out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let numbers: Vec<String> = path.factors.iter().map(|factor| explain::short(factor.value)).collect();
        let product = explain::short(path.product);
        let text = if numbers.len() > MOST_FACTORS {
            let half = MOST_FACTORS / 2;
            format!(
                "{} ⋯ {} = {product}",
                numbers[..half].join(" · "),
                numbers[numbers.len() - half..].join(" · ")
            )
        } else {
            format!("{} = {product}", numbers.join(" · "))
        };
        let width = ui.available_width();
        let galley = ui.painter().layout(text, theme::mono(11.5), theme.text, width - 8.0);
        let (place, response) =
            ui.allocate_exact_size(Vec2::new(width, galley.size().y + 6.0), Sense::click());
        let spoken: Vec<String> = path.factors.iter().map(|factor| self.factor_text(factor)).collect();
        response.widget_info(|| {
            let label = format!("{} = {product}", spoken.join(" · "));
            WidgetInfo::labeled(WidgetType::Button, true, label)
        });
        let is_pointed = response.hovered() || response.has_focus();
        if is_pointed {
            ui.painter().rect_filled(place, 4.0, theme.accent_faint);
            self.light(ui.ctx(), listed, path);
        }
        ui.painter().galley(place.min + Vec2::new(4.0, 3.0), galley, theme.text);
        if response.clicked()
            && let Some(of) = path.factors.first().and_then(|factor| factor.of)
        {
            out.push(Command::View(ViewCommand::Explain(of)));
        }
    }

    /// The factors of the path that is followed, each by its name: what is pointed at, or the largest.
    fn factors_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let followed = lit_path(ui.ctx()).listed.unwrap_or(0);
        let Some(path) = self.lenses.paths.listed.get(followed) else { return };
        for factor in path.factors.iter().take(2 * MOST_FACTORS) {
            let text = RichText::new(self.factor_text(factor)).font(theme::mono(11.0));
            asked_ui(ui, self.words, text, factor.of.unwrap_or(factor.with_respect_to), out);
        }
    }

    /// `∂z0/∂w01 = 2.0000`.
    fn factor_text(&self, factor: &Factor) -> String {
        let below = self.number_name(factor.with_respect_to);
        let above = factor.of.map_or_else(|| "L".to_owned(), |of| self.number_name(of));
        format!("∂{above}/∂{below} = {}", explain::short(factor.value))
    }

    /// A number's name: its tensor's letter and its place.
    fn number_name(&self, of: Quantity) -> String {
        let tensor = match of.tensor {
            Tensor::ParameterGrad { key, .. } => Tensor::Parameter(key),
            Tensor::Grad { node, time_step } => Tensor::Output { node, time_step },
            tensor => tensor,
        };
        self.indexed(tensor.at(of.row, of.column))
    }

    /// `dZ1[0]`.
    fn indexed(&self, of: Quantity) -> String {
        let symbol = self.names.symbol(of.tensor);
        let index: Vec<String> = self.explainer.index(of).iter().map(ToString::to_string).collect();
        if index.is_empty() { symbol } else { format!("{symbol}[{}]", index.join(", ")) }
    }

    /// Lights the path on the drawing, and its factors in the other lens.
    fn light(&self, ctx: &egui::Context, listed: usize, path: &Path) {
        let network = &self.app.document().network;
        let mut lit =
            LitPath { listed: Some(listed), renewed: ctx.cumulative_pass_nr(), ..LitPath::default() };
        for factor in &path.factors {
            let from = factor.with_respect_to.tensor.node(network);
            let to = factor.of.and_then(|of| of.tensor.node(network));
            lit.nodes.extend(from.into_iter().chain(factor.past).chain(to));
            let steps = [(from, factor.past.or(to)), (factor.past, to)];
            for (from, to) in steps.into_iter().filter_map(|(from, to)| from.zip(to)) {
                let wires = network.edges.iter().filter(|(_, edge)| (edge.from, edge.to) == (from, to));
                lit.wires.extend(wires.map(|(&wire, _)| wire));
            }
        }
        if lit_path(ctx).listed != lit.listed {
            ctx.request_repaint();
        }
        ctx.data_mut(|data| data.insert_temp(lit_id(), lit));
    }

    /// Way 2: the gradients from the loss to the chosen one, each with the numbers that the paths pass.
    fn chain_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        heading_ui(ui, self.words.text("lens-steps"));
        let lit = lit_path(ui.ctx());
        let network = &self.app.document().network;
        let Some(pass) = self.app.whole_pass() else { return };
        for &tensor in &self.lenses.chain {
            let is_last = tensor == self.lenses.gradient.tensor;
            let shown: Vec<String> = if is_last {
                self.lenses.gradient.value(pass).map(explain::short).into_iter().collect()
            } else {
                explain::values_of(tensor, pass)
                    .map(|values| {
                        values
                            .row(pass.shown_row().unwrap_or(0))
                            .iter()
                            .take(4)
                            .map(|&x| explain::short(x))
                            .collect()
                    })
                    .unwrap_or_default()
            };
            let is_lit = tensor.node(network).is_some_and(|node| lit.nodes.contains(&node));
            let text = format!("{} = [{}]", self.names.symbol(tensor), shown.join(", "));
            let ink = if is_last { theme.gradients.positive } else { theme.text };
            let button =
                egui::Button::selectable(is_lit, RichText::new(text).font(theme::mono(11.5)).color(ink));
            let response = ui.add(button.wrap());
            let entry = self.lenses.along.get(lit.listed.unwrap_or(0)).and_then(|along| along.get(&tensor));
            let plain =
                if is_last { self.lenses.gradient } else { tensor.at(pass.shown_row().unwrap_or(0), 0) };
            let of = entry.map_or(plain, |entry| entry.of);
            if response.clicked() {
                out.push(Command::View(ViewCommand::Explain(of)));
            }
            response.on_hover_text(self.explainer.line(of).unwrap_or_default());
            if let Some(entry) = entry {
                self.delta_entry_ui(ui, entry, lit.listed.is_some(), out);
            }
        }
        if let Some(backward) = self.lenses.backward {
            let text = format!("= {}", explain::short(backward));
            let text = RichText::new(text).font(theme::mono(13.0)).color(theme.gradients.positive);
            asked_ui(ui, self.words, text, self.lenses.gradient, out);
        }
    }

    /// The entry that the path followed passes, in numbers: `[0] = 0.1385 · 0.4000 + −0.0381 · 0.5000`. The
    /// path's own factor is lit while the pointer is on the path.
    fn delta_entry_ui(&self, ui: &mut Ui, entry: &DeltaEntry, is_lit: bool, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let plain = TextFormat::simple(theme::mono(11.0), theme.weak);
        let own = TextFormat::simple(theme::mono(11.0), theme.text);
        let lit = TextFormat { background: theme.accent_faint, color: theme.accent, ..own.clone() };
        let own = if is_lit { lit } else { own };
        let mut job = LayoutJob::default();
        job.wrap.max_width = ui.available_width();
        // The delta's name stands above it.
        let index: Vec<String> = self.explainer.index(entry.of).iter().map(ToString::to_string).collect();
        let place = if index.is_empty() { String::new() } else { format!("[{}] ", index.join(", ")) };
        job.append(&format!("{place}= "), 8.0, plain.clone());
        let mut factor = explain::short(entry.value);
        let is_all_shown = entry.terms.len() <= MOST_TERMS;
        let mut shown = 0;
        for (at, term) in entry.terms.iter().enumerate() {
            let is_own = entry.on_path == Some(at);
            let others = MOST_TERMS - usize::from(entry.on_path.is_some_and(|own| own > at));
            if !is_own && !is_all_shown && shown >= others {
                continue;
            }
            let plus = if shown > 0 { " + " } else { "" };
            shown += 1;
            job.append(&format!("{plus}{} · ", explain::short(term.incoming)), 0.0, plain.clone());
            let text = explain::short(term.factor);
            job.append(&text, 0.0, if is_own { own.clone() } else { plain.clone() });
            if is_own {
                factor = text;
            }
        }
        let more = entry.terms.len() - shown;
        if more > 0 {
            let more = self.words.text_with("why-more", &[("n", more.into())]);
            job.append(&format!(" {more}"), 0.0, plain.clone());
        }
        if entry.terms.is_empty() {
            job.append(&factor, 0.0, own);
        } else {
            job.append(&format!(" = {}", explain::short(entry.value)), 0.0, plain);
        }
        let response = ui.add(egui::Label::new(job).wrap().selectable(false).sense(Sense::click()));
        if response.clicked() {
            out.push(Command::View(ViewCommand::Explain(entry.of)));
        }
        if is_lit {
            // Which of the numbers is lit, for a screen reader.
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(factor.clone()));
        }
    }

    /// Whether both are equal, and what each costs.
    fn counts_ui(&self, ui: &mut Ui) {
        let theme = Theme::of(ui);
        match self.lenses.is_equal() {
            Some(true) => {
                ui.label(
                    RichText::new(self.words.text("lens-equal"))
                        .font(theme::strong(13.0))
                        .color(theme.accent),
                );
            }
            Some(false) => note_ui(ui, self.words.text("lens-not-equal")),
            None => {}
        }
        let paths = &self.lenses.paths;
        let about = [
            ("paths", paths.multiplications.to_string().into()),
            ("steps", paths.step_multiplications.to_string().into()),
        ];
        note_ui(ui, self.words.text("lens-steps-about"));
        note_ui(ui, self.words.text_with("lens-cost-entry", &about));
        if let Some(whole) = &self.lenses.whole {
            let about =
                [("paths", whole.by_paths.to_string().into()), ("steps", whole.by_steps.to_string().into())];
            note_ui(ui, self.words.text_with("lens-cost-whole", &about));
        }
    }
}

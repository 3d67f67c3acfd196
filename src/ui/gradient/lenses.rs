//! Two ways to one gradient side by side: all paths multiplied, and the chain of deltas from the end.
//!
//! Must not know how either is found.

use egui::{Align, Layout, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::super::fields::{heading_ui, note_ui};
use super::super::theme::{self, Theme};
use crate::app::{App, Command, GradientCommand, Lenses, ViewCommand};
use crate::explain::print::Names;
use crate::explain::{self, Explainer, Factor, Path, Quantity, Tensor};
use crate::network::NodeId;
use crate::words::Words;

/// From this width on the two ways stand side by side.
const SIDE_BY_SIDE: f32 = 560.0;
/// Products of more factors are written with their ends only.
const MOST_FACTORS: usize = 6;

/// What the pointer lights in both lenses and on the drawing: the nodes of one path.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct LitPath {
    pub(crate) nodes: Vec<NodeId>,
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
    drawn.counts_ui(ui);
    if ui.available_width() < SIDE_BY_SIDE {
        drawn.paths_ui(ui, out);
        ui.add_space(6.0);
        drawn.chain_ui(ui, out);
        return;
    }
    ui.columns_const(|[left, right]| {
        left.with_layout(Layout::top_down(Align::LEFT), |ui| drawn.paths_ui(ui, out));
        right.with_layout(Layout::top_down(Align::LEFT), |ui| drawn.chain_ui(ui, out));
    });
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
        note_ui(ui, self.words.text_with("lens-count", &about));
        for path in &paths.listed {
            self.path_ui(ui, path, out);
        }
        let sum = format!("Σ = {}", explain::short(paths.sum));
        ui.label(RichText::new(sum).font(theme::mono(13.0)).color(theme.gradients.positive));
    }

    fn path_ui(&self, ui: &mut Ui, path: &Path, out: &mut Vec<Command>) {
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
            self.light(ui.ctx(), path);
        }
        ui.painter().galley(place.min + Vec2::new(4.0, 3.0), galley, theme.text);
        if response.clicked()
            && let Some(of) = path.factors.first().and_then(|factor| factor.of)
        {
            out.push(Command::View(ViewCommand::Explain(of)));
        }
        response.on_hover_ui(|ui| {
            for factor in &path.factors {
                ui.label(RichText::new(self.factor_text(factor)).font(theme::mono(12.0)));
            }
            ui.label(RichText::new(format!("= {product}")).font(theme::mono(12.0)).strong());
        });
    }

    /// `∂z0/∂w01 = 2.0000`.
    fn factor_text(&self, factor: &Factor) -> String {
        let below = self.number_name(factor.with_respect_to);
        let above = factor.of.map_or_else(|| "L".to_owned(), |of| self.number_name(of));
        format!("∂{above}/∂{below} = {}", explain::short(factor.value))
    }

    /// A number's name: its tensor's letter and its place.
    fn number_name(&self, of: Quantity) -> String {
        let index: Vec<String> = self.explainer.index(of).iter().map(ToString::to_string).collect();
        let symbol = match of.tensor {
            Tensor::ParameterGrad { key, .. } => self.names.symbol(Tensor::Parameter(key)),
            Tensor::Grad { node, time_step } => self.names.symbol(Tensor::Output { node, time_step }),
            tensor => self.names.symbol(tensor),
        };
        if index.is_empty() { symbol } else { format!("{symbol}[{}]", index.join(", ")) }
    }

    /// Lights the path's nodes on the drawing, and its numbers in the other lens.
    fn light(&self, ctx: &egui::Context, path: &Path) {
        let network = &self.app.document().network;
        let of = path.factors.iter().filter_map(|factor| factor.of);
        let numbers: Vec<Quantity> =
            path.factors.iter().map(|factor| factor.with_respect_to).chain(of).collect();
        let nodes = numbers.into_iter().filter_map(|number| number.tensor.node(network)).collect();
        let lit = LitPath { nodes, renewed: ctx.cumulative_pass_nr() };
        ctx.data_mut(|data| data.insert_temp(lit_id(), lit));
    }

    /// Way 2: the gradients from the loss to the chosen one, each with the numbers that the paths pass.
    fn chain_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        heading_ui(ui, self.words.text("lens-steps"));
        note_ui(ui, self.words.text("lens-steps-about"));
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
            if response.clicked() {
                let of =
                    if is_last { self.lenses.gradient } else { tensor.at(pass.shown_row().unwrap_or(0), 0) };
                out.push(Command::View(ViewCommand::Explain(of)));
            }
            let of = if is_last { self.lenses.gradient } else { tensor.at(pass.shown_row().unwrap_or(0), 0) };
            response.on_hover_text(self.explainer.line(of).unwrap_or_default());
        }
        if let Some(backward) = self.lenses.backward {
            let text = format!("= {}", explain::short(backward));
            ui.label(RichText::new(text).font(theme::mono(13.0)).color(theme.gradients.positive));
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
        note_ui(ui, self.words.text_with("lens-cost-entry", &about));
        if let Some(whole) = &self.lenses.whole {
            let about =
                [("paths", whole.by_paths.to_string().into()), ("steps", whole.by_steps.to_string().into())];
            note_ui(ui, self.words.text_with("lens-cost-whole", &about));
        }
    }
}

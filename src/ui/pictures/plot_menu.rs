//! What can be taken along from a plot: a picture of it, drawn again on a page of its own, and its numbers.
//!
//! Must not know what is plotted.

use std::sync::Arc;

use egui::Ui;

use super::{Content, Offer, PLOT, framed, offer, painted};
use crate::ui::fields::more_ui;
use crate::words::Words;

/// The menu of one plot.
pub(crate) struct PlotMenu<'a> {
    pub(crate) words: &'a Words,
    /// What its files are called, without an ending.
    pub(crate) file: &'a str,
    /// What the plot is called.
    pub(crate) title: String,
}

impl PlotMenu<'_> {
    /// A small button that opens the menu, for the row of the plot's title.
    pub(crate) fn button_ui(&self, ui: &mut Ui, draw: impl FnMut(&mut Ui), csv: impl FnOnce() -> String) {
        let about = [("plot", self.title.as_str().into())];
        more_ui(ui, &self.words.text_with("plot-save", &about), |ui| self.entries_ui(ui, draw, csv));
    }

    /// The menu itself: `draw` draws the plot as large as its page, `csv` writes its numbers.
    fn entries_ui(&self, ui: &mut Ui, mut draw: impl FnMut(&mut Ui), csv: impl FnOnce() -> String) {
        if ui.button(self.words.text("plot-save-picture")).clicked() {
            let is_dark = ui.visuals().dark_mode;
            let picture = painted(PLOT, is_dark, &self.title, |ui| framed(ui, |ui| draw(ui)));
            self.offer(ui, Content::Picture(Arc::new(picture)));
        }
        if ui.button(self.words.text("plot-save-numbers")).clicked() {
            self.offer(ui, Content::Table(Arc::new(csv())));
        }
    }

    fn offer(&self, ui: &Ui, content: Content) {
        offer(ui.ctx(), Offer { name: self.file.to_owned(), content });
        ui.close();
    }
}

//! What can be taken along from numbers on the screen, the same wherever they stand: as text for another
//! program, as a file, as a picture.
//!
//! Must not know what the numbers are.

use std::sync::Arc;

use egui::{Key, Popup, Response, SetOpenCommand, Ui};

use super::pictures::{Content, Offer, offer};
use crate::export::image::VectorImage;
use crate::export::{TableForm, TableText};
use crate::words::Words;

/// A clipboard gets no more rows than this; a file gets all.
const MOST_COPIED: usize = 10_000;

/// The menu of a matrix, a table or a plot.
#[derive(Clone, Copy)]
pub(crate) struct CopyMenu<'a> {
    /// What its files are called, without an ending.
    pub(crate) name: &'a str,
    /// How many rows the numbers have.
    pub(crate) n_rows: usize,
    /// The numbers, no more rows than this.
    pub(crate) table: &'a dyn Fn(usize) -> TableText,
    /// A picture, dark or light; nothing where it would show a table.
    pub(crate) picture: Option<&'a dyn Fn(bool) -> VectorImage>,
}

impl CopyMenu<'_> {
    /// Its entries.
    pub(crate) fn ui(&self, ui: &mut Ui, words: &Words) {
        ui.set_min_width(180.0);
        ui.weak(words.text("copy-as"));
        for form in TableForm::ALL {
            if ui.button(words.text(form.key())).clicked() {
                let table = (self.table)(MOST_COPIED);
                // A tensor holds no words: NumPy's array of objects does.
                let form = if table.can_be(form) { form } else { TableForm::NumPy };
                ui.ctx().copy_text(table.written(form));
                ui.close();
            }
        }
        if self.n_rows > MOST_COPIED {
            ui.weak(words.text_with("data-copy-rows", &[("n", MOST_COPIED.into())]));
        }
        ui.separator();
        if let Some(picture) = self.picture
            && ui.button(words.text("copy-save-picture")).clicked()
        {
            let picture = picture(ui.visuals().dark_mode);
            self.offer(ui, Content::Picture(Arc::new(picture)));
        }
        if ui.button(words.text("copy-save-numbers")).clicked() {
            let text = (self.table)(usize::MAX).written(TableForm::Csv) + "\n";
            self.offer(ui, Content::Table(Arc::new(text)));
        }
    }

    /// Opens it over something at a click of the other button, or with the keyboard's key for menus.
    pub(crate) fn on(&self, response: &Response, words: &Words) {
        response.context_menu(|ui| self.ui(ui, words));
        let has_key = |input: &egui::InputState| input.modifiers.shift && input.key_pressed(Key::F10);
        let is_asked = response.has_focus() && response.ctx.input(has_key);
        // A context menu stands at the pointer, which may be anywhere then.
        Popup::menu(response)
            .id(response.id.with("menu by key"))
            .open_memory(is_asked.then_some(SetOpenCommand::Bool(true)))
            .show(|ui| self.ui(ui, words));
    }

    fn offer(&self, ui: &Ui, content: Content) {
        offer(ui.ctx(), Offer { name: self.name.to_owned(), content });
        ui.close();
    }
}

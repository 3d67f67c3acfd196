//! What can be taken along from numbers on the screen, the same wherever they stand: as text for another
//! program, as a file, as a picture.
//!
//! Must not know what the numbers are.

use std::sync::Arc;

use egui::{Key, Memory, Popup, Rect, Response, SetOpenCommand, Ui};

use super::fields::more_ui;
use super::pictures::{Content, Offer, PictureForm, offer};
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
                ui.ctx().copy_text((self.table)(MOST_COPIED).written(form));
                ui.close();
            }
        }
        if self.n_rows > MOST_COPIED {
            ui.weak(words.text_with("data-copy-rows", &[("n", MOST_COPIED.into())]));
        }
        ui.separator();
        for form in PictureForm::ALL {
            if let Some(picture) = self.picture
                && ui.button(words.text(form.key())).clicked()
            {
                let picture = picture(ui.visuals().dark_mode);
                self.offer(ui, Content::Picture(Arc::new(picture), form));
            }
        }
        if ui.button(words.text("copy-save-numbers")).clicked() {
            let text = (self.table)(usize::MAX).written(TableForm::Csv) + "\n";
            self.offer(ui, Content::Table(Arc::new(text)));
        }
    }

    /// A small button that opens it, where a title says what the numbers are.
    pub(crate) fn button_ui(&self, ui: &mut Ui, words: &Words) {
        let label = words.text_with("matrix-more", &[("matrix", self.name.into())]);
        let button = more_ui(ui, &label, |ui| self.ui(ui, words));
        self.by_key(&button, button.has_focus().then_some(button.rect), words);
    }

    /// Opens it over something at a click of the other button, or with the keyboard's key for menus.
    pub(crate) fn on(&self, response: &Response, words: &Words) {
        response.context_menu(|ui| self.ui(ui, words));
        self.by_key(response, response.has_focus().then_some(response.rect), words);
    }

    /// The same over all that `contents` draws, whichever part of it is clicked or has the keyboard.
    pub(crate) fn around<R>(&self, ui: &mut Ui, words: &Words, contents: impl FnOnce(&mut Ui) -> R) -> R {
        let shown = ui.scope(contents);
        let place = shown.response.rect.intersect(ui.clip_rect());
        let is_clicked =
            ui.rect_contains_pointer(place) && ui.input(|input| input.pointer.secondary_clicked());
        Popup::context_menu(&shown.response)
            .open_memory(is_clicked.then_some(SetOpenCommand::Bool(true)))
            .show(|ui| self.ui(ui, words));
        let focused = ui.memory(Memory::focused).and_then(|id| ui.ctx().read_response(id));
        let focused = focused.map(|widget| widget.rect).filter(|rect| place.contains(rect.center()));
        self.by_key(&shown.response, focused, words);
        shown.inner
    }

    /// Opens it with the key below what has the keyboard: a context menu stands at the pointer, which may be
    /// anywhere then.
    fn by_key(&self, response: &Response, focused: Option<Rect>, words: &Words) {
        let ctx = &response.ctx;
        let id = response.id.with("menu by key");
        let has_key = ctx.input(|input| input.modifiers.shift && input.key_pressed(Key::F10));
        let asked = focused.filter(|_| has_key);
        if let Some(place) = asked {
            ctx.data_mut(|data| data.insert_temp(id, place));
        }
        let place: Rect = ctx.data(|data| data.get_temp(id)).unwrap_or(response.rect);
        Popup::menu(response)
            .id(id)
            .anchor(place)
            .open_memory(asked.map(|_| SetOpenCommand::Bool(true)))
            .show(|ui| self.ui(ui, words));
    }

    fn offer(&self, ui: &Ui, content: Content) {
        offer(ui.ctx(), Offer { name: self.name.to_owned(), content });
        ui.close();
    }
}

//! How a file is read: what inspection found, all of it changeable.
//!
//! Must not know the table.

use egui::{Id, TextEdit, Ui};

use super::super::fields::{choice_ui, count_ui, form_ui, heading_ui, name, row_label};
use super::settings::check_row_ui;
use crate::app::Command;
use crate::data::{DecimalSign, Delimiter, Dialect, Encoding};
use crate::words::Words;

/// The most lines above a table that can be typed.
const MAX_SKIP: usize = 1_000_000;

/// Encodings to choose from beside Unicode, by the names that `encoding_rs` knows.
const ENCODINGS: [&str; 11] = [
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "ISO-8859-2",
    "KOI8-R",
    "macintosh",
    "Shift_JIS",
    "GBK",
    "EUC-KR",
];

/// The form of the dialect.
pub(super) fn reading_ui(ui: &mut Ui, words: &Words, dialect: &mut Dialect, out: &mut Vec<Command>) {
    heading_ui(ui, words.text("data-reading"));
    form_ui(ui, "data reading", |ui| {
        let unicode = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
        let others = ENCODINGS.into_iter().filter_map(Encoding::of_name);
        let encodings =
            unicode.into_iter().chain(others).map(|encoding| (encoding, encoding.name().to_owned()));
        open_choice_ui(ui, words, "data-encoding", &mut dialect.encoding, encodings, |it| {
            it.name().to_owned()
        });
        let delimiters = [
            (Delimiter::Sign(b','), "data-delimiter-comma"),
            (Delimiter::Sign(b';'), "data-delimiter-semicolon"),
            (Delimiter::Sign(b'\t'), "data-delimiter-tab"),
            (Delimiter::Sign(b'|'), "data-delimiter-bar"),
            (Delimiter::Sign(b':'), "data-delimiter-colon"),
            (Delimiter::Sign(b' '), "data-delimiter-space"),
            (Delimiter::Blanks, "data-delimiter-blanks"),
        ];
        let shown = |delimiter: Delimiter| sign(delimiter.byte());
        row_ui(ui, words, "data-delimiter", &mut dialect.delimiter, delimiters, shown);
        let quotes =
            [(Some(b'"'), "data-quote-double"), (Some(b'\''), "data-quote-single"), (None, "data-sign-none")];
        row_ui(ui, words, "data-quote", &mut dialect.quote, quotes, optional_sign);
        let escapes = [(None, "data-escape-doubled"), (Some(b'\\'), "data-escape-backslash")];
        row_ui(ui, words, "data-escape", &mut dialect.escape, escapes, optional_sign);
        let signs = [(DecimalSign::Point, "data-decimal-point"), (DecimalSign::Comma, "data-decimal-comma")];
        row_ui(ui, words, "data-decimal", &mut dialect.decimal, signs, |it| sign(it.byte()));
        let thousands = [
            (None, "data-thousands-none"),
            (Some(','), "data-decimal-comma"),
            (Some('.'), "data-decimal-point"),
            (Some('\''), "data-thousands-apostrophe"),
            (Some('_'), "data-thousands-underscore"),
        ];
        let shown = |thousands: Option<char>| thousands.map(String::from).unwrap_or_default();
        row_ui(ui, words, "data-thousands", &mut dialect.thousands, thousands, shown);
        check_row_ui(ui, words, "data-header", &mut dialect.header);
        let label = words.text("data-skip");
        row_label(ui, label.clone());
        if let Some(new) = count_ui(ui, &label, dialect.skip, 0..=MAX_SKIP, out) {
            dialect.skip = new;
        }
        ui.end_row();
        let comments = [
            (None, "data-sign-none"),
            (Some(b'#'), "data-comment-hash"),
            (Some(b'%'), "data-comment-percent"),
            (Some(b'!'), "data-comment-exclamation"),
            (Some(b'*'), "data-comment-star"),
        ];
        row_ui(ui, words, "data-comment", &mut dialect.comment, comments, optional_sign);
        missing_ui(ui, words, &mut dialect.missing);
    });
}

fn sign(byte: u8) -> String {
    char::from(byte).to_string()
}

fn optional_sign(byte: Option<u8>) -> String {
    byte.map(sign).unwrap_or_default()
}

/// A choice between values that have words of their own; `shown` says any other value.
fn row_ui<T: Copy + PartialEq, const N: usize>(
    ui: &mut Ui,
    words: &Words,
    key: &str,
    value: &mut T,
    choices: [(T, &str); N],
    shown: impl Fn(T) -> String,
) {
    let listed = choices.map(|(choice, key)| (choice, words.text(key)));
    open_choice_ui(ui, words, key, value, listed, shown);
}

fn open_choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    words: &Words,
    key: &str,
    value: &mut T,
    choices: impl IntoIterator<Item = (T, String)>,
    shown: impl Fn(T) -> String,
) {
    let label = words.text(key);
    row_label(ui, label.clone());
    let listed: Vec<(T, String)> = choices.into_iter().collect();
    let known = listed.iter().find(|(choice, _)| choice == value).map(|(_, text)| text.clone());
    let shown = known.unwrap_or_else(|| shown(*value));
    if let Some(chosen) = choice_ui(ui, &label, value, listed, &shown) {
        *value = chosen;
    }
    ui.end_row();
}

/// The words for "missing", separated by commas; taken when the person has finished typing.
fn missing_ui(ui: &mut Ui, words: &Words, missing: &mut Vec<String>) {
    let label = words.text("data-missing-words");
    row_label(ui, label.clone());
    let id: Id = ui.id().with("missing words");
    let now = missing.join(", ");
    let mut text = ui.data_mut(|data| data.get_temp::<String>(id)).unwrap_or_else(|| now.clone());
    let response = ui.add(TextEdit::singleline(&mut text).id(id).desired_width(120.0));
    name(&response, &label);
    let response = response.on_hover_text(words.text("data-missing-words-hint"));
    if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text));
    } else {
        ui.data_mut(|data| data.remove_temp::<String>(id));
        if response.lost_focus() && text != now {
            let typed = text.split(',').map(|word| word.trim().to_lowercase());
            *missing = typed.filter(|word| !word.is_empty()).collect();
        }
    }
    ui.end_row();
}

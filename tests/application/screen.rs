//! The program's screen as a hand finds its way on it: cards, ports, the palette, the question for a path.
//!
//! Must not know what a test does with them.

use std::path::Path;

use vastavirta::files::{ModelFile, read_model};

use crate::display::{Widget, Window};

/// The card of a node on the canvas: its spoken text is its name, its kind and its settings.
pub(crate) fn card(window: &mut Window<'_>, name: &str) -> Widget {
    let spoken = format!("{name}, ");
    window.find_where(name, |widget| widget.label.starts_with(&spoken) && widget.rect[0] > 150.0)
}

/// Starts a new drawing and drags its nodes from the palette: entry, name, place in the window.
pub(crate) fn draw(window: &mut Window<'_>, drawing: &[(&str, &str, (f64, f64))]) {
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    window.key("ctrl+n");
    window.wait_for("an empty canvas", |widgets| !widgets.iter().any(|w| w.label.starts_with("Dense 1, ")));
    for &(entry, name, place) in drawing {
        let (x, y) = window.find_where(entry, |w| w.text() == entry && w.rect[2] < 200.0).center();
        window.drag((x, y), place);
        card(window, name);
    }
}

/// Pulls a wire from a node's output to another node's input.
pub(crate) fn wire(window: &mut Window<'_>, from: &str, to: &str, above_or_below: f64) {
    let [_, top, right, bottom] = card(window, from).rect;
    let output = (right, f64::midpoint(top, bottom));
    let [left, top, _, bottom] = card(window, to).rect;
    window.drag(output, (left, f64::midpoint(top, bottom) + above_or_below));
}

/// Takes what the list of problems offers.
pub(crate) fn mend(window: &mut Window<'_>, offer: &str) {
    let (x, y) = window.find_where("the problems", |widget| widget.label.starts_with("Problems")).center();
    window.click_at(x, y);
    window.click(offer);
}

/// Types a path into the dialog that a shortcut opened.
pub(crate) fn answer_with_path(window: &mut Window<'_>, chord: &str, path: &Path) {
    window.key(chord);
    window.find("Path of the file");
    window.key("ctrl+a");
    window.type_text(&path.to_string_lossy());
    window.key("Return");
}

/// Saves under a path, and waits for the file.
pub(crate) fn save_as(window: &mut Window<'_>, path: &Path) {
    answer_with_path(window, "ctrl+shift+s", path);
    window.wait_for("the saved file", |_| path.exists());
}

pub(crate) fn saved(path: &Path) -> ModelFile {
    read_model(path).unwrap_or_else(|error| panic!("{error}"))
}

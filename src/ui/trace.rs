//! Writes what the window shows, as a screen reader would hear it, into a file after every frame:
//! the way for a test with a real mouse to find a button. Off unless `VASTAVIRTA_TRACE_UI` names the file.
//!
//! Must not know any panel. The file holds one line a widget, tab-separated: role, label, value, state
//! (`disabled`, `on`, `off`, `selected`, joined by commas) and the rectangle as left, top, right and bottom
//! in pixels of the window. The first line holds the number of the frame. A reader never sees half a frame.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use egui::accesskit::{Node, Toggled};

/// Starts writing where the environment asks for it.
pub fn install(ctx: &egui::Context) {
    if let Some(path) = std::env::var_os("VASTAVIRTA_TRACE_UI") {
        ctx.enable_accesskit();
        ctx.add_plugin(WidgetTrace { path: path.into(), frames: 0 });
    }
}

struct WidgetTrace {
    path: PathBuf,
    frames: u64,
}

impl egui::Plugin for WidgetTrace {
    fn debug_name(&self) -> &'static str {
        "trace"
    }

    fn output_hook(&mut self, _: &egui::Context, output: &mut egui::FullOutput) {
        let Some(update) = &output.platform_output.accesskit_update else { return };
        self.frames += 1;
        let mut text = format!("{}\n", self.frames);
        for (_, node) in &update.nodes {
            line(&mut text, node, f64::from(output.pixels_per_point));
        }
        let unfinished = self.path.with_extension("unfinished");
        // A test that cannot read the file says so itself; the window goes on.
        let _ = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, &self.path));
    }
}

/// Adds the line of one widget, where it has a place on the screen.
fn line(text: &mut String, node: &Node, pixels_per_point: f64) {
    let Some(bounds) = node.bounds() else { return };
    let number = node.numeric_value().map(|value| value.to_string());
    let value = node.value().map(str::to_owned).or(number).unwrap_or_default();
    let mut state = Vec::new();
    if node.is_disabled() {
        state.push("disabled");
    }
    match node.toggled() {
        Some(Toggled::True) => state.push("on"),
        Some(Toggled::False) => state.push("off"),
        Some(Toggled::Mixed) | None => {}
    }
    if node.is_selected() == Some(true) {
        state.push("selected");
    }
    let on_one_line = |words: &str| words.replace(['\t', '\n', '\r'], " ");
    let [left, top, right, bottom] =
        [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|points| points * pixels_per_point);
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{:?}\t{}\t{}\t{}\t{left}\t{top}\t{right}\t{bottom}",
        node.role(),
        on_one_line(node.label().unwrap_or_default()),
        on_one_line(&value),
        state.join(","),
    );
}

//! The whole window without a screen: laid out and tessellated frame by frame, nothing painted.
//!
//! Must not know what is shown.

use std::time::{Duration, Instant};

use vastavirta::app::{Command, FileCommand};
use vastavirta::files::{ModelFile, Preferences, write_model};
use vastavirta::ui::Window;

/// How large the window is.
const SIZE: egui::Vec2 = egui::vec2(1280.0, 800.0);

/// A window with a model opened.
pub(crate) struct WholeWindow {
    ctx: egui::Context,
    pub(crate) window: Window,
    start: Instant,
}

impl WholeWindow {
    /// Opens a model and waits for its first pass.
    pub(crate) fn open(model: &ModelFile) -> Self {
        Self::open_as(model, Preferences::default())
    }

    /// The same as somebody prefers it.
    pub(crate) fn open_as(model: &ModelFile, preferences: Preferences) -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("model.ron");
        write_model(&path, model).unwrap();
        let ctx = egui::Context::default();
        let window = Window::with_preferences(&ctx, preferences);
        let mut shown = Self { ctx, window, start: Instant::now() };
        shown.dispatch(Command::File(FileCommand::Open(path)));
        shown.settle();
        shown
    }

    pub(crate) fn dispatch(&mut self, command: Command) {
        self.window.app_mut().dispatch(command);
    }

    /// Waits until nothing is computed any more.
    pub(crate) fn settle(&mut self) {
        assert!(self.window.app_mut().wait(Duration::from_mins(1)), "it comes to rest");
    }

    /// Draws for a while: the first frames lay out text.
    pub(crate) fn warm_up(&mut self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(1) {
            self.frame();
        }
    }

    /// How long one frame takes.
    pub(crate) fn frame(&mut self) -> Duration {
        self.frame_with(Vec::new())
    }

    /// The same after what a hand did.
    pub(crate) fn frame_with(&mut self, events: Vec<egui::Event>) -> Duration {
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, SIZE)),
            time: Some(self.start.elapsed().as_secs_f64()),
            events,
            ..egui::RawInput::default()
        };
        let began = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| self.window.window_ui(ui));
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(self.ctx.tessellate(shapes, output.pixels_per_point));
        let taken = began.elapsed();
        output.drop_without_applying_deltas();
        taken
    }
}

//! A screen with nothing on it but the canvas of a drawing of many nodes, and a clock for its frames.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Event, RawInput, Rect, Vec2};
use vastavirta::app::{App, Command, FileCommand};
use vastavirta::document::Document;
use vastavirta::files::{ModelFile, write_model};
use vastavirta::network::{Activation, Builder, Position};
use vastavirta::ui::canvas::Canvas;
use vastavirta::words::Words;

/// A file of `n` nodes in rows of 20, each wired to the next.
pub(crate) fn many_nodes(n: usize) -> ModelFile {
    let mut builder = Builder::new();
    let mut last = builder.input(8);
    for i in 1..n {
        last = if i % 2 == 0 { builder.activation(last, Activation::Relu) } else { builder.dense(last, 8) };
    }
    let mut network = builder.finish();
    for (i, node) in network.nodes.values_mut().enumerate() {
        node.position = Position { x: (i % 20) as f32 * 184.0, y: (i / 20) as f32 * 96.0 };
    }
    let parameters = network.initialize(1);
    let document = Document { network, parameters, ..Document::default() };
    ModelFile { document, ..ModelFile::default() }
}

/// The application with this file opened.
fn opened(model: &ModelFile) -> App {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.ron");
    write_model(&path, model).unwrap();
    let mut app = App::new(Arc::new(|| {}));
    app.dispatch(Command::File(FileCommand::Open(path)));
    while app.document().network.nodes.is_empty() {
        app.tick();
        std::thread::sleep(Duration::from_millis(5));
    }
    app
}

/// A screen with nothing on it but the canvas.
pub(crate) struct Screen {
    ctx: Context,
    app: App,
    pub(crate) canvas: Canvas,
    words: Words,
    size: Vec2,
    time: f64,
}

impl Screen {
    pub(crate) fn new(n: usize, size: Vec2) -> Self {
        let ctx = Context::default();
        vastavirta::ui::theme::install(&ctx);
        let app = opened(&many_nodes(n));
        let mut screen =
            Self { ctx, app, canvas: Canvas::default(), words: Words::default(), size, time: 0.0 };
        for _ in 0..4 {
            screen.frame(Vec::new());
        }
        screen
    }

    /// One frame; says how many vertices it has.
    pub(crate) fn frame(&mut self, events: Vec<Event>) -> usize {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, self.size)),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let mut commands = Vec::new();
        let mut output = self.ctx.run_ui(input, |ui| {
            egui::CentralPanel::default().show(ui, |ui| {
                self.canvas.ui(ui, &self.app, &self.words, &mut commands);
            });
        });
        let shapes = std::mem::take(&mut output.shapes);
        let primitives = self.ctx.tessellate(shapes, output.pixels_per_point);
        output.drop_without_applying_deltas();
        let vertices = primitives.iter().map(|primitive| match &primitive.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        vertices.sum()
    }
}

/// The processor time that this thread has used, where the system tells it.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// How long `n` calls take.
pub(crate) fn timed(n: u64, mut frame: impl FnMut()) -> Duration {
    let (began, used) = (Instant::now(), processor_time());
    for _ in 0..n {
        frame();
    }
    match (used, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => began.elapsed(),
    }
}

//! What a million epochs of `xor.ron` leave behind in an open window: memory and the time of a frame at the
//! start and at the end, with the loss curve shown. Both should be the same.
//!
//! Must not need a display: frames are drawn into memory (`ui` and tessellation of the whole window), one
//! every 16 ms.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::fs;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use vastavirta::app::{Command, EditCommand, FileCommand, TrainCommand};
use vastavirta::document::TrainingSettings;
use vastavirta::files::Preferences;
use vastavirta::train::{Goal, RunState};
use vastavirta::ui::Window;

const EPOCHS: usize = 1_000_000;
/// Frames that one measurement takes its median of.
const FRAMES: usize = 200;

/// The window, drawn into memory.
struct Drawn {
    ctx: egui::Context,
    window: Window,
    began: Instant,
}

impl Drawn {
    fn open(example: &str) -> Self {
        let ctx = egui::Context::default();
        let mut window = Window::with_preferences(&ctx, Preferences::default());
        let app = window.app_mut();
        app.dispatch(Command::File(FileCommand::OpenExample(example.to_owned())));
        assert!(app.wait(Duration::from_mins(1)), "it opens");
        let training = TrainingSettings { epochs: EPOCHS, ..app.document().training.clone() };
        app.dispatch(Command::Edit(EditCommand::SetTraining(training)));
        window.show_pane("pane-loss");
        Self { ctx, window, began: Instant::now() }
    }

    /// Draws a frame, and gives its time in milliseconds.
    fn frame(&mut self) -> f64 {
        let size = egui::vec2(1280.0, 800.0);
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
            time: Some(self.began.elapsed().as_secs_f64()),
            events: vec![egui::Event::PointerMoved(egui::pos2(640.0, 700.0))],
            ..egui::RawInput::default()
        };
        let (window, start) = (&mut self.window, Instant::now());
        let mut output = self.ctx.run_ui(input, |ui| window.window_ui(ui));
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(self.ctx.tessellate(shapes, output.pixels_per_point));
        let taken = start.elapsed();
        output.drop_without_applying_deltas();
        sleep(Duration::from_millis(16).saturating_sub(taken));
        taken.as_secs_f64() * 1e3
    }

    /// Prints what stands now.
    fn measure(&mut self) {
        let mut frames: Vec<f64> = (0..FRAMES).map(|_| self.frame()).collect();
        frames.sort_by(f64::total_cmp);
        let history = Arc::clone(self.window.app().loss_history());
        let epoch = history.last().map_or(0, |record| record.epoch);
        println!(
            "epoch {epoch:>9}: {:.1} MB, a frame {:.2} ms (99 %: {:.2} ms), {} points of the curve",
            resident_megabytes(),
            frames[FRAMES / 2],
            frames[FRAMES * 99 / 100],
            history.records().len()
        );
    }
}

/// Memory that this process holds.
fn resident_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
}

fn main() {
    let mut drawn = Drawn::open("xor");
    drawn.window.app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    // The first frames lay out text, and the first epochs fill the curve.
    while drawn.window.app().loss_history().last().is_none_or(|record| record.epoch < 5_000) {
        drawn.frame();
    }
    drawn.measure();
    let mut next = EPOCHS / 4;
    while drawn.window.app().run_state() == RunState::Running {
        drawn.frame();
        let epoch = drawn.window.app().loss_history().last().map_or(0, |record| record.epoch);
        if epoch >= next && epoch < EPOCHS {
            drawn.measure();
            next = (epoch / (EPOCHS / 4) + 1) * (EPOCHS / 4);
        }
    }
    drawn.measure();
}

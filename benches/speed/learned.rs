//! What the panels about the trained network cost: training while all of them are open, and a table of a
//! million rows under the wheel.
//!
//! Must not paint anything: frames are laid out and tessellated.

use std::fmt::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use egui::{Event, Modifiers, MouseWheelUnit, TouchPhase, pos2, vec2};
use vastavirta::app::{Command, TrainCommand};
use vastavirta::files::{ModelFile, Preferences, read_model};

use crate::whole_window::WholeWindow;
use crate::{ROUNDS, SPAN, example, half_and_most, median, support};

/// From one frame to the next while it trains: as often as snapshots come.
const BEAT: Duration = Duration::from_millis(33);
/// The drawing alone in front.
const BARE: &str = "h(80:canvas,20:t0(palette,outline,inspector,why,training,data,backprop,gradient,problems,\
                    loss,runs,metrics,health,predictions,boundary,whatif,landscape))";
/// Every panel about the trained network in front.
const ALL: &str = "h(25:v(34:canvas,33:loss,33:runs),25:v(50:metrics,50:health),\
                   25:v(50:predictions,50:boundary),\
                   25:v(40:whatif,40:landscape,20:t0(palette,outline,inspector,why,training,data,backprop,\
                   gradient,problems)))";
/// Rows of the large table.
const N_ROWS: usize = 1_000_000;
/// Frames under the wheel.
const N_FRAMES: usize = 600;

/// All of it, printed.
pub(crate) fn measure() {
    for name in ["auto_mpg", "digits"] {
        let mut model = example(name);
        model.document.training.epochs = 100_000_000;
        let (mut bare, mut open, mut frames) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(steps_per_second(&model, BARE, None));
            open.push(steps_per_second(&model, ALL, Some(&mut frames)));
        }
        let [bare, open] = [bare, open].map(median);
        let slower = (1.0 - open / bare) * 100.0;
        let [half, most] = half_and_most(frames);
        println!("`{name}` trains           {bare:.0} steps/s with no panel open and nothing drawn");
        println!(
            "with every panel open     {open:.0} steps/s, {slower:.1} % slower (at most 15 % is wanted)"
        );
        println!("frames of it              {half:.1} ms, {most:.1} ms at most in 99 of 100 (16 are wanted)");
    }
    million_rows();
}

/// Optimizer steps a second in a window of this layout; where frames are wanted, it is drawn.
fn steps_per_second(model: &ModelFile, layout: &str, mut frames: Option<&mut Vec<f64>>) -> f64 {
    let preferences = Preferences { layout: Some(layout.to_owned()), ..Preferences::default() };
    let mut shown = WholeWindow::open_as(model, preferences);
    shown.dispatch(Command::Train(TrainCommand::Toggle));
    // The first answers are there, and the speed is even.
    shown.warm_up();
    let step = |shown: &WholeWindow| shown.window.app().snapshot().map_or(0, |it| it.progress.step);
    let (first, start) = (step(&shown), Instant::now());
    while start.elapsed() < SPAN {
        let taken = if let Some(frames) = &mut frames {
            let taken = shown.frame();
            frames.push(taken.as_secs_f64());
            taken
        } else {
            shown.window.app_mut().tick();
            Duration::ZERO
        };
        sleep(BEAT.saturating_sub(taken));
    }
    assert!(shown.window.app().run_state().is_running(), "it trains");
    (step(&shown) - first) as f64 / start.elapsed().as_secs_f64()
}

/// The predictions of a million rows, scrolled from top to bottom and back.
fn million_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (data, path) = (folder.path().join("rows.csv"), folder.path().join("rows.ron"));
    let mut text = "a,b,y\n".to_owned();
    for row in 0..N_ROWS {
        let [a, b] = [row % 997, row % 1_009].map(|x| x as f64 / 500.0 - 1.0);
        writeln!(text, "{a:.4},{b:.4},{:.4}", a * b).unwrap();
    }
    std::fs::write(&data, &text).unwrap();
    drop(text);
    let [data, model] = [&data, &path].map(|path| path.to_string_lossy().into_owned());
    let new = ["new", "--data", &data, "--target", "y", "--hidden", "8", "--out", &model];
    support::output_of(&mut support::vastavirta(&new));
    let before = resident_megabytes();
    let mut file = read_model(&path).unwrap();
    file.document.data.path = Some(folder.path().join("rows.csv"));
    let mut shown = WholeWindow::open(&file);
    let read = resident_megabytes();
    shown.window.show_pane("pane-predictions");
    shown.warm_up();
    shown.settle();
    shown.warm_up();
    let listed = shown.window.app().listing().map_or(0, |(answer, _)| answer.result.samples.len());
    assert_eq!(listed, N_ROWS, "every row is listed");
    let held = resident_megabytes();
    // The table stands in the lower left of the middle.
    let mut events = vec![Event::PointerMoved(pos2(350.0, 720.0))];
    let frames = (0..N_FRAMES).map(|frame| {
        let up = if frame < N_FRAMES / 2 { -1.0 } else { 1.0 };
        events.push(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, up * 40_000.0),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        shown.frame_with(std::mem::take(&mut events)).as_secs_f64()
    });
    let [half, most] = half_and_most(frames.collect());
    println!("a table of {N_ROWS} rows  {half:.1} ms a frame scrolling, {most:.1} ms at most in 99 of 100");
    println!(
        "resident memory           {before:.0} MB, {read:.0} MB with the file, {held:.0} MB with all predictions"
    );
}

fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

//! Slow motion in the real window: a person can watch, and goes on at full speed when it is enough.
//!
//! Must not look inside the program: what a person reads on the screen is what counts.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::display::{Display, Widget, Window, number_after};

/// Chooses how fast the training goes.
fn choose_speed(window: &mut Window<'_>, shown: &str) {
    let offered = |widget: &Widget| widget.label == shown && !matches!(&*widget.role, "Label" | "TextRun");
    // On a busy machine a press can last too long to be a click.
    for _ in 0..5 {
        window.click("Speed");
        sleep(Duration::from_secs(1));
        if window.widgets().iter().any(offered) {
            break;
        }
    }
    let (x, y) = window.find_where(shown, offered).center();
    window.click_at(x, y);
}

fn epoch(window: &Window<'_>) -> Option<f64> {
    number_after(&window.widgets(), "epoch")
}

#[test]
fn batches_come_one_by_one_until_full_speed_is_chosen() {
    let Some(display) = Display::start("batches_come_one_by_one_until_full_speed_is_chosen") else { return };
    let home = tempfile::tempdir().unwrap();
    // Four rows, a batch of four: an epoch is one batch.
    let model = crate::support::root().join("saved_models/xor.ron");
    let mut window = Window::open(&display, home.path(), &[model.to_str().unwrap()]);
    window.wait_for("the epochs", |widgets| number_after(widgets, "epoch") == Some(0.0));
    choose_speed(&mut window, "5 batches a second");
    let start = Instant::now();
    window.key("F5");
    window.wait_for("some batches", |widgets| number_after(widgets, "epoch").is_some_and(|n| n >= 3.0));
    window.photograph("slow-motion");
    let seen = epoch(&window).unwrap();
    let most = 5.0 * start.elapsed().as_secs_f64() + 2.0;
    assert!(seen <= most, "{seen} epochs, at most {most} may be seen");
    choose_speed(&mut window, "as fast as it goes");
    window.wait_for("the end", |widgets| number_after(widgets, "epoch") == Some(500.0));
}

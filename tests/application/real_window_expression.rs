//! The course's exercise in a real window: solved from an empty canvas by typing its expression.
//!
//! Needs what `real_window` needs.

use std::thread::sleep;
use std::time::Duration;

use crate::display::{Display, Window, number_after};
use crate::screen::{card, draw, save_as, saved};

const EXERCISE: &str =
    "f = mean(sqrt(abs(sin(x**3 * y**2 / y**2)) / z)); x = [1, 2, 3]; y = [0.5, 1, 1.5]; z = 0.5";

#[test]
fn the_exercise_is_solved_from_an_empty_canvas_by_typing_it() {
    let Some(display) = Display::start("the_exercise_is_solved_from_an_empty_canvas_by_typing_it") else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    draw(&mut window, &[]);
    window.key("ctrl+t");
    window.find_where("the field", |widget| {
        widget.role.contains("Multiline") && widget.label == "Expression …"
    });
    window.type_text(EXERCISE);
    window.key("ctrl+Return");
    // Without data, loss or optimizer it runs at once.
    window.wait_for("f", |widgets| {
        number_after(widgets, "batch loss").is_some_and(|f| (f - 1.3623).abs() < 1e-9)
    });
    window.photograph("expression-1-drawn");
    let (x, y) = card(&mut window, "x").center();
    window.click_at(x, y);
    // The section opens slowly.
    let mut button = window.find("backward()");
    loop {
        sleep(Duration::from_millis(400));
        let now = window.find("backward()");
        if now.rect == button.rect {
            break;
        }
        button = now;
    }
    window.click("backward()");
    window.find_where("x.grad", |widget| widget.text().replace('−', "-") == "[0.4165, -0.4137, -1.9011]");
    window.photograph("expression-2-backward");
    let (x, y) = card(&mut window, "z").center();
    window.click_at(x, y);
    window.find_where("z.grad", |widget| widget.text().replace('−', "-") == "-1.3623");
    // y leaves the quotient, but for rounding.
    let (x, y) = card(&mut window, "y").center();
    window.click_at(x, y);
    window.find_where("that it is rounding", |widget| widget.text().contains("only rounding"));
    window.photograph("expression-3-rounding");
    let path = home.path().join("typed.ron");
    save_as(&mut window, &path);
    let network = saved(&path).document.network;
    assert_eq!((network.nodes.len(), network.roots.len()), (12, 1));
    window.quit();
}

//! A pass walked in a real window: by keys, by the list, and into one gradient's numbers.
//!
//! Needs what `real_window` needs.

use std::cmp::Ordering;

use crate::display::{Display, Widget, Window};
use crate::support;

/// Where the walk stands, as its ribbon tells it.
fn is_at(widgets: &[Widget], action: &str) -> bool {
    widgets.iter().any(|widget| widget.label == "Place in the pass" && widget.value == action)
}

/// How many actions lie before the cursor, as the bar says it.
fn place(widgets: &[Widget]) -> Option<usize> {
    let count = widgets.iter().find_map(|widget| widget.value.strip_suffix(" / 16").map(str::to_owned));
    count?.parse().ok()
}

/// Walks by keys until the cursor stands there. On a busy machine a key that is held may count twice.
fn walk_to(window: &mut Window<'_>, wanted: usize) {
    for _ in 0..20 {
        let widgets = window.wait_for("the bar", |widgets| place(widgets).is_some());
        let before = place(&widgets);
        match before.map(|place| place.cmp(&wanted)) {
            Some(Ordering::Less) => window.key("Down"),
            Some(Ordering::Greater) => window.key("Left"),
            Some(Ordering::Equal) | None => return,
        }
        window.wait_for("a move", |widgets| place(widgets) != before);
    }
    panic!("the keys do not lead to place {wanted}");
}

fn click_role(window: &mut Window<'_>, role: &str, label: &str) {
    let (x, y) = window.find_where(label, |widget| widget.role == role && widget.label == label).center();
    window.click_at(x, y);
}

#[test]
fn mazurs_pass_is_walked_to_the_end_of_backward_and_a_gradient_looked_into() {
    let test = "mazurs_pass_is_walked_to_the_end_of_backward_and_a_gradient_looked_into";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let model = support::root().join("saved_models/mazur.ron");
    let mut window = Window::open(&display, home.path(), &[&model.display().to_string()]);
    window.find_where("the last layer", |widget| widget.label.starts_with("Dense 2, "));
    window.key("F9");
    window.wait_for("the start of the walk", |widgets| is_at(widgets, "at the start"));

    // The arrow down goes to the end of a phase, those to the sides one operation on and back.
    for (place, end) in [
        (1, "gradients are forgotten"),
        (5, "A of Sigmoid 2"),
        (6, "L of Half sum of squares 1"),
        (14, "dX of Dense 1"),
    ] {
        walk_to(&mut window, place);
        window.wait_for(end, |widgets| is_at(widgets, end));
    }
    window.photograph("walk-1-backward");

    // A click on an action goes there, a click on an entry of its matrix explains it.
    click_role(&mut window, "Button", "grad_W of Dense 2");
    window.wait_for("the weight's gradient", |widgets| is_at(widgets, "grad_W of Dense 2"));
    let is_matrix = |widget: &Widget| widget.label.starts_with("grad_W(Dense 2) = [0.0822, ");
    let matrix = window.find_where("grad_W in place", is_matrix);
    window.click_at(matrix.rect[0] + 20.0, matrix.rect[1] + 12.0);
    window.find_where("why", |widget| widget.text().contains("0.1385 · 0.5933 = 0.0822"));
    window.photograph("walk-2-why");

    // Two operands are followed: the delta, and what the delta is made of.
    window.click("Dense 2 · dZ[0] = 0.1385");
    window.find_where("its delta", |widget| widget.text().contains("0.7414 · "));
    window.click("Sigmoid 2 · dA[0] = 0.7414");
    window.find_where("where it begins", |widget| widget.text().contains("0.7514"));

    // The other lens on the entry, and its factor in each delta.
    window.open_tab("Gradient");
    window.find_where("the list of all partial derivatives", |w| w.label.starts_with("∂L/∂w00 (Dense 2)"));
    window.open_tab("Two ways");
    let path = window.find_where("the only path", |widget| widget.label.starts_with("∂Z"));
    assert!(path.label.contains("= 0.1868 · "), "Mazur's slope of the output: {}", path.label);
    window.find("equal ✓");
    let (x, y) = path.center();
    window.move_to(x, y);
    window.photograph("walk-3-lenses");

    // The same entry nudged: the loss changes by what its gradient says.
    window.click("Nudge and look");
    window.find_where("the measured change", |w| w.text().contains("The gradient foretells the change"));
    window.photograph("walk-4-nudge");

    // A drag along the ribbon goes back to the start; a click on the number's place returns.
    let ribbon = window.find_where("the ribbon", |widget| widget.label == "Place in the pass");
    let middle = f64::midpoint(ribbon.rect[1], ribbon.rect[3]);
    window.drag((ribbon.center().0, middle), (ribbon.rect[0] - 4.0, middle));
    window.wait_for("the start again", |widgets| is_at(widgets, "at the start"));
    window.quit();
}

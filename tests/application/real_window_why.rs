//! Why a number: clicked in a real window, followed and gone back from.
//!
//! Needs Xvfb, xdotool and ImageMagick; without them `cargo test` says that it skipped this.

use crate::display::{Display, Window};
use crate::support;

#[test]
fn an_entry_of_a_gradient_is_followed_to_its_operands_and_back() {
    let Some(display) = Display::start("an_entry_of_a_gradient_is_followed_to_its_operands_and_back") else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let model = support::root().join("saved_models/mazur.ron");
    let mut window = Window::open(&display, home.path(), &[&model.display().to_string()]);
    let card = window.find_where("the last layer", |widget| widget.label.starts_with("Dense 2, "));
    let (x, _) = card.center();
    window.click_at(x, card.rect[1] + 12.0);
    let matrix = window.find("Matrix grad_W");
    window.click_at(matrix.rect[0] + 60.0, matrix.rect[1] + 32.0);
    // Mazur's own numbers: 0.082167041 = 0.138498562 · 0.593269992.
    window.find_where("the entry", |widget| widget.text().contains("0.1385 · 0.5933 = 0.0822"));
    window.photograph("why-1-gradient");
    window.click("Dense 2 · dZ[0] = 0.1385");
    window.find_where("its delta", |widget| widget.text().contains("0.7414 · "));
    window.click("Sigmoid 2 · dA[0] = 0.7414");
    window.find_where("where it begins", |widget| widget.text().contains("0.7514"));
    window.photograph("why-2-followed");
    for _ in 0..2 {
        window.click("Back to the number before");
    }
    window.find_where("the entry again", |widget| widget.text().contains("0.1385 · 0.5933 = 0.0822"));
    window.quit();
}

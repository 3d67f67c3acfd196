//! A file as people have them, in the real window: read, its target chosen by hand, learned.
//!
//! Must not look inside the program: what a person reads on the screen is what counts.

use vastavirta::data::{ColumnRole, Scaling};

use crate::display::{Display, Widget, Window};
use crate::screen::{answer_with_path, save_as, saved};
use crate::support::root;

/// Where the Data panel ends in a window of 1280 points.
const DATA_RIGHT: f64 = 900.0;

/// Chooses a role in the head of a column of the Data panel, and scrolls the table to it first.
fn choose_role(window: &mut Window<'_>, column: &str, role: &str) {
    let label = format!("Role of {column}");
    for _ in 0..40 {
        let head = window.find(&label);
        if head.rect[2] < DATA_RIGHT {
            break;
        }
        window.scroll_right((DATA_RIGHT - 100.0, head.center().1));
    }
    // Other columns show their roles as text; what the list offers can be pressed.
    let offered = |widget: &Widget| widget.label == role && !matches!(&*widget.role, "Label" | "TextRun");
    window.click(&label);
    let (x, y) = window.find_where(role, offered).center();
    window.click_at(x, y);
    window.wait_for(&format!("{column} as {role}"), |widgets| {
        widgets.iter().any(|widget| widget.label == label && widget.value == role)
    });
}

/// R² of the validation part, as its card in the Metrics panel shows it: the number under the name.
fn r2(widgets: &[Widget]) -> Option<f64> {
    let name = widgets.iter().find(|widget| widget.text() == "R²")?;
    let [left, _, _, bottom] = name.rect;
    let is_below = |widget: &&Widget| {
        (widget.rect[0] - left).abs() < 4.0 && (-4.0..16.0).contains(&(widget.rect[1] - bottom))
    };
    widgets.iter().filter(is_below).find_map(|widget| widget.text().replace('−', "-").parse().ok())
}

#[test]
fn the_prices_of_a_finnish_housing_file_are_learned_with_the_target_chosen_by_hand() {
    let Some(display) = Display::start("the_prices_of_a_finnish_housing_file_are_learned") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    answer_with_path(&mut window, "ctrl+l", &root().join("tests/cases/columns/housing_fi.csv"));
    window.open_tab("Data");
    window.find_where("its rows", |widget| widget.text().contains("120 rows × 10 columns"));
    window.find_where("what costs rows", |widget| {
        widget.text().contains("58 of 120 rows left out: 47 lack Kerros, 26 lack Kunto")
    });
    window.find_where("the empty column", |widget| widget.text().contains("Huom is not used: 108 of 120"));
    window.photograph("housing-1-loaded");

    // The year was guessed to be the target; it is the price.
    choose_role(&mut window, "Hinta (€)", "target");
    choose_role(&mut window, "Vuosi", "feature");
    window.photograph("housing-2-roles");

    let (x, y) = window.find_where("the button", |widget| widget.text() == "▶ Train").center();
    window.click_at(x, y);
    window.open_tab("Metrics");
    window.wait_for("a validation R² above 0", |widgets| r2(widgets).is_some_and(|r2| r2 > 0.0));
    window.photograph("housing-3-trained");

    let model = home.path().join("prices.ron");
    save_as(&mut window, &model);
    window.quit();
    let data = saved(&model).document.data;
    let targets = data.columns.iter().filter(|column| column.role == ColumnRole::Target);
    let targets: Vec<&str> = targets.map(|column| column.name.as_str()).collect();
    assert_eq!((targets, data.target_scaling), (vec!["Hinta (€)"], Scaling::Standardize));
}

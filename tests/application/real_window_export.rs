//! File ▸ Export in a real window, with the mouse: forms, what will be written, and the message that says what to
//! run.
//!
//! Needs what `real_window` needs.

use std::fs;
use std::path::Path;

use crate::display::{Display, Widget, Window};
use crate::support::{output_of, root, vastavirta};

fn choose(window: &mut Window<'_>, role: &str, label: &str) {
    let is_it = |widget: &Widget| widget.role == role && widget.label == label;
    let (x, y) = window.find_where(label, is_it).center();
    window.click_at(x, y);
}

/// Opens the dialog by the menu, where an entry has its key beside its name.
fn choose_export(window: &mut Window<'_>) {
    window.click("File");
    let (x, y) = window.find_where("the entry", |widget| widget.text().starts_with("Export …")).center();
    window.click_at(x, y);
}

/// Waits until the preview shows a text.
fn find_text(window: &mut Window<'_>, text: &str) {
    window.find_where(text, |widget| widget.text().contains(text));
}

/// All files of a folder by name.
fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut files: Vec<_> = files.map(|path| (name(&path), fs::read(&path).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn a_model_is_exported_from_the_menu_with_its_preview_and_what_to_run() {
    let test = "a_model_is_exported_from_the_menu_with_its_preview_and_what_to_run";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let model = home.path().join("mazur.ron");
    fs::copy(root().join("saved_models/mazur.ron"), &model).unwrap();
    let mut window = Window::open(&display, home.path(), &[&model.to_string_lossy()]);
    window.find_where("the model", |widget| widget.label.starts_with("Dense 1, "));
    choose_export(&mut window);

    // A project: each of its files can be looked into.
    find_text(&mut window, "nn.Module");
    choose(&mut window, "Button", "train.py");
    find_text(&mut window, "argparse");
    window.photograph("export-1-project");

    // Another form is written out at once, under another name.
    choose(&mut window, "RadioButton", "NumPy, forward and backward by hand");
    find_text(&mut window, "def backward(self");
    let is_name = |widget: &Widget| widget.role == "TextInput" && widget.label == "File";
    let proposed = window.find_where("its name", is_name).value;
    assert_eq!(proposed, "mazur_numpy.py");
    window.photograph("export-2-numpy");
    choose(&mut window, "Button", "Export");
    find_text(&mut window, "Run it with: python ");
    let script = home.path().join("mazur_numpy.py");
    assert!(fs::read_to_string(&script).unwrap().contains("def backward(self"));

    // What is there already is not replaced before it is said so.
    choose_export(&mut window);
    choose(&mut window, "RadioButton", "NumPy, forward and backward by hand");
    find_text(&mut window, "def backward(self");
    fs::write(&script, "mine").unwrap();
    choose(&mut window, "Button", "Export");
    find_text(&mut window, "is there already");
    assert_eq!(fs::read_to_string(&script).unwrap(), "mine");
    choose(&mut window, "RadioButton", "PyTorch project");
    find_text(&mut window, "nn.Module");
    choose(&mut window, "Button", "Export");
    find_text(&mut window, "pip install -r requirements.txt, then python train.py");
    window.photograph("export-3-what-to-run");
    window.quit();

    // The window and the command line write the same.
    let again = home.path().join("again");
    let arguments =
        ["export", &model.to_string_lossy(), "--to", "pytorch", "--out", &again.to_string_lossy()];
    output_of(&mut vastavirta(&arguments));
    assert_eq!(files_of(&home.path().join("mazur_pytorch")), files_of(&again));
}

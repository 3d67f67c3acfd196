//! Pictures without a display, and what menus offer to copy and to save.
//!
//! Must not know how a picture is painted.

use std::fs;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use vastavirta::network::NodeKind;
use vastavirta::words::Language;

use crate::support::{output_of, root, vastavirta};
use crate::window::{Drawn, drawn, open, select, settle, window};

/// A model that ships.
fn shipped(name: &str) -> String {
    root().join(format!("saved_models/{name}.ron")).to_string_lossy().into_owned()
}

#[test]
fn the_drawing_is_painted_without_a_display_and_says_every_name() {
    let mut command = vastavirta(&["export", &shipped("dag_skip"), "--to", "svg"]);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let text = output_of(&mut command);
    assert!(text.starts_with("<svg xmlns=") && text.trim_end().ends_with("</svg>"));
    let model = vastavirta::files::read_model(&root().join("saved_models/dag_skip.ron")).unwrap();
    for node in model.document.network.nodes.values() {
        assert!(text.contains(&format!("aria-label=\"{}\"", node.name)), "{}", node.name);
    }
    assert_eq!(text, output_of(&mut vastavirta(&["export", &shipped("dag_skip"), "--to", "svg"])));
}

#[test]
fn png_pictures_have_the_colors_of_their_theme() {
    let folder = tempfile::tempdir().unwrap();
    let corner = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let arguments = ["export", &shipped("xor"), "--to", "png", "--out", &out.to_string_lossy()];
        output_of(vastavirta(&arguments).args(more));
        let bytes = fs::read(&out).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"));
        let picture = measured(&bytes);
        assert!(picture.0 > 800 && picture.1 > 200, "{picture:?}");
        picture.2
    };
    assert!(corner("light.png", &[]) > 200);
    assert!(corner("dark.png", &["--dark"]) < 80);
}

#[test]
fn what_is_there_is_replaced_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    for (form, name) in [("png", "p.png"), ("svg", "p.svg"), ("numpy", "n.py"), ("onnx", "o.onnx")] {
        let out = folder.path().join(name);
        fs::write(&out, "notes").unwrap();
        let arguments = ["export", &shipped("xor"), "--to", form, "--out", &out.to_string_lossy()];
        let refused = vastavirta(&arguments).output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("--force"), "{form}: {said}");
        assert_eq!(fs::read(&out).unwrap(), b"notes", "{form}");
        output_of(vastavirta(&arguments).arg("--force"));
        assert_ne!(fs::read(&out).unwrap(), b"notes", "{form}");
    }
}

/// Width, height and how bright the upper left corner is.
fn measured(bytes: &[u8]) -> (u32, u32, u8) {
    let map = tiny_skia::Pixmap::decode_png(bytes).unwrap();
    (map.width(), map.height(), map.pixel(1, 1).unwrap().red())
}

#[test]
fn a_parameter_s_matrix_is_a_picture_and_an_unknown_one_is_named_with_those_there_are() {
    let arguments = ["export", &shipped("grad_w_2x3"), "--to", "svg", "--of"];
    let name = vastavirta::files::read_model(&root().join("saved_models/grad_w_2x3.ron")).unwrap();
    let name = name.document.network.parameter_specs()[0].name.clone();
    let text = output_of(vastavirta(&arguments).arg(&name));
    assert!(text.contains(&format!("<title>{name}</title>")), "{text}");
    let refused = vastavirta(&arguments).arg("nothing").output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains(&name), "{said}");
}

/// Clicks a button, and gives what it put onto the clipboard within a few frames.
pub(crate) fn copied(harness: &mut Drawn, label: &str) -> String {
    harness.get_by_label(label).click();
    for _ in 0..4 {
        harness.run_steps(1);
        let commands = &harness.output().platform_output.commands;
        let text = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            return text;
        }
    }
    panic!("{label} copied nothing");
}

/// Opens the small menu of the weights.
fn open_matrix_menu(harness: &mut Drawn) {
    harness.get_by_label("More for W").click();
    harness.run_steps(3);
}

#[test]
fn a_matrix_is_copied_as_the_code_and_the_text_of_other_programs() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(_)));
    for (entry, start, n_lines) in [
        ("NumPy array", "np.array([\n    [", 4),
        ("PyTorch tensor", "torch.tensor([\n    [", 4),
        ("LaTeX matrix", "\\begin{bmatrix}\n", 4),
        ("Markdown table", "| ", 4),
        ("CSV", "", 3),
    ] {
        open_matrix_menu(&mut harness);
        let text = copied(&mut harness, entry);
        assert!(text.starts_with(start) && text.lines().count() == n_lines, "{entry}: {text}");
        harness.run_steps(3);
    }
}

#[test]
fn the_table_of_data_is_copied_with_its_words() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "iris");
    window(&mut harness).show_pane("pane-data");
    settle(&mut harness);
    harness.get_by_label("More for Data").click();
    harness.run_steps(3);
    let text = copied(&mut harness, "CSV");
    assert_eq!(text.lines().count(), 151, "{text}");
    assert!(text.lines().nth(1).is_some_and(|line| line.contains("setosa")), "{text}");
}

#[test]
fn a_picture_of_a_matrix_is_saved_where_the_dialog_says_and_replaces_nothing_without_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.svg");
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(_)));
    let save = |harness: &mut Drawn| {
        open_matrix_menu(harness);
        harness.get_by_label("Save picture as SVG …").click();
        harness.run_steps(4);
        let field = harness.get_by_role_and_label(Role::TextInput, "Path of the file");
        assert!(field.value().unwrap().ends_with("W.svg"), "{:?}", field.value());
        harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        harness.run_steps(2);
        harness.event(egui::Event::Text(path.to_string_lossy().into_owned()));
        harness.run_steps(2);
        harness.key_press(egui::Key::Enter);
        harness.run_steps(2);
        settle(harness);
    };
    save(&mut harness);
    assert!(fs::read_to_string(&path).unwrap().starts_with("<svg"), "it is there");
    fs::write(&path, "mine").unwrap();
    save(&mut harness);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

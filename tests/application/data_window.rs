//! The Data panel and typed rows, in a window without a screen.
//!
//! Must not look at pixels: controls are found as a screen reader finds them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, EditCommand, FileCommand, ViewCommand};
use vastavirta::data::ColumnRole;
use vastavirta::files::Preferences;
use vastavirta::network::{DataNode, NodeId, NodeKind, Position};
use vastavirta::ui::Window;

type Shown = Harness<'static, Option<Window>>;

/// A window that shows the Data panel of an empty drawing.
fn shown() -> Shown {
    let mut shown = Harness::builder().with_size([1280.0, 900.0]).with_max_steps(16).build_ui_state(
        |ui, window: &mut Option<Window>| {
            if let Some(window) = window {
                window.window_ui(ui);
            } else {
                let mut new = Window::with_preferences(ui.ctx(), Preferences::default());
                new.show_pane("pane-data");
                *window = Some(new);
            }
        },
        None,
    );
    shown.run_steps(3);
    shown
}

fn send(shown: &mut Shown, command: Command) {
    let window = shown.state_mut().as_mut().unwrap();
    window.app_mut().dispatch(command);
    settle(shown);
}

fn settle(shown: &mut Shown) {
    shown.run_steps(2);
    let window = shown.state_mut().as_mut().unwrap();
    assert!(window.app_mut().wait(Duration::from_mins(1)));
    shown.run_steps(4);
}

fn add(shown: &mut Shown, kind: NodeKind) -> NodeId {
    send(shown, Command::Edit(EditCommand::AddNode { kind, position: Position::default() }));
    shown.state().as_ref().unwrap().app().selection().only_node().unwrap()
}

fn data_of(shown: &Shown, node: NodeId) -> DataNode {
    match &shown.state().as_ref().unwrap().app().document().network.nodes[&node].kind {
        NodeKind::Input(data) | NodeKind::Target(data) => data.clone(),
        kind => panic!("{kind:?}"),
    }
}

fn click(shown: &mut Shown, label: &str) {
    // A row of a form is called the same as the control in it.
    let is_control = |role| !matches!(role, Role::Label | Role::TextRun | Role::MultilineTextInput);
    let mut found = shown.query_all_by_label(label).filter(|node| is_control(node.accesskit_node().role()));
    let Some(control) = found.next() else { panic!("there is no {label}") };
    control.click();
    drop(found);
    settle(shown);
}

fn load(shown: &mut Shown, path: &Path) {
    let path = path.display().to_string();
    shown.get_by_label("Path of a data file").focus();
    shown.run_steps(2);
    shown.get_by_label("Path of a data file").type_text(&path);
    shown.run_steps(2);
    click(shown, "Load");
}

fn says(shown: &Shown, part: &str) -> bool {
    shown.query_all_by_label_contains(part).next().is_some()
}

#[test]
fn a_file_loaded_by_its_path_shows_its_columns_and_a_role_can_be_changed() {
    let mut shown = shown();
    assert!(says(&shown, "No data yet"));
    let input = add(&mut shown, NodeKind::Input(DataNode::new(1)));
    let _target = add(&mut shown, NodeKind::Target(DataNode::new(1)));
    load(&mut shown, &Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/auto_mpg_fi.csv"));
    assert!(says(&shown, "398 rows × 9 columns"));
    assert!(says(&shown, "314 train · 78 validate · 6 left out"));
    assert_eq!(data_of(&shown, input).features(), 9);
    click(&mut shown, "Role of sylinterit");
    click(&mut shown, "ignored");
    let app = shown.state().as_ref().unwrap().app();
    assert_eq!(app.document().data.columns[1].role, ColumnRole::Ignored);
    assert_eq!(data_of(&shown, input).features(), 8);
}

#[test]
fn a_refused_file_says_why_and_can_be_read_another_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.csv");
    // By the look of it the comma is the delimiter, and there is nothing to learn.
    std::fs::write(&path, "a,b\nred,blue\nblue,green\n").unwrap();
    let mut shown = shown();
    load(&mut shown, &path);
    assert!(says(&shown, "words.csv was not loaded"));
    assert!(says(&shown, "no column holds numbers"));
    assert!(shown.state().as_ref().unwrap().app().document().data.path.is_none());
    std::fs::write(&path, "a;b\n1;2\n").unwrap();
    click(&mut shown, "Delimiter");
    click(&mut shown, "; semicolon");
    assert!(says(&shown, "1 row × 2 columns"));
    assert!(!says(&shown, "was not loaded"));
}

#[test]
fn a_file_that_is_missing_or_empty_says_so_and_offers_no_other_way_to_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.csv");
    std::fs::write(&empty, "\n").unwrap();
    let lost = folder.path().join("no such folder").join("deeper").join("a.csv");
    for (path, reason) in [
        (folder.path().join("missing.csv"), "there is no such file"),
        (lost, "there is no folder"),
        (empty, "the file holds no rows"),
        (folder.path().to_owned(), "this is a folder, not a file"),
    ] {
        let mut shown = shown();
        load(&mut shown, &path);
        assert!(says(&shown, "was not loaded") && says(&shown, reason), "{reason}");
        assert!(says(&shown, &path.display().to_string()), "the whole path is shown");
        assert!(shown.query_by_label("Delimiter").is_none(), "{reason}");
        if reason == "there is no folder" {
            assert!(says(
                &shown,
                &format!("there is no folder {}", folder.path().join("no such folder").display())
            ));
        }
    }
}

#[test]
fn a_fresh_node_takes_typed_rows_at_once() {
    let mut shown = shown();
    let input = add(&mut shown, NodeKind::Input(DataNode::new(0)));
    send(&mut shown, Command::View(ViewCommand::Select { nodes: vec![input], edges: Vec::new() }));
    click(&mut shown, "Rows from");
    click(&mut shown, "typed rows");
    assert_eq!(data_of(&shown, input).rows.unwrap().rows, [[0.0]]);
    assert_eq!(data_of(&shown, input).features(), 1);
    shown.get_by_label("Row 1, x0");
    assert!(!says(&shown, "does not know how many features"));
    // The other node gets as many rows.
    click(&mut shown, "Add a row");
    let target = add(&mut shown, NodeKind::Target(DataNode::new(0)));
    send(&mut shown, Command::View(ViewCommand::Select { nodes: vec![target], edges: Vec::new() }));
    click(&mut shown, "Rows from");
    click(&mut shown, "typed rows");
    assert_eq!(data_of(&shown, target).rows.unwrap().rows, [[0.0], [0.0]]);
}

#[test]
fn rows_typed_by_hand_become_the_rows_of_a_node() {
    let mut shown = shown();
    let input = add(&mut shown, NodeKind::Input(DataNode::new(2)));
    send(&mut shown, Command::View(ViewCommand::Select { nodes: vec![input], edges: Vec::new() }));
    click(&mut shown, "Rows from");
    click(&mut shown, "typed rows");
    assert_eq!(data_of(&shown, input).rows.unwrap().rows, [[0.0, 0.0]]);
    click(&mut shown, "Add a row");
    assert_eq!(data_of(&shown, input).rows.unwrap().rows.len(), 2);
    click(&mut shown, "As text");
    let text = shown
        .query_all_by_label("As text")
        .find(|node| node.accesskit_node().role() == Role::MultilineTextInput);
    text.unwrap().focus();
    shown.run_steps(2);
    shown.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    shown.run_steps(2);
    shown.event(egui::Event::Paste("1,5\t2\t3\n4\t5\t6\n7\t8\t9\n".to_owned()));
    settle(&mut shown);
    let data = data_of(&shown, input);
    assert_eq!(data.rows.as_ref().unwrap().rows, [[1.5, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]);
    assert_eq!(data.features(), 3);
    send(&mut shown, Command::Edit(EditCommand::Undo));
    assert_eq!(data_of(&shown, input).features(), 2);
    send(&mut shown, Command::File(FileCommand::New));
}

/// A file as the system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        unreachable!("files are read by their path")
    }
}

fn drop_files(shown: &mut Shown, paths: &[PathBuf]) {
    let dropped = paths.iter().map(|path| Arc::new(Dropped(path.clone())) as egui::DroppedFileHandle);
    shown.input_mut().dropped_files = dropped.collect();
    shown.run_steps(1);
    settle(shown);
}

#[test]
fn files_are_taken_in_where_they_are_dropped() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shown = shown();
    drop_files(&mut shown, &[root.join("assets/iris.csv")]);
    assert!(says(&shown, "150 rows × 5 columns"));

    // A folder is refused with a word, and nothing else changes.
    drop_files(&mut shown, &[root.join("assets")]);
    assert!(says(&shown, "this is a folder, not a file"));
    assert_eq!(shown.state().as_ref().unwrap().app().table().unwrap().n_rows(), 150);

    // Loading was an edit, so the model that is dropped asks first.
    drop_files(&mut shown, &[root.join("saved_models/xor.ron")]);
    assert!(says(&shown, "The network has unsaved changes"));
    click(&mut shown, "Discard the changes");
    let app = shown.state().as_ref().unwrap().app();
    assert_eq!(app.path(), Some(root.join("saved_models/xor.ron").as_path()));

    // Data that are dropped together with a model go to that model.
    drop_files(&mut shown, &[root.join("assets/auto_mpg_fi.csv"), root.join("saved_models/auto_mpg.ron")]);
    let app = shown.state().as_ref().unwrap().app();
    assert_eq!(app.path(), Some(root.join("saved_models/auto_mpg.ron").as_path()));
    assert!(app.document().data.path.as_ref().unwrap().ends_with("auto_mpg_fi.csv"));
}

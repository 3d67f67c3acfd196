//! Save as: nothing is replaced without a question, and what was typed is never lost.
//!
//! Must not need a screen.

use std::fs;
use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{App, Command, EditCommand, FileCommand, Question, UnsavedAnswer};
use vastavirta::files::read_model;
use vastavirta::network::{NodeKind, Position};
use vastavirta::words::Language;

use crate::flows::{app, settle};
use crate::window::{Drawn, drawn, labels, open, window};

fn send(app: &mut App, command: FileCommand) {
    app.dispatch(Command::File(command));
    settle(app);
}

fn add(app: &mut App, kind: NodeKind) {
    app.dispatch(Command::Edit(EditCommand::AddNode { kind, position: Position::default() }));
}

fn n_nodes(path: &Path) -> usize {
    read_model(path).unwrap().document.network.nodes.len()
}

#[test]
fn a_model_is_replaced_only_after_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["old.ron", "new.ron"].map(|name| folder.path().join(name));
    let mut app = app();
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::SaveAs(old.clone()));
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::SaveAs(new.clone()));
    assert_eq!((n_nodes(&old), n_nodes(&new)), (1, 2));

    send(&mut app, FileCommand::SaveAs(old.clone()));
    assert_eq!(
        app.question(),
        Some(&Question::Replace { path: old.clone(), is_model: true, has_changed: false })
    );
    assert_eq!((n_nodes(&old), app.path()), (1, Some(new.as_path())), "nothing happened yet");
    send(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    assert_eq!(app.question(), Some(&Question::WhereToSave { typed: Some(old.clone()), reason: None }));
    send(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    assert_eq!((app.question(), n_nodes(&old)), (None, 1));

    send(&mut app, FileCommand::SaveAs(old.clone()));
    send(&mut app, FileCommand::Replace(old.clone()));
    assert_eq!((app.question(), n_nodes(&old), app.path()), (None, 2, Some(old.as_path())));
    // Saving again where it was saved asks nothing.
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::Save);
    assert_eq!((app.question(), n_nodes(&old)), (None, 3));
}

#[test]
fn a_file_that_is_no_model_is_never_replaced_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("thesis.ron");
    let mut app = app();
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::SaveAs(path.clone()));
    for thesis in ["My thesis, chapter one.".as_bytes(), b"", b"\xff\xfe\0", b"(scene: [])"] {
        fs::write(&path, thesis).unwrap();
        for save in [FileCommand::SaveAs(path.clone()), FileCommand::Save] {
            let has_changed = save == FileCommand::Save;
            send(&mut app, save);
            let asked = Question::Replace { path: path.clone(), is_model: false, has_changed };
            assert_eq!(app.question(), Some(&asked));
            assert_eq!(fs::read(&path).unwrap(), thesis);
            send(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
            send(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
        }
    }
    // Leaving asks as well, and what was to come still comes.
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::Quit);
    send(&mut app, FileCommand::Answer(UnsavedAnswer::Save));
    assert!(matches!(app.question(), Some(Question::Replace { is_model: false, .. })) && !app.may_close());
    send(&mut app, FileCommand::Answer(UnsavedAnswer::Cancel));
    send(&mut app, FileCommand::SaveAs(folder.path().join("other.ron")));
    assert!(app.may_close());
    assert_eq!(fs::read(&path).unwrap(), b"(scene: [])");
}

#[test]
fn a_save_that_is_asked_for_while_another_runs_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.ron");
    let mut app = app();
    add(&mut app, NodeKind::Add);
    send(&mut app, FileCommand::SaveAs(path.clone()));
    for _ in 0..5 {
        add(&mut app, NodeKind::Add);
        app.dispatch(Command::File(FileCommand::Save));
        app.tick();
    }
    settle(&mut app);
    assert_eq!((n_nodes(&path), app.is_dirty()), (6, false));
}

/// The box for a path and what stands in it.
fn typed(shown: &Drawn) -> PathBuf {
    let field = shown.get_by_role_and_label(Role::TextInput, "Path of the file");
    PathBuf::from(field.accesskit_node().value().unwrap_or_default())
}

fn press(shown: &mut Drawn, button: &str) {
    shown.get_by_role_and_label(Role::Button, button).click();
    shown.run_steps(3);
    crate::window::settle(shown);
}

fn ask_where(shown: &mut Drawn) {
    shown.key_combination_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, &[Key::S]);
    shown.run_steps(4);
}

#[test]
fn the_dialog_starts_beside_the_model_with_the_name_marked_and_keeps_what_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("first.ron");
    let mut shown = drawn(Language::English, [1280.0, 800.0]);
    open(&mut shown, "xor");
    ask_where(&mut shown);
    assert!(typed(&shown).is_absolute() && typed(&shown).ends_with("xor.ron"));
    shown.key_press(Key::Escape);
    shown.run_steps(3);
    window(&mut shown).app_mut().dispatch(Command::File(FileCommand::SaveAs(first.clone())));
    crate::window::settle(&mut shown);

    // Typing replaces the name alone; the folder and the ending stay.
    ask_where(&mut shown);
    assert_eq!(typed(&shown), first);
    shown.event(egui::Event::Text("second".to_owned()));
    shown.run_steps(2);
    assert_eq!(typed(&shown), folder.path().join("second.ron"));
    press(&mut shown, "Save");
    assert_eq!(n_nodes(&folder.path().join("second.ron")), 7);

    // An ending of another kind gets ours behind it, and the dialog says so before.
    ask_where(&mut shown);
    shown.key_combination_modifiers(Modifiers::COMMAND, &[Key::A]);
    shown.event(egui::Event::Text(folder.path().join("cars.csv").display().to_string()));
    shown.run_steps(2);
    assert!(labels(&shown).iter().any(|label| label == "It is saved as cars.csv.ron."));
    press(&mut shown, "Save");
    assert_eq!(n_nodes(&folder.path().join("cars.csv.ron")), 7);

    // A folder that is missing: the reason, and the path as it was typed.
    let wrong = folder.path().join("no such").join("x.ron");
    ask_where(&mut shown);
    shown.key_combination_modifiers(Modifiers::COMMAND, &[Key::A]);
    shown.event(egui::Event::Text(wrong.display().to_string()));
    shown.run_steps(2);
    press(&mut shown, "Save");
    shown.run_steps(3);
    assert_eq!(typed(&shown), wrong);
    assert!(labels(&shown).iter().any(|label| label.contains("there is no folder")));

    // A file that is there: the question, and back to the path.
    shown.key_combination_modifiers(Modifiers::COMMAND, &[Key::A]);
    shown.event(egui::Event::Text(first.display().to_string()));
    shown.run_steps(2);
    press(&mut shown, "Save");
    shown.get_by_label("Replace this file?");
    press(&mut shown, "Choose another name");
    shown.run_steps(3);
    assert_eq!(typed(&shown), first);
}

#[test]
fn a_file_that_somebody_else_changed_is_asked_about_before_it_is_saved_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.ron");
    let mut app = app();
    send(&mut app, FileCommand::OpenExample("xor".to_owned()));
    send(&mut app, FileCommand::SaveAs(path.clone()));
    let mine = fs::read(&path).unwrap();
    send(&mut app, FileCommand::Save);
    assert_eq!(app.question(), None, "it is as this program left it");

    let theirs = [&mine, b"// theirs\n".as_slice()].concat();
    fs::write(&path, &theirs).unwrap();
    send(&mut app, FileCommand::Save);
    let asked = Question::Replace { path: path.clone(), is_model: true, has_changed: true };
    assert_eq!(app.question(), Some(&asked));
    assert_eq!(fs::read(&path).unwrap(), theirs);
    send(&mut app, FileCommand::Replace(path.clone()));
    assert_eq!((app.question(), fs::read(&path).unwrap()), (None, mine));
    // From now on it is this program's again.
    send(&mut app, FileCommand::Save);
    assert_eq!(app.question(), None);

    // The same for a file that was opened.
    let mut app = crate::flows::app();
    send(&mut app, FileCommand::Open(path.clone()));
    fs::write(&path, &theirs).unwrap();
    send(&mut app, FileCommand::Save);
    assert_eq!(app.question(), Some(&asked));
}

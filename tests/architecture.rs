//! The rules of `src/lib.rs` as tests: who may import whom, where egui, serde, threads and `unsafe` may
//! stand, and how every file looks.
//!
//! Reads the sources as text (`architecture/reading.rs`); must not need a compiler.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use reading::{Source, closures_of, code_only, imported, lines_with, matches_in, root, rust_files, sources};

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/kinds.rs"]
mod kinds;
#[path = "architecture/notices.rs"]
mod notices;
#[path = "architecture/reading.rs"]
mod reading;

/// The floors from the top; a floor imports only floors above it.
const FLOORS: [&str; 16] = [
    "words", "tensor", "algebra", "autodiff", "network", "compile", "data", "document", "train", "insight",
    "explain", "export", "files", "app", "ui", "cli",
];

/// Imports that the order of the floors would allow and that the design forbids all the same.
const FORBIDDEN: [(&str, &str); 5] = [
    ("network", "autodiff"),
    ("data", "autodiff"),
    ("data", "compile"),
    ("document", "compile"),
    ("document", "autodiff"),
];

/// Most lines that one file may have: more, and two ideas live in it.
const MOST_LINES: usize = 450;

/// Fails with every place where one of `words` stands outside the files that `allowed` names.
fn only_in(words: &[&str], allowed: impl Fn(&Source) -> bool, why: &str) {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| !allowed(source)) {
        for word in words {
            for line in lines_with(source.shipped(), word) {
                places.push(format!("src/{}:{line}: {word}", source.path));
            }
        }
    }
    assert!(places.is_empty(), "{why}:\n{}", places.join("\n"));
}

#[test]
fn a_floor_imports_only_floors_above_it() {
    let order: BTreeMap<&str, usize> = FLOORS.iter().enumerate().map(|(i, &floor)| (floor, i)).collect();
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs" && source.path != "main.rs") {
        let floor = source.floor();
        let Some(&height) = order.get(floor) else {
            findings.push(format!("src/{}: the code map of lib.rs knows no floor {floor}", source.path));
            continue;
        };
        for name in imported(source.shipped()) {
            let below = order.get(name.as_str()).is_none_or(|&other| other > height);
            if below || FORBIDDEN.contains(&(floor, name.as_str())) {
                findings.push(format!("src/{}: {floor} must not import {name}", source.path));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_code_map_names_every_floor_in_order() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! | [`"))
        .filter_map(|line| line.split('`').next())
        .collect();
    assert_eq!(named, FLOORS);
    for floor in FLOORS {
        assert!(text.contains(&format!("mod {floor};")), "lib.rs has no module {floor}");
    }
}

#[test]
fn the_engine_knows_no_file_thread_clock_or_window() {
    let engine = |source: &Source| matches!(source.floor(), "tensor" | "algebra" | "autodiff");
    only_in(
        &["std::fs", "std::io", "std::thread", "std::time", "std::env", "std::process", "egui", "Instant"],
        |source| !engine(source),
        "the engine computes and does nothing else",
    );
}

#[test]
fn egui_stands_only_in_the_window() {
    only_in(
        &["egui", "eframe", "egui_graphs", "egui_plot", "egui_tiles", "egui_extras"],
        |source| source.floor() == "ui" || source.path == "main.rs",
        "only ui/ and main.rs draw",
    );
}

#[test]
fn serde_stands_only_in_files() {
    only_in(
        &["serde", "serde_json", "ron"],
        |source| source.floor() == "files",
        "what leaves the process is written in files/",
    );
}

#[test]
fn threads_start_only_in_train_and_app() {
    only_in(
        &["thread::spawn", "thread::Builder", "thread::scope"],
        |source| matches!(source.floor(), "train" | "app"),
        "the trainer and the jobs own the threads",
    );
}

#[test]
fn unsafe_stands_only_in_the_products() {
    only_in(&["unsafe"], |source| source.path == "tensor/product/large.rs", "one audited file may be unsafe");
}

#[test]
fn network_and_autodiff_do_not_know_each_other() {
    for source in sources() {
        let strangers = match source.floor() {
            "network" => "autodiff",
            "autodiff" => "network",
            _ => continue,
        };
        assert!(!imported(&source.code).contains(strangers), "src/{} imports {strangers}", source.path);
    }
}

#[test]
fn every_file_says_what_it_is() {
    let mut silent = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in rust_files(&root().join(folder)) {
            if !fs::read_to_string(&path).unwrap().starts_with("//! ") {
                silent.push(path.display().to_string());
            }
        }
    }
    assert!(silent.is_empty(), "these files do not open with //!:\n{}", silent.join("\n"));
}

#[test]
fn no_file_is_too_long_for_one_idea() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|&(lines, _)| lines > MOST_LINES)
        .map(|(lines, path)| format!("src/{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    only_in(&["todo!", "unimplemented!", "dbg!"], |_| false, "unfinished");
    for source in sources() {
        for mark in ["TODO", "FIXME", "XXX"] {
            assert!(lines_with(&source.text, mark).is_empty(), "src/{}: {mark}", source.path);
        }
        assert!(!source.code.contains("#[ignore"), "src/{}: a test that never runs", source.path);
    }
}

#[test]
fn kinds_are_matched_without_a_rest() {
    let mut findings = Vec::new();
    for source in sources() {
        for (line, patterns) in matches_in(source.shipped()) {
            let on_kind = ["NodeKind::", "Activation::", "LossKind::"];
            let is_kind = |pattern: &&String| {
                on_kind.iter().any(|kind| pattern.trim_start_matches(['&', '(', '|', ' ']).starts_with(kind))
            };
            // One arm and a rest ask "is it a loss?", which a new kind does not change.
            let n_kinds = patterns.iter().filter(is_kind).count();
            if n_kinds > 1 && patterns.iter().any(|pattern| pattern == "_") {
                findings.push(format!("src/{}:{line}", source.path));
            }
        }
    }
    assert!(
        findings.is_empty(),
        "a new kind must make the compiler list these places, so no `_ =>`:\n{}",
        findings.join("\n")
    );
}

/// Methods of egui's context that hold its lock while their closure runs.
const LOCKING: [&str; 19] = [
    "input",
    "input_mut",
    "input_for",
    "memory",
    "memory_mut",
    "data",
    "data_mut",
    "output",
    "output_mut",
    "graphics",
    "graphics_mut",
    "fonts",
    "fonts_mut",
    "options",
    "options_mut",
    "tessellation_options_mut",
    "viewport",
    "viewport_for",
    "with_plugin",
];

/// Whether the body of such a closure may come back to the context: by name, or by a method of a widget's
/// response, which holds it.
fn may_call_the_context(body: &str) -> bool {
    let names_it = ["ui", "ctx", "context", "painter"].iter().any(|word| !lines_with(body, word).is_empty());
    let asks_a_response = body.match_indices("response.").any(|(at, word)| {
        let rest = body[at + word.len()..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        rest.starts_with('(')
    });
    names_it || asks_a_response
}

#[test]
fn no_closure_that_holds_the_lock_of_the_context_calls_it() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| matches!(source.floor(), "ui" | "main")) {
        for (line, body) in closures_of(&source.code, &LOCKING) {
            if may_call_the_context(body) {
                findings.push(format!("src/{}:{line}: {}", source.path, body.trim()));
            }
        }
    }
    assert!(findings.is_empty(), "the window would lock up for good:\n{}", findings.join("\n"));
}

#[test]
fn there_is_exactly_one_egui() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for name in ["egui", "eframe", "egui_graphs", "egui_plot", "egui_tiles", "egui_extras", "egui_kittest"] {
        let versions = lock.matches(&format!("name = \"{name}\"\n")).count();
        assert_eq!(versions, 1, "Cargo.lock holds {versions} versions of {name}");
    }
}

#[test]
fn the_rules_see_what_they_forbid() {
    let text = "use crate::{app::{App, ui}, words};\nlet s = \"crate::files\"; // crate::cli\nlet c = '\"'; crate::data::x();";
    let code = code_only(text);
    assert_eq!(imported(&code).into_iter().collect::<Vec<_>>(), ["app", "data", "words"]);
    assert_eq!(lines_with("a\nunsafe { b }\nunsafe_code", "unsafe"), [2]);
    let frozen = "ui.input(|input| {\n input.key_down(Key::Space) && ui.memory(|memory| memory.focused().is_none())\n});";
    let locks = |code: &str| closures_of(code, &LOCKING).iter().any(|(_, body)| may_call_the_context(body));
    assert!(locks(frozen));
    assert!(locks("c.data_mut(move |data| data.insert_temp(response.hovered(), 1))"));
    assert!(!locks("ui.input(|input| input.has_request(response.id)); ui.memory(egui::Memory::focused)"));
    assert!(!locks("ui.ctx().graphics(|graphics| graphics.get(layer)); ui.label(ctx)"));
    let body = "match kind { NodeKind::Add => { 1 } NodeKind::Loss(l) => f(l, |x| { x }), _ => 2 }";
    assert_eq!(matches_in(body), [(1, vec!["NodeKind::Add".into(), "NodeKind::Loss(l)".into(), "_".into()])]);
}

#[test]
fn every_plot_has_the_menu_of_plots() {
    let sources = sources();
    let has_one_of =
        |source: &Source, names: &[&str]| names.iter().any(|name| source.shipped().contains(name));
    let has_menu = |path: &str| {
        let mut files = sources.iter().filter(|source| source.path == path);
        files.any(|source| has_one_of(source, &["plot_ui(", "CopyMenu"]))
    };
    let makes_plots = |source: &&Source| has_one_of(source, &["Plot::new(", "ticks::plot(", "FieldPlot {"]);
    // They make plots for others to show.
    let is_made_for_others = |source: &&Source| ["ui/ticks.rs", "ui/field_plot.rs"].contains(&&*source.path);
    for source in sources.iter().filter(makes_plots).filter(|source| !is_made_for_others(source)) {
        // What only draws leaves it to the module above.
        let above = source.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}.rs"));
        assert!(has_menu(&source.path) || has_menu(&above), "src/{}: a plot without its menu", source.path);
    }
}

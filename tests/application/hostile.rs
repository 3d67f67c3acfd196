//! Files that mean harm, or look as if they did: sizes and places beyond measure, names that a terminal
//! would obey, ids without a next one.
//!
//! Memory is bounded by counting bytes and shapes, never by a clock.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use vastavirta::app::{App, Command, DataCommand, EditCommand, FileCommand, ViewCommand};
use vastavirta::data::{
    DataErrorKind, DataRequest, DataSettings, Limits, Quiet, inspect_bytes, prepare, read_bytes,
};
use vastavirta::document::{Document, TrainingSettings};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{
    Activation, Builder, DataNode, InitialState, Initializer, Large, LossKind, MAX_POSITION, Network,
    NodeKind, Parameters, Position, ProblemKind, Severity,
};
use vastavirta::train::Session;
use vastavirta::words::{ToMessage as _, in_english};

use crate::canvas::{Desk, desk};
use crate::flows::{app, settle};
use crate::support::{root, vastavirta};

fn case(name: &str) -> PathBuf {
    root().join("tests/hostile").join(name)
}

/// What the program printed, on both ways, and its exit code.
fn told(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = vastavirta(arguments);
    command.env("VASTAVIRTA_CONFIG_DIR", root().join("target/no-preferences")).env("LC_ALL", "C");
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code(), text)
}

fn opened(path: &Path) -> App {
    let mut app = app();
    app.dispatch(Command::File(FileCommand::Open(path.to_owned())));
    settle(&mut app);
    assert!(app.notices().is_empty(), "{:?}", app.notices());
    app
}

fn open_in_window(desk: &mut Desk, path: &Path) {
    let app = desk.state_mut().as_mut().unwrap().app_mut();
    app.dispatch(Command::File(FileCommand::Open(path.to_owned())));
    app.wait(Duration::from_mins(1));
    assert!(!app.document().network.nodes.is_empty(), "{:?}", app.notices());
    desk.run_steps(4);
}

/// Writes a drawing as a file into a folder.
fn written(folder: &Path, network: Network) -> PathBuf {
    let path = folder.join("drawn.ron");
    let parameters = network.initialize(1);
    let document = Document { network, parameters, ..Document::default() };
    write_model(&path, &ModelFile { document, ..ModelFile::default() }).unwrap();
    path
}

#[test]
fn a_value_of_a_billion_numbers_is_named_in_every_job_and_takes_no_memory() {
    let model = case("concat_1e9.ron");
    let path = model.to_str().unwrap();
    for job in ["check", "grad", "train"] {
        let (code, told) = told(&[job, path]);
        assert_eq!(code, Some(1), "{job}: {told}");
        assert!(told.contains("N 9 is too large"), "{job}: {told}");
    }
    let counted = allocation_counter::measure(|| {
        let network = read_model(&model).unwrap().document.network;
        let is_named = |kind: &ProblemKind| matches!(kind, ProblemKind::TooLarge { what: Large::ValueOf(name), found: 1_000_000_000, .. } if name == "N 9");
        assert!(network.problems().iter().any(|problem| is_named(&problem.kind)));
        assert!(network.unroll().is_err());
    });
    assert!(counted.bytes_max < 2_000_000, "{} bytes at once", counted.bytes_max);
    let app = opened(&model);
    assert!(app.problems().iter().any(|problem| problem.severity == Severity::Error));
}

#[test]
fn a_batch_that_cannot_be_held_is_refused_before_it_is_made() {
    let mut b = Builder::new();
    let x = b.input(2);
    let z = b.dense(x, 4_000_000);
    let sum = b.dense_without_bias(z, 1);
    let y = b.target(1);
    b.loss(LossKind::Mse, sum, y);
    b.rows(x, vec![vec![0.5, 0.5]; 100]);
    b.rows(y, vec![vec![1.0]; 100]);
    let mut network = b.finish();
    for node in network.nodes.values_mut() {
        if let NodeKind::Dense(dense) = &mut node.kind {
            (dense.weight_init, dense.bias_init) = (Initializer::Zeros, Initializer::Zeros);
        }
    }
    let data = {
        let request = DataRequest::of(&network);
        prepare(None, &DataSettings::default(), &request, 1).unwrap()
    };
    let training = TrainingSettings { batch_size: 100, ..Default::default() };
    let parameters = Parameters::new();
    let refused = Session::<f32>::new(&network, &parameters, data.into(), &training);
    let said = in_english(&refused.map(drop).unwrap_err().message());
    assert!(said.starts_with("Too large: a pass over 80 rows takes"), "{said}");
}

#[test]
fn places_beyond_measure_are_moved_to_where_a_window_can_show_them() {
    let mut desk = desk();
    for name in ["far_position_1e12.ron", "dashed_1e9.ron"] {
        open_in_window(&mut desk, &case(name));
        let network = &desk.state().as_ref().unwrap().app().document().network;
        let all = network.nodes.values().flat_map(|node| [node.position.x, node.position.y]);
        assert!(all.into_iter().all(|at| at.abs() <= MAX_POSITION), "{name}");
        let counted = allocation_counter::measure(|| desk.step());
        let n_shapes = desk.output().shapes.len();
        assert!(
            n_shapes < 20_000 && counted.bytes_total < 50_000_000,
            "{name}: {n_shapes} shapes, {counted:?}"
        );
    }
}

#[test]
fn a_node_that_is_moved_out_of_the_world_stops_at_its_border() {
    let mut app = opened(&case("idmax.ron"));
    let node = *app.document().network.nodes.keys().next().unwrap();
    for at in [1e9, f32::INFINITY, f32::NAN] {
        let position = Position { x: at, y: -at };
        app.dispatch(Command::Edit(EditCommand::Move(vec![(node, position)])));
        let found = app.document().network.nodes[&node].position;
        assert!(found.x.abs() <= MAX_POSITION && found.y.abs() <= MAX_POSITION, "{at}: {found:?}");
    }
}

/// What a terminal would obey, or what would turn or hide its text; line ends apart.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn names_columns_and_paths_are_printed_but_not_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("a\u{1b}]0;b\u{7}\u{202e}\r\nFAKE: all gradients agree");
    fs::copy(case("node_name.ron"), &odd).unwrap();
    let wrong = folder.path().join("\u{9b}2J.csv");
    fs::copy(case("col.csv"), &wrong).unwrap();
    let (named, odd) = (case("node_name.ron"), odd.to_str().unwrap().to_owned());
    let (named, wrong) = (named.to_str().unwrap(), wrong.to_str().unwrap());
    let missing = format!("{odd}.ron");
    let out = folder.path().join("\u{1b}c/x.ron");
    let jobs: [&[&str]; 12] = [
        &["check", named],
        &["grad", named],
        &["grad", named, "--json"],
        &["train", named, "--epochs", "1"],
        &["train", named, "--epochs", "1", "--json"],
        &["check", &odd],
        &["check", &missing],
        &["train", named, "--data", wrong],
        &["predict", named, "--data", wrong],
        &["train", named, "--out", out.to_str().unwrap()],
        &["grad", named, "--rows=\u{1b}[31m\nFAKE"],
        &["\u{1b}[2J\u{202e}", "--no-such\u{7}"],
    ];
    for job in jobs {
        let (_, text) = told(job);
        assert!(!text.is_empty(), "{job:?}");
        assert!(!text.contains(is_obeyed), "{job:?}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("FAKE")), "{job:?}: {text}");
    }
    let (_, json) = told(&["grad", named, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let name = json["network"][1]["name"].as_str().unwrap();
    assert!(name.starts_with("\u{1b}]0;pwned") && name.contains('\u{202e}'), "JSON still means the name");
}

#[test]
fn six_nodes_duplicated_are_twelve_whatever_their_ids() {
    let mut app = opened(&case("idmax.ron"));
    let before = app.document().network.clone();
    let all: Vec<_> = before.nodes.keys().copied().collect();
    app.dispatch(Command::View(ViewCommand::Select { nodes: all, edges: Vec::new() }));
    app.dispatch(Command::Edit(EditCommand::Duplicate));
    settle(&mut app);
    let after = &app.document().network;
    assert_eq!((after.nodes.len(), after.edges.len()), (12, 10));
    assert!(before.nodes.iter().all(|(id, node)| after.nodes[id] == *node), "nothing was overwritten");
    assert!(before.edges.iter().all(|(id, edge)| after.edges[id] == *edge));
}

/// Every one of `n` Inputs wired to every one of `n` Adds.
fn everything_to_everything(n: usize) -> Network {
    let mut b = Builder::new();
    let name = |what: &str, i: usize| format!("{what} {i}");
    let inputs: Vec<_> =
        (0..n).map(|i| b.named(&name("x", i), NodeKind::Input(DataNode::new(1)), &[])).collect();
    for i in 0..n {
        b.named(&name("sum", i), NodeKind::Add, &inputs);
    }
    b.finish()
}

#[test]
fn ninety_thousand_wires_are_shown_in_a_frame_of_ordinary_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), everything_to_everything(300));
    let mut desk = desk();
    open_in_window(&mut desk, &path);
    assert_eq!(desk.state().as_ref().unwrap().app().document().network.edges.len(), 90_000);
    let n_shapes = desk.output().shapes.len();
    assert!(n_shapes < 20_000, "{n_shapes} shapes");
    let counted = allocation_counter::measure(|| desk.step());
    assert!(counted.bytes_total < 100_000_000, "{counted:?}");
}

#[test]
fn a_cycle_of_ten_thousand_nodes_is_shown_with_its_problem() {
    let mut b = Builder::new();
    let kind = NodeKind::Activation(Activation::Identity);
    let first = b.named("n", kind.clone(), &[]);
    let mut last = first;
    for i in 1..10_000 {
        last = b.named(&format!("n{i}"), kind.clone(), &[last]);
    }
    b.edge(last, first, 0, 0, InitialState::Zeros);
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), b.finish());
    let counted = allocation_counter::measure(|| {
        let mut desk = desk();
        open_in_window(&mut desk, &path);
    });
    assert!(counted.bytes_max < 400_000_000, "{} bytes at once", counted.bytes_max);
}

#[test]
fn a_folder_a_device_and_a_mark_are_named_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let marked = folder.path().join("marked.ron");
    let text = fs::read_to_string(case("idmax.ron")).unwrap();
    fs::write(&marked, format!("\u{feff}{text}")).unwrap();
    let open = folder.path().join("open.ron");
    fs::write(&open, text.replacen("\"N 3\"", "\"N 3", 1)).unwrap();
    let [folder, marked, open] = [folder.path(), &marked, &open].map(|path| path.to_str().unwrap());
    let cases: [(&[&str], &str); 7] = [
        (&["check", folder], "this is a folder, not a file"),
        (&["check", "/dev/zero"], "this is a device or a pipe"),
        (&["check", marked], "a byte order mark (BOM) of UTF-8"),
        (&["check", open], "line 5: a quote"),
        (&["train", "saved_models/xor.ron", "--data", folder], "this is a folder, not a file"),
        (&["train", "saved_models/xor.ron", "--data", "/dev/zero"], "this is a device or a pipe"),
        (&["predict", "saved_models/xor.ron", "--data", folder], "this is a folder, not a file"),
    ];
    for (job, expected) in cases {
        let (code, told) = told(job);
        assert_eq!(code, Some(1), "{job:?}: {told}");
        assert!(told.contains(expected), "{job:?}: {told}");
    }
}

#[test]
fn names_of_ten_megabytes_are_refused_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(10_000_000);
    let model = folder.path().join("m.ron");
    let text = fs::read_to_string(case("idmax.ron")).unwrap();
    fs::write(&model, text.replacen("N 3", &long, 1)).unwrap();
    let (code, said) = told(&["check", model.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("network.nodes[2].name") && said.contains("10000000"), "{said:.500}");
    assert!(said.len() < 1_000);
    let csv = folder.path().join("d.csv");
    fs::write(&csv, format!("a,{long},y\n1,2,3\n4,5,6\n")).unwrap();
    let (code, said) = told(&["train", "saved_models/xor.ron", "--data", csv.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("column 2") && said.contains("characters, but at most 10000 are allowed"),
        "{said:.500}"
    );
}

#[test]
fn many_columns_are_read_or_refused_and_cost_what_their_number_costs() {
    let bytes = |n: usize, name: &dyn Fn(usize) -> String| {
        let header: Vec<String> = (0..n).map(name).collect();
        let row = vec!["1"; n].join(",");
        let text = format!("{}\n{row}\n{row}\n", header.join(","));
        let limits = Limits::default();
        let read = || {
            let dialect = inspect_bytes(text.as_bytes()).unwrap().dialect;
            let table = read_bytes(text.as_bytes(), &dialect, &limits, &Quiet);
            table.map(|table| table.n_columns())
        };
        let mut n_columns = Ok(0);
        let counted = allocation_counter::measure(|| n_columns = read());
        (n_columns, counted.bytes_total)
    };
    for name in
        [&|_| "a".to_owned() as String as _, &|i: usize| format!("c{i}")] as [&dyn Fn(usize) -> String; 2]
    {
        let ((small, small_bytes), (large, large_bytes)) = (bytes(12_000, name), bytes(48_000, name));
        assert_eq!((small, large), (Ok(12_000), Ok(48_000)));
        assert!(large_bytes < 8 * small_bytes, "{large_bytes} bytes, not {small_bytes}");
    }
    let (refused, _) = bytes(131_000, &|i| format!("c{i}"));
    let kind = refused.map_err(|error| *error.kind);
    assert!(matches!(kind, Err(DataErrorKind::TooManyColumns { found: 131_000, .. })), "{kind:?}");
}

#[test]
fn opening_a_model_can_be_stopped_and_leaves_the_open_work() {
    let mut app = opened(&case("node_name.ron"));
    let before = app.document().clone();
    app.dispatch(Command::File(FileCommand::Open(case("idmax.ron"))));
    assert!(app.job().is_some_and(|job| job.can_cancel));
    app.dispatch(Command::Data(DataCommand::Cancel));
    assert_eq!(app.job(), None, "at once");
    settle(&mut app);
    assert_eq!(*app.document(), before);
    assert_eq!(app.path(), Some(&*case("node_name.ron")));
}

//! Files and command lines as chance makes them, well-formed ones with absurd counts, widths, places and
//! times among them: every one ends in a value or in words, and takes no more memory than it may.
//!
//! `PROPTEST_CASES=100000 cargo test --test application random_files` looks for longer. Memory is counted
//! in bytes, never in seconds.

use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use proptest::sample::select;
use vastavirta::compile::{CompileOptions, compile_network};
use vastavirta::data::{
    DataRequest, DataSettings, Limits, Quiet, guess_columns, inspect_bytes, prepare, read_bytes,
};
use vastavirta::files::{read_model, write_model};
use vastavirta::network::{MAX_POSITION, Severity};
use vastavirta::words::{ToMessage as _, in_english};

use crate::support::vastavirta;

/// What reading and looking at a small file may take at once, beside a multiple of its size.
const ROOM: u64 = 64 << 20;

/// Counts that somebody might write by mistake or on purpose.
fn count() -> impl Strategy<Value = usize> {
    prop_oneof![
        6 => 0..6_usize,
        2 => 0..300_usize,
        1 => select(vec![4_096, 65_536, 999_999, 1_000_000, 10_000_000, 4_294_967_295, usize::MAX >> 1]),
    ]
}

fn place() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (-2_000..2_000_i32).prop_map(|at| format!("{at}.0")),
        1 => select(vec!["1e9", "-1e12", "1e38", "3.4e38", "-0.0", "1e-45", "inf", "NaN"]).prop_map(str::to_owned),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zåäö ]{1,8}",
        1 => any::<String>(),
        1 => (1..3_000_usize).prop_map(|n| "x".repeat(n)),
    ]
}

fn id() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 1..12_u32, 1 => select(vec![0, u32::MAX - 1, u32::MAX])]
}

fn kind() -> impl Strategy<Value = String> {
    let dense = |units: usize| {
        format!("Dense(units: {units}, bias: true, weight_init: Zeros, bias_init: XavierUniform)")
    };
    let data = |what: &'static str| {
        (count(), prop::option::of(prop::collection::vec(prop::collection::vec(-2..2_i8, 0..4), 0..3)))
            .prop_map(move |(features, rows)| {
                let rows = rows.map_or("None".to_owned(), |rows| format!("Some({rows:?})"));
                format!("{what}(features: {features}, columns: [], rows: {rows}, per_step: true)")
            })
    };
    prop_oneof![
        3 => data("Input"),
        2 => data("Target"),
        3 => count().prop_map(dense),
        3 => select(vec!["Add", "Multiply", "Concat", "Activation(Softmax)", "Activation(Identity)", "Dropout(p: 0.5)"])
            .prop_map(str::to_owned),
        2 => select(vec!["Mse", "Bce", "CrossEntropyWithLogits"])
            .prop_map(|loss| format!("Loss(kind: {loss}, weight: 1.0, counted: Every)")),
    ]
}

/// A model as text: well-formed, whether or not it makes sense.
fn model() -> impl Strategy<Value = String> {
    let node = (id(), name(), place(), place(), kind());
    let edge = (id(), id(), id(), count(), count(), any::<bool>());
    let nodes = prop::collection::vec(node, 0..14);
    let edges = prop::collection::vec(edge, 0..30);
    (nodes, edges, count(), prop::option::of(count()), count()).prop_map(|(nodes, edges, steps, truncate, batch)| {
        let mut text = format!("(version: 1, network: (n_steps: {steps}, truncate: {truncate:?}, nodes: [");
        for (id, name, x, y, kind) in nodes {
            let _ = write!(text, "(id: {id}, name: {name:?}, position: ({x}, {y}), kind: {kind}),");
        }
        text.push_str("], edges: [");
        for (id, from, to, port, delay, is_trained) in edges {
            let initial = if is_trained { "Trained" } else { "Zeros" };
            let _ = write!(text, "(id: {id}, from: {from}, to: {to}, port: {port}, delay: {delay}, initial: {initial}),");
        }
        let _ = write!(
            text,
            "]), data: (path: None, dialect: (delimiter: ',', quote: '\"', decimal: Point, header: true, encoding: Utf8), \
             columns: [], missing: DropRows, scaling: Off, target_scaling: Off, \
             split: (validation_fraction: 0.0, shuffle: false), sequence: Windows(stride: 1, horizon: {batch})), \
             preprocessing: None, training: (optimizer: Sgd(momentum: 0.0, nesterov: false, weight_decay: 0.0), \
             learning_rate: 0.01, batch_size: {batch}, shuffle: true, epochs: {batch}, target_loss: None, \
             patience: None, clip: Off, seed: 1), parameters: [], optimizer: None)"
        );
        text
    })
}

/// Reads a model, looks through it, saves it and compiles it where it can run.
fn use_model(text: &str) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    fs::write(&path, text).unwrap();
    let mut outcome = Ok(());
    let counted = allocation_counter::measure(|| outcome = use_model_at(&path));
    prop_assert!(counted.bytes_max < ROOM + 64 * text.len() as u64, "{} bytes at once", counted.bytes_max);
    outcome
}

fn use_model_at(path: &std::path::Path) -> Result<(), TestCaseError> {
    let mut model = match read_model(path) {
        Ok(model) => model,
        Err(error) => {
            prop_assert!(!error.to_string().is_empty());
            return Ok(());
        }
    };
    let network = &model.document.network;
    for node in network.nodes.values() {
        prop_assert!(node.position.x.abs() <= MAX_POSITION && node.position.y.abs() <= MAX_POSITION);
    }
    let problems = network.problems();
    for problem in &problems {
        prop_assert!(!in_english(&problem.message()).is_empty());
    }
    let is_sound = problems.iter().all(|problem| problem.severity != Severity::Error);
    let n_copies = network.unrolled_size().nodes;
    let n_parameters = vastavirta::network::n_parameters(&network.parameter_specs());
    if is_sound && n_copies < 20_000 {
        let compiled = compile_network::<f32>(
            network,
            CompileOptions { input_grads: true, ..CompileOptions::default() },
        );
        prop_assert!(compiled.is_ok());
    }
    if n_copies < 20_000 && n_parameters < 100_000 {
        model.document.parameters = model.document.network.initialize(1);
        let again = path.with_file_name("again.ron");
        match write_model(&again, &model) {
            Ok(()) => prop_assert_eq!(read_model(&again).unwrap(), model, "what is saved can be opened"),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
    Ok(())
}

/// A cell of a table.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (-999..999_i32).prop_map(|number| number.to_string()),
        2 => "[a-c]{0,3}",
        1 => "[0-9,. ]{0,9}",
        1 => select(vec!["\"", "'", "\"a\"", "\"a\nb\"", "\u{1b}[31m", "\u{feff}", "NA", "\r", "\0", "1e999", "é"])
            .prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// A table as text: rows of one length or not, or one row of very many cells.
fn table() -> impl Strategy<Value = String> {
    let delimiter = select(vec![",", ";", "\t", "|", " "]);
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..6), 0..12);
    let ragged = (delimiter.clone(), rows)
        .prop_map(|(delimiter, rows)| rows.iter().map(|row| row.join(delimiter) + "\n").collect::<String>());
    let even = (delimiter.clone(), prop::collection::vec([cell(), cell(), cell()], 0..40))
        .prop_map(|(delimiter, rows)| rows.iter().map(|row| row.join(delimiter) + "\n").collect::<String>());
    let wide = (delimiter, cell(), select(vec![1_000, 49_999, 50_001, 131_000]), 0..3_usize).prop_map(
        |(delimiter, name, n, n_rows)| {
            let row = |cell: &str| vec![cell; n].join(delimiter) + "\n";
            row(&name) + &row("1").repeat(n_rows)
        },
    );
    prop_oneof![6 => even, 6 => ragged, 1 => wide]
}

/// Reads a table as a person would, and prepares it for a drawing.
fn use_table(text: &str) -> Result<(), TestCaseError> {
    let mut read = Ok(None);
    let counted = allocation_counter::measure(|| {
        read = inspect_bytes(text.as_bytes())
            .and_then(|found| read_bytes(text.as_bytes(), &found.dialect, &Limits::default(), &Quiet))
            .map(Some);
    });
    prop_assert!(counted.bytes_max < ROOM + 256 * text.len() as u64, "{} bytes at once", counted.bytes_max);
    let table = match read {
        Ok(table) => std::sync::Arc::new(table.unwrap_or_default()),
        Err(error) => {
            prop_assert!(!error.to_string().is_empty());
            return Ok(());
        }
    };
    let columns = guess_columns(&table);
    prop_assert_eq!(columns.len(), table.n_columns());
    let mut b = vastavirta::network::Builder::new();
    let (x, y) = (b.input(1), b.target(1));
    b.loss(vastavirta::network::LossKind::Mse, x, y);
    let request = DataRequest::of(&b.finish());
    let settings = DataSettings { columns, ..DataSettings::default() };
    if let Err(error) = prepare(Some(&table), &settings, &request, 1) {
        prop_assert!(!error.to_string().is_empty());
    }
    Ok(())
}

/// An argument of the command line.
fn argument() -> impl Strategy<Value = String> {
    let known = vec![
        "check",
        "grad",
        "train",
        "predict",
        "bench",
        "--json",
        "--rows",
        "--row",
        "--data",
        "--epochs",
        "--seed",
        "--precision",
        "--mode",
        "f32",
        "eval",
        "saved_models/xor.ron",
        "saved_models/grad_w_2x3.ron",
        "assets/xor.csv",
        "0",
        "0..2",
        "5..2",
        "0..18446744073709551615",
        "18446744073709551616",
        "-1",
        "NaN",
        "/dev/zero",
        "assets",
        "",
    ];
    prop_oneof![
        8 => select(known).prop_map(str::to_owned),
        1 => "[^\0]{0,12}",
        1 => select(vec!["\u{1b}[2J", "a\r\nFAKE: all gradients agree", "\u{202e}x", "--\u{7}"]).prop_map(str::to_owned),
    ]
}

/// Runs a command line; `bench` and training for long are left out.
fn use_command_line(arguments: &[String]) -> Result<(), TestCaseError> {
    let is_long = |argument: &String| argument == "bench" || argument.starts_with("18446744");
    if arguments.is_empty() || arguments.iter().any(is_long) || !is_job(&arguments[0]) {
        return Ok(());
    }
    let folder = tempfile::tempdir().unwrap();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = vastavirta(&arguments);
    let output = command.env("VASTAVIRTA_CONFIG_DIR", folder.path()).env("LC_ALL", "C").output().unwrap();
    let code = output.status.code();
    prop_assert!(matches!(code, Some(0..=2)), "{code:?}: {}", String::from_utf8_lossy(&output.stderr));
    for text in [output.stdout, output.stderr] {
        let text = String::from_utf8(text).unwrap();
        let is_obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        prop_assert!(!text.contains(is_obeyed), "{text:?}");
        prop_assert!(!text.lines().any(|line| line.starts_with("FAKE")), "{text}");
    }
    Ok(())
}

/// A job that comes to its end by itself: anything else would open the window.
fn is_job(argument: &str) -> bool {
    ["check", "grad", "train", "predict"].contains(&argument)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_model_is_read_or_refused_within_bounds(text in model()) {
        use_model(&text)?;
    }

    #[test]
    fn a_model_that_is_cut_or_changed_is_refused_within_bounds(
        text in model(), at in any::<prop::sample::Index>(), n in 0..40_usize, new in "[(){}\\[\\]\",:0-9e]{0,3}",
    ) {
        let mut cut = at.index(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let rest: String = text[cut..].chars().skip(n).collect();
        use_model(&format!("{}{new}{rest}", &text[..cut]))?;
    }

    #[test]
    fn any_table_is_read_or_refused_within_bounds(text in table()) {
        use_table(&text)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: ProptestConfig::default().cases.div_ceil(8),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_command_line_ends_with_words_that_a_terminal_only_shows(
        job in select(vec!["check", "grad", "train", "predict"]),
        arguments in prop::collection::vec(argument(), 0..6),
    ) {
        let mut line = vec![job.to_owned()];
        line.extend(arguments);
        if job == "train" {
            line.extend(["--epochs".to_owned(), "1".to_owned()]);
        }
        use_command_line(&line)?;
    }
}

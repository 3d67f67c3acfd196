//! However a run in the terminal ends, what it has learned is saved where `--out` says, and what stands
//! there is never harmed.
//!
//! Must not look inside the program. Unix only: signals, pipes and devices.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use vastavirta::document::{Document, OptimizerSettings, TrainingSettings};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{Builder, LossKind};

use crate::command_line::program;
use crate::support::{output_of, root};

const XOR: &str = "saved_models/xor.ron";

/// A run that would take for ever.
fn endless(out: &Path) -> Command {
    program(&["train", XOR, "--epochs", "1000000000", "--json", "--out", out.to_str().unwrap()])
}

fn send(signal: &str, child: &Child) {
    output_of(Command::new("kill").args(["-s", signal, &child.id().to_string()]));
}

/// Exit code and standard error of a run, once it has ended.
fn ended(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Names in a directory, without the one given.
fn besides(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| Path::new(name) != path.file_name().unwrap()).collect()
}

#[test]
fn signals_end_a_run_with_a_saved_model_that_goes_on_later() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out.ron");
        let mut child = endless(&out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().unwrap().contains("\"epoch\":1,"));
        send(signal, &child);
        let last = lines.map(Result::unwrap).last().unwrap();
        let said: serde_json::Value = serde_json::from_str(&last).unwrap();
        assert_eq!((&said["reason"], &said["done"]), (&"interrupted".into(), &true.into()), "SIG{signal}");
        assert_eq!(ended(child).0, Some(code), "SIG{signal}");
        let position = read_model(&out).unwrap().position;
        assert!(position.step > 0 && said["epoch"] == position.epoch, "{position:?}");
        assert!(besides(&out).is_empty(), "{:?}", besides(&out));
    }
}

#[test]
fn a_reader_that_goes_away_and_a_full_disk_for_the_output_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("read.ron");
    let mut child = endless(&out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(BufReader::new(child.stdout.take().unwrap()).lines().next());
    let (code, said) = ended(child);
    assert!(code == Some(0) && said.contains("read.ron"), "{code:?}: {said}");
    assert!(read_model(&out).unwrap().position.step > 0);

    let out = folder.path().join("full.ron");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let child = endless(&out).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let (code, said) = ended(child);
    assert!(code == Some(1) && said.contains("full.ron"), "{code:?}: {said}");
    assert!(read_model(&out).unwrap().position.step > 0);
}

#[test]
fn a_run_that_diverges_saves_its_last_good_weights_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let case = root().join("tests/cases/hostile/diverge2.ron");
    let run = |name: &str, epochs: &str| {
        let out = folder.path().join(name);
        let arguments = ["train", case.to_str().unwrap(), "--epochs", epochs, "--out", out.to_str().unwrap()];
        let output = program(&arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap(), read_model(&out).unwrap())
    };
    // Until a number is not finite.
    let (code, said, model) = run("infinite.ron", "100000");
    assert!(code == Some(1) && said.contains("last good weights") && said.contains("infinite.ron"), "{said}");
    let weights = model.document.parameters.values().flat_map(|parameter| parameter.values.iter());
    assert!(weights.clone().all(|w| w.is_finite()) && weights.count() == 2);
    // While all numbers are finite still.
    let (code, said, _) = run("finite.ron", "5");
    assert!(code == Some(1) && said.contains("diverged") && said.contains("learning rate 10"), "{said}");
    let (code, said, _) = run("one.ron", "1");
    assert!(code == Some(1) && said.contains("diverged"), "{said}");
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_first_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    output_of(Command::new("mkfifo").arg(path("pipe.ron")));
    std::os::unix::fs::symlink("/dev/null", path("null.ron")).unwrap();
    fs::write(path("mine.ron"), "mine").unwrap();
    fs::set_permissions(path("mine.ron"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::create_dir(path("folder.ron")).unwrap();
    for name in ["pipe.ron", "null.ron", "mine.ron", "folder.ron", "missing/out.ron", "mine.ron/out.ron"] {
        let child = endless(&path(name)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(output.stdout.is_empty() && said.contains(name), "{name}: {said}");
    }
    assert!(fs::symlink_metadata(path("pipe.ron")).unwrap().file_type().is_fifo());
    assert!(fs::symlink_metadata(path("null.ron")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(path("mine.ron")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn an_unrolled_graph_that_no_file_can_hold_is_refused_before_the_first_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (model, out) = (folder.path().join("long.ron"), folder.path().join("out.ron"));
    let text = fs::read_to_string(root().join("saved_models/sine_rnn.ron")).unwrap();
    let (before, rest) = text.split_once("    unrolled: ").unwrap();
    let (_, after) = rest.split_once("\n    data: ").unwrap();
    let before = before.replace("n_steps: 25", "n_steps: 900000");
    fs::write(&model, format!("{before}    data: {after}")).unwrap();
    let arguments = ["train", model.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let output = program(&arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("900000") || said.contains("900,000"), "{said}");
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.ron");
    fs::write(&out, "(version: 1)").unwrap();
    let mut child = endless(&out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    fs::write(&out, "somebody else's").unwrap();
    send("INT", &child);
    lines.for_each(drop);
    let (_, said) = ended(child);
    assert_eq!(fs::read_to_string(&out).unwrap(), "somebody else's");
    assert!(said.contains("changed by somebody else"), "{said}");
    assert!(read_model(&folder.path().join("out-2.ron")).unwrap().position.step > 0);
}

#[test]
fn an_epoch_is_printed_once_and_training_rows_are_measured_where_no_others_are() {
    let said = output_of(&mut program(&["train", XOR, "--epochs", "1"]));
    assert_eq!(said.matches("epoch 1 of 1").count(), 1, "{said}");
    assert!(said.contains("accuracy"), "{said}");
    let said = output_of(&mut program(&["train", XOR, "--epochs", "2", "--json"]));
    let last: serde_json::Value = serde_json::from_str(said.lines().next_back().unwrap()).unwrap();
    assert!(last["metrics"]["train_accuracy"].is_number() && last["metrics"]["val_accuracy"].is_null());
}

#[test]
fn ten_epochs_and_ten_more_are_twenty_bit_by_bit() {
    for example in ["auto_mpg", "iris", "xor", "sine_rnn"] {
        let folder = tempfile::tempdir().unwrap();
        let model = format!("saved_models/{example}.ron");
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let train = |model: &str, epochs: &str, out: &str| {
            output_of(&mut program(&["train", model, "--epochs", epochs, "--out", out]))
        };
        train(&model, "20", &path("whole.ron"));
        train(&model, "10", &path("half.ron"));
        let said = train(&path("half.ron"), "10", &path("twice.ron"));
        assert!(said.contains("epoch 20 of 20"), "{said}");
        let [whole, twice] = ["whole.ron", "twice.ron"].map(|name| fs::read(path(name)).unwrap());
        assert!(whole == twice, "{example}");
        assert!(fs::read_to_string(path("half.ron")).unwrap().contains("\n        epoch: 10,\n"));
    }
}

/// A model whose file takes a while to be written, saved under `path`.
fn large_model(path: &Path) {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(1);
    let wide = builder.dense(x, 60_000);
    let out = builder.dense(wide, 1);
    builder.loss(LossKind::Mse, out, y);
    builder.rows(x, vec![vec![0.5, -0.5]]);
    builder.rows(y, vec![vec![1.0]]);
    let network = builder.finish();
    let parameters = network.initialize(1);
    let optimizer = OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 };
    let training = TrainingSettings { optimizer, learning_rate: 1e-9, ..TrainingSettings::default() };
    let document = Document { network, parameters, training, ..Document::default() };
    write_model(path, &ModelFile { document, ..ModelFile::default() }).unwrap();
}

#[test]
fn a_program_that_is_killed_leaves_the_old_model_or_the_new_one() {
    // More on request: `VASTAVIRTA_KILLS=300`.
    let kills = std::env::var("VASTAVIRTA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let folder = tempfile::tempdir().unwrap();
    let (model, out) = (folder.path().join("large.ron"), folder.path().join("out.ron"));
    large_model(&model);
    let train = |epochs: &str| {
        program(&["train", model.to_str().unwrap(), "--epochs", epochs, "--out", out.to_str().unwrap()])
    };
    // A run without epochs does nothing but save; one takes as long as this.
    let began = Instant::now();
    output_of(&mut train("0"));
    let whole = began.elapsed();
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let (mut n_old, mut n_new, mut n_left) = (0, 0, 0);
    for kill in 0..kills {
        let before = fs::read(&out).unwrap();
        let epochs = if kill % 2 == 0 { "0" } else { "3" };
        let mut child = train(epochs).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(rng.random_range(0.3..1.2)));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = fs::read(&out).unwrap();
        if after == before {
            n_old += 1;
        } else {
            n_new += 1;
        }
        read_model(&out).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        n_left += usize::from(besides(&out).len() > 1);
    }
    eprintln!("{kills} kills: {n_old} left the old model, {n_new} a new one, {n_left} a temporary file");
    // The next start clears what is left.
    output_of(&mut train("0"));
    assert_eq!(besides(&out), ["large.ron"]);
    assert!(began.elapsed() > Duration::ZERO);
}

#[test]
fn a_place_that_goes_away_during_the_run_is_made_up_for() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let gone = folder.path().join("gone");
    fs::create_dir(&gone).unwrap();
    let mut run = endless(&gone.join("out.ron"));
    run.env("TMPDIR", elsewhere.path());
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("\"epoch\":1,"));
    fs::remove_dir_all(&gone).unwrap();
    send("INT", &child);
    lines.for_each(drop);
    let (code, said) = ended(child);
    let saved = elsewhere.path().join("out-2.ron");
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("gone") && read_model(&saved).unwrap().position.step > 0, "{said}");
}

//! What becomes of the columns of a file: roles, rows that are lost, targets that a loss cannot take,
//! and a trained model's own way of reading and preparing. As a person meets it in the terminal.
//!
//! Must not look inside the program. The files stand in `tests/cases/columns`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command_line::{failed, json, program, ran};
use crate::support::root;

fn case(name: &str) -> String {
    root().join("tests/cases/columns").join(name).to_str().unwrap().to_owned()
}

/// Standard output and standard error of a run that ends well.
fn said(arguments: &[&str]) -> (String, String) {
    let output = program(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{arguments:?}: {out}\n{err}");
    (out, err)
}

fn lines(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split([',', ';']).map(str::to_owned).collect()).collect()
}

/// The shipped model of car mileages after a short training, saved in `folder`.
fn trained_mpg(folder: &Path) -> String {
    let out = folder.join("mpg.ron").to_str().unwrap().to_owned();
    ran(&["train", "saved_models/auto_mpg.ron", "--epochs", "3", "--out", &out]);
    out
}

/// The only mileage predicted for the text of a file.
fn mileage(model: &str, folder: &Path, text: &str) -> f64 {
    let path = folder.join("asked.csv");
    fs::write(&path, text).unwrap();
    mileages(&ran(&["predict", model, "--data", path.to_str().unwrap()]))[0]
}

fn mileages(text: &str) -> Vec<f64> {
    lines(text)[1..].iter().map(|line| line[1].parse().unwrap()).collect()
}

#[test]
fn a_mostly_empty_column_is_no_feature_and_is_named() {
    let (out, err) = said(&["grad", &case("guess.ron"), "--data", &case("notes.csv"), "--json"]);
    assert_eq!(json(&out)["rows"].as_array().unwrap().len(), 4, "the first batch of 6 usable rows");
    assert!(err.contains("note is not used: 5 of 6 rows lack it"), "{err}");
    // A drawing that wants one feature more is told which one it misses, and why.
    let (code, err) = failed(&["grad", &case("two.ron"), "--data", &case("notes.csv")]);
    assert!(code == 1 && err.contains("note is not used: 5 of 6 rows lack it"), "{code}: {err}");
}

#[test]
fn what_costs_rows_is_said_with_the_column() {
    let (_, err) = said(&["train", "saved_models/auto_mpg.ron", "--epochs", "1", "--json"]);
    assert!(err.contains("6 of 398 rows left out: 6 lack horsepower"), "{err}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.csv");
    let remark = |row: usize| if row.is_multiple_of(4) { "2" } else { "" };
    let rows: Vec<String> = (0..120).map(|row| format!("{row},{},{}", remark(row), row % 7)).collect();
    fs::write(&path, format!("a,Remark,y\n{}\n", rows.join("\n"))).unwrap();
    // A model that wants the column all the same.
    let model = folder.path().join("m.ron");
    let ron = fs::read_to_string(case("two.ron")).unwrap();
    let columns = "columns: [(name: \"a\", role: Feature, kind: Number), (name: \"Remark\", role: Feature, \
                   kind: Number), (name: \"y\", role: Target, kind: Number)],";
    let start = ron.rfind("columns: [").unwrap();
    let end = start + ron[start..].find("],").unwrap() + 2;
    fs::write(&model, format!("{}{columns}{}", &ron[..start], &ron[end..])).unwrap();
    for job in ["train", "check", "grad"] {
        let output =
            program(&[job, model.to_str().unwrap(), "--data", path.to_str().unwrap()]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains("90 of 120 rows left out: 90 lack Remark"), "{job}: {err}");
    }
}

#[test]
fn a_target_that_its_loss_cannot_take_is_refused_with_a_way_out() {
    for (model, data, what, fix) in [
        ("bce.ron", "labels_1_2.csv", "gives 2 (line 3; 2 rows like it)", "Scale the targets to 0…1"),
        (
            "bce_standardized.ron",
            "labels_0_1.csv",
            "gives -1, the file’s 0 after scaling",
            "as they stand in the file",
        ),
        ("ce.ron", "not_one_hot.csv", "add up to 0 (line 2; 3 rows like it)", "Use "),
    ] {
        for job in ["check", "train"] {
            let output = program(&[job, &case(model), "--data", &case(data)]).output().unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8(text).unwrap();
            assert_eq!(output.status.code(), Some(1), "{job} {model}: {text}");
            assert!(text.contains(what) && text.contains(fix), "{job} {model}: {text}");
            assert!(!text.contains("no problems"), "{text}");
        }
    }
    let (out, _) = said(&["check", &case("bce.ron"), "--data", &case("labels_0_1.csv")]);
    assert!(out.contains("no problems"), "{out}");
}

#[test]
fn trained_weights_keep_their_preprocessing_unless_it_shall_be_fitted_anew() {
    let folder = tempfile::tempdir().unwrap();
    let shifts = |arguments: &[&str]| {
        let out = folder.path().join("out.ron").to_str().unwrap().to_owned();
        let mut all = vec!["train", "", "--epochs", "1", "--out", &out];
        let model = case("refit_model.ron");
        all[1] = &model;
        all.extend(arguments);
        let (_, err) = said(&all);
        let text = fs::read_to_string(&out).unwrap();
        let fitted: Vec<String> =
            text.lines().filter(|line| line.contains("shift: ")).map(str::to_owned).collect();
        (fitted, err)
    };
    let stored = fs::read_to_string(case("refit_model.ron")).unwrap();
    let stored: Vec<&str> = stored.lines().filter(|line| line.contains("shift: ")).collect();
    assert_eq!(stored.len(), 11);
    let high = case("high.csv");
    let (kept, err) = shifts(&["--data", &high]);
    assert_eq!(kept, stored);
    assert!(err.contains("prepared as the weights were trained"), "{err}");
    let (anew, err) = shifts(&["--data", &high, "--refit"]);
    assert_ne!(anew, stored);
    assert!(err.contains("fitted anew"), "{err}");
    assert_eq!(shifts(&[]).0, stored, "its own data");
}

#[test]
fn a_trained_model_reads_new_data_as_it_knows_them() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained_mpg(folder.path());
    let header = "cylinders,displacement,horsepower,weight,acceleration,model_year,origin";
    let plain = mileage(&model, folder.path(), &format!("{header}\n8,307,130,3504,12,70,USA\n"));
    let (out, err) = said(&["predict", &model, "--data", &case("predict_extra.csv")]);
    assert_eq!(mileages(&out), [plain], "a column called 2020 makes no row of the header");
    assert!(err.contains("does not know these columns; they are left out: 2020"), "{err}");
    // The model's own signs come first, a guess where they do not fit.
    let finnish = format!("{}\n8;307,0;130;3504;12,0;70;USA\n", header.replace(',', ";"));
    let path = folder.path().join("finnish.csv");
    fs::write(&path, finnish).unwrap();
    let told = ran(&["predict", &model, "--data", path.to_str().unwrap()]);
    assert_eq!(told, format!("row;mpg\n0;{}\n", plain.to_string().replace('.', ",")));
}

#[test]
fn a_category_that_the_model_does_not_know_is_named_once_with_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained_mpg(folder.path());
    let (out, err) = said(&["predict", &model, "--data", &case("unseen.csv")]);
    assert_eq!(mileages(&out).len(), 2);
    assert!(err.contains("origin: the model does not know “Italy” (row 0)"), "{err}");
    assert!(err.contains("origin: the model does not know “usa” (row 1), only “USA”"), "{err}");
    assert_eq!(err.matches("Italy").count(), 1, "{err}");
}

#[test]
fn rows_that_all_lack_a_value_have_empty_predictions() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained_mpg(folder.path());
    let (out, err) = said(&["predict", &model, "--data", &case("all_lack_horsepower.csv")]);
    assert_eq!(out, "row,mpg\n0,\n");
    assert!(err.contains("1 of 1 rows left out: 1 lack horsepower"), "{err}");
}

#[test]
fn evaluate_judges_a_model_with_its_stored_preprocessing() {
    let text = ran(&["evaluate", &case("refit_model.ron"), "--data", &case("high.csv"), "--json"]);
    let found = json(&text);
    assert_eq!(found["rows"], 140);
    let metric = |value: &Value| value.as_f64().unwrap();
    assert!(metric(&found["loss"]) > 0.0);
    // The mean absolute error by hand, from what predict says.
    let predicted = mileages(&ran(&["predict", &case("refit_model.ron"), "--data", &case("high.csv")]));
    let file = fs::read_to_string(case("high.csv")).unwrap();
    let target: Vec<f64> =
        file.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    let errors = predicted.iter().zip(&target).map(|(a, y)| (a - y).abs());
    let mae = errors.sum::<f64>() / target.len() as f64;
    assert!((metric(&found["metrics"]["mae"]) - mae).abs() < 1e-9 * mae, "{text} instead of {mae}");
    let (out, _) = said(&["evaluate", &case("refit_model.ron"), "--data", &case("high.csv")]);
    assert!(out.contains("over 140 rows") && out.contains("MAE"), "{out}");
    let (code, err) = failed(&["evaluate", &case("refit_model.ron"), "--data", &case("labels_0_1.csv")]);
    assert!(code == 1 && err.contains("age"), "{code}: {err}");
}

#[test]
fn new_draws_a_model_for_what_the_target_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("m.ron").to_str().unwrap().to_owned();
    for (data, target, metric) in [
        ("assets/iris.csv", "species", "val_accuracy"),
        ("assets/auto_mpg_fi.csv", "kulutus (mpg)", "val_mae"),
        ("assets/xor.csv", "y", "val_accuracy"),
    ] {
        let arguments =
            ["new", "--data", data, "--target", target, "--hidden", "8,4", "--activation", "tanh"];
        let (told, _) = said(&[&arguments[..], &["--out", &out]].concat());
        assert!(told.contains(target) && told.contains(&out), "{told}");
        assert!(ran(&["check", &out]).contains("no problems"), "{data}");
        let last = ran(&["train", &out, "--epochs", "2", "--json"]);
        let last = json(last.lines().last().unwrap());
        assert!(last["metrics"].as_object().unwrap().contains_key(metric), "{data}: {last}");
    }
    let (code, err) = failed(&["new", "--data", "assets/iris.csv", "--target", "color", "--out", &out]);
    assert!(code == 2 && err.contains("“color”") && err.contains("sepal_length"), "{code}: {err}");
}

#[test]
fn a_file_without_weights_draws_them_from_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("bare.ron");
    let text = fs::read_to_string(root().join("saved_models/xor.ron")).unwrap();
    let start = text.find("    parameters: [").unwrap();
    let end = text.rfind("    optimizer:").unwrap();
    fs::write(&bare, format!("{}    parameters: [],\n{}", &text[..start], &text[end..])).unwrap();
    let bare = bare.to_str().unwrap();
    let run = |arguments: &[&str]| ran(&[&["train", bare, "--epochs", "2", "--json"], arguments].concat());
    assert_eq!(run(&[]), run(&[]));
    assert_eq!(
        run(&["--seed", "7"]),
        ran(&["train", "saved_models/xor.ron", "--epochs", "2", "--json", "--seed", "7"])
    );
    assert_ne!(run(&["--seed", "7"]), run(&["--seed", "8"]));
}

#[test]
fn the_first_of_equal_classes_is_predicted() {
    let text = ran(&["predict", &case("predict_tie.ron"), "--data", &case("c.csv")]);
    let line = text.lines().nth(1).unwrap();
    assert!(line.starts_with("0,\"b \"\"q\"\", x\",0,0,0"), "{text}");
}

#[test]
fn windows_tell_the_row_that_they_speak_of_and_the_newest_forecast() {
    let text = ran(&["predict", "saved_models/sine_rnn.ron", "--data", "assets/sine_sequence.csv"]);
    let rows = lines(&text);
    assert_eq!(rows[0][..2], ["row", "rows_ahead"]);
    let n_rows = fs::read_to_string(root().join("assets/sine_sequence.csv")).unwrap().lines().count() - 1;
    // One line for each row of the file, and one for the row after them.
    assert_eq!(rows.len() - 1, n_rows + 1);
    let newest = rows.last().unwrap();
    assert_eq!((newest[0].parse::<usize>().unwrap(), newest[1].as_str()), (n_rows, "1"));
    assert!(!newest[2].is_empty());
    assert_eq!(rows[1][1..], ["", ""], "no window ends before the first row");
}

#[test]
fn predictions_have_the_digits_of_the_models_own_precision() {
    let digits = |precision: &[&str]| {
        let model = case("refit_model.ron");
        let high = case("high.csv");
        let text = ran(&[&["predict", &model, "--data", &high], precision].concat());
        lines(&text)[1][1].len()
    };
    // 385 parameters: f64 unless another precision is asked for.
    assert!(digits(&[]) > 12);
    assert!(digits(&["--precision", "f32"]) < 12);
}

#[test]
fn the_last_epoch_is_told_once() {
    let out = ran(&["train", &case("guess.ron"), "--data", &case("two_rows.csv"), "--epochs", "1"]);
    assert_eq!(out.matches("epoch 1 of 1").count(), 1, "{out}");
}

#[test]
fn each_line_of_new_data_is_predicted_with_its_own_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let model = trained_mpg(folder.path());
    // `3,504` in quotes is three and a half thousand: the model's decimal sign outranks a guess.
    let text = fs::read_to_string(case("predict_weight.csv")).unwrap();
    let weighed = mileages(&ran(&["predict", &model, "--data", &case("predict_weight.csv")]));
    let plain = mileage(&model, folder.path(), &text.replace("\"3,504\"", "3504"));
    assert_eq!(weighed, [plain]);
    // An apostrophe at the start of a word is text: no row is lost between two of them.
    let (data, line) = (folder.path().join("ab.csv"), folder.path().join("line.ron"));
    fs::write(&data, "a,b\n1,2\n2,3\n3,4\n4,5\n").unwrap();
    let (data, model) = (data.to_str().unwrap(), line.to_str().unwrap());
    ran(&["train", &case("guess.ron"), "--data", data, "--epochs", "1", "--out", model]);
    let file = case("predict_apostrophe.csv");
    let text = fs::read_to_string(&file).unwrap();
    let (out, err) = said(&["predict", model, "--data", &file]);
    assert_eq!(mileages(&out).len(), text.lines().count() - 1, "{err}");
    assert_eq!(mileages(&out).len(), 5);
    let without = folder.path().join("without.csv");
    fs::write(&without, text.replace('\'', "")).unwrap();
    assert_eq!(mileages(&out), mileages(&ran(&["predict", model, "--data", without.to_str().unwrap()])));
}

#[test]
fn a_person_says_how_columns_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, model) = (path("d.csv"), path("m.ron"));
    let rows: Vec<String> = (0..24).map(|row| format!("{},{},{}", row % 3, row, row % 5)).collect();
    fs::write(&data, format!("code,a,y\n{}\n", rows.join("\n"))).unwrap();
    let told = json(&ran(&["inspect", &data, "--json", "--kind", "code=category"]));
    assert_eq!(told["columns"][0]["kind"], "category");
    // Three codes are three features, where they would have been one number.
    let new = |kind: &[&str]| {
        let all = ["new", "--data", &data, "--target", "y", "--force", "--out", &model];
        ran(&[&all[..], kind].concat())
    };
    assert!(new(&[]).contains('2') && new(&["--kind", "code=category"]).contains('4'));
    ran(&["train", &model, "--epochs", "1", "--out", &model]);
    // What trained weights know is not read in another way.
    for job in ["predict", "evaluate", "grad", "train"] {
        let (code, err) = failed(&[job, &model, "--data", &data, "--kind", "code=number"]);
        assert!(code == 2 && err.contains("code"), "{job} {code}: {err}");
        said(&[job, &model, "--data", &data, "--kind", "code=category"]);
    }
    said(&["grad", "saved_models/auto_mpg.ron", "--kind", "cylinders=number"]);
    for (kind, what) in
        [("nothing=number", "nothing"), ("code=colour", "category"), ("code", "year=category")]
    {
        let (code, err) = failed(&["inspect", &data, "--kind", kind]);
        assert!(code == 2 && err.contains(what), "{kind} {code}: {err}");
    }
}

#[test]
fn what_is_not_its_own_is_replaced_only_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let model = trained_mpg(folder.path());
    let (data, notes, told) = (path("data.csv"), path("notes.txt"), path("told.csv"));
    fs::copy(case("predict_weight.csv"), &data).unwrap();
    fs::write(&notes, "mine").unwrap();
    let before = fs::read(&data).unwrap();
    for arguments in [
        vec!["predict", &model, "--data", &data, "--out", &data],
        vec!["inspect", &data, "--out", &data],
        vec!["train", &model, "--epochs", "1", "--out", &notes],
        vec!["new", "--data", "assets/iris.csv", "--target", "species", "--out", &notes],
    ] {
        let (code, err) = failed(&arguments);
        assert!(code == 2 && err.contains("--force"), "{arguments:?} {code}: {err}");
    }
    assert_eq!((fs::read(&data).unwrap(), fs::read_to_string(&notes).unwrap()), (before, "mine".to_owned()));
    // Its own kind is replaced, and anything where it is told.
    for _ in 0..2 {
        said(&["predict", &model, "--data", &data, "--out", &told]);
        said(&["train", &model, "--epochs", "1", "--out", &model]);
    }
    said(&["train", &model, "--epochs", "1", "--out", &notes, "--force"]);
    said(&["inspect", &data, "--out", &told, "--force"]);
}

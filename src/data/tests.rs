//! The whole way from bytes to batches, on the shipped files and on broken ones.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::network::{DataNode, Network, Node, NodeId, NodeKind, Position, TypedRows};

fn shipped(name: &str) -> (Dialect, Arc<Table>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    let dialect = inspect_file(&path).unwrap().dialect;
    let table = read_table(&path, &dialect, &Limits::default(), &Quiet).unwrap();
    (dialect, Arc::new(table))
}

fn table(text: &str) -> Arc<Table> {
    let dialect = inspect_bytes(text.as_bytes()).unwrap().dialect;
    Arc::new(read_bytes(text.as_bytes(), &dialect, &Limits::default(), &Quiet).unwrap())
}

fn read_error(bytes: &[u8]) -> DataError {
    let dialect = match inspect_bytes(bytes) {
        Ok(found) => found.dialect,
        Err(error) => return error,
    };
    read_bytes(bytes, &dialect, &Limits::default(), &Quiet).unwrap_err()
}

fn data_node() -> DataNode {
    DataNode { per_step: false, ..DataNode::new(1) }
}

/// An Input (node 1) and a Target (node 2).
fn request(input: DataNode, target: DataNode, n_steps: usize) -> DataRequest {
    let node = |name: &str, kind| Node::new(name, kind, Position::default());
    let mut network = Network { n_steps, ..Network::default() };
    network.nodes.insert(NodeId(1), node("Input 1", NodeKind::Input(input)));
    network.nodes.insert(NodeId(2), node("Target 1", NodeKind::Target(target)));
    DataRequest::of(&network)
}

fn plain_request() -> DataRequest {
    request(data_node(), data_node(), 1)
}

fn settings(table: &Table) -> DataSettings {
    DataSettings { columns: guess_columns(table), ..DataSettings::default() }
}

fn batch(prepared: &Prepared, node: usize, step: usize, samples: &[u32]) -> Vec<f64> {
    let mut output = nalgebra::DMatrix::<f64>::zeros(prepared.nodes()[node].width(), samples.len());
    prepared.fill_batch(node, step, samples, &mut output);
    output.as_slice().to_vec()
}

#[test]
fn auto_mpg_gives_nine_inputs_and_the_target_mpg() {
    let (_, table) = shipped("auto_mpg.csv");
    let mut settings = settings(&table);
    settings.scaling = Scaling::Standardize;
    let prepared = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
    let names: Vec<&str> = prepared.nodes()[0].features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "cylinders",
            "displacement",
            "horsepower",
            "weight",
            "acceleration",
            "model_year",
            "origin=Europe",
            "origin=Japan",
            "origin=USA"
        ]
    );
    assert_eq!(prepared.nodes()[1].features[0].name, "mpg");
    assert_eq!(settings.columns[8].role, ColumnRole::Ignored);
    assert_eq!(prepared.left_out().left_out, 6);
    assert_eq!((prepared.train().len(), prepared.validation().len()), (314, 78));
    assert_eq!(widths(Some(&table), &settings, &plain_request()), [(NodeId(1), 9), (NodeId(2), 1)]);
}

#[test]
fn a_finnish_export_reads_as_the_same_numbers() {
    let (dialect, finnish) = shipped("auto_mpg_fi.csv");
    let (_, english) = shipped("auto_mpg.csv");
    assert_eq!(
        (dialect.delimiter, dialect.decimal, dialect.header),
        (Delimiter::Sign(b';'), DecimalSign::Comma, true)
    );
    assert_eq!(finnish.columns()[0].name, "kulutus (mpg)");
    assert_eq!(finnish.columns()[7].name, "alkuperä");
    assert_eq!(guess_columns(&finnish)[0].role, ColumnRole::Target);
    for row in 0..english.n_rows() {
        for column in 0..7 {
            assert_eq!(finnish.cell(row, column), english.cell(row, column), "row {row}, column {column}");
        }
    }
}

#[test]
fn iris_and_digits_give_one_hot_targets() {
    for (name, n_features, classes) in [
        ("iris.csv", 4, vec!["setosa", "versicolor", "virginica"]),
        // Three of the 64 pixels are the same in every picture.
        ("digits_8x8.csv", 61, vec!["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
    ] {
        let (_, table) = shipped(name);
        let prepared = prepare(Some(&table), &settings(&table), &plain_request(), 1).unwrap();
        assert_eq!(prepared.nodes()[0].width(), n_features);
        assert_eq!(prepared.nodes()[1].classes().unwrap(), classes);
        let first = batch(&prepared, 1, 0, &[0]);
        assert_eq!(first.iter().sum::<f64>(), 1.0);
    }
}

#[test]
fn standardizing_uses_the_training_part_and_the_population_deviation() {
    let table = table("x,y\n1,0\n2,0\n3,1\n6,1\n100,1\n");
    let mut settings = settings(&table);
    settings.scaling = Scaling::Standardize;
    settings.split = SplitSettings { validation_fraction: 0.2, shuffle: false };
    let prepared = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
    // Mean of 1, 2, 3, 6 is 3; squares 4 + 1 + 0 + 9 = 14; deviation √(14/4).
    let deviation = 3.5_f64.sqrt();
    assert_eq!(
        prepared.preprocessing().columns[0].encoding,
        FittedEncoding::Number { shift: 3.0, scale: deviation, fill: 3.0 }
    );
    assert_eq!(batch(&prepared, 0, 0, &[0, 4]), [-2.0 / deviation, 97.0 / deviation]);
    assert_eq!(prepared.nodes()[0].features[0].original(-2.0 / deviation), 1.0);
}

#[test]
fn a_constant_column_keeps_scale_one() {
    let table = table("c,x,y\n0.1,1,0\n0.1,2,1\n0.1,3,0\n");
    for scaling in [Scaling::Standardize, Scaling::MinMax] {
        let mut settings = DataSettings {
            scaling,
            split: SplitSettings { validation_fraction: 0.0, shuffle: false },
            ..settings(&table)
        };
        // By itself a constant column is no feature.
        assert_eq!(settings.columns[0].role, ColumnRole::Ignored);
        settings.columns[0].role = ColumnRole::Feature;
        let prepared = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
        let FittedEncoding::Number { scale, .. } = prepared.preprocessing().columns[0].encoding else {
            panic!("a number was expected")
        };
        assert_eq!(scale, 1.0);
    }
}

#[test]
fn an_unseen_category_is_all_zeros_and_the_width_stays() {
    let table = table("k,y\na,1\nb,2\na,3\nb,4\na,5\nb,6\na,7\nc,8\n");
    let mut settings = settings(&table);
    settings.columns[0].role = ColumnRole::Feature;
    settings.split = SplitSettings { validation_fraction: 0.125, shuffle: false };
    let prepared = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
    assert_eq!(batch(&prepared, 0, 0, &[0, 1, 7]), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn missing_features_are_filled_with_the_training_mean_but_a_missing_target_drops_the_row() {
    let table = table("x,k,y\n1,a,1\n,b,2\n4,,3\n7,a,\n1,b,5\n2,a,6\n2,b,7\n");
    let mut settings = settings(&table);
    settings.columns[1].role = ColumnRole::Feature;
    settings.missing = MissingValues::FillMean;
    settings.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let prepared = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
    assert_eq!(prepared.left_out().left_out, 1);
    assert_eq!(batch(&prepared, 0, 0, &[1, 2]), [2.0, 0.0, 1.0, 4.0, 0.0, 0.0]);
    settings.missing = MissingValues::DropRows;
    assert_eq!(prepare(Some(&table), &settings, &plain_request(), 1).unwrap().left_out().left_out, 3);
}

#[test]
fn a_stored_fit_encodes_a_new_file_without_its_targets() {
    let table_a = table("x,k,y\n1,a,1\n3,b,2\n1,a,3\n3,b,4\n");
    let mut settings = settings(&table_a);
    settings.columns[1].role = ColumnRole::Feature;
    settings.scaling = Scaling::MinMax;
    settings.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let fitted = prepare(Some(&table_a), &settings, &plain_request(), 1).unwrap().preprocessing().clone();
    let new = table("k,x\nb,2\nz,5\n");
    let request = plain_request().inputs_only();
    let prepared = prepare_with(Some(&new), &settings, &request, &fitted).unwrap();
    assert_eq!(batch(&prepared, 0, 0, &[0, 1]), [0.5, 0.0, 1.0, 2.0, 0.0, 0.0]);
    let lacking = table("k,z\nb,2\nz,5\n");
    let error = prepare_with(Some(&lacking), &settings, &request, &fitted).unwrap_err();
    assert_eq!(*error.kind, DataErrorKind::UnknownColumn { name: "x".into() });
}

#[test]
fn typed_rows_need_no_file() {
    let rows = |rows: &[&[f64]]| Some(TypedRows { rows: rows.iter().map(|row| row.to_vec()).collect() });
    let input = DataNode { rows: rows(&[&[0.0, 1.0], &[1.0, 1.0]]), per_step: false, ..DataNode::new(2) };
    let target = DataNode { rows: rows(&[&[1.0], &[0.0]]), ..data_node() };
    let settings = DataSettings {
        split: SplitSettings { validation_fraction: 0.0, shuffle: true },
        ..DataSettings::default()
    };
    let prepared = prepare(None, &settings, &request(input.clone(), target, 1), 1).unwrap();
    assert_eq!(prepared.train(), [0, 1]);
    assert_eq!(batch(&prepared, 0, 0, &[1, 0]), [1.0, 1.0, 0.0, 1.0]);
    let error = prepare(None, &settings, &request(input, data_node(), 1), 1).unwrap_err();
    assert!(matches!(*error.kind, DataErrorKind::RowCounts { rows: 2, other_rows: 0, .. }));
    let error = prepare(None, &settings, &plain_request(), 1).unwrap_err();
    assert_eq!(*error.kind, DataErrorKind::NoData { node: "Input 1".into() });
}

#[test]
fn windows_take_consecutive_rows_and_the_target_lies_a_horizon_ahead() {
    let table = table("v,w\n0,0\n1,10\n2,20\n3,30\n4,40\n5,50\n6,60\n7,70\n8,80\n9,90\n");
    let mut settings = settings(&table);
    settings.columns[0].role = ColumnRole::Feature;
    settings.columns[1].role = ColumnRole::Target;
    settings.split = SplitSettings { validation_fraction: 0.5, shuffle: true };
    settings.sequence = SequenceLayout::Windows { stride: 1, horizon: 1 };
    let per_step = DataNode { per_step: true, ..data_node() };
    let prepared = prepare(Some(&table), &settings, &request(per_step.clone(), data_node(), 3), 1).unwrap();
    assert_eq!((prepared.train(), prepared.validation()), (&[0, 1][..], &[2, 3][..]));
    assert_eq!((prepared.row_of(1), prepared.row_of(2)), (1, 5));
    assert_eq!([0, 1, 2].map(|step| batch(&prepared, 0, step, &[1])[0]), [1.0, 2.0, 3.0]);
    assert_eq!(batch(&prepared, 1, 0, &[0, 1, 2]), [30.0, 40.0, 80.0]);
    let prepared = prepare(Some(&table), &settings, &request(per_step.clone(), per_step, 3), 1).unwrap();
    assert_eq!([0, 1, 2].map(|step| batch(&prepared, 1, step, &[0])[0]), [10.0, 20.0, 30.0]);
}

#[test]
fn column_groups_cut_a_row_into_steps() {
    let table = table("a1,b1,a2,b2,y\n1,2,3,4,0\n5,6,7,8,1\n");
    let mut settings = settings(&table);
    settings.sequence = SequenceLayout::ColumnGroups;
    settings.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let per_step = DataNode { per_step: true, ..data_node() };
    let request_2 = request(per_step.clone(), data_node(), 2);
    let prepared = prepare(Some(&table), &settings, &request_2, 1).unwrap();
    assert_eq!(batch(&prepared, 0, 0, &[0, 1]), [1.0, 2.0, 5.0, 6.0]);
    assert_eq!(batch(&prepared, 0, 1, &[0, 1]), [3.0, 4.0, 7.0, 8.0]);
    assert_eq!(widths(Some(&table), &settings, &request_2)[0], (NodeId(1), 2));
    let error = prepare(Some(&table), &settings, &request(per_step, data_node(), 3), 1).unwrap_err();
    assert!(matches!(*error.kind, DataErrorKind::UnevenGroups { features: 4, steps: 3, .. }));
}

#[test]
fn a_column_of_words_made_a_number_names_the_first_cell_that_is_none() {
    let table = table("x,k,y\n1,7,1\n2,8,2\n3,oops,3\n");
    let mut settings = settings(&table);
    settings.columns[1].role = ColumnRole::Feature;
    settings.columns[1].kind = ColumnKind::Number;
    let error = prepare(Some(&table), &settings, &plain_request(), 1).unwrap_err();
    assert_eq!((error.place.line, error.place.column), (Some(4), Some(2)));
    assert_eq!(*error.kind, DataErrorKind::NotANumber { found: "oops".into() });
}

#[test]
fn broken_files_name_what_is_wrong_and_where() {
    assert_eq!(*read_error(b"").kind, DataErrorKind::Empty);
    assert_eq!(*read_error(b" \n\n").kind, DataErrorKind::Empty);
    assert_eq!(*read_error(b"a,b\n").kind, DataErrorKind::Empty);
    let ragged = read_error(b"a,b\n1,2\n3\n");
    assert_eq!(
        (&*ragged.kind, ragged.place.line),
        (&DataErrorKind::Ragged { expected: 2, found: 1 }, Some(3))
    );
    let quoted = read_error(b"a,b\n1,\"two\nlines\"\n3\n");
    assert_eq!(
        (&*quoted.kind, quoted.place.line),
        (&DataErrorKind::Ragged { expected: 2, found: 1 }, Some(4))
    );
    assert_eq!(*read_error(b"a,b\nfoo,bar\nbaz,qux\n").kind, DataErrorKind::NoNumbers);
    assert_eq!(*read_error(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").kind, DataErrorKind::Binary);
}

#[test]
fn a_missing_file_and_a_directory_are_told_apart() {
    let error = inspect_file(Path::new("no such file.csv")).unwrap_err();
    assert_eq!(
        (&*error.kind, error.place.path.as_deref()),
        (&DataErrorKind::NotFound, Some(Path::new("no such file.csv")))
    );
    let error = read_table(Path::new("src"), &Dialect::default(), &Limits::default(), &Quiet).unwrap_err();
    assert_eq!(*error.kind, DataErrorKind::Directory);
    assert_eq!(error.to_string(), "src: this is a folder, not a file. Choose a CSV file inside it.");
}

#[test]
fn more_cells_than_allowed_are_refused_before_they_are_read() {
    struct Never;
    impl ReadTask for Never {
        fn progress(&self, _: u64, _: u64) {
            panic!("nothing should be read");
        }
    }
    let text = "a,b\n".to_owned() + &"1,2\n".repeat(1000);
    let limits = Limits { max_cells: 1000, ..Limits::default() };
    let error = read_bytes(text.as_bytes(), &Dialect::default(), &limits, &Never).unwrap_err();
    assert!(matches!(*error.kind, DataErrorKind::TooManyCells { limit: 1000, .. }));
}

#[test]
fn a_waiting_person_can_cancel() {
    struct Impatient;
    impl ReadTask for Impatient {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let error = read_bytes(b"a,b\n1,2\n", &Dialect::default(), &Limits::default(), &Impatient).unwrap_err();
    assert_eq!(*error.kind, DataErrorKind::Cancelled);
}

#[test]
fn preparing_tells_its_stages_and_stops_after_any_of_them() {
    use std::cell::RefCell;
    struct StopsAt(u64, RefCell<Vec<(u64, u64)>>);
    impl ReadTask for StopsAt {
        fn progress(&self, done: u64, total: u64) {
            self.1.borrow_mut().push((done, total));
        }
        fn is_cancelled(&self) -> bool {
            self.1.borrow().last().is_some_and(|(done, _)| *done >= self.0)
        }
    }
    let (_, table) = shipped("iris.csv");
    let settings = settings(&table);
    let run = |task: &StopsAt| prepare_while(Some(&table), &settings, &plain_request(), 1, task);
    let patient = StopsAt(u64::MAX, RefCell::default());
    let prepared = run(&patient).unwrap();
    let alone = prepare(Some(&table), &settings, &plain_request(), 1).unwrap();
    assert_eq!((prepared.preprocessing(), prepared.train()), (alone.preprocessing(), alone.train()));
    let told = patient.1.into_inner();
    assert_eq!(told, [0, 1, 2, 3, 4].map(|done| (done, 5)));
    for stage in 0..5 {
        let task = StopsAt(stage, RefCell::default());
        assert_eq!(*run(&task).unwrap_err().kind, DataErrorKind::Cancelled);
        assert_eq!(task.1.into_inner().len() as u64, stage + 1, "it goes on after it was told to stop");
    }
}

#[test]
fn every_encoding_comes_back_as_the_same_table() {
    let text = "nimi;ikä\r\näiti;41,5\r\n\"isä; ukki\";62\r\nÅke;7\r\nmuu;1\r\n";
    let utf16 = |swap: bool| {
        let bytes = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
    };
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let expected = table(text);
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8),
        (utf16(false), Encoding::Utf16Le),
        ([b"\xFF\xFE".to_vec(), utf16(false)].concat(), Encoding::Utf16Le),
        (utf16(true), Encoding::Utf16Be),
        ([b"\xFE\xFF".to_vec(), utf16(true)].concat(), Encoding::Utf16Be),
        (windows.into_owned(), Encoding::Windows1252),
    ] {
        let dialect = inspect_bytes(&bytes).unwrap().dialect;
        assert_eq!(dialect.encoding, encoding);
        let found = read_bytes(&bytes, &dialect, &Limits::default(), &Quiet).unwrap();
        assert_eq!(format!("{found:?}"), format!("{:?}", *expected), "{encoding:?}");
    }
}

#[test]
fn bytes_that_are_not_the_chosen_encoding_name_their_line() {
    let bytes = b"a;b\n1;x\n2;\xE4\n";
    let dialect = Dialect { delimiter: Delimiter::Sign(b';'), ..Dialect::default() };
    let error = read_bytes(bytes, &dialect, &Limits::default(), &Quiet).unwrap_err();
    assert_eq!((&*error.kind, error.place.line), (&DataErrorKind::Encoding("UTF-8"), Some(3)));
}

#[test]
fn inspection_finds_delimiter_header_and_decimal_sign() {
    for (text, delimiter, header, decimal) in [
        ("a,b\n1.5,2\n", b',', true, DecimalSign::Point),
        ("1;2,5\n3;4,5\n", b';', false, DecimalSign::Comma),
        ("a\tb c\n1\t2\n3\t4\n", b'\t', true, DecimalSign::Point),
        ("x|y\n1|2\n", b'|', true, DecimalSign::Point),
        ("a,b\n\"1,5\",\"2,5\"\n", b',', true, DecimalSign::Comma),
        ("sep=;\r\na;b\r\n1,5;2\r\n", b';', true, DecimalSign::Comma),
        ("red,1\nblue,2\n", b',', false, DecimalSign::Point),
        ("a\r1\r2\r", b',', true, DecimalSign::Point),
    ] {
        let found = inspect_bytes(text.as_bytes()).expect(text).dialect;
        assert_eq!(
            (found.delimiter.byte(), found.header, found.decimal),
            (delimiter, header, decimal),
            "{text:?}"
        );
        assert!(read_bytes(text.as_bytes(), &found, &Limits::default(), &Quiet).is_ok(), "{text:?}");
    }
}

#[test]
fn several_threads_read_the_same_table_as_one() {
    let mut text = String::from("n,k,v\n");
    for row in 0..120_000 {
        use std::fmt::Write;
        writeln!(text, "{row},{},{}", ["a", "b", "7"][row * row % 3], (row as f64).sin()).unwrap();
        if row == 90_000 {
            text.push_str("\n1,\"quoted, it is\",\n");
        }
    }
    let read = |n_threads: usize| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        threads.install(|| {
            let table = read_bytes(text.as_bytes(), &Dialect::default(), &Limits::default(), &Quiet);
            format!("{:?}", table.unwrap())
        })
    };
    assert!(read(3) == read(1), "the tables differ");
}

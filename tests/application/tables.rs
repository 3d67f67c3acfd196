//! Files as people have them: each folder of `tests/cases/tables` stands for a kind, and a test says
//! how its files read, together with neighbors of the kind.
//!
//! Must not know how reading works.

use std::path::Path;

use vastavirta::data::{
    Cell, ColumnContent, ColumnKind, DecimalSign, Delimiter, Dialect, DialectChoices, Encoding, Inspection,
    KindReason, Limits, Quiet, SkipReason, Table, inspect_bytes, inspect_bytes_with, inspect_file,
    read_bytes, read_notes, read_table, write_clean,
};

fn limits() -> Limits {
    Limits { only_looked_at: true, ..Limits::default() }
}

fn case(name: &str) -> (Inspection, Table) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tables").join(name);
    let found = inspect_file(&path).unwrap();
    let table = read_table(&path, &found.dialect, &limits(), &Quiet).unwrap();
    check_lines(&table);
    (found, table)
}

fn text(text: &str) -> (Inspection, Table) {
    let found = inspect_bytes(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let table = read_bytes(text.as_bytes(), &found.dialect, &limits(), &Quiet);
    let table = table.unwrap_or_else(|error| panic!("{text}: {error}"));
    check_lines(&table);
    (found, table)
}

/// No line of a file is a row and left out, and the lines that are left out stand in order.
fn check_lines(table: &Table) {
    let mut next = 1;
    for left in table.skipped() {
        assert!(left.line >= next && left.n_lines > 0);
        next = left.line + left.n_lines;
        for row in 0..table.n_rows() {
            assert!(!(left.line..next).contains(&table.line_of(row)));
        }
    }
    assert!(next <= table.n_lines() + 1);
}

fn names(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.name.as_str()).collect()
}

/// The cells of a column as text; a missing one is `-`.
fn cells(table: &Table, column: usize) -> Vec<String> {
    let cell = |row| match table.cell(row, column) {
        Cell::Missing => "-".to_owned(),
        Cell::Number(value) => value.to_string(),
        Cell::Text(text) => text.to_owned(),
    };
    (0..table.n_rows()).map(cell).collect()
}

fn numbers(table: &Table, column: usize) -> Vec<f64> {
    assert_eq!(table.columns()[column].content, ColumnContent::Numbers, "{:?}", cells(table, column));
    (0..table.n_rows()).map(|row| table.row(row)[column]).collect()
}

fn reasons(table: &Table) -> Vec<(u64, u64, SkipReason)> {
    let skipped = table.skipped().iter().filter(|left| left.reason != SkipReason::Header);
    skipped.map(|left| (left.line, left.n_lines, left.reason)).collect()
}

#[test]
fn an_apostrophe_within_text_is_text() {
    for (name, town, rows) in
        [("last.csv", 2, 5), ("middle.csv", 1, 5), ("odd.csv", 1, 3), ("predict.csv", 2, 5)]
    {
        let (found, table) = case(&format!("apostrophe-taken-as-quote/{name}"));
        assert_eq!((table.n_rows(), found.dialect.quote), (rows, Some(b'"')), "{name}");
        assert!(cells(&table, town)[0].starts_with('\''), "{name}");
    }
    // At the end, on both sides, and a stray double quote as well.
    let (_, table) = text("a,who,y\n1,James',2\n2,'n Huis',3\n3,rock 'n' roll,4\n4,Jo,5\n");
    assert_eq!(cells(&table, 1), ["James'", "'n Huis'", "rock 'n' roll", "Jo"]);
    let (_, table) = text("a,size,y\n1,\"5 inch,2\n2,6,3\n3,7\" pipe,4\n4,\"8\",5\n");
    assert_eq!(cells(&table, 1), ["\"5 inch", "6", "7\" pipe", "8"]);
    // Where it quotes, it quotes.
    let (found, table) = text("a,b\n'x, y',1\n'z',2\n'w, v',3\n");
    assert_eq!((found.dialect.quote, cells(&table, 0)[0].as_str()), (Some(b'\''), "x, y"));
}

#[test]
fn groups_of_three_digits_are_thousands() {
    let folder = "thousands-comma-taken-as-decimal";
    let (_, table) = case(&format!("{folder}/quoted.csv"));
    assert_eq!(numbers(&table, 0), [1234.0, 12345.0, 850.0, 2001.0]);
    let (_, table) = case(&format!("{folder}/tab.csv"));
    assert_eq!(numbers(&table, 0), [1234.0, 12345.0, 850.0, 2001.0]);
    let (_, table) = case(&format!("{folder}/two_groups.csv"));
    assert_eq!(numbers(&table, 1), [1_234_567.0, 7_654_321.0, 2_000_001.0]);
    let (found, table) = case(&format!("{folder}/no_header.csv"));
    assert!(!found.dialect.header);
    assert_eq!(numbers(&table, 0), [1234.0, 12345.0, 850.0, 8123.0]);
    let (found, table) = case(&format!("{folder}/predict_weight.csv"));
    assert_eq!(numbers(&table, 3), [3504.0]);
    // One such cell is no proof, and that is said.
    let keys: Vec<_> = read_notes(&table, Some(&found)).into_iter().map(|note| note.kind).collect();
    assert!(format!("{keys:?}").contains("Commas"));
    // The other way round, and where the comma is the decimal sign after all.
    let (found, table) = text("a;y\n1.234,5;1\n2.345.678,25;2\n7;3\n");
    assert_eq!((found.dialect.decimal, found.dialect.thousands), (DecimalSign::Comma, Some('.')));
    assert_eq!(numbers(&table, 0), [1234.5, 2_345_678.25, 7.0]);
    let (_, table) = text("a;y\n1,234;1\n0,125;2\n2,5;3\n");
    assert_eq!(numbers(&table, 0), [1.234, 0.125, 2.5]);
    // What a model knows of no thousands sign is still not read as decimals.
    let bytes = b"a,y\n\"3,504\",1\n\"12\",2\n";
    let table = read_bytes(bytes, &Dialect::default(), &limits(), &Quiet).unwrap();
    assert_eq!(numbers(&table, 0), [3504.0, 12.0]);
    let (_, table) = text("a,y\n\"12,34,567\",1\n\"1,234\",2\n");
    assert_eq!(numbers(&table, 0), [1_234_567.0, 1234.0]);
}

#[test]
fn numbers_may_name_columns() {
    let folder = "number-like-column-names";
    let (_, table) = case(&format!("{folder}/years.csv"));
    assert_eq!((names(&table), table.n_rows()), (vec!["site", "1960", "1961"], 3));
    let (_, table) = case(&format!("{folder}/years_quoted_corner.csv"));
    assert_eq!((names(&table), table.n_rows()), (vec!["column 1", "1940", "1945"], 3));
    let (_, table) = case(&format!("{folder}/one_of_three.csv"));
    assert_eq!((names(&table), table.n_rows()), (vec!["time", "load", "3"], 3));
    let (found, _) =
        text("400,410,420,430\n0.1,0.5,0.2,0.9\n0.4,0.2,0.3,0.1\n0.4,0.1,0.3,0.2\n0.9,0.2,0.3,0.1\n");
    assert!(found.dialect.header);
    let (found, _) = text("1,2,3,4\n2,3,4,5\n3,4,5,6\n");
    assert!(!found.dialect.header);
    let (found, _) = text("5.1,3.5,1.4\n4.9,3.0,1.4\n");
    assert!(!found.dialect.header);
}

#[test]
fn the_decimal_sign_is_that_of_the_whole_file() {
    for (name, rows) in [("row_199.csv", 220), ("row_200.csv", 220), ("zeros_first.csv", 400)] {
        let (found, table) = case(&format!("decimal-sign-from-first-199-rows/{name}"));
        assert_eq!((found.dialect.decimal, table.n_rows()), (DecimalSign::Comma, rows), "{name}");
        assert!(numbers(&table, 0).iter().any(|value| value.fract() != 0.0), "{name}");
    }
    // Far beyond what one looks at first, even the very last row.
    let mut long = "a;y\n".to_owned();
    for row in 0..200_000 {
        long += &(row % 7).to_string();
        long += ";1\n";
    }
    long.push_str("0,5;1\n");
    let (_, table) = text(&long);
    assert_eq!(numbers(&table, 0).last(), Some(&0.5));
}

#[test]
fn runs_of_blanks_delimit() {
    let (found, table) = case("whitespace-delimited/aligned.txt");
    assert_eq!(found.dialect.delimiter, Delimiter::Blanks);
    assert_eq!((numbers(&table, 0), numbers(&table, 1)), (vec![1.0, 20.5, 3.0], vec![20.0, 3.0, 4.25]));
    let (_, table) = case("whitespace-delimited/mixed_tab_quoted.txt");
    assert_eq!(cells(&table, 0), ["18", "15", "-"]);
    assert_eq!(cells(&table, 2), ["big car", "small car", "tiny car"]);
    let (_, table) = case("whitespace-delimited/quoted.txt");
    assert_eq!(
        (names(&table), cells(&table, 0)),
        (vec!["name", "a", "y"], vec!["A B".into(), "C D".into(), "E F".into()])
    );
    let (_, table) = case("whitespace-delimited/single.txt");
    assert_eq!((numbers(&table, 0), numbers(&table, 1)), (vec![1.5, 2.5, 3.5], vec![3.0, 4.0, 6.0]));
    // A person may say so.
    let bytes = b"a  b\n1 2\n3   4\n";
    let choices = DialectChoices { delimiter: Some(Delimiter::Blanks), ..DialectChoices::default() };
    let found = inspect_bytes_with(bytes, &choices).unwrap();
    let table = read_bytes(bytes, &found.dialect, &limits(), &Quiet).unwrap();
    assert_eq!((names(&table), table.n_rows()), (vec!["a", "b"], 2));
}

#[test]
fn rows_may_have_empty_cells_more_and_a_header_a_cell_less() {
    for (name, rows) in [
        ("blank_line_with_spaces.csv", 2),
        ("header_trailing.csv", 3),
        ("rows_trailing.csv", 3),
        ("semicolon_header_trailing.csv", 2),
    ] {
        let (_, table) = case(&format!("ragged-by-empty-cells/{name}"));
        assert_eq!((names(&table), table.n_rows()), (vec!["a", "y"], rows), "{name}");
    }
    let (_, table) = text("a,y\nr1,1,2\nr2,2,3\nr3,3,4\n");
    assert_eq!((names(&table), numbers(&table, 2)), (vec!["column 1", "a", "y"], vec![2.0, 3.0, 4.0]));
    // A row that lacks its last cells keeps the others; one with too many is left out, and named.
    let (found, table) = text("a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n13,14,15\n");
    assert_eq!(cells(&table, 2), ["3", "-", "8", "15"]);
    assert_eq!(reasons(&table), [(5, 1, SkipReason::Ragged { expected: 3, found: 4 })]);
    let notes: Vec<String> =
        read_notes(&table, Some(&found)).iter().map(|note| format!("{note:?}")).collect();
    assert!(
        notes.iter().any(|note| note.contains("ShortRows"))
            && notes.iter().any(|note| note.contains("Ragged"))
    );
}

#[test]
fn lines_around_the_table_are_skipped_and_named() {
    use SkipReason::{AboveTable, Blank, Comment, Note, RepeatedHeader, Total, Units};
    for (name, rows, header, expected) in [
        ("comments.csv", 2, ["a", "y"], vec![(1, 2, Comment)]),
        ("note.csv", 2, ["a", "y"], vec![(4, 1, Note)]),
        ("title.csv", 2, ["a", "y"], vec![(1, 2, AboveTable)]),
        ("title_padded.csv", 2, ["a", "y"], vec![(1, 1, AboveTable)]),
        ("two_headers.csv", 3, ["age", "price"], vec![(1, 1, AboveTable)]),
        ("units.csv", 3, ["a", "y"], vec![(2, 1, Units)]),
    ] {
        let (_, table) = case(&format!("lines-around-the-table/{name}"));
        assert_eq!((table.n_rows(), names(&table)), (rows, header.to_vec()), "{name}");
        assert_eq!(reasons(&table), expected, "{name}");
    }
    let (_, table) = case("lines-around-the-table/total.csv");
    assert_eq!((table.n_rows(), reasons(&table)), (3, vec![(5, 1, Total)]));
    for (file, rows, expected) in [
        ("% made by hand\na,y\n1,2\n% pause\n3,4\n", 2, vec![(1, 1, Comment), (4, 1, Comment)]),
        ("Report;;\nof May;;\n\nid;a;y\n1;2;3\n4;5;6\n;;\n;;\n", 2, vec![(1, 3, AboveTable), (7, 2, Blank)]),
        ("a,b,y\n1,2,3\n4,5,6\na,b,y\n7,8,9\n", 3, vec![(4, 1, RepeatedHeader)]),
        ("t,m,y\n[s],[kg],\n1,2,3\n4,5,6\n", 2, vec![(2, 1, Units)]),
        (
            "city,n,y\nOulu,1,2\nTurku,2,3\nYhteensä,3,5\n\nLähde: tilasto\n",
            2,
            vec![(4, 1, Total), (5, 1, Blank), (6, 1, Note)],
        ),
    ] {
        let (_, table) = text(file);
        assert_eq!((table.n_rows(), reasons(&table)), (rows, expected), "{file}");
    }
    // A hash before the first name is no comment, and a word that comes often is no total.
    let (_, table) = text("#id,a,y\n1,2,3\n2,3,4\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["#id", "a", "y"], 2));
    let (_, table) = text("kind,y\ntotal,1\npart,2\ntotal,3\npart,4\ntotal,5\n");
    assert_eq!(table.n_rows(), 5);
}

#[test]
fn a_column_of_numbers_stays_one_with_a_few_bad_cells() {
    for (name, line, odd) in
        [("few_values.csv", 702, "broken"), ("one_of_1000.csv", 702, "broken"), ("inf.csv", 3, "inf")]
    {
        let (_, table) = case(&format!("almost-numeric-column/{name}"));
        let column = &table.columns()[0];
        assert_eq!((column.reading.kind, column.reading.n_odd), (ColumnKind::Number, 1), "{name}");
        let first = &column.reading.odd_cells[0];
        assert_eq!((first.line, first.text.as_str()), (line, odd), "{name}");
        assert_eq!(numbers(&table, 0).iter().filter(|value| value.is_nan()).count(), 1, "{name}");
    }
    for name in ["nbsp_padding.csv", "zero_width.csv"] {
        let (_, table) = case(&format!("almost-numeric-column/{name}"));
        assert_eq!(numbers(&table, 0), [1.0, 2.0], "{name}");
    }
    // Half numbers, half words are a category, and the reason is told.
    let (_, table) = text("a,y\n1,1\nx,2\n2,3\nz,4\n1,5\nx,6\n2,7\nz,8\n");
    assert!(matches!(
        table.columns()[0].reading.reason,
        Some(KindReason::Mixed { numbers: 4, words: 4, .. })
    ));
}

#[test]
fn words_for_missing_are_missing() {
    for (name, token) in [
        ("backslash_n.csv", "\\N"),
        ("dots.csv", ".."),
        ("endash.csv", "–"),
        ("minus_nan.csv", "-nan"),
        ("word.csv", "missing"),
    ] {
        let (_, table) = case(&format!("missing-value-tokens/{name}"));
        assert_eq!(cells(&table, 0), ["2", "3", "4", "-"], "{name}");
        assert_eq!(cells(&table, 1), ["1", "-", "3", "5"], "{name}");
        assert_eq!(table.columns()[0].reading.missing_tokens, [(token.to_owned(), 1)], "{name}");
    }
    for token in ["N/A", "#DIV/0!", "null", "n.a.", "—", "...", "unknown", "?", "NONE", "#NAME?"] {
        let (_, table) = text(&format!("a,b\n1,2\n{token},3\n3,4\n"));
        assert_eq!(cells(&table, 0), ["1", "-", "3"], "{token}");
    }
    // A person may name others, and then the usual ones are words.
    let bytes = b"a,b\nnone,1\nabsent,2\nnone,3\n";
    let choices = DialectChoices { missing: Some(vec!["absent".to_owned()]), ..DialectChoices::default() };
    let found = inspect_bytes_with(bytes, &choices).unwrap();
    let table = read_bytes(bytes, &found.dialect, &limits(), &Quiet).unwrap();
    assert_eq!(cells(&table, 0), ["none", "-", "none"]);
}

#[test]
fn numbers_with_the_same_signs_around_them_are_numbers() {
    for (name, expected) in [
        ("dollar.csv", vec![12.0, 12.4, 7.0]),
        ("en_dash_minus.csv", vec![-3.5, 2.5, -0.5]),
        ("euro.csv", vec![12.5, 7.0]),
        ("fortran_d.csv", vec![1500.0, 0.00025]),
        ("percent.csv", vec![42.0, 32.0, 43.0]),
        ("thousands_and_point.csv", vec![1234.5, 12345.25]),
        ("thousands_apostrophe.csv", vec![1234.5, 12345.25]),
        ("trailing_minus.csv", vec![-3.5, 2.5, -0.5]),
        ("unit.csv", vec![12.0, 7.5, 9.0]),
    ] {
        let (_, table) = case(&format!("numbers-with-affixes/{name}"));
        assert_eq!(numbers(&table, 0), expected, "{name}");
    }
    for (cells, expected) in [
        (["-$5.00", "$1,250.50"], [-5.0, 1250.5]),
        (["£12", "£7"], [12.0, 7.0]),
        (["12 km/h", "8 km/h"], [12.0, 8.0]),
        (["USD 12", "USD 1.5"], [12.0, 1.5]),
        (["(3.5)", "2.5"], [-3.5, 2.5]),
        (["21.5°C", "-3°C"], [21.5, -3.0]),
    ] {
        let [first, second] = cells;
        let (_, table) = text(&format!("a,y\n\"{first}\",1.0\n\"{second}\",2.0\n"));
        assert_eq!(numbers(&table, 0), expected, "{cells:?}");
    }
    // Two currencies are two units: text, never one number.
    let (_, table) = text("a,y\n$12,1\n€12,2\n$7,3\n€9,4\n");
    assert!(matches!(table.columns()[0].content, ColumnContent::Text(_)));
}

#[test]
fn a_quote_after_a_blank_opens_a_cell() {
    let (_, table) = case("quote-after-a-blank/comma_inside.csv");
    assert_eq!(
        (names(&table), cells(&table, 1)),
        (vec!["a", "b", "y"], vec!["x, y".into(), "z, w".into(), "x, y".into()])
    );
    let (_, table) = text("a; b\n1; \"x; y\" \n2;\t\"z\"\n");
    assert_eq!(cells(&table, 1), ["x; y", "z"]);
}

#[test]
fn spellings_of_yes_and_no_are_one_value_each() {
    let (_, table) = case("boolean-spellings/case.csv");
    assert_eq!(table.columns()[0].content, ColumnContent::Text(vec!["TRUE".to_owned(), "False".to_owned()]));
    assert_eq!(table.columns()[0].reading.reason, Some(KindReason::Booleans));
    let (_, table) = text("b,y\nYes,1\nno,2\nYES,3\nNo,4\n");
    assert_eq!(cells(&table, 0), ["Yes", "no", "Yes", "no"]);
    // Other words keep their case: it may tell them apart.
    let (_, table) = text("b,y\nPo,1\nPO,2\nPo,3\nPO,4\n");
    assert_eq!(cells(&table, 0), ["Po", "PO", "Po", "PO"]);
}

#[test]
fn tails_hints_and_unknown_encodings_are_understood_or_named() {
    let (found, table) = case("file-tails-and-hints/sep_quoted.csv");
    assert_eq!((found.dialect.delimiter, table.n_rows()), (Delimiter::Sign(b';'), 2));
    assert_eq!(reasons(&table), [(1, 1, SkipReason::Hint)]);
    let (_, table) = case("file-tails-and-hints/ctrl_z.csv");
    assert_eq!(numbers(&table, 1), [2.0, 3.0]);
    for name in ["cp850.csv", "shift_jis.csv"] {
        let (found, table) = case(&format!("file-tails-and-hints/{name}"));
        assert!(found.is_encoding_uncertain, "{name}");
        assert_eq!(numbers(&table, 1), [3.0, 4.0, 5.0], "{name}");
    }
    // Enough of a language to tell its encoding, and western letters as they ever were.
    let cyrillic = |c: char| if c.is_ascii() { c as u8 } else { (c as u32 - 'А' as u32 + 0xC0) as u8 };
    let text = "вес,рост\n".to_owned() + &"тест,слово\n".repeat(20);
    let bytes: Vec<u8> = text.chars().map(cyrillic).collect();
    assert_eq!(inspect_bytes(&bytes).unwrap().dialect.encoding, Encoding::of_name("windows-1251").unwrap());
    let bytes: Vec<u8> = "Päivä;Määrä\n1;2\n3;4\n".chars().map(|c| c as u8).collect();
    let found = inspect_bytes(&bytes).unwrap();
    assert_eq!((found.dialect.encoding, found.is_encoding_uncertain), (Encoding::Windows1252, false));
}

#[test]
fn a_table_is_written_as_it_was_read() {
    let file = "Title;;\n\nid;name;y\n1;\"a; \"\"b\"\"\";1,5\n2;c, d;\n# x\n3;e;2,5;\nTotal;;4\n";
    let (_, table) = text(file);
    let mut out = Vec::new();
    write_clean(file.as_bytes(), &table, &mut out).unwrap();
    let expected = "id,name,y\r\n1,\"a; \"\"b\"\"\",\"1,5\"\r\n2,\"c, d\",\r\n3,e,\"2,5\"\r\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn names_of_groups_stand_above_the_names() {
    use SkipReason::AboveTable;
    for (file, expected, reasons_of) in [
        ("left,,right,\nx,y,x,y\n1,2,3,4\n5,6,7,8\n", vec!["left x", "left y", "right x", "right y"], vec![]),
        (
            "Trips of May,,,,\n,,,,\nday,cost,,,all\n,air,rail,taxi,\n1.5.2014,1,,3,4\n2.5.2014,,2,,2\n3.5.2014,1,,,1\n",
            vec!["day", "cost air", "cost rail", "cost taxi", "all"],
            vec![(1, 2, AboveTable)],
        ),
        (
            "who,staff,,,\n,men,,women,\n,n,share,n,share\nA,1,2,3,4\nB,5,6,7,8\n",
            vec!["who", "staff men n", "staff men share", "staff women n", "staff women share"],
            vec![],
        ),
        ("a,b,c\n,,revised\n1,2,3\n4,5,6\n", vec!["a", "b", "c revised"], vec![]),
    ] {
        let (_, table) = text(file);
        assert_eq!((names(&table), reasons(&table)), (expected, reasons_of), "{file}");
        let mut out = Vec::new();
        write_clean(file.as_bytes(), &table, &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().starts_with(&names(&table).join(",")), "{file}");
    }
    // Neither a line about the file, nor a row that lacks most of its values.
    let (_, table) = text("Date:,May,\na,b,c\n1,2,3\n4,5,6\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["a", "b", "c"], 2));
    let (_, table) = text("a,b,c\n,,3\n1,2,3\n4,5,6\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["a", "b", "c"], 3));
}

#[test]
fn titles_stand_above_names_whatever_they_look_like() {
    // Several titles, an empty line, and names above words alone or with gaps.
    let (_, table) =
        text("Report,,,\nof May,,,\n,,,\nname,city,note,\nAnna,Oulu,x,\nBo,Turku,x,\nCai,Oulu,y,\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["name", "city", "note", "column 4"], 3));
    let (_, table) = text("Gifts,,\nname,month,\nAnna,Oct-14,5\n,,6\nBo,Nov-14,7\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["name", "month", "column 3"], 3));
    // A title with commas of its own.
    let (_, table) =
        text("Made by A,on Saturday, February 11 2017\ncm-1,%T\n4000,98.7\n3999,98.8\n3998,98.9\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["cm-1", "%T"], 3));
}

#[test]
fn a_comment_may_hold_the_header() {
    for (file, expected) in [
        ("# energy (MeV), n\n0.0, 0.5\n0.1, 0.6\n", vec!["energy (MeV)", "n"]),
        ("# made by hand\n# on a Monday\n#\n# t;load\n1;2\n3;4\n", vec!["t", "load"]),
        (
            "#TYPE: ,DATA\n#RANGE: ,20/5\n\n##Temp./C,Time/min,tan d\n21.5,0.8,5e-2\n21.8,0.9,5e-2\n",
            vec!["##Temp./C", "Time/min", "tan d"],
        ),
    ] {
        let (found, table) = text(file);
        assert_eq!((found.dialect.header, names(&table), table.n_rows()), (true, expected, 2), "{file}");
    }
    // Remarks are none: other cells, numbers, or a header of its own below them.
    for file in ["# by hand\n1,2\n3,4\n", "# 1,2\n1,2\n3,4\n"] {
        let (_, table) = text(file);
        assert_eq!((names(&table), table.n_rows()), (vec!["column 1", "column 2"], 2), "{file}");
    }
    let (_, table) = text("# a, b\nx,y\n1,2\n3,4\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["x", "y"], 2));
    // Comments below it stay comments.
    let (_, table) = text("# a,b\n1,2\n# pause\n3,4\n");
    assert_eq!(table.n_rows(), 2);
}

#[test]
fn lines_of_nothing_are_no_rows_and_quoted_blanks_are_cells() {
    let (_, table) = text("a,b\n1,2\n,\n\n3,\n , \n5,6\n");
    assert_eq!((table.n_rows(), cells(&table, 0)), (3, vec!["1".into(), "3".into(), "5".into()]));
    assert_eq!(reasons(&table), [(3, 2, SkipReason::Blank), (6, 1, SkipReason::Blank)]);
    let file = "\"a\";\"b\";\"\"\n\"1\";\"2\";\" \"\n\"3\";\"4\";\" \"\n";
    let (_, table) = text(file);
    let mut out = Vec::new();
    write_clean(file.as_bytes(), &table, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "a,b,\r\n1,2, \r\n3,4, \r\n");
}

#[test]
fn wide_rows_far_below_are_rows() {
    let mut file = "a,b\n".to_owned() + &"1,2\n".repeat(250);
    file += &"1,2,3,4\n".repeat(250);
    let (_, table) = text(&file);
    assert_eq!((table.n_columns(), table.n_rows()), (4, 500));
}

#[test]
fn a_header_alone_is_a_table_to_look_at() {
    let (_, table) = text("\"name\",\"city\"\n");
    assert_eq!((names(&table), table.n_rows()), (vec!["name", "city"], 0));
    let learning = read_bytes(b"a,b\n", &Dialect::default(), &Limits::default(), &Quiet);
    assert!(learning.is_err());
}

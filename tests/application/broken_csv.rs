//! Files that are no good CSV: whatever their bytes, the answer is a table or a named error.
//!
//! Must not know how reading works.

use std::sync::Arc;

use proptest::prelude::*;
use vastavirta::data::{
    DataRequest, DataSettings, DecimalSign, Delimiter, Dialect, Encoding, Limits, MissingValues, Quiet,
    Scaling, guess_columns, inspect_bytes, prepare, prepare_with, read_bytes, widths,
};
use vastavirta::network::Builder;
use vastavirta::tensor::Matrix;

const SHIPPED: [&[u8]; 3] = [
    include_bytes!("../../assets/auto_mpg.csv"),
    include_bytes!("../../assets/auto_mpg_fi.csv"),
    include_bytes!("../../assets/iris.csv"),
];

/// Goes the whole way with some bytes. Nothing is asserted but that every number in a batch is
/// finite where the file was read with scaling: the point is that nothing panics.
fn go_the_whole_way(bytes: &[u8], dialect: &Dialect) {
    let limits = Limits { max_cells: 1 << 22, ..Limits::default() };
    let table = match read_bytes(bytes, dialect, &limits, &Quiet) {
        Ok(table) => Arc::new(table),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let mut drawing = Builder::new();
    drawing.input(1);
    drawing.target(1);
    let request = DataRequest::of(&drawing.finish());
    for missing in [MissingValues::DropRows, MissingValues::FillMean] {
        let settings = DataSettings {
            columns: guess_columns(&table),
            missing,
            scaling: Scaling::Standardize,
            target_scaling: Scaling::MinMax,
            ..DataSettings::default()
        };
        let _ = widths(Some(&table), &settings, &request);
        let Ok(prepared) = prepare(Some(&table), &settings, &request, 1) else { continue };
        let _ = prepare_with(Some(&table), &settings, &request, prepared.preprocessing());
        for (index, node) in prepared.nodes().iter().enumerate() {
            let mut batch = Matrix::<f32>::zeros(node.width(), prepared.train().len());
            prepared.fill_batch(index, 0, prepared.train(), &mut batch);
            assert!(batch.iter().all(|value| !value.is_nan()));
        }
    }
}

fn any_dialect() -> impl Strategy<Value = Dialect> {
    let signs = prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|'), Just(b' ')];
    let delimiter = prop_oneof![signs.prop_map(Delimiter::Sign), Just(Delimiter::Blanks)];
    let encoding = prop_oneof![
        Just(Encoding::Utf8),
        Just(Encoding::Utf16Le),
        Just(Encoding::Utf16Be),
        Just(Encoding::Windows1252),
        Just(Encoding::of_name("shift_jis").unwrap_or(Encoding::Utf8)),
    ];
    let numbers = (
        prop_oneof![Just(DecimalSign::Point), Just(DecimalSign::Comma)],
        proptest::option::of(prop_oneof![Just(','), Just('.'), Just('\'')]),
    );
    let quotes = (
        proptest::option::of(prop_oneof![Just(b'"'), Just(b'\'')]),
        proptest::option::of(Just(b'\\')),
        proptest::option::of(Just(b'#')),
    );
    (delimiter, quotes, numbers, any::<bool>(), encoding, 0_usize..3).prop_map(
        |(delimiter, (quote, escape, comment), (decimal, thousands), header, encoding, skip)| Dialect {
            encoding,
            delimiter,
            quote,
            escape,
            decimal,
            thousands,
            header,
            skip,
            comment,
            ..Dialect::default()
        },
    )
}

/// What is done to a good file.
#[derive(Clone, Debug)]
enum Damage {
    Replace(usize, u8),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
    Cut(usize),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let bytes = prop_oneof![
        Just(b"\"".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b",,;;".to_vec()),
        Just(b"\0".to_vec()),
        Just("−1 234,5e99999".as_bytes().to_vec()),
        Just(b"\xFF\xFE".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<usize>(), 0_usize..200).prop_map(|(at, n)| Damage::Remove(at, n)),
        (any::<usize>(), bytes).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (any::<usize>(), 0_usize..200).prop_map(|(at, n)| Damage::Repeat(at, n)),
        any::<usize>().prop_map(Damage::Cut),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        let place = |at: usize| if bytes.is_empty() { 0 } else { at % bytes.len() };
        match damage {
            Damage::Replace(at, byte) => {
                let at = place(*at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Damage::Remove(at, n) => {
                let at = place(*at);
                bytes.drain(at..(at + n).min(bytes.len()));
            }
            Damage::Insert(at, new) => {
                let at = place(*at);
                bytes.splice(at..at, new.iter().copied());
            }
            Damage::Repeat(at, n) => {
                let at = place(*at);
                let again = bytes[at..(at + n).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            Damage::Cut(at) => bytes.truncate(place(*at)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_give_a_table_or_an_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        dialect in any_dialect(),
    ) {
        if let Ok(found) = inspect_bytes(&bytes) {
            go_the_whole_way(&bytes, &found.dialect);
        }
        go_the_whole_way(&bytes, &dialect);
    }

    #[test]
    fn random_cells_give_a_table_or_an_error(
        text in "([0-9]{1,3}|[a-c]|[.,;|\t\"' -]|\n|\r\n|NA|1,5|é){0,200}",
        dialect in any_dialect(),
    ) {
        if let Ok(found) = inspect_bytes(text.as_bytes()) {
            go_the_whole_way(text.as_bytes(), &found.dialect);
        }
        go_the_whole_way(text.as_bytes(), &dialect);
    }

    #[test]
    fn damaged_files_give_a_table_or_an_error(
        which in 0..SHIPPED.len(),
        n_bytes in 50_usize..6_000,
        damages in proptest::collection::vec(any_damage(), 1..6),
    ) {
        let shipped = SHIPPED[which];
        let bytes = damaged(shipped[..n_bytes.min(shipped.len())].to_vec(), &damages);
        if let Ok(found) = inspect_bytes(&bytes) {
            go_the_whole_way(&bytes, &found.dialect);
        }
    }
}

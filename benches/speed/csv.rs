//! Reading, typing and standardizing a CSV of 1,000,000 × 10 numbers.
//!
//! pandas reads the same file with `pandas.read_csv(path)`.

use std::fmt::Write as _;
use std::sync::Arc;

use criterion::{Criterion, criterion_group};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vastavirta::data::{
    DataRequest, DataSettings, Limits, Quiet, Scaling, guess_columns, inspect_file, prepare, read_table,
};
use vastavirta::network::Builder;

const N_ROWS: usize = 1_000_000;
const N_COLUMNS: usize = 10;

fn million_rows() -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut text = String::with_capacity(N_ROWS * N_COLUMNS * 10);
    let names: Vec<String> = (0..N_COLUMNS).map(|column| format!("x{column}")).collect();
    text.push_str(&names.join(","));
    text.push('\n');
    for _ in 0..N_ROWS {
        for column in 0..N_COLUMNS {
            let value = rng.random_range(-3.0..3.0_f64);
            write!(text, "{}{value:.6}", if column > 0 { "," } else { "" }).unwrap();
        }
        text.push('\n');
    }
    text
}

fn million_rows_read_and_standardized(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("million.csv");
    std::fs::write(&path, million_rows()).unwrap();
    let mut drawing = Builder::new();
    drawing.input(N_COLUMNS - 1);
    drawing.target(1);
    let request = DataRequest::of(&drawing.finish());
    let mut group = criterion.benchmark_group("csv, 1,000,000 × 10");
    group.sample_size(10);
    group.bench_function("read", |bencher| {
        bencher.iter(|| {
            let dialect = inspect_file(&path).unwrap().dialect;
            read_table(&path, &dialect, &Limits::default(), &Quiet).unwrap()
        });
    });
    group.bench_function("read, type, standardize", |bencher| {
        bencher.iter(|| {
            let dialect = inspect_file(&path).unwrap().dialect;
            let table = Arc::new(read_table(&path, &dialect, &Limits::default(), &Quiet).unwrap());
            let columns = guess_columns(&table);
            let scaling = Scaling::Standardize;
            let settings =
                DataSettings { columns, scaling, target_scaling: scaling, ..DataSettings::default() };
            prepare(Some(&table), &settings, &request, 1).unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, million_rows_read_and_standardized);

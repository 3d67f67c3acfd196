//! One full training step of each workload of `vastavirta bench`: batch, forward, backward, update.

use criterion::{Criterion, Throughput, criterion_group};
use vastavirta::cli::bench::Workload;
use vastavirta::train::with_product_threads;

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    for workload in Workload::ALL {
        group.throughput(Throughput::Elements(workload.batch() as u64));
        group.bench_function(workload.name(), |bencher| {
            let mut run = workload.prepare().unwrap();
            with_product_threads(|| bencher.iter(|| run.step()));
        });
    }
    group.finish();
}

criterion_group!(benches, steps);

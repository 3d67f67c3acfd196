//! Measuring a workload: time, allocations, the share of each op.
//!
//! Must not know what is computed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::allocations::allocations_of;
use super::ceiling::Ceiling;
use super::{Run, Workload};
use crate::files::BenchJson;
use crate::network::Problem;

/// Spans whose median counts.
const SPANS: usize = 5;
/// The shortest span.
const SPAN: Duration = Duration::from_millis(800);

/// Runs a workload, beside what the machine can do at best: a warm-up, the spans, then what one step allocates and where its time goes.
///
/// # Errors
/// Never with the workloads that there are.
pub(super) fn measure(workload: Workload, ceiling: Ceiling) -> Result<BenchJson, Vec<Problem>> {
    let mut run = workload.prepare()?;
    let chunk = steps_in(&mut run, SPAN / 20);
    span(&mut run, chunk);
    let mut rates: Vec<f64> = (0..SPANS).map(|_| span(&mut run, chunk)).collect();
    rates.sort_by(f64::total_cmp);
    let steps_per_second = rates[SPANS / 2];
    let allocations_per_step = allocations_of(|| run.step());
    let ops = shares(&mut run, chunk);
    Ok(BenchJson {
        workload: workload.name(),
        samples_per_second: if run.is_finite() { steps_per_second * workload.batch() as f64 } else { 0.0 },
        gflops: run.product_flops() * steps_per_second * 1e-9,
        product_gflops: ceiling.product_gflops,
        fma_gflops: ceiling.fma_gflops,
        allocations_per_step,
        ops,
    })
}

/// How many steps take about `time`: the clock is asked once in so many steps.
fn steps_in(run: &mut Run, time: Duration) -> u32 {
    let mut steps = 1;
    loop {
        let start = Instant::now();
        (0..steps).for_each(|_| run.step());
        if start.elapsed() >= time {
            return steps;
        }
        steps *= 2;
    }
}

/// Steps a second over one span.
fn span(run: &mut Run, chunk: u32) -> f64 {
    let start = Instant::now();
    let mut steps = 0.0;
    loop {
        (0..chunk).for_each(|_| run.step());
        steps += f64::from(chunk);
        let elapsed = start.elapsed();
        if elapsed >= SPAN {
            return steps / elapsed.as_secs_f64();
        }
    }
}

/// The share of each part in the time of a step.
fn shares(run: &mut Run, steps: u32) -> BTreeMap<&'static str, f64> {
    let mut spent: BTreeMap<&'static str, Duration> = BTreeMap::new();
    for _ in 0..steps.clamp(1, 2000) {
        let mut last = Instant::now();
        run.step_observed(|part| {
            let now = Instant::now();
            *spent.entry(part).or_default() += now - last;
            last = now;
        });
    }
    let total: f64 = spent.values().map(Duration::as_secs_f64).sum();
    spent.into_iter().map(|(part, time)| (part, time.as_secs_f64() / total)).collect()
}

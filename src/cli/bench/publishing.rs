//! `vastavirta bench --publishing`: what live snapshots cost the training, measured without a
//! window.
//!
//! The trainer thread runs the same batches with snapshots and without, in turn; two nodes are
//! watched, as if one was selected and one pinned.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::BenchArgs;
use super::workloads::Workload;
use crate::data::{DataRequest, DataSettings, SplitSettings, prepare};
use crate::files::PublishingJson;
use crate::train::{Goal, RunPosition, RunRequest, SampleView, Trainer, Watch};
use crate::words::Words;

/// Pairs of spans whose medians are compared.
const PAIRS: usize = 5;
/// How long a span lasts at least: long enough for several of the rarest snapshots, which are those
/// of large networks.
const SPAN: Duration = Duration::from_secs(6);
/// After a run the pass at rest is copied, watched or not; the next span begins after that.
const REST: Duration = Duration::from_millis(500);
/// Batches of data in memory.
const BATCHES: usize = 4;

/// Measures and prints.
pub(super) fn bench(
    arguments: &BenchArgs,
    named: &dyn Fn(&Workload) -> bool,
    words: &Words,
    out: &mut dyn Write,
) -> std::io::Result<ExitCode> {
    for workload in Workload::ALL.into_iter().filter(named) {
        let Some(measured) = measure(workload)? else { return Ok(ExitCode::FAILURE) };
        if arguments.json {
            writeln!(out, "{}", measured.line())?;
        } else {
            let share = format!("{:.1}", measured.cost * 100.0);
            let args = [
                ("workload", measured.workload.into()),
                ("with", format!("{:.0}", measured.samples_per_second).into()),
                ("without", format!("{:.0}", measured.samples_per_second_unpublished).into()),
                ("share", share.into()),
            ];
            writeln!(out, "{}", words.text_with("cli-bench-publishing", &args))?;
        }
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `None` where the workload's data do not fit its drawing, which a test excludes.
fn measure(workload: Workload) -> std::io::Result<Option<PublishingJson>> {
    let Some(job) = job(workload) else { return Ok(None) };
    let mut trainer = Trainer::spawn(Arc::new(|| {}))?;
    trainer.load(job);
    let mut n_batches = 1;
    loop {
        let time = span(&mut trainer, n_batches);
        if time >= SPAN / 4 {
            n_batches = (n_batches as f64 * SPAN.div_duration_f64(time)).ceil() as usize;
            break;
        }
        n_batches *= 2;
    }
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        for publishes in [true, false] {
            trainer.publish_while_running(publishes);
            std::thread::sleep(REST);
            let rate = (n_batches * workload.batch()) as f64 / span(&mut trainer, n_batches).as_secs_f64();
            if publishes { with.push(rate) } else { without.push(rate) }
        }
    }
    let (with, without) = (median(with), median(without));
    Ok(Some(PublishingJson {
        workload: workload.name(),
        samples_per_second: with,
        samples_per_second_unpublished: without,
        cost: 1.0 - with / without,
    }))
}

fn job(workload: Workload) -> Option<RunRequest> {
    let (network, training) = workload.typed(BATCHES);
    let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let settings = DataSettings { split, ..DataSettings::default() };
    let data = prepare(None, &settings, &DataRequest::of(&network), 1).ok()?;
    let dense = network.nodes.iter().filter(|(_, node)| node.kind.dense().is_some());
    Some(RunRequest {
        revision: 1,
        parameters: network.initialize(1),
        watch: Watch {
            nodes: dense.map(|(&id, _)| id).take(2).collect(),
            view: SampleView::Batch,
            time_steps: Some([0].into()),
            weights: false,
            path: false,
            health: false,
        },
        network: Arc::new(network),
        optimizer: None,
        data: Arc::new(data),
        training,
        position: RunPosition::default(),
    })
}

/// How long so many batches take, with somebody who picks up what is published, and the finished
/// epochs: there are 800,000 a second where an epoch has four samples.
fn span(trainer: &mut Trainer, n_batches: usize) -> Duration {
    let began = Instant::now();
    trainer.run(Goal::Batches(n_batches));
    while trainer.is_busy() {
        std::thread::sleep(Duration::from_millis(1));
        drop((trainer.snapshot(), trainer.take_records()));
        trainer.flush();
    }
    began.elapsed()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_workload_can_be_trained_with_somebody_watching() {
        for workload in [Workload::Xor, Workload::AutoMpg, Workload::Rnn] {
            let mut trainer = Trainer::spawn(Arc::new(|| {})).unwrap();
            trainer.load(job(workload).unwrap());
            span(&mut trainer, 3);
            assert_eq!(trainer.take_full().unwrap().position.step, 3, "{}", workload.name());
        }
    }
}

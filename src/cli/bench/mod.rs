//! `vastavirta bench`: how fast training is, as numbers that can be set beside those of others.
//!
//! Must not know how anything is computed.

mod allocations;
mod ceiling;
mod measure;
mod publishing;
mod run;
mod workloads;

use std::io::Write as _;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::files::BenchJson;
use crate::train::with_product_threads;
use crate::words::Words;

pub use run::{Answer, Run};
pub use workloads::{Workload, elman, feed_forward};

/// Names the number of threads of a product; each pool reads it when it is built.
const THREADS_VARIABLE: &str = "RAYON_NUM_THREADS";

/// Arguments of `bench`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Args)]
pub struct BenchArgs {
    /// Workloads to run; all of them where none is named.
    #[arg(value_name = "WORKLOAD", value_parser = Workload::ALL.map(Workload::name))]
    pub workloads: Vec<String>,
    /// Measure what publishing live snapshots costs the training instead.
    #[arg(long)]
    pub publishing: bool,
    /// Threads of a product.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub threads: Option<u8>,
    /// Print one JSON object a line, a workload each.
    #[arg(long)]
    pub json: bool,
}

/// Measures and prints.
///
/// # Errors
/// When standard output is closed, or the program cannot be started anew with other threads.
pub fn bench(arguments: &BenchArgs, words: &Words) -> std::io::Result<ExitCode> {
    if let Some(threads) = arguments.threads {
        return start_anew(arguments, threads);
    }
    let named = |workload: &Workload| {
        arguments.workloads.is_empty() || arguments.workloads.iter().any(|name| name == workload.name())
    };
    let mut out = std::io::stdout().lock();
    if arguments.publishing {
        return publishing::bench(arguments, &named, words, &mut out);
    }
    let ceiling = with_product_threads(ceiling::measure);
    for workload in Workload::ALL.into_iter().filter(named) {
        let Ok(measured) = with_product_threads(|| measure::measure(workload, ceiling)) else {
            return Ok(ExitCode::FAILURE);
        };
        if arguments.json {
            writeln!(out, "{}", measured.line())?;
        } else {
            writeln!(out, "{}", in_words(&measured, words))?;
        }
        out.flush()?;
    }
    if !arguments.json {
        let product = format!("{:.0}", ceiling.product_gflops);
        let fma = format!("{:.0}", ceiling.fma_gflops);
        let args = [("gflops", product.into()), ("fma", fma.into())];
        writeln!(out, "{}", words.text_with("cli-bench-product", &args))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The same benchmark in a new process, whose products see the number of threads from the start.
fn start_anew(arguments: &BenchArgs, threads: u8) -> std::io::Result<ExitCode> {
    let mut anew = Command::new(std::env::current_exe()?);
    anew.arg("bench").args(&arguments.workloads).env(THREADS_VARIABLE, threads.to_string());
    if arguments.json {
        anew.arg("--json");
    }
    if arguments.publishing {
        anew.arg("--publishing");
    }
    Ok(if anew.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One workload as lines for a person.
fn in_words(measured: &BenchJson, words: &Words) -> String {
    let mut ops: Vec<_> = measured.ops.iter().collect();
    ops.sort_by(|a, b| b.1.total_cmp(a.1));
    let shares: Vec<String> = ops.iter().map(|(op, share)| format!("{op} {:.0} %", *share * 100.0)).collect();
    let speed = words.text_with(
        "cli-bench-speed",
        &[
            ("workload", measured.workload.into()),
            ("samples", format!("{:.0}", measured.samples_per_second).into()),
            ("gflops", format!("{:.1}", measured.gflops).into()),
        ],
    );
    let memory = measured.allocations_per_step.map_or_else(String::new, |n| {
        let n = words.text_with("cli-bench-memory", &[("allocations", (n as usize).into())]);
        format!("\n    {n}")
    });
    format!("{speed}{memory}\n    {}", shares.join(", "))
}

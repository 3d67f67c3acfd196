//! The lines of `bench --json`, one object a workload.

use std::collections::BTreeMap;

use serde::Serialize;

/// What a benchmark measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BenchJson {
    /// Its name.
    pub workload: &'static str,
    /// Training samples a second, the median of the spans.
    pub samples_per_second: f64,
    /// 10⁹ floating-point operations a second in products.
    pub gflops: f64,
    /// The same of a product of 1024³ in the same run.
    pub product_gflops: f64,
    /// The processor's limit, measured in the same run: fused multiply-adds on registers.
    pub fma_gflops: f64,
    /// Allocations of one step, without the packing buffers of large products; `null` where the
    /// program was built without counting them.
    pub allocations_per_step: Option<u64>,
    /// The share of a step's time, by op (forward and backward together), update and batch.
    pub ops: BTreeMap<&'static str, f64>,
}

impl BenchJson {
    /// As a line of JSON, without a line break.
    pub fn line(&self) -> String {
        // Names and finite numbers always become JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What publishing live snapshots costs a training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishingJson {
    /// The workload's name.
    pub workload: &'static str,
    /// Training samples a second with snapshots.
    pub samples_per_second: f64,
    /// The same without.
    pub samples_per_second_unpublished: f64,
    /// The share of the speed that is lost.
    pub cost: f64,
}

impl PublishingJson {
    /// As a line of JSON, without a line break.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

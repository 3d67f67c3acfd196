//! The allocations of a step, counted where the program was built with the feature
//! `count-allocations`: the allocator that counts makes every allocation slower.
//!
//! Must not know what a step does.

/// How many allocations `step` makes, the packing buffers of large products left out; `None` where
/// this program does not count.
#[cfg(feature = "count-allocations")]
pub(super) fn allocations_of(step: impl FnOnce()) -> Option<u64> {
    crate::tensor::run_kernels_inside(|kernel| allocation_counter::opt_out(kernel));
    Some(allocation_counter::measure(step).count_total)
}

/// How many allocations `step` makes; `None`, for this program does not count.
#[cfg(not(feature = "count-allocations"))]
pub(super) fn allocations_of(_step: impl FnOnce()) -> Option<u64> {
    None
}

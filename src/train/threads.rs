//! The threads that share the large products of a training step, and who goes first where two threads
//! want the same core.
//!
//! Must not know what is trained.

/// Runs `work` on a thread of a pool of its own, one thread a core (or `RAYON_NUM_THREADS` of them),
/// so that the large products inside of it are shared out. The other threads sleep while there are
/// none. Where the system gives no threads, `work` runs where it is called.
pub fn with_product_threads<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match rayon::ThreadPoolBuilder::new().thread_name(|index| format!("product {index}")).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// Who goes first where two threads want the same core: the window's thread, for a frame has 16 ms, then
/// these in their order.
#[derive(Clone, Copy, Debug)]
pub enum Priority {
    /// The thread that trains, and those that share its products.
    Training,
    /// Work beside it.
    Job,
}

/// Sets the priority of the calling thread and of those that it starts from now on. Costs nothing where a
/// core is free. On systems other than Linux threads stay alike.
pub fn set_priority(priority: Priority) {
    let niceness = match priority {
        Priority::Training => 5,
        Priority::Job => 12,
    };
    // On Linux the calling thread alone is meant. Where the system refuses, threads stay alike.
    #[cfg(target_os = "linux")]
    if let Ok(before) = rustix::process::getpriority_process(None) {
        let _ = rustix::process::setpriority_process(None, before + niceness);
    }
    #[cfg(not(target_os = "linux"))]
    let _: i32 = niceness;
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::tensor::{Matrix, Real, Side, product};

    /// Entries with rounding, so that another order of summation would show.
    fn factors<T: Real>(size: usize) -> [Matrix<T>; 2] {
        let entry = |i: usize, j: usize| T::of(((i * 31 + j * 17) as f64).sin());
        [Matrix::from_fn(size, size, entry), Matrix::from_fn(size, size, |i, j| entry(j, i + 1))]
    }

    fn check<T: Real>(epsilon: f64) {
        let [a, b] = factors::<T>(300);
        for (a_side, b_side) in [(Side::Plain, Side::Plain), (Side::Transposed, Side::Plain)] {
            let multiplied = || {
                let mut c = Matrix::<T>::zeros(300, 300);
                product((&a, a_side), (&b, b_side), T::zero(), &mut c);
                c
            };
            let (alone, shared) = (multiplied(), with_product_threads(multiplied));
            let worst = (&alone - &shared).iter().fold(0.0_f64, |worst, d| worst.max(d.to_f64().abs()));
            assert!(worst <= 300.0 * epsilon, "{worst} is more than rounding");
        }
    }

    #[test]
    fn products_do_not_depend_on_the_number_of_threads_beyond_rounding() {
        check::<f32>(f64::from(f32::EPSILON));
        check::<f64>(f64::EPSILON);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_priority_holds_for_the_thread_and_its_pool_and_for_nobody_else() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        let theirs = std::thread::spawn(move || {
            set_priority(Priority::Training);
            (niceness(), with_product_threads(niceness))
        });
        // 19 is the end of the scale.
        let wanted = (before + 5).min(19);
        assert_eq!((theirs.join().unwrap(), niceness()), ((wanted, wanted), before));
    }

    #[test]
    fn work_runs_in_a_pool_and_gives_its_result_back() {
        assert!(rayon::current_thread_index().is_none());
        assert!(with_product_threads(|| rayon::current_thread_index().is_some()));
    }
}

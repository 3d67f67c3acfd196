//! Work shared among threads, where the system gives any; otherwise it is done on the thread at hand.
//!
//! Must not know what is done. Nothing else in `data` asks for threads: rayon's own pool panics where
//! the system refuses them.

use std::sync::OnceLock;

use rayon::iter::{IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Who does the work.
#[derive(Clone, Copy)]
enum Workers<'a> {
    /// The pool that this thread belongs to, such as that of the products.
    Own,
    /// The pool that reads and prepares data.
    Pool(&'a ThreadPool),
    /// This thread alone.
    Alone,
}

/// A pool, or none where the system refuses one of its threads.
fn pool(wanted: ThreadPoolBuilder) -> Option<ThreadPool> {
    wanted.thread_name(|index| format!("data {index}")).build().ok()
}

impl Workers<'static> {
    fn now() -> Self {
        static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
        if rayon::current_thread_index().is_some() {
            return Self::Own;
        }
        POOL.get_or_init(|| pool(ThreadPoolBuilder::new())).as_ref().map_or(Self::Alone, Self::Pool)
    }
}

impl Workers<'_> {
    fn n(self) -> usize {
        match self {
            Self::Own => rayon::current_num_threads(),
            Self::Pool(pool) => pool.current_num_threads(),
            Self::Alone => 1,
        }
    }

    fn join<A: Send, B: Send>(
        self,
        first: impl FnOnce() -> A + Send,
        second: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match self {
            Self::Own => rayon::join(first, second),
            Self::Pool(pool) => pool.join(first, second),
            Self::Alone => (first(), second()),
        }
    }

    fn for_each<T: Send>(self, items: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
        match self {
            Self::Own => items.par_iter_mut().for_each(work),
            Self::Pool(pool) => pool.install(|| items.par_iter_mut().for_each(work)),
            Self::Alone => items.iter_mut().for_each(work),
        }
    }

    fn collect<R: Send>(self, n: usize, make: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
        match self {
            Self::Own => (0..n).into_par_iter().map(make).collect(),
            Self::Pool(pool) => pool.install(|| (0..n).into_par_iter().map(make).collect()),
            Self::Alone => (0..n).map(make).collect(),
        }
    }
}

/// How many threads share the work.
pub(super) fn n_threads() -> usize {
    Workers::now().n()
}

/// Does two things, at once where there are threads.
pub(super) fn join<A: Send, B: Send>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    Workers::now().join(first, second)
}

/// Does something with each of the items.
pub(super) fn for_each<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
    Workers::now().for_each(items, work);
}

/// Makes `n` things from their numbers, in order.
pub(super) fn collect<R: Send>(n: usize, make: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    Workers::now().collect(n, make)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_that_the_system_refuses_is_none_and_no_panic() {
        // No machine has room for such stacks.
        let refused = pool(ThreadPoolBuilder::new().num_threads(2).stack_size(usize::MAX >> 2));
        assert!(refused.is_none());
    }

    #[test]
    fn one_thread_alone_does_what_many_do() {
        let many = pool(ThreadPoolBuilder::new().num_threads(3));
        let all = [Workers::Alone, many.as_ref().map_or(Workers::Alone, Workers::Pool)];
        for workers in all {
            assert_eq!(workers.join(|| 1, || "two"), (1, "two"));
            assert_eq!(workers.collect(5, |i| i * i), [0, 1, 4, 9, 16]);
            let mut items = [1, 2, 3];
            workers.for_each(&mut items, |item| *item *= 2);
            assert_eq!(items, [2, 4, 6]);
        }
        assert_eq!((all[0].n(), many.map_or(3, |pool| Workers::Pool(&pool).n())), (1, 3));
    }
}

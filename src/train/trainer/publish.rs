//! When a snapshot is due: about 30 a second, fewer where copying is dear.
//!
//! Must not know what is copied.

use std::time::{Duration, Instant};

/// Between two snapshots of a running training, at least.
const INTERVAL: Duration = Duration::from_millis(33);
/// The share of time that publishing may take is one in this.
const SHARE: u32 = 50;

/// Decides when publishing is due, and how many steps fit between two looks at the clock.
#[derive(Debug)]
pub(super) struct Pace {
    last: Option<Instant>,
    wait: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { last: None, wait: INTERVAL }
    }

    /// Whether a snapshot is due.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.last.is_none_or(|last| now.duration_since(last) >= self.wait)
    }

    /// A snapshot took from `began` to `ended`.
    pub(super) fn published(&mut self, began: Instant, ended: Instant) {
        self.last = Some(ended);
        self.wait = INTERVAL.max(ended.duration_since(began) * SHARE);
    }
}

/// How many units of work are done between two looks at the clock and the channel: as many as
/// take about a millisecond, so that looking costs nothing and commands are heard at once.
#[derive(Debug)]
pub(super) struct Slice {
    n: u32,
}

const SLICE: Duration = Duration::from_millis(1);
const MAX_SLICE: u32 = 1 << 14;

impl Slice {
    pub(super) fn new() -> Self {
        Self { n: 1 }
    }

    pub(super) fn n(&self) -> u32 {
        self.n
    }

    /// `n` units took this long.
    pub(super) fn took(&mut self, time: Duration) {
        if time < SLICE / 2 {
            self.n = (self.n * 2).min(MAX_SLICE);
        } else if time > SLICE * 2 {
            self.n = (self.n / 2).max(1);
        }
    }
}

/// Training speed over the last second or so.
#[derive(Debug)]
pub(super) struct Speed {
    since: Instant,
    samples: u64,
    per_second: f64,
    /// Where the run began: epochs done and when, for the time left.
    began: Instant,
    began_at: f64,
}

const SPAN: Duration = Duration::from_millis(500);

impl Speed {
    /// A run begins after so many (whole and partial) epochs.
    pub(super) fn new(now: Instant, epochs: f64) -> Self {
        Self { since: now, samples: 0, per_second: 0.0, began: now, began_at: epochs }
    }

    pub(super) fn add(&mut self, samples: u64) {
        self.samples += samples;
    }

    /// Samples a second.
    pub(super) fn per_second(&mut self, now: Instant) -> f64 {
        let span = now.duration_since(self.since);
        if span >= SPAN || (self.per_second == 0.0 && !span.is_zero()) {
            self.per_second = self.samples as f64 / span.as_secs_f64();
            if span >= SPAN {
                self.since = now;
                self.samples = 0;
            }
        }
        self.per_second
    }

    /// Seconds until `target` epochs are done, at the run's mean speed.
    pub(super) fn seconds_left(&self, now: Instant, epochs: f64, target: f64) -> Option<f64> {
        let done = epochs - self.began_at;
        (done > 0.0).then(|| now.duration_since(self.began).as_secs_f64() / done * (target - epochs).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dear_snapshots_are_published_less_often() {
        let start = Instant::now();
        let ms = |n| start + Duration::from_millis(n);
        let mut pace = Pace::new();
        assert!(pace.is_due(start));
        pace.published(start, start);
        assert!(!pace.is_due(ms(32)));
        assert!(pace.is_due(ms(33)));
        pace.published(ms(33), ms(43));
        assert!(!pace.is_due(ms(542)), "10 ms of copying wait for 500 ms");
        assert!(pace.is_due(ms(543)));
    }

    #[test]
    fn slices_grow_to_about_a_millisecond() {
        let mut slice = Slice::new();
        let step = Duration::from_micros(10);
        for _ in 0..20 {
            slice.took(step * slice.n());
        }
        assert!((50..=200).contains(&slice.n()), "{}", slice.n());
        slice.took(Duration::from_millis(40));
        assert!(slice.n() < 100);
        for _ in 0..20 {
            slice.took(Duration::from_millis(40));
        }
        assert_eq!(slice.n(), 1);
    }

    #[test]
    fn the_time_left_follows_the_mean_speed() {
        let start = Instant::now();
        let speed = Speed::new(start, 10.0);
        let now = start + Duration::from_secs(5);
        assert_eq!(speed.seconds_left(now, 10.0, 20.0), None);
        assert_eq!(speed.seconds_left(now, 15.0, 20.0), Some(5.0));
    }
}

//! When a snapshot is due: about 30 a second; where copying a pass is costly, fewer with a new pass, and
//! between those some that tell the progress only.
//!
//! Must not know what is copied.

use std::time::{Duration, Instant};

/// Between two copied passes of a running training, at least.
const INTERVAL: Duration = Duration::from_millis(33);
/// The share of time that copying may take is one in this.
const SHARE: u32 = 50;
/// Between two snapshots of whatever kind, at most: long enough for a window that draws each of them to
/// take little from a training that is busy on all cores.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// What a snapshot that is due shall hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// A newly copied pass.
    Pass,
    /// State and progress, with the pass copied last.
    Progress,
}

/// Decides when publishing is due.
#[derive(Debug)]
pub(super) struct Pace {
    copied: Option<Instant>,
    published: Option<Instant>,
    wait: Duration,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { copied: None, published: None, wait: INTERVAL }
    }

    /// Which snapshot is due, if any.
    pub(super) fn due(&self, now: Instant) -> Option<Due> {
        let is_over =
            |since: Option<Instant>, wait| since.is_none_or(|since| now.duration_since(since) >= wait);
        if is_over(self.copied, self.wait) {
            Some(Due::Pass)
        } else {
            is_over(self.published, PROGRESS_INTERVAL).then_some(Due::Progress)
        }
    }

    /// A pass was copied from `began` to `ended`.
    pub(super) fn copied(&mut self, began: Instant, ended: Instant) {
        self.copied = Some(ended);
        self.wait = INTERVAL.max(ended.duration_since(began) * SHARE);
    }

    /// A snapshot of whatever kind was published.
    pub(super) fn published(&mut self, at: Instant) {
        self.published = Some(at);
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

/// Time spent training, without the rests in between.
#[derive(Debug, Default)]
pub(super) struct Clock {
    before: Duration,
    since: Option<Instant>,
}

impl Clock {
    pub(super) fn start(&mut self, now: Instant) {
        self.stop(now);
        self.since = Some(now);
    }

    pub(super) fn stop(&mut self, now: Instant) {
        self.before += self.since.take().map_or(Duration::ZERO, |since| now.duration_since(since));
    }

    pub(super) fn seconds(&self, now: Instant) -> f64 {
        let running = self.since.map_or(Duration::ZERO, |since| now.duration_since(since));
        (self.before + running).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dear_passes_are_copied_less_often_and_progress_is_told_between_them() {
        let start = Instant::now();
        let ms = |n| start + Duration::from_millis(n);
        let mut pace = Pace::new();
        assert_eq!(pace.due(start), Some(Due::Pass));
        pace.copied(start, start);
        pace.published(start);
        assert_eq!(pace.due(ms(32)), None);
        assert_eq!(pace.due(ms(33)), Some(Due::Pass));
        // 10 ms of copying wait for 500 ms.
        pace.copied(ms(33), ms(43));
        pace.published(ms(43));
        assert_eq!(pace.due(ms(292)), None);
        assert_eq!(pace.due(ms(293)), Some(Due::Progress));
        pace.published(ms(293));
        assert_eq!(pace.due(ms(542)), None);
        assert_eq!(pace.due(ms(543)), Some(Due::Pass));
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
    fn rests_do_not_count_as_training() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut clock = Clock::default();
        clock.start(start);
        clock.stop(at(3));
        clock.start(at(10));
        assert!((clock.seconds(at(12)) - 5.0).abs() < 1e-9);
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

//! How often the window is drawn while something trains: as often as drawing is cheap.
//!
//! Must not know what is drawn. Under software rendering a frame costs tens of milliseconds of
//! processor, which training would lack.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::app::Wake;

/// The share of one core that drawing may take while something trains.
const SHARE: f64 = 0.1;
/// At most about 30 frames a second,
const SHORTEST: f64 = 0.033;
/// at least 5.
const LONGEST: f64 = 0.2;

/// The pause between two frames, adapted to what a frame costs.
#[derive(Clone)]
pub(super) struct Pace {
    /// Microseconds.
    pause: Arc<AtomicU64>,
    /// Seconds, smoothed.
    cost: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { pause: Arc::new(AtomicU64::new(33_000)), cost: 0.0 }
    }
}

impl Pace {
    /// Takes in what the last frame cost the processor, in seconds.
    pub(super) fn measure(&mut self, cost: f64) {
        if cost.is_finite() && cost >= 0.0 {
            self.cost = if self.cost == 0.0 { cost } else { 0.8 * self.cost + 0.2 * cost };
        }
        let pause = (self.cost / SHARE).clamp(SHORTEST, LONGEST);
        self.pause.store((pause * 1e6) as u64, Ordering::Relaxed);
    }

    /// Wakes the window after the pause; called from any thread.
    pub(super) fn wake(&self, ctx: &egui::Context) -> Wake {
        let (ctx, pause) = (ctx.clone(), self.pause.clone());
        Arc::new(move || ctx.request_repaint_after(Duration::from_micros(pause.load(Ordering::Relaxed))))
    }

    #[cfg(test)]
    fn pause(&self) -> f64 {
        self.pause.load(Ordering::Relaxed) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expensive_frames_come_five_times_a_second_and_cheap_ones_thirty_times() {
        let mut pace = Pace::default();
        pace.measure(0.000_5);
        assert!((pace.pause() - SHORTEST).abs() < 1e-6);
        for _ in 0..50 {
            pace.measure(0.025);
        }
        assert!((pace.pause() - LONGEST).abs() < 1e-6);
        pace.measure(f64::NAN);
        assert!((pace.pause() - LONGEST).abs() < 1e-6);
    }
}

//! Being asked to end by the system: Ctrl-C, `kill`, a terminal or a session that closes.
//!
//! Must not know what there is to be saved. What the caller of this program chose to ignore (`nohup`,
//! a job in the background of a script) stays ignored.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whether the system has asked the program to end, for work that looks now and then.
#[derive(Clone, Debug, Default)]
pub struct Interruption(Arc<AtomicUsize>);

impl Interruption {
    /// Listens from now on, in place of ending at once. A second request ends the program all the same.
    pub fn listen() -> Self {
        let interruption = Self::default();
        #[cfg(unix)]
        for signal in unix::heeded() {
            // Where the system takes no handler, the signal ends the program as ever.
            let _ = unix::note(signal, &interruption.0);
        }
        interruption
    }

    /// The signal that came, if one did.
    fn signal(&self) -> Option<usize> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(signal),
        }
    }

    /// Whether the program shall end.
    pub fn came(&self) -> bool {
        self.signal().is_some()
    }

    /// The exit code of a program that a signal ends, as shells give it.
    pub fn exit_code(&self) -> u8 {
        exit_code(self.signal().unwrap_or_default())
    }
}

/// 128 and the signal's number.
fn exit_code(signal: usize) -> u8 {
    u8::try_from(128 + signal).unwrap_or(1)
}

/// Calls `save` on a thread of its own when the system asks the program to end, and ends it then.
pub fn save_when_interrupted(save: impl FnOnce() + Send + 'static) {
    #[cfg(unix)]
    unix::wait(save);
    #[cfg(not(unix))]
    drop(save);
}

#[cfg(unix)]
mod unix {
    //! The signals of Unix.

    use std::ffi::c_int;
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    /// The signals that ask a program to end and that whoever started it does not want ignored.
    pub(super) fn heeded() -> Vec<c_int> {
        let ignored = ignored(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0).collect()
    }

    /// The set of ignored signals in the words of Linux; empty where the system does not say it.
    fn ignored(status: &str) -> u64 {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }

    /// Notes the signal in `place`; the second one ends the program.
    pub(super) fn note(signal: c_int, place: &Arc<AtomicUsize>) -> io::Result<()> {
        let came = Arc::new(AtomicBool::new(false));
        // In this order: the first signal arms what the second one meets.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&came))?;
        flag::register(signal, came)?;
        flag::register_usize(signal, Arc::clone(place), signal as usize)?;
        Ok(())
    }

    pub(super) fn wait(save: impl FnOnce() + Send + 'static) {
        // Without a handler or a thread, signals end the program as ever.
        let Ok(mut signals) = Signals::new(heeded()) else { return };
        let handle = signals.handle();
        let waiter = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            if let Some(signal) = signals.forever().next() {
                save();
                std::process::exit(i32::from(super::exit_code(signal as usize)));
            }
        });
        if waiter.is_err() {
            handle.close();
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_nohup_ignores_is_found_in_the_status() {
            assert_eq!(ignored("Name:\tx\nSigIgn:\t0000000000000001\n"), 1 << (SIGHUP - 1));
            assert_eq!(ignored("Name:\tx\n"), 0);
        }
    }
}

//! What the terminal is told, and in which language.

use std::io::{self, Write as _};

use super::job::JobError;
use crate::files::read_preferences;
use crate::words::{Language, Message, Words};

/// The words of the person's language: chosen in the window, else that of the terminal.
pub(super) fn words() -> Words {
    let chosen = read_preferences().ok().and_then(|preferences| preferences.language);
    Words::new(chosen.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok())))
}

/// A line on standard output.
pub(super) fn print(line: &str) -> Result<(), JobError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// A sentence on standard output.
pub(super) fn say(words: &Words, message: &Message) -> Result<(), JobError> {
    print(&words.say(message))
}

/// A sentence on standard error, beside the output proper.
pub(super) fn note(words: &Words, message: &Message) {
    // A note that nobody can read changes nothing.
    let _ = writeln!(io::stderr(), "{}", words.say(message));
}

/// A number for people: five significant digits.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return format!("{value}");
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{value:.4e}");
    }
    let decimals = (4 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people_have_five_digits() {
        let shown = [0.0, 0.298_371_109, -12.345_678, 123_456.7, 1e-7].map(short);
        assert_eq!(shown, ["0", "0.29837", "-12.346", "123457", "1.0000e-7"]);
    }
}

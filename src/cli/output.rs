//! What the terminal is told, and in which language.

use std::io::{self, Write as _};

use super::job::JobError;
use super::printable::printable;
use crate::files::read_preferences;
use crate::words::{Language, Message, Words};

pub(super) use crate::words::short_number as short;

/// The words of the person's language: chosen in the window, else that of the terminal.
pub(super) fn words() -> Words {
    let chosen = read_preferences().ok().and_then(|preferences| preferences.language);
    Words::new(chosen.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok())))
}

/// A line on standard output; what a terminal would obey in it is shown instead.
pub(super) fn print(line: &str) -> Result<(), JobError> {
    print_lines(&printable(line))
}

/// Lines on standard output, whose names have been made printable one by one.
pub(super) fn print_lines(lines: &str) -> Result<(), JobError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{lines}")?;
    Ok(out.flush()?)
}

/// A sentence on standard output.
pub(super) fn say(words: &Words, message: &Message) -> Result<(), JobError> {
    print(&words.say(message))
}

/// A sentence on standard error, beside the output proper.
pub(super) fn note(words: &Words, message: &Message) {
    // A note that nobody can read changes nothing.
    let _ = writeln!(io::stderr(), "{}", printable(&words.say(message)));
}

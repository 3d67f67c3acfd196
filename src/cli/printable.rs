//! Text that a terminal only shows: names and paths are other people's words, and a terminal obeys
//! some of their characters.
//!
//! Must not know what is printed.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` on one line, with `\u001b` and the like in place of what a terminal would obey: control
/// characters, and those that turn the direction of writing, end a line or are not seen. The same
/// signs as JSON's, so that a line of JSON stays one with the same meaning.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_printable(c) => shown.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal shows a character where it stands.
fn is_printable(c: char) -> bool {
    let turns_direction = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}');
    let ends_a_line = matches!(c, '\u{2028}' | '\u{2029}');
    // The joiners U+200C and U+200D belong to scripts and to emoji.
    let is_unseen = matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}');
    !(c.is_control() || turns_direction || ends_a_line || is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_in_any_language_stays_as_it_is() {
        for text in ["Dense 1.weight: 2×3 → [N, 3]", "häviö 0,1 %", "重み \"w\" \\ /", "👩\u{200d}🔬"]
        {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(printable("a\u{1b}[31mb\u{7}\u{9b}2J\u{7f}"), r"a\u001b[31mb\u0007\u009b2J\u007f");
        assert_eq!(printable("x\r\n\tFAKE"), r"x\r\n\tFAKE");
        assert_eq!(printable("\u{202e}live\u{2069}\u{feff}\u{2028}"), r"\u202elive\u2069\ufeff\u2028");
        assert_eq!(printable("\u{e0041}"), r"\udb40\udc41");
    }
}

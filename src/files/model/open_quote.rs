//! Where a quote of a model's text opens that is not closed, or closes in the wrong place.
//!
//! The reader itself can only say where it stumbles: behind the next quote, which may be many lines
//! later. Must not know what a model holds.

/// The line, counted from 1, on which the quote opens behind which the reader stumbled at byte `at`:
/// one that reaches over the end of its line, and ends there or never.
pub(super) fn opens_on_line(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let line_of = |at: usize| 1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    let mut here = 0;
    while here <= at {
        match bytes.get(here..)? {
            [b'/', b'/', rest @ ..] => {
                here += 2 + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            }
            // A character, such as '"' or '\''.
            [b'\'', b'\\', _, b'\'', ..] => here += 4,
            [b'\'', _, b'\'', ..] => here += 3,
            // A raw string, such as r#"a "quoted" name"#.
            [b'r', rest @ ..] if length_of_raw(rest).is_some() => {
                here += 1 + length_of_raw(rest).unwrap_or_default();
            }
            [b'"', rest @ ..] => {
                let opens = here;
                let Some(length) = length_of_string(rest) else { return Some(line_of(opens)) };
                here += 1 + length;
                let is_behind = here <= at && text.get(here..at).is_some_and(|gap| gap.trim().is_empty());
                if is_behind && rest.get(..length).is_some_and(|inside| inside.contains(&b'\n')) {
                    return Some(line_of(opens));
                }
            }
            [_, ..] => here += 1,
            [] => return None,
        }
    }
    None
}

/// How many bytes there are to the end of a string, its last quote among them.
fn length_of_string(rest: &[u8]) -> Option<usize> {
    let mut here = 0;
    loop {
        match rest.get(here)? {
            b'\\' => here += 2,
            b'"' => return Some(here + 1),
            _ => here += 1,
        }
    }
}

/// How many bytes there are to the end of a raw string, behind its `r`; none where it is none.
fn length_of_raw(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    let (_, inside) =
        rest.split_at_checked(hashes + 1).filter(|(start, _)| hashes > 0 && start.ends_with(b"\""))?;
    let end = [b"\"".as_slice(), rest.get(..hashes)?].concat();
    let length = inside.windows(end.len()).position(|window| window == end)?;
    Some(hashes + 1 + length + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_quote_that_never_closes_is_found() {
        let text = "(a: r#\"x\"y\"#, // don't \"\n b: '\"',\n c: \"open,\n d: 1)\n";
        assert_eq!(opens_on_line(text, text.len()), Some(3));
    }

    #[test]
    fn a_quote_that_swallows_the_next_one_is_found_where_it_opens() {
        let text = "(a: \"x\",\n b: \"open,\n c: \"y\")\n";
        let stumbles = text.find('y').unwrap_or_default();
        assert_eq!(opens_on_line(text, stumbles), Some(2));
    }

    #[test]
    fn other_mistakes_blame_no_quote() {
        let text = "(a: \"x\",\n b: \"y\\\"z\" oops)\n";
        assert_eq!(opens_on_line(text, text.find("oops").unwrap_or_default()), None);
        assert_eq!(opens_on_line("(a: 1", 5), None);
    }
}

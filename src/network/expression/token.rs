//! A typed expression cut into names, numbers and signs, each with its place.

use super::error::{ExpressionError, Wrong};

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    pub(super) fn wrong(self, what: Wrong) -> ExpressionError {
        ExpressionError { line: self.line, column: self.column, what }
    }
}

/// One piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(f64),
    Sign(&'static str),
    /// The end of a statement.
    End,
}

impl Token {
    /// As it stands in the text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Number(number) => number.to_string(),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::End => String::new(),
        }
    }
}

/// Longer ones first, so that `**` is not two stars. Typographic signs are taken for those they look like.
const SIGNS: [(&str, &str); 29] = [
    ("**", "**"),
    ("==", "=="),
    (">=", ">="),
    ("<=", "<="),
    ("≥", ">="),
    ("≤", "<="),
    ("−", "-"),
    ("×", "*"),
    ("·", "*"),
    ("⊙", "*"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("@", "@"),
    ("^", "^"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
    (":", ":"),
    ("=", "="),
    (">", ">"),
    ("<", "<"),
    ("{", "{"),
    ("}", "}"),
    ("!", "!"),
];

/// The tokens of a text, each with its place; a statement ends at a line's end outside of parentheses, or at
/// a semicolon.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    for (line_idx, line) in text.lines().enumerate() {
        let mut rest = line;
        loop {
            let column = line.chars().count() - rest.chars().count() + 1;
            let place = Place { line: line_idx + 1, column };
            let Some(first) = rest.chars().next().filter(|&sign| sign != '#') else {
                if depth == 0 {
                    tokens.push((Token::End, place));
                }
                break;
            };
            let taken = if first.is_whitespace() {
                first.len_utf8()
            } else if first == ';' {
                tokens.push((Token::End, place));
                1
            } else if first.is_ascii_digit() || first == '.' && starts_with_digit(&rest[1..]) {
                let (number, len) = number(rest, place)?;
                tokens.push((Token::Number(number), place));
                len
            } else if first.is_alphabetic() || first == '_' {
                let len =
                    rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
                tokens.push((Token::Name(rest[..len].to_owned()), place));
                len
            } else if let Some((typed, sign)) = SIGNS.iter().find(|(typed, _)| rest.starts_with(typed)) {
                match *sign {
                    "(" | "[" => depth += 1,
                    ")" | "]" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                tokens.push((Token::Sign(sign), place));
                typed.len()
            } else {
                let expected = "+ - * / ** @ ( ) [ ]".to_owned();
                return Err(place.wrong(Wrong::Expected { expected, found: first.to_string() }));
            };
            rest = &rest[taken..];
        }
    }
    if depth > 0
        && let Some((last, place)) = tokens.last()
    {
        let end = Place { line: place.line, column: place.column + last.text().chars().count() };
        tokens.push((Token::End, end));
    }
    Ok(tokens)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_digit())
}

/// A number at the beginning of `text`, and how many bytes it takes.
fn number(text: &str, place: Place) -> Result<(f64, usize), ExpressionError> {
    let digits =
        |text: &str| text.find(|sign: char| !sign.is_ascii_digit() && sign != '_').unwrap_or(text.len());
    let mut len = digits(text);
    if text[len..].starts_with('.') {
        len += 1;
        len += digits(&text[len..]);
    }
    if text[len..].starts_with(['e', 'E']) {
        let after = &text[len + 1..];
        let signed = usize::from(after.starts_with(['+', '-']));
        if starts_with_digit(&after[signed..]) {
            len += 1 + signed + digits(&after[signed..]);
        }
    }
    let value: Option<f64> = text[..len].replace('_', "").parse().ok();
    let expected = || Wrong::Expected { expected: "1.5".to_owned(), found: text[..len].to_owned() };
    value.filter(|value| value.is_finite()).map(|value| (value, len)).ok_or_else(|| place.wrong(expected()))
}

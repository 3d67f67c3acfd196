//! Python text as `ruff format` lays it out: lines of at most 88 signs, strings and comments that
//! nothing can break out of.
//!
//! Must not know what is written.

/// The longest line, as Black and Ruff cut it.
const WIDTH: usize = 88;

/// Lines of Python, each at its depth.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// Nothing yet, at the left margin.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A line as it stands.
    pub(super) fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Lines below `head`, one step to the right.
    pub(super) fn block(&mut self, head: &str, body: impl FnOnce(&mut Self)) {
        self.line(head);
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    /// A line that is left as it is where it is too long: a formula is easier to read in one piece.
    pub(super) fn long_line(&mut self, line: &str) {
        if self.fits(line) {
            self.line(line);
        } else {
            self.line(&format!("{line}  # fmt: skip"));
        }
    }

    /// Whether a line is short enough to stand where the next one stands.
    pub(super) fn fits(&self, line: &str) -> bool {
        4 * self.depth + width(line) <= WIDTH
    }

    /// A function: its name, its arguments, its body.
    pub(super) fn define(&mut self, name: &str, arguments: &[String], body: impl FnOnce(&mut Self)) {
        self.bracketed(&format!("def {name}("), arguments, "):");
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    /// A comment; line breaks and signs that no one sees are escaped.
    pub(super) fn comment(&mut self, text: &str) {
        self.line(&format!("# {}", visible(text)));
    }

    /// `head(a, b)`, cut after the commas where it is too long.
    pub(super) fn call(&mut self, head: &str, arguments: &[String]) {
        self.bracketed(&format!("{head}("), arguments, ")");
    }

    /// `(a, b),` as an entry of something larger, cut after the commas where it is too long.
    pub(super) fn entry(&mut self, entries: &[String]) {
        let joined = entries.join(", ");
        if 4 * self.depth + width(&joined) + 3 <= WIDTH {
            return self.line(&format!("({joined}),"));
        }
        self.group("(", "),", |code| {
            for entry in entries {
                code.line(&format!("{entry},"));
            }
        });
    }

    /// A bracket with each entry on lines of its own.
    pub(super) fn group(&mut self, open: &str, close: &str, body: impl FnOnce(&mut Self)) {
        let empty = self.text.len() + 4 * self.depth + open.len() + 1;
        self.block(open, body);
        if self.text.len() == empty {
            self.text.pop();
            self.text.push_str(close);
            self.text.push('\n');
        } else {
            self.line(close);
        }
    }

    fn bracketed(&mut self, open: &str, entries: &[String], close: &str) {
        let joined = entries.join(", ");
        let left = 4 * self.depth;
        if left + width(open) + width(&joined) + width(close) <= WIDTH || entries.is_empty() {
            return self.line(&format!("{open}{joined}{close}"));
        }
        self.block(open, |code| {
            if left + 4 + width(&joined) <= WIDTH && entries.len() > 1 {
                code.line(&joined);
            } else {
                for entry in entries {
                    code.line(&format!("{entry},"));
                }
            }
        });
        self.line(close);
    }

    /// `head a + b + c`, in brackets and a line each where it is too long. `head` ends with `=` or
    /// is `return`.
    pub(super) fn chain(&mut self, head: &str, sign: &str, terms: &[String]) {
        let joined = terms.join(&format!(" {sign} "));
        let left = 4 * self.depth;
        if left + width(head) + 1 + width(&joined) <= WIDTH || terms.len() < 2 {
            return self.line(&format!("{head} {joined}"));
        }
        self.block(&format!("{head} ("), |code| {
            if left + 4 + width(&joined) <= WIDTH {
                code.line(&joined);
            } else {
                for (idx, term) in terms.iter().enumerate() {
                    code.line(&if idx == 0 { term.clone() } else { format!("{sign} {term}") });
                }
            }
        });
        self.line(")");
    }
}

/// A name with its value: within brackets where only that keeps the line short.
pub(super) fn assigned(name: &str, value: &str) -> String {
    let line = format!("{name} = {value}");
    if width(&line) <= WIDTH || 4 + width(value) > WIDTH {
        line
    } else {
        format!("{name} = (\n    {value}\n)")
    }
}

/// Powers as `ruff format` writes them: without blanks between simple operands, `x**2`.
pub(super) fn hugged(code: &str) -> String {
    const SIGN: &str = " ** ";
    let is_simple = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '.';
    let mut text = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(SIGN) {
        let (before, after) = (&rest[..at], &rest[at + SIGN.len()..]);
        text.push_str(before);
        let base = text.trim_end_matches(is_simple);
        let has_simple_base = base.len() < text.len() && !base.ends_with([')', ']']);
        let exponent = after.trim_start_matches(is_simple);
        let has_simple_exponent = exponent.len() < after.len() && !exponent.starts_with(['(', '[']);
        text.push_str(if has_simple_base && has_simple_exponent { "**" } else { SIGN });
        rest = after;
    }
    text + rest
}

/// Signs in a line.
fn width(text: &str) -> usize {
    text.chars().count()
}

/// A string literal with the quotes that need fewer escapes, double ones where both do.
pub(super) fn string(text: &str) -> String {
    let n_double = text.matches('"').count();
    let quote = if n_double > text.matches('\'').count() { '\'' } else { '"' };
    let mut literal = String::from(quote);
    for sign in text.chars() {
        match sign {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            sign if sign == quote => {
                literal.push('\\');
                literal.push(sign);
            }
            sign if is_unseen(sign) => literal.push_str(&escaped(sign)),
            sign => literal.push(sign),
        }
    }
    literal.push(quote);
    literal
}

/// The text on one line, with unseen signs escaped.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|sign| if is_unseen(sign) { escaped(sign) } else { sign.to_string() }).collect()
}

/// Control signs, and those that turn or hide text.
fn is_unseen(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn escaped(sign: char) -> String {
    let code = u32::from(sign);
    if code > 0xffff { format!("\\U{code:08x}") } else { format!("\\u{code:04x}") }
}

/// A number as Python writes it: the shortest that reads back the same, `1e-08` for 1e-8.
pub(super) fn number(x: f64) -> String {
    if x.is_nan() {
        return "float(\"nan\")".to_owned();
    }
    if x.is_infinite() {
        return format!("{}float(\"inf\")", if x < 0.0 { "-" } else { "" });
    }
    let magnitude = x.abs();
    if x != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{x:e}");
        let Some((digits, exponent)) = text.split_once('e') else { return text };
        let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{x:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_keep_what_is_in_them() {
        assert_eq!(string("plain"), "\"plain\"");
        assert_eq!(string("say \"hi\""), "'say \"hi\"'");
        assert_eq!(string("a\\b\n\u{202e}"), "\"a\\\\b\\n\\u202e\"");
        let mut code = Code::new();
        code.comment("one\nimport os \u{1b}[2J");
        assert_eq!(code.into_text(), "# one\\u000aimport os \\u001b[2J\n");
    }

    #[test]
    fn powers_of_simple_things_have_no_blanks() {
        for (code, expected) in [
            ("a = self.x ** 2 + b", "a = self.x**2 + b"),
            ("(a - b) ** 2", "(a - b) ** 2"),
            ("x[t] ** 2", "x[t] ** 2"),
            ("x ** y[t] + z ** 0.5", "x ** y[t] + z**0.5"),
        ] {
            assert_eq!(hugged(code), expected);
        }
    }

    #[test]
    fn numbers_read_as_python_prints_them() {
        for (x, expected) in
            [(1.0, "1.0"), (1e-8, "1e-08"), (0.001, "0.001"), (-2.5e20, "-2.5e+20"), (0.0, "0.0")]
        {
            assert_eq!(number(x), expected);
        }
    }

    #[test]
    fn an_empty_bracket_stays_on_its_line() {
        let mut code = Code::new();
        code.group("a = [", "]", |code| code.group("{", "},", |_| {}));
        code.group("b = [", "]", |_| {});
        assert_eq!(code.into_text(), "a = [\n    {},\n]\nb = []\n");
    }

    #[test]
    fn long_calls_and_sums_are_cut_as_ruff_cuts_them() {
        let mut code = Code::new();
        let long = |n: usize| (0..n).map(|idx| format!("argument_number_{idx}")).collect::<Vec<_>>();
        code.call("f", &long(2));
        code.call("some_function", &long(4));
        code.call("f", &long(6));
        code.chain("x =", "+", &long(6));
        let lines: Vec<String> = code.into_text().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "f(argument_number_0, argument_number_1)");
        assert_eq!(lines[1], "some_function(");
        assert!(lines[2].starts_with("    argument_number_0, ") && lines[3] == ")");
        assert_eq!(lines[5], "    argument_number_0,");
        assert!(lines.contains(&"    + argument_number_5".to_owned()));
    }
}

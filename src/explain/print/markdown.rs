//! Lines of a derivation as Markdown: formulas between dollar signs, code in fences.
//!
//! Must not know how a formula is made.

/// One line of a derivation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What is made, in words or by its name.
    pub title: String,
    /// The formula in LaTeX; empty where there is none.
    pub latex: String,
    /// The same with numbers in place, and the result.
    pub numbers: String,
    /// The shapes.
    pub shapes: String,
    /// The line of code.
    pub code: String,
    /// What abbreviations stand for.
    pub notes: Vec<String>,
}

/// Lines as Markdown, one paragraph after another.
pub fn markdown(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let Line { title, latex, numbers, shapes, code, notes } = line;
        let mut paragraph = |part: String| {
            if !part.is_empty() {
                text.push_str(&part);
                text.push_str("\n\n");
            }
        };
        paragraph(if title.is_empty() { String::new() } else { format!("**{}**", escaped(title)) });
        paragraph(if latex.is_empty() { String::new() } else { format!("$$\n{latex}\n$$") });
        paragraph(if numbers.is_empty() { String::new() } else { format!("`{numbers}`") });
        paragraph(if shapes.is_empty() { String::new() } else { format!("Shapes: `{shapes}`") });
        for note in notes {
            paragraph(format!("where `{note}`"));
        }
        paragraph(if code.is_empty() { String::new() } else { format!("```python\n{code}\n```") });
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Text whose signs mean nothing to Markdown.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if matches!(c, '*' | '_' | '`' | '[' | ']' | '\\' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}

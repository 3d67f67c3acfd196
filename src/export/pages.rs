//! One pass written out, as LaTeX and as Markdown: every line in symbols and in numbers, in the order
//! in which it is done.
//!
//! The formulas are those of the explanations, printed; nothing is stated here a second time. Must not
//! know how a pass is made.

use std::fmt::Write as _;

use super::sample_pass::SamplePass;
use super::{ExportError, ExportedFile, Subject};
use crate::algebra::{Expression, Part};
use crate::explain::print::{BiasStyle, Convention, Layout, NameStyle, Names, ReductionPlace, latex};
use crate::explain::{Definition, Definitions, Tensor, backward_lines, forward_lines};
use crate::network::{ParameterKey, ParameterRole, Shapes};
use crate::train::{Pass, Precision, Values};

/// Of a longer axis the first entries and the last one are written.
const MOST_SHOWN: usize = 8;
/// How many of the first.
const FIRST_SHOWN: usize = 6;
/// Digits of a number that are written.
const DIGITS: i32 = 5;

/// PyTorch's convention, names by node.
pub(super) const USUAL: Convention = Convention {
    layout: Layout::PyTorch,
    names: NameStyle::Node,
    reduction: ReductionPlace::Loss,
    bias: BiasStyle::Apart,
};

/// The LaTeX file.
pub(super) fn latex_file(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let text = with_page(subject, latex_page)?;
    Ok(vec![ExportedFile::text(&format!("{}.tex", subject.title), text)])
}

/// The Markdown file.
pub(super) fn markdown_file(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let text = with_page(subject, markdown_page)?;
    Ok(vec![ExportedFile::text(&format!("{}.md", subject.title), text)])
}

fn with_page(subject: &Subject<'_>, write: impl FnOnce(&Page<'_>) -> String) -> Result<String, ExportError> {
    let sample = SamplePass::of(subject)?;
    let network = &subject.document.network;
    let shapes: Shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let convention = subject.convention.unwrap_or(USUAL);
    let page = Page {
        subject,
        pass: sample.pass(),
        origin: sample.origin(),
        names: Names::new(&definitions, convention.names),
        definitions: &definitions,
        convention,
    };
    Ok(write(&page))
}

fn latex_page(page: &Page<'_>) -> String {
    page.latex()
}

fn markdown_page(page: &Page<'_>) -> String {
    page.markdown()
}

/// A pass on its way to paper.
struct Page<'a> {
    subject: &'a Subject<'a>,
    pass: &'a Pass,
    origin: String,
    names: Names<'a>,
    definitions: &'a Definitions<'a>,
    convention: Convention,
}

impl Page<'_> {
    fn latex(&self) -> String {
        let mut text = String::new();
        for line in self.heading() {
            let _ = writeln!(text, "% {}", plain(&line));
        }
        text.push_str(concat!(
            "\\documentclass{article}\n",
            "\\usepackage[margin=2cm]{geometry}\n",
            "\\usepackage{amsmath}\n",
            "\\usepackage{graphicx}\n",
            "\\setcounter{MaxMatrixCols}{20}\n",
            "\\setlength{\\parindent}{0pt}\n",
            "\\allowdisplaybreaks\n",
            "% A formula, made smaller where it is wider than the page.\n",
            "\\newcommand{\\fit}[1]{\\sbox0{$\\displaystyle #1$}%\n",
            "  \\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi}\n",
            "\\begin{document}\n",
        ));
        for line in self.heading() {
            let _ = writeln!(text, "{}\\\\", latex_words(&line));
        }
        for (title, formulas) in self.sections() {
            let _ = writeln!(text, "\n\\section*{{{title}}}");
            for formula in formulas {
                let _ = writeln!(text, "\\[\\fit{{\n{}\n}}\\]", typeset(&formula));
            }
        }
        text.push_str("\\end{document}\n");
        text
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        for (idx, line) in self.heading().iter().enumerate() {
            let mark = if idx == 0 { "# " } else { "" };
            let _ = writeln!(text, "{mark}{}\n", markdown_words(line));
        }
        for (title, formulas) in self.sections() {
            let _ = writeln!(text, "## {title}\n");
            for formula in formulas {
                let _ = writeln!(text, "$$\n{formula}\n$$\n");
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn heading(&self) -> Vec<String> {
        let mut lines = self.subject.heading_of(self.convention, Precision::F64);
        lines.push(self.origin.clone());
        lines
    }

    /// What is given, the forward pass and the backward pass, as formulas.
    fn sections(&self) -> [(&'static str, Vec<String>); 3] {
        let given = self.given();
        let given = given
            .into_iter()
            .filter_map(|tensor| Some(format!("{} = {}", self.names.latex(tensor), self.numbers(tensor)?)));
        let given: Vec<String> = given.collect();
        let forward = forward_lines(self.definitions, self.convention);
        // A tensor that learns is given, and says so once.
        let forward =
            forward.iter().map(|line| self.line(line)).filter(|line| !given.contains(line)).collect();
        let mut backward = backward_lines(self.definitions, self.convention);
        backward.retain(|line| self.is_asked_for(line.tensor));
        [
            ("Given", given),
            ("Forward", forward),
            ("Backward", backward.iter().map(|line| self.line(line)).collect()),
        ]
    }

    /// Whether a line of the backward pass is written: gradients of frozen parameters are not asked for.
    fn is_asked_for(&self, tensor: Tensor) -> bool {
        let parameters = &self.subject.document.parameters;
        let learns = |tensor: Tensor| match tensor {
            // That of a tensor is the gradient of its node, which has a line.
            Tensor::ParameterGrad { key: ParameterKey::Node(_, ParameterRole::Value), .. } => false,
            Tensor::ParameterGrad { key, .. } => parameters.get(&key).is_some_and(|it| it.trainable),
            _ => true,
        };
        learns(tensor) || self.convention.joined_bias(self.definitions, tensor).is_some_and(learns)
    }

    /// Data and parameters.
    fn given(&self) -> Vec<Tensor> {
        let network = self.definitions.network();
        let is_data = |node| network.nodes.get(node).is_some_and(|node| node.kind.data().is_some());
        let data = network.nodes.keys().filter(|node| is_data(node));
        let data = data.flat_map(|&node| {
            (0..self.definitions.n_steps()).map(move |time_step| Tensor::Output { node, time_step })
        });
        data.chain(self.subject.document.parameters.keys().map(|&key| Tensor::Parameter(key))).collect()
    }

    /// A line in symbols, and what it comes to.
    fn line(&self, line: &Definition) -> String {
        let is_scalar = |tensor: &Tensor| self.convention.sizes(self.definitions, *tensor).is_empty();
        let name = |tensor: &Tensor| self.names.latex(*tensor);
        let written = |of: &Expression<Tensor>| latex(of, &name, &is_scalar, None);
        let symbols = match &line.expression {
            Expression::Sum(terms) if is_long_sum(terms) => {
                let ends = [&terms[0], &terms[1], &terms[terms.len() - 1]].map(|term| written(term));
                let [first, second, last] = ends;
                format!("{first} + {second} + \\cdots + {last}")
            }
            other => written(other),
        };
        let made = self.names.latex(line.tensor);
        match self.numbers(line.tensor) {
            // A name that stands for itself needs its numbers alone.
            Some(numbers) if symbols == made => format!("{made} = {numbers}"),
            Some(numbers) => format!("{made} = {symbols} = {numbers}"),
            None => format!("{made} = {symbols}"),
        }
    }

    /// The numbers of a tensor, as it lies in the convention.
    fn numbers(&self, tensor: Tensor) -> Option<String> {
        if let Tensor::TotalLoss = tensor {
            return Some(number(self.pass.loss));
        }
        Some(matrix(&self.convention.shown(self.definitions, tensor, self.pass)?))
    }
}

/// Whether a sum is one over many time steps, whose first terms and whose last tell the rest.
fn is_long_sum(terms: &[Part<Tensor>]) -> bool {
    terms.len() > MOST_SHOWN && terms.iter().all(|term| matches!(**term, Expression::Leaf(_)))
}

/// A number, or a matrix with the middle of a long axis left out.
fn matrix(values: &Values) -> String {
    if values.shape().is_empty() {
        return number(values.get(0, 0).unwrap_or(f64::NAN));
    }
    let line = |row: Option<usize>| {
        let cell = |column: Option<usize>| match (row, column) {
            (Some(row), Some(column)) => values.get(row, column).map_or_else(String::new, number),
            (Some(_), None) => "\\cdots".to_owned(),
            (None, Some(_)) => "\\vdots".to_owned(),
            (None, None) => "\\ddots".to_owned(),
        };
        shown(values.n_columns()).into_iter().map(cell).collect::<Vec<_>>().join(" & ")
    };
    let lines: Vec<String> = shown(values.n_rows()).into_iter().map(line).collect();
    format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", lines.join(" \\\\ "))
}

/// The places of an axis that are written; none for those that are left out.
fn shown(n: usize) -> Vec<Option<usize>> {
    if n <= MOST_SHOWN {
        return (0..n).map(Some).collect();
    }
    (0..FIRST_SHOWN).map(Some).chain([None, Some(n - 1)]).collect()
}

/// A number with its leading digits.
fn number(x: f64) -> String {
    if x.is_nan() {
        return "\\text{NaN}".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "\\infty" } else { "-\\infty" }.to_owned();
    }
    if x == 0.0 {
        return "0".to_owned();
    }
    let magnitude = x.abs().log10().floor() as i32;
    if !(-4..7).contains(&magnitude) {
        let text = format!("{x:.*e}", DIGITS as usize - 1);
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{} \\cdot 10^{{{exponent}}}", trimmed(digits));
    }
    trimmed(&format!("{x:.*}", (DIGITS - 1 - magnitude).max(0) as usize)).to_owned()
}

/// Without zeros that say nothing.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A line of its own, whatever was in it.
fn plain(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// Words within a LaTeX document.
fn latex_words(text: &str) -> String {
    plain(text).chars().fold(String::new(), |mut safe, sign| {
        match sign {
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => safe.extend(['\\', sign]),
            sign => safe.push(sign),
        }
        safe
    })
}

/// Words within a Markdown document.
fn markdown_words(text: &str) -> String {
    plain(text).chars().fold(String::new(), |mut safe, sign| {
        if matches!(sign, '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '<' | '$') {
            safe.push('\\');
        }
        safe.push(sign);
        safe
    })
}

/// A formula for a typesetter that knows the letters of western alphabets alone.
fn typeset(formula: &str) -> String {
    formula.chars().map(|sign| if u32::from(sign) < 0x180 { sign } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_leading_digits() {
        for (x, expected) in [
            (0.0, "0"),
            (-2.0, "-2"),
            (0.298_371_1, "0.29837"),
            (12_345.678, "12346"),
            (1.5e-9, "1.5 \\cdot 10^{-9}"),
            (f64::NEG_INFINITY, "-\\infty"),
        ] {
            assert_eq!(number(x), expected);
        }
    }

    #[test]
    fn a_long_axis_is_cut_in_its_middle() {
        assert_eq!(shown(8).len(), 8);
        assert_eq!(shown(100).last(), Some(&Some(99)));
        assert_eq!(shown(100).iter().filter(|place| place.is_none()).count(), 1);
    }
}

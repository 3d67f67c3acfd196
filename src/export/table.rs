//! A matrix or a table of data as text for other programs: NumPy, PyTorch, LaTeX, Markdown, CSV.
//!
//! Must not know where the numbers come from, nor a clipboard.

use super::python::{number, string, visible};
use crate::train::Precision;

/// A way to write a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// `np.array([[…]])`.
    NumPy,
    /// `torch.tensor([[…]])`.
    PyTorch,
    /// `\begin{bmatrix} … \end{bmatrix}`.
    Latex,
    /// A table between bars.
    Markdown,
    /// Comma-separated values with a header.
    Csv,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// A number.
    Number(f64),
    /// Anything else.
    Text(String),
    /// No value.
    Missing,
}

/// What is written.
#[derive(Clone, Debug, PartialEq)]
pub struct TableText {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells, row after row.
    pub rows: Vec<Vec<TableCell>>,
    /// How many axes the numbers have: one row of rank 1 is a vector.
    pub rank: usize,
    /// How many digits of a number count.
    pub precision: Precision,
}

impl TableForm {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 5] = [Self::NumPy, Self::PyTorch, Self::Latex, Self::Markdown, Self::Csv];

    /// The message key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::NumPy => "copy-numpy",
            Self::PyTorch => "copy-pytorch",
            Self::Latex => "copy-latex",
            Self::Markdown => "copy-markdown",
            Self::Csv => "copy-csv",
        }
    }
}

impl TableText {
    /// The table as text, without a line break at its end.
    pub fn written(&self, form: TableForm) -> String {
        match form {
            TableForm::NumPy => self.call("np.array", "np"),
            TableForm::PyTorch => self.tensor(),
            TableForm::Latex => self.latex(),
            TableForm::Markdown => self.markdown(),
            TableForm::Csv => self.csv(),
        }
    }

    /// A number with the digits that count.
    fn rounded(&self, x: f64) -> f64 {
        rounded(x, self.precision)
    }

    /// A tensor holds no words: columns that do are left out and named. Where no others are, NumPy's array of
    /// objects holds them.
    fn tensor(&self) -> String {
        let (words, numbers): (Vec<usize>, Vec<usize>) =
            (0..self.columns.len()).partition(|&column| self.has_words(column));
        if words.is_empty() {
            return self.call("torch.tensor", "torch");
        }
        if numbers.is_empty() {
            return self.call("np.array", "np");
        }
        let names = |of: &[usize]| {
            let names: Vec<String> = of.iter().map(|&column| visible(&self.columns[column])).collect();
            names.join(", ")
        };
        let row = |row: &Vec<TableCell>| numbers.iter().filter_map(|&c| row.get(c).cloned()).collect();
        let tensor = Self {
            columns: numbers.iter().map(|&column| self.columns[column].clone()).collect(),
            rows: self.rows.iter().map(row).collect(),
            ..*self
        };
        let tensor = tensor.call("torch.tensor", "torch");
        format!("# Columns: {}\n# Left out, as words: {}\n{tensor}", names(&numbers), names(&words))
    }

    fn has_words(&self, column: usize) -> bool {
        self.rows.iter().any(|row| matches!(row.get(column), Some(TableCell::Text(_))))
    }

    fn call(&self, function: &str, module: &str) -> String {
        let cell = |cell: &TableCell| match cell {
            TableCell::Number(x) => number(self.rounded(*x)),
            TableCell::Text(text) => string(text),
            TableCell::Missing => number(f64::NAN),
        };
        let row = |row: &Vec<TableCell>| row.iter().map(cell).collect::<Vec<_>>().join(", ");
        let lines: Vec<String> = self.rows.iter().map(row).collect();
        let has_text = self.rows.iter().flatten().any(|cell| matches!(cell, TableCell::Text(_)));
        let dtype = match (has_text, self.precision) {
            (true, _) => ", dtype=object".to_owned(),
            (false, Precision::F32) => format!(", dtype={module}.float32"),
            (false, Precision::F64) => format!(", dtype={module}.float64"),
        };
        match self.rank {
            0 => format!("{function}({}{dtype})", lines.concat()),
            1 => format!("{function}([{}]{dtype})", lines.join(", ")),
            _ => {
                let rows: Vec<String> = lines.iter().map(|line| format!("    [{line}],\n")).collect();
                format!("{function}([\n{}]{dtype})", rows.concat())
            }
        }
    }

    fn latex(&self) -> String {
        let cell = |cell: &TableCell| match cell {
            TableCell::Number(x) => latex_number(self.rounded(*x)),
            TableCell::Text(text) => format!("\\text{{{}}}", latex_text(text)),
            TableCell::Missing => "\\text{–}".to_owned(),
        };
        let rows = self.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" & "));
        format!("\\begin{{bmatrix}}\n{}\n\\end{{bmatrix}}", rows.collect::<Vec<_>>().join(" \\\\\n"))
    }

    fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let header = line(self.columns.iter().map(|name| markdown_text(name)).collect());
        let sides = (0..self.columns.len()).map(|column| if self.has_words(column) { "---" } else { "---:" });
        let sides = line(sides.map(str::to_owned).collect());
        let rows =
            self.rows.iter().map(|row| line(row.iter().map(|cell| self.cell(cell, markdown_text)).collect()));
        [header, sides].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
    }

    fn csv(&self) -> String {
        let header = self.columns.iter().map(|name| csv_text(name)).collect::<Vec<_>>().join(",");
        let line = |row: &Vec<TableCell>| {
            row.iter().map(|cell| self.cell(cell, csv_text)).collect::<Vec<_>>().join(",")
        };
        std::iter::once(header).chain(self.rows.iter().map(line)).collect::<Vec<_>>().join("\n")
    }

    fn cell(&self, cell: &TableCell, text: fn(&str) -> String) -> String {
        match cell {
            TableCell::Number(x) => self.rounded(*x).to_string(),
            TableCell::Text(words) => text(words),
            TableCell::Missing => String::new(),
        }
    }
}

fn latex_number(x: f64) -> String {
    if x.is_nan() {
        return "\\text{NaN}".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "\\infty" } else { "-\\infty" }.to_owned();
    }
    if x != 0.0 && !(1e-4..1e7).contains(&x.abs()) {
        let text = format!("{x:e}");
        if let Some((digits, exponent)) = text.split_once('e') {
            return format!("{digits} \\cdot 10^{{{exponent}}}");
        }
    }
    x.to_string()
}

/// The number that the shortest text of these digits says.
pub fn rounded(x: f64, precision: Precision) -> f64 {
    match precision {
        Precision::F32 => (x as f32).to_string().parse().unwrap_or(x),
        Precision::F64 => x,
    }
}

/// Text within `\text{…}`.
fn latex_text(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, sign| {
        match sign {
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => safe.extend(['\\', sign]),
            sign if sign.is_control() => safe.push(' '),
            sign => safe.push(sign),
        }
        safe
    })
}

/// Text in a cell of a Markdown table.
fn markdown_text(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, sign| {
        match sign {
            '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '<' => safe.extend(['\\', sign]),
            sign if sign.is_control() => safe.push(' '),
            sign => safe.push(sign),
        }
        safe
    })
}

/// Text in a cell of a CSV file.
fn csv_text(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rank: usize, rows: &[&[f64]], precision: Precision) -> TableText {
        let columns = (0..rows.first().map_or(0, |row| row.len())).map(|column| format!("x{column}"));
        let rows = rows.iter().map(|row| row.iter().map(|&x| TableCell::Number(x)).collect());
        TableText { columns: columns.collect(), rows: rows.collect(), rank, precision }
    }

    #[test]
    fn a_matrix_is_written_for_each_program() {
        let numbers = matrix(2, &[&[0.5, -2.0], &[1e-9, f64::NAN]], Precision::F64);
        let expected = [
            "np.array([\n    [0.5, -2.0],\n    [1e-09, float(\"nan\")],\n], dtype=np.float64)",
            "torch.tensor([\n    [0.5, -2.0],\n    [1e-09, float(\"nan\")],\n], dtype=torch.float64)",
            "\\begin{bmatrix}\n0.5 & -2 \\\\\n1 \\cdot 10^{-9} & \\text{NaN}\n\\end{bmatrix}",
            "| x0 | x1 |\n| ---: | ---: |\n| 0.5 | -2 |\n| 0.000000001 | NaN |",
            "x0,x1\n0.5,-2\n0.000000001,NaN",
        ];
        for (form, expected) in TableForm::ALL.into_iter().zip(expected) {
            assert_eq!(numbers.written(form), expected);
        }
        let vector = matrix(1, &[&[f64::from(0.1_f32)]], Precision::F32);
        assert_eq!(vector.written(TableForm::NumPy), "np.array([0.1], dtype=np.float32)");
        let scalar = matrix(0, &[&[3.0]], Precision::F64);
        assert_eq!(scalar.written(TableForm::PyTorch), "torch.tensor(3.0, dtype=torch.float64)");
    }

    #[test]
    fn words_stay_in_their_cells() {
        let cells = vec![TableCell::Text("a|b,\"c\"\n".into()), TableCell::Missing];
        let columns = vec!["name_1".into(), "n".into()];
        let table = TableText { columns, rows: vec![cells], rank: 2, precision: Precision::F64 };
        let tensor = "# Columns: n\n# Left out, as words: name_1\ntorch.tensor([\n    [float(\"nan\")],\n], dtype=torch.float64)";
        assert_eq!(table.written(TableForm::PyTorch), tensor);
        assert_eq!(
            table.written(TableForm::Markdown),
            "| name\\_1 | n |\n| --- | ---: |\n| a\\|b,\"c\"  |  |"
        );
        assert_eq!(table.written(TableForm::Csv), "name_1,n\n\"a|b,\"\"c\"\"\n\",");
        assert!(table.written(TableForm::NumPy).ends_with("dtype=object)"));
        assert_eq!(latex_text("50 % {x}"), "50 \\% \\{x\\}");
    }
}

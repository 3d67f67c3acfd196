//! Numbers as aligned columns of text.

use crate::train::Values;

/// More rows or columns than this are left out of a table for people; JSON has them all.
const MOST: usize = 12;

/// The lines of a matrix, each number as `show` writes it, the columns aligned to the right.
pub(super) fn matrix_lines(values: &Values, show: impl Fn(f64) -> String) -> Vec<String> {
    let (rows, columns) = (values.n_rows(), values.n_columns());
    let cells: Vec<Vec<String>> = (0..rows.min(MOST))
        .map(|row| values.row(row).iter().take(MOST).map(|value| show(*value)).collect())
        .collect();
    let width = cells.iter().flatten().map(String::len).max().unwrap_or(0);
    let mut lines: Vec<String> = cells
        .iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().map(|cell| format!("{cell:>width$}")).collect();
            let mut line = format!("  {}", cells.join("  "));
            if columns > MOST {
                line.push_str("  …");
            }
            line
        })
        .collect();
    if rows > MOST {
        lines.push("  …".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_large_matrices_are_cut() {
        let lines = matrix_lines(&Values::new(vec![2, 2], vec![1.0, -22.5, 3.0, 4.0]), |x| x.to_string());
        assert_eq!(lines, ["      1  -22.5", "      3      4"]);
        let lines = matrix_lines(&Values::new(vec![20, 20], vec![0.0; 400]), |x| x.to_string());
        assert_eq!((lines.len(), lines[0].matches('0').count(), lines[0].ends_with('…')), (13, 12, true));
    }
}

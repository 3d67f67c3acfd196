//! Names of columns: from the header, or made up; unique in any case.
//!
//! Must not know how a header is found. Linear in the number of columns, however alike their names.

use std::collections::{HashMap, HashSet};

use crate::data::error::{DataError, DataErrorKind};

/// More characters than this are no name but a row whose quote or delimiter was not understood.
const MAX_NAME_CHARS: usize = 10_000;

/// Names of columns from the first record. A name that comes again gets a number.
pub(super) fn names(first: &[String], header: bool) -> Vec<String> {
    let mut taken = HashSet::with_capacity(first.len());
    let mut next: HashMap<String, usize> = HashMap::new();
    let name = |(index, cell): (usize, &String)| {
        let plain = if header && !cell.is_empty() { cell.clone() } else { format!("column {}", index + 1) };
        if taken.insert(plain.clone()) {
            return plain;
        }
        let n = next.entry(plain.clone()).or_insert(2);
        loop {
            let name = format!("{plain} ({n})");
            *n += 1;
            if taken.insert(name.clone()) {
                return name;
            }
        }
    };
    first.iter().enumerate().map(name).collect()
}

/// Refuses a header with a name that is too long to be one.
pub(super) fn check_lengths(names: &[String]) -> Result<(), DataError> {
    for (index, name) in names.iter().enumerate() {
        // No character takes more than four bytes, so most names need not be counted.
        let found = if name.len() > MAX_NAME_CHARS { name.chars().count() } else { 0 };
        if found > MAX_NAME_CHARS {
            let kind = DataErrorKind::LongName { found, limit: MAX_NAME_CHARS };
            let start: String = name.chars().take(40).collect();
            return Err(DataError::new(kind).at_column(index, format!("{start}…")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[&str]) -> Vec<String> {
        names(&cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>(), true)
    }

    #[test]
    fn names_that_come_again_are_numbered_and_never_collide() {
        assert_eq!(of(&["a", "b", "a", "", "a"]), ["a", "b", "a (2)", "column 4", "a (3)"]);
        assert_eq!(of(&["a (2)", "a", "a", "a"]), ["a (2)", "a", "a (3)", "a (4)"]);
        assert_eq!(of(&["column 2", ""]), ["column 2", "column 2 (2)"]);
    }

    #[test]
    fn fifty_thousand_equal_names_are_numbered_in_one_pass() {
        let found = of(&vec!["x"; 50_000]);
        assert_eq!(found.last().map(String::as_str), Some("x (50000)"));
    }

    #[test]
    fn a_name_of_ten_megabytes_is_refused_with_its_column() {
        let long = vec!["a".to_owned(), "b".repeat(10_000_000)];
        let error = check_lengths(&long).map_err(|error| (error.place.column, *error.kind));
        let kind = DataErrorKind::LongName { found: 10_000_000, limit: MAX_NAME_CHARS };
        assert_eq!(error, Err((Some(2), kind)));
        assert_eq!(check_lengths(&["ä".repeat(9_000)]), Ok(()));
    }
}

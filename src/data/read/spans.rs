//! Names that stand on several lines: `Travel` above `Air` and `Rail`, or the rest of a name below it.
//!
//! Must not know where a header is found, or how lines are cut.

use std::collections::BTreeSet;

use super::cell_kind::{CellKind, cell_kind};

/// Lines that make up a header at most.
pub(super) const MOST_LINES: usize = 5;

/// The names that these lines make together, the uppermost first; `None` where they are not one header.
pub(super) fn joined<'l>(lines: impl IntoIterator<Item = &'l [String]>) -> Option<Vec<String>> {
    let mut lines = lines.into_iter().filter(|line| line.iter().any(|cell| !cell.is_empty()));
    let first = lines.next()?.to_vec();
    lines.try_fold(first, |upper, lower| join(&upper, lower))
}

/// The names of two lines. A cell of the upper line stands for the empty ones after it, too, where
/// it has a name below it.
fn join(upper: &[String], lower: &[String]) -> Option<Vec<String>> {
    if !names_groups(upper) || upper.iter().skip(lower.len()).any(|cell| !cell.is_empty()) {
        return None;
    }
    let group_of = |column: usize| upper.get(column).filter(|cell| !cell.is_empty());
    // The lower line alone must be too little: names lack in it, or come twice.
    let names = || lower.iter().filter(|name| !name.is_empty());
    let come_twice = names().collect::<BTreeSet<_>>().len() < names().count();
    let lacks = |(column, name): (usize, &String)| name.is_empty() && group_of(column).is_some();
    let is_needed = come_twice || lower.iter().enumerate().any(lacks);
    let is_full = (0..lower.len()).all(|column| group_of(column).is_some() && !lower[column].is_empty());
    if !is_needed || is_full {
        return None;
    }
    let mut group = None;
    let name = |(column, name): (usize, &String)| {
        if let Some(own) = group_of(column) {
            group = Some(own).filter(|_| !name.is_empty());
            return if name.is_empty() { own.clone() } else { format!("{own} {name}") };
        }
        match group {
            Some(group) if !name.is_empty() => format!("{group} {name}"),
            _ => name.clone(),
        }
    };
    Some(lower.iter().enumerate().map(name).collect())
}

/// Whether a line may stand above names: several words, and neither a title nor `Date: 1.5.2014`.
fn names_groups(line: &[String]) -> bool {
    let filled = || line.iter().filter(|cell| !cell.is_empty());
    let is_name = |cell: &String| !matches!(cell_kind(cell.as_bytes()), CellKind::Number | CellKind::Date);
    filled().count() > 1
        && filled().all(is_name)
        && filled().next().is_some_and(|first| !first.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<Vec<String>> {
        let cells = |line: &&str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let lines: Vec<Vec<String>> = lines.iter().map(cells).collect();
        joined(lines.iter().map(Vec::as_slice))
    }

    fn names(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_group_names_the_columns_below_it() {
        assert_eq!(of(&["left,,right,", "x,y,x,y"]), Some(names("left x,left y,right x,right y")));
        assert_eq!(of(&["day,cost,,all", ",air,rail,"]), Some(names("day,cost air,cost rail,all")));
        assert_eq!(of(&["day,cost,,all", ",,,", ",air,rail,"]), Some(names("day,cost air,cost rail,all")));
        let three = ["who,staff,,,", ",men,,women,", ",n,share,n,share"];
        assert_eq!(
            of(&three),
            Some(names("who,staff men n,staff men share,staff women n,staff women share"))
        );
        assert_eq!(of(&["a,b,b", ",old,new"]), Some(names("a,b old,b new")));
    }

    #[test]
    fn lines_that_are_no_groups_are_not_joined() {
        for lines in [
            ["Report of May,,", "a,b,c"],
            ["Date:,May,", "a,a,c"],
            ["2013,2014,", "a,a,c"],
            ["X1,Y,Z", "age,price,age"],
            ["dept,sales,", "a,b,c"],
            ["a,b,,more", "x,x,"],
        ] {
            assert_eq!(of(&lines), None, "{lines:?}");
        }
    }
}

//! What a plot says of the place under the pointer.
//!
//! Must not know what is plotted.

use egui_plot::HoverPosition;

use crate::explain;
use crate::insight::Field;

/// A label formatter that says `text` of the place under the pointer, be it on a curve or beside it.
pub(crate) fn says<'a>(
    text: impl Fn([f64; 2]) -> String + 'a,
) -> impl Fn(&HoverPosition<'_>) -> Option<String> + 'a {
    move |position| {
        let place = match position {
            HoverPosition::NearDataPoint { position, .. } | HoverPosition::Elsewhere { position } => position,
        };
        Some(text([place.x, place.y]))
    }
}

/// The same of the numbers along both axes, each after its name.
pub(crate) fn says_both(names: [String; 2]) -> impl Fn(&HoverPosition<'_>) -> Option<String> {
    says(move |at| {
        let [x, y] = at.map(explain::short);
        format!("{} {x}\n{} {y}", names[0], names[1])
    })
}

/// The same where x is a count, and y may be a logarithm to base 10.
pub(crate) fn says_counted(
    names: [String; 2],
    is_log: bool,
) -> impl Fn(&HoverPosition<'_>) -> Option<String> {
    says(move |[x, y]| {
        let y = explain::short(if is_log { 10_f64.powf(y) } else { y });
        format!("{} {x:.0}\n{} {y}", names[0], names[1])
    })
}

/// The value of a field at a place, with its class where there are classes; none beside the field.
pub(crate) fn reading(field: &Field, [x, y]: [f64; 2]) -> Option<String> {
    let n = field.n;
    let place = |[from, to]: [f64; 2], at: f64| {
        let place = ((at - from) / (to - from) * (n - 1) as f64).round();
        (0.0..n as f64).contains(&place).then_some(place as usize)
    };
    let column = place(field.x_range, x)?;
    let row = if field.y.is_some() { place(field.y_range, y)? } else { 0 };
    let value = explain::short(*field.values.get(row * n + column)?);
    Some(match field.classes.get(row * n + column) {
        Some(&class) => format!("{} {value}", field.names.get(usize::from(class))?),
        None => value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_the_value_of_the_nearest_point_and_none_beside_the_field() {
        let field = Field::of_numbers(2, [0.0, 1.0], Some([0.0, 10.0]), vec![1.0, 2.0, 3.0, 4.0]);
        assert_eq!(reading(&field, [0.9, 1.0]), Some(explain::short(2.0)));
        assert_eq!(reading(&field, [0.1, 9.0]), Some(explain::short(3.0)));
        assert_eq!(reading(&field, [0.1, 19.0]), None);
        let curve = Field::of_numbers(2, [0.0, 1.0], None, vec![1.0, 2.0]);
        assert_eq!(reading(&curve, [0.9, -77.0]), Some(explain::short(2.0)));
        let classes = Field { classes: vec![0, 1], names: vec!["a".into(), "b".into()], ..curve };
        assert_eq!(reading(&classes, [1.0, 0.0]), Some(format!("b {}", explain::short(2.0))));
    }
}

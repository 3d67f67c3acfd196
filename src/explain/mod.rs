//! Formulas as plain data: which number this is, how it is made, and how that is written.
//!
//! Must not know how anything is drawn on a screen. A [`Tensor`] names a matrix of one pass, a
//! [`Quantity`] one number of it; [`Definitions`] say how each is made, as expressions derived from
//! the ops' rules; [`mod@print`] writes them in signs, code and LaTeX, in the [`print::Convention`]
//! that a reader is used to.

mod card;
mod curve;
mod definition;
mod entry;
mod formula;
mod letter;
mod lines;
mod long_way;
mod metric;
mod number;
pub mod print;
mod quantity;
mod steps;
mod timeline;
mod update;
mod uses;
mod walk;
mod written;

pub use card::{Card, Explainer};
pub use curve::{CurvePoint, activation_curve};
pub use definition::Definitions;
pub use entry::{entry, evaluate, local_derivative};
pub use formula::{Formula, Formulas};
pub use letter::{Letter, output_letter};
pub use lines::{Definition, backward_lines, forward_lines};
pub use long_way::LongWay;
pub use number::{full, latex_number, plain, short};
pub use quantity::{Metric, Quantity, Tensor, values_of};
pub use steps::{Step, backward_steps};
pub use timeline::{ActionKind, CodeStyle, Phase, Timeline, TimelineAction};
pub use uses::Use;
pub use walk::{Order, Refused, Stride, Visibility, Walk, Way};
pub use written::Written;

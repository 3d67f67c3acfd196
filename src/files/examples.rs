//! The examples and their data, inside of the program: they open from any directory.

use std::path::Path;

use super::error::FileError;
use super::model::{ModelFile, parse_model};

/// The example that opens first.
pub const FIRST_EXAMPLE: &str = "auto_mpg";

/// Names and texts of the examples, as in `saved_models/`, in the order in which they are offered.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("auto_mpg", include_str!("../../saved_models/auto_mpg.ron")),
    ("xor", include_str!("../../saved_models/xor.ron")),
    ("iris", include_str!("../../saved_models/iris.ron")),
    ("digits", include_str!("../../saved_models/digits.ron")),
    ("mazur", include_str!("../../saved_models/mazur.ron")),
    ("grad_w_2x3", include_str!("../../saved_models/grad_w_2x3.ron")),
    ("bce_2_3_1", include_str!("../../saved_models/bce_2_3_1.ron")),
    ("five_layers", include_str!("../../saved_models/five_layers.ron")),
    ("rosebrock", include_str!("../../saved_models/rosebrock.ron")),
    ("dag_skip", include_str!("../../saved_models/dag_skip.ron")),
    ("sine_rnn", include_str!("../../saved_models/sine_rnn.ron")),
    ("lstm_sine", include_str!("../../saved_models/lstm_sine.ron")),
    ("x2_plus_3y2", include_str!("../../saved_models/x2_plus_3y2.ron")),
    ("mean_of_squares", include_str!("../../saved_models/mean_of_squares.ron")),
    ("operation_chain", include_str!("../../saved_models/operation_chain.ron")),
    ("shared_variable", include_str!("../../saved_models/shared_variable.ron")),
    ("step_refused", include_str!("../../saved_models/step_refused.ron")),
    ("attention_head", include_str!("../../saved_models/attention_head.ron")),
];

/// Data files of the examples, as in `assets/`.
const DATA: &[(&str, &[u8])] = &[
    ("auto_mpg.csv", include_bytes!("../../assets/auto_mpg.csv")),
    ("auto_mpg_fi.csv", include_bytes!("../../assets/auto_mpg_fi.csv")),
    ("digits_8x8.csv", include_bytes!("../../assets/digits_8x8.csv")),
    ("iris.csv", include_bytes!("../../assets/iris.csv")),
    ("sine_sequence.csv", include_bytes!("../../assets/sine_sequence.csv")),
    ("xor.csv", include_bytes!("../../assets/xor.csv")),
];

/// Opens an example by its name; `None` where there is none of that name. Its data is found with
/// [`super::locate_data`], also where no file of it exists.
///
/// # Errors
/// None for the examples as they ship: a test opens each.
pub fn open_example(name: &str) -> Option<Result<ModelFile, FileError>> {
    let (_, text) = EXAMPLES.iter().find(|(example, _)| *example == name)?;
    Some(parse_model(text).map(|(model, _)| model))
}

/// Data that ships with the program, by a path that ends in `assets/<name>`.
pub fn shipped_data(path: &Path) -> Option<&'static [u8]> {
    let name = path.file_name()?.to_str()?;
    if path.parent()?.file_name()?.to_str()? != "assets" {
        return None;
    }
    DATA.iter().find(|(data, _)| *data == name).map(|(_, bytes)| *bytes)
}

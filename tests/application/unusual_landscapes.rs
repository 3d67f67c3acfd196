//! Loss landscapes of unusual networks, weights and rows: what can be drawn is drawn, what cannot is said in
//! words, and every saved file is whole.
//!
//! Must not know how a landscape is computed.

use vastavirta::app::{App, Command, EditCommand};
use vastavirta::document::TrainingSettings;
use vastavirta::files::EXAMPLES;
use vastavirta::insight::{Along, Landscape, LandscapeQuestion, NoLandscape, WeightPlace};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::flows;
use crate::landscapes;
use crate::saved_plots::assert_saved_three_ways;
use crate::unusual::{Files, Model};
use crate::window::{Drawn, drawn, labels, open, rest, window};

fn asked(app: &mut App, along: Along, is_surface: bool) -> Result<Landscape, NoLandscape> {
    let question =
        LandscapeQuestion { along, is_surface, reach: 1.0, only_last_steps: false, is_quick: true };
    landscapes::asked(app, question)
}

/// The first numbers of the first parameters.
fn first_weights(app: &App) -> Along {
    let parameters = &app.document().parameters;
    let all = parameters.iter().flat_map(|(key, parameter)| {
        (0..parameter.values.len().min(2)).map(|index| WeightPlace { key: *key, index })
    });
    let [x, y] = [0, 1].map(|nth| all.clone().nth(nth).or_else(|| all.clone().next()).unwrap());
    Along::Weights([x, y])
}

/// A model with one weight and one bias of these values.
fn of_weights(csv: &str, weight: &str, bias: &str) -> Files {
    let files = Model { csv, ..Model::default() }.written();
    let text = std::fs::read_to_string(&files.model).unwrap();
    let text = text.replace("F64(\"0.3\")", &format!("F64(\"{weight}\")"));
    std::fs::write(&files.model, text.replace("F64(\"0.1\")", &format!("F64(\"{bias}\")"))).unwrap();
    files
}

/// What a landscape must hold, whatever it is of.
fn assert_sound(found: &Landscape, about: &str) {
    let n = if found.field.y.is_some() { found.field.n * found.field.n } else { found.field.n };
    assert_eq!(found.field.values.len(), n, "{about}");
    let ends = [found.field.x_range, found.field.y_range].concat();
    assert!(ends.iter().all(|end| end.is_finite()), "{about}: {ends:?}");
    let middle = found.field.values.iter().any(|loss| (loss - found.loss).abs() <= 1e-9 * found.loss.abs());
    // Where the path reaches far to one side, the weights stand beside the middle.
    assert!(middle || !found.path.is_empty() || !found.loss.is_finite(), "{about}: {}", found.loss);
    assert!(found.shown.is_none_or(|share| (0.0..=1.0).contains(&share)), "{about}: {:?}", found.shown);
    let places = found.path.iter().flat_map(|mark| mark.at);
    assert!(places.into_iter().all(f64::is_finite), "{about}");
}

#[test]
fn every_example_has_its_landscapes_after_no_step_one_and_two() {
    for &(name, _) in EXAMPLES {
        let mut app = flows::example(name);
        for n_steps in 0..3 {
            if n_steps > 0 {
                flows::train(&mut app, Goal::Batches(1));
            }
            for is_surface in [true, false] {
                let about = format!("{name} after {n_steps} steps");
                for along in [Along::Random(1), first_weights(&app)] {
                    let found = asked(&mut app, along, is_surface).unwrap();
                    assert_sound(&found, &about);
                    assert!(is_surface || found.field.y.is_none(), "{about}");
                }
                match asked(&mut app, Along::Path, is_surface) {
                    Ok(found) => {
                        assert_sound(&found, &about);
                        // Of many weights not every step is kept.
                        assert!((2..=n_steps + 1).contains(&found.path.len()), "{about}");
                        assert!(
                            found.path.len() > 2 || found.field.y.is_none(),
                            "{about}: one step is a line"
                        );
                    }
                    Err(reason) => assert_eq!((reason, n_steps), (NoLandscape::NoPath, 0), "{about}"),
                }
            }
        }
    }
}

#[test]
fn what_diverged_has_a_landscape_with_its_path_and_its_share() {
    for name in ["iris", "xor", "dag_skip", "rosebrock"] {
        let mut app = flows::example(name);
        asked(&mut app, Along::Random(1), true).unwrap();
        let training = app.document().training.clone();
        let learning_rate = 1_000.0 * training.learning_rate;
        let wild = TrainingSettings { learning_rate, epochs: 4, ..training };
        flows::edit(&mut app, EditCommand::SetTraining(wild));
        flows::settle(&mut app);
        flows::train(&mut app, Goal::UntilDone);
        for along in [Along::Random(1), Along::Path, first_weights(&app)] {
            let found = asked(&mut app, along, true).unwrap();
            assert_sound(&found, name);
            assert!(found.path.len() > 2, "{name}");
        }
    }
}

const LINE: &str = "x,y\n1,2\n2,4\n3,7\n4,8\n";

#[test]
fn one_weight_that_can_be_moved_makes_a_curve_and_no_plane() {
    let mut app = of_weights(LINE, "0.3", "0.1").opened();
    let found = asked(&mut app, Along::Random(1), true).unwrap();
    assert_eq!(found.field.y, None, "biases stay");
    // At 1 the weight is twice as large, or zero.
    let mean = |w: f64| {
        [(1.0, 2.0), (2.0, 4.0), (3.0, 7.0), (4.0, 8.0)]
            .map(|(x, y)| (w * x + 0.1 - y).powi(2))
            .iter()
            .sum::<f64>()
            / 4.0
    };
    let ends = [found.field.values[0], *found.field.values.last().unwrap()];
    let mut expected = [mean(0.0), mean(0.6)];
    if found.field.values[0] < ends[1] {
        expected.reverse();
    }
    assert!(ends.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{ends:?} for {expected:?}");
    let along = first_weights(&app);
    assert!(asked(&mut app, along, true).unwrap().field.y.is_some(), "a weight and a bias");
}

#[test]
fn what_does_not_move_is_told_from_what_was_not_trained() {
    let mut app = of_weights("x,y\n0,0\n0,0\n", "0.3", "0").opened();
    assert_eq!(asked(&mut app, Along::Path, true).err(), Some(NoLandscape::NoPath));
    flows::train(&mut app, Goal::Batches(2));
    assert_eq!(asked(&mut app, Along::Path, true).err(), Some(NoLandscape::PathStays), "no gradient");
    let zero = asked(&mut app, Along::Random(1), true).unwrap();
    assert!(zero.field.values.iter().all(|loss| *loss == 0.0) && !zero.has_logarithm());
    let mut app = of_weights(LINE, "0", "0.5").opened();
    assert_eq!(asked(&mut app, Along::Random(1), true).err(), Some(NoLandscape::NothingMoves));
}

#[test]
fn weights_too_large_for_any_loss_are_said_to_be_so_and_large_ones_are_drawn() {
    for large in ["1e200", "1e308", "-1.7e308"] {
        let mut app = of_weights(LINE, large, large).opened();
        assert_eq!(asked(&mut app, Along::Random(1), true).err(), Some(NoLandscape::NotFinite), "{large}");
        // On the way to zero there may be a loss.
        let along = first_weights(&app);
        if let Ok(found) = asked(&mut app, along, true) {
            assert_sound(&found, large);
        }
    }
    for large in ["1e150", "1e-150", "1e-320"] {
        let mut app = of_weights(LINE, large, "0.5").opened();
        let found = asked(&mut app, Along::Random(1), false).unwrap();
        assert_sound(&found, large);
    }
}

#[test]
fn one_row_and_rows_that_are_not_there_are_no_harm() {
    let mut app = of_weights("x,y\n1,2\n", "0.3", "0.1").opened();
    let found = asked(&mut app, Along::Random(1), true).unwrap();
    assert_eq!(found.rows, [1, 1]);
    let files = of_weights(LINE, "0.3", "0.1");
    std::fs::remove_file(&files.data).unwrap();
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    files.shown(&mut harness, "pane-landscape");
    let said = labels(&harness);
    assert!(said.iter().any(|said| said.starts_with("There is no loss yet")), "{said:?}");
}

/// A model in the window, its landscape in sight.
fn shown(files: &Files) -> Drawn {
    let mut harness = drawn(Language::English, [1280.0, 1100.0]);
    files.shown(&mut harness, "pane-landscape");
    harness
}

fn says(harness: &Drawn, wanted: &str) -> bool {
    labels(harness).iter().any(|said| said.contains(wanted))
}

#[test]
fn the_panel_draws_and_saves_what_has_no_logarithm_and_says_so() {
    let zero = "x,y\n0,0\n0,0\n";
    // Of zeros, of a constant, and of numbers at the end of what numbers there are.
    for (csv, weight, bias, is_log) in
        [(zero, "0.3", "0", false), ("x,y\n0,1\n0,1\n", "0.3", "0", true), (LINE, "1e150", "0.5", true)]
    {
        let mut harness = shown(&of_weights(csv, weight, bias));
        assert_eq!(says(&harness, "the scale is linear"), !is_log, "{csv}");
        assert_saved_three_ways(&mut harness, "Plot: Landscape");
    }
}

#[test]
fn the_panel_says_why_there_is_no_landscape() {
    let harness = shown(&of_weights(LINE, "1e308", "1e308"));
    assert!(says(&harness, "they are too large"), "{:?}", labels(&harness));
    let harness = shown(&of_weights(LINE, "0", "0.5"));
    assert!(says(&harness, "every weight is frozen or zero"), "{:?}", labels(&harness));
}

#[test]
fn another_document_an_edit_and_a_step_back_mark_or_replace_the_landscape() {
    let mut harness = drawn(Language::English, [1280.0, 1100.0]);
    open(&mut harness, "auto_mpg");
    window(&mut harness).show_pane("pane-landscape");
    // While the first one is still computed, another model is opened: nothing of the first one is shown.
    harness.run_steps(2);
    open(&mut harness, "xor");
    rest(&mut harness);
    let loss = |harness: &mut Drawn| {
        let answer = window(harness).app().landscape().unwrap();
        (answer.is_current, answer.result.as_ref().as_ref().unwrap().clone())
    };
    let (is_current, of_xor) = loss(&mut harness);
    assert!(is_current && of_xor.rows == [4, 4], "{:?}", of_xor.rows);
    let app = window(&mut harness).app_mut();
    let (key, parameter) = app.document().parameters.iter().next().unwrap();
    let value = parameter.values[0] + 3.0;
    app.dispatch(Command::Edit(EditCommand::SetParameterEntry { key: *key, index: 0, value }));
    assert!(!window(&mut harness).app().landscape().unwrap().is_current, "an edit marks it");
    rest(&mut harness);
    let (is_current, edited) = loss(&mut harness);
    assert!(is_current && (edited.loss - of_xor.loss).abs() > 1e-6);
    window(&mut harness).app_mut().dispatch(Command::Edit(EditCommand::Undo));
    assert!(!window(&mut harness).app().landscape().unwrap().is_current, "so does a step back");
    rest(&mut harness);
    let (is_current, undone) = loss(&mut harness);
    assert!(is_current && (undone.loss - of_xor.loss).abs() < 1e-12);
}

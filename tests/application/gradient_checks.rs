//! `check` fails what is wrong and nothing else: networks drawn by chance, and models that once raised a
//! false alarm or hid what was not checked.
//!
//! Must not know how a gradient is checked.

use vastavirta::autodiff::gradcheck::Outcome;
use vastavirta::data::{DataRequest, prepare};
use vastavirta::train::{GradientCheck, check_gradients};

use crate::command_line::program;
use crate::random_networks::random_model;
use crate::support::root;

/// What `check` says about a case, and its exit code.
fn checked(case: &str) -> (String, Option<i32>) {
    let path = root().join("tests/cases/models").join(case);
    let output = program(&["check", path.to_str().unwrap()]).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// The gradient check of the network drawn with this seed.
fn check_random(seed: u64) -> GradientCheck {
    let document = random_model(seed).document;
    let data = prepare(None, &document.data, &DataRequest::of(&document.network), seed).unwrap();
    check_gradients(&document.network, &document.parameters, &data, seed).unwrap()
}

#[test]
fn four_hundred_random_networks_pass_without_an_alarm() {
    let (mut n_agree, mut n_at_kink) = (0, 0);
    for seed in 40_000..40_400 {
        let check = check_random(seed);
        let entries = check.parameters.iter().flat_map(|parameter| &parameter.entries);
        let wrong: Vec<_> = entries.filter(|entry| entry.outcome == Outcome::Differs).collect();
        assert!(wrong.is_empty(), "network {seed}: {wrong:?}");
        n_agree += check.count(Outcome::Agrees);
        n_at_kink += check.count(Outcome::AtKink);
    }
    // A check that leaves everything out would pass as well.
    assert!(n_agree > 5_000 && n_at_kink * 50 < n_agree, "{n_agree} agree, {n_at_kink} lie at a kink");
}

#[test]
fn right_gradients_are_no_alarm_in_models_that_once_were() {
    for case in [
        "check_target_port.ron",
        "check_softplus_20.ron",
        "diabetes_Off_Off_Relu.ron",
        "diabetes_Standardize_Off_Relu.ron",
        "ce_cut_at_100.ron",
    ] {
        let (said, code) = checked(case);
        assert_eq!(code, Some(0), "{case}: {said}");
        assert!(!said.contains("DIFFER"), "{case}: {said}");
    }
}

#[test]
fn what_lies_at_a_kink_is_not_counted_as_checked() {
    let (said, code) = checked("check_all_at_kink.ron");
    assert!(said.contains("d.weight: 0 of 1 checked, 1 at a kink\n"), "{said}");
    assert!(said.contains("Nothing could be checked") && !said.contains("agree"), "{said}");
    assert_eq!(code, Some(0));
}

#[test]
fn cross_entropy_costs_and_slopes_on_below_the_hundredth_power() {
    let path = root().join("tests/cases/models/ce_cut_at_100.ron");
    let said = crate::support::output_of(&mut program(&["grad", path.to_str().unwrap(), "--json"]));
    let pass: serde_json::Value = serde_json::from_str(&said).unwrap();
    // A = σ(−300): −ln A = 300, and dZ = −Y/A · A·(1 − A) = −1.
    assert!((pass["loss"].as_f64().unwrap() - 300.0).abs() < 1e-9, "{}", pass["loss"]);
    assert!((pass["parameters"][0]["grad"][0][0].as_f64().unwrap() + 1.0).abs() < 1e-9);
}

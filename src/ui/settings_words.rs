//! Training settings as rows of names and values, to be told and compared.
//!
//! Must not change a setting.

use super::fields::plain;
use super::training::optimizer_name;
use crate::document::{ClipSettings, OptimizerSettings, TrainingSettings};
use crate::words::Words;

/// Every setting with the key of its name and its value; options of an optimizer only where it has them.
pub(crate) fn listed(words: &Words, settings: &TrainingSettings) -> Vec<(&'static str, String)> {
    let TrainingSettings {
        optimizer,
        learning_rate,
        batch_size,
        shuffle,
        epochs,
        target_loss,
        patience,
        clip,
        seed,
    } = settings;
    let yes = |on: bool| words.text(if on { "settings-yes" } else { "settings-no" });
    let mut rows = vec![
        ("training-optimizer", optimizer_name(optimizer).to_owned()),
        ("training-learning-rate", plain(*learning_rate)),
    ];
    rows.extend(options(optimizer).into_iter().map(|(key, value)| (key, plain(value))));
    if let OptimizerSettings::Sgd { nesterov: true, .. } = optimizer {
        rows.push(("training-nesterov", yes(true)));
    }
    rows.extend([
        ("training-batch-size", batch_size.to_string()),
        ("training-shuffle", yes(*shuffle)),
        ("training-epochs", epochs.to_string()),
    ]);
    rows.extend(target_loss.map(|target| ("training-target-loss", plain(target))));
    rows.extend(patience.map(|patience| ("training-patience", patience.to_string())));
    match clip {
        ClipSettings::None => {}
        ClipSettings::Norm { max_norm } => rows.push(("training-max-norm", plain(*max_norm))),
        ClipSettings::Value { clip_value } => rows.push(("training-clip-limit", plain(*clip_value))),
    }
    rows.push(("training-seed", seed.to_string()));
    rows
}

/// An optimizer's own numbers.
fn options(optimizer: &OptimizerSettings) -> Vec<(&'static str, f64)> {
    match *optimizer {
        OptimizerSettings::Sgd { momentum, nesterov: _, weight_decay } => {
            vec![("training-momentum", momentum), ("training-weight-decay", weight_decay)]
        }
        OptimizerSettings::RmsProp { alpha, eps, weight_decay, momentum } => vec![
            ("training-alpha", alpha),
            ("training-eps", eps),
            ("training-momentum", momentum),
            ("training-weight-decay", weight_decay),
        ],
        OptimizerSettings::Adagrad { eps, weight_decay } => {
            vec![("training-eps", eps), ("training-weight-decay", weight_decay)]
        }
        OptimizerSettings::Adam { beta1, beta2, eps, weight_decay }
        | OptimizerSettings::AdamW { beta1, beta2, eps, weight_decay } => vec![
            ("training-beta1", beta1),
            ("training-beta2", beta2),
            ("training-eps", eps),
            ("training-weight-decay", weight_decay),
        ],
    }
}

/// What differs between two settings, in one line: `Learning rate 0.01 → 0.001`.
pub(crate) fn difference(words: &Words, before: &TrainingSettings, after: &TrainingSettings) -> String {
    let old = listed(words, before);
    let changed = listed(words, after).into_iter().filter_map(|(key, new)| {
        let was = old.iter().find(|(other, _)| *other == key).map_or("—", |(_, value)| value.as_str());
        (was != new).then(|| format!("{} {was} → {new}", words.text(key)))
    });
    changed.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_difference_names_what_changed_and_nothing_else() {
        let words = Words::new(Language::English);
        let before = TrainingSettings::default();
        let after = TrainingSettings { learning_rate: 0.01, patience: Some(3), ..before.clone() };
        assert_eq!(difference(&words, &before, &before), "");
        let said = difference(&words, &before, &after);
        assert!(said.starts_with("Learning rate 0.001 → 0.01, "), "{said}");
        assert!(said.ends_with("— → 3"), "{said}");
    }
}

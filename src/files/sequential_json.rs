//! The description of an `nn.Sequential`, and weights as bytes.
//!
//! Must not know the drawing that is made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::error::{FileError, Invalid};
use super::limits;
use super::model::{read_bytes, read_text};
use crate::export::{Sequential, SequentialLayer};
use crate::network::{Activation, Family as _, LossKind};

/// Layers that a description may have.
const MAX_LAYERS: usize = 10_000;

/// As it stands in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    weights: PathBuf,
    layers: Vec<Layer>,
    #[serde(default)]
    loss: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Layer {
    kind: String,
    #[serde(flatten)]
    settings: BTreeMap<String, Value>,
}

/// Reads a description; gives it with the path of its weights.
///
/// # Errors
/// When the file cannot be read, is no such description, or names a layer that is not known.
pub fn read_sequential(path: &Path) -> Result<(Sequential, PathBuf), FileError> {
    let (described, weights) = parse(&read_text(path, limits::PREFERENCES_BYTES)?)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    Ok((described, folder.join(weights)))
}

/// The bytes of a file of weights.
///
/// # Errors
/// When it cannot be read, or is larger than any model.
pub fn read_weights_file(path: &Path) -> Result<Vec<u8>, FileError> {
    read_bytes(path, limits::MODEL_BYTES)
}

fn parse(text: &str) -> Result<(Sequential, PathBuf), FileError> {
    let described: Description = serde_json::from_str(text).map_err(|error| FileError::Syntax {
        line: error.line(),
        column: error.column(),
        reason: error.to_string(),
    })?;
    let Description { weights, layers, loss } = described;
    limits::within("layers", layers.len(), 1, MAX_LAYERS)?;
    let layers = layers.into_iter().enumerate().map(|(at, layer)| of_layer(&format!("layers[{at}]"), layer));
    let layers = layers.collect::<Result<_, _>>()?;
    let loss = loss.map(of_loss).transpose()?;
    Ok((Sequential { layers, loss }, weights))
}

fn of_loss(found: String) -> Result<LossKind, FileError> {
    let known = LossKind::ALL.into_iter().find(|kind| kind.slug() == found);
    known.ok_or_else(|| {
        let names: Vec<&str> = LossKind::ALL.into_iter().map(LossKind::slug).collect();
        FileError::invalid("loss", Invalid::Word { expected: names.join(", "), found })
    })
}

/// PyTorch's classes that have an activation here; settings come after.
fn activation(class: &str) -> Option<Activation> {
    let lower = class.to_lowercase();
    Activation::ALL.into_iter().find(|activation| activation.declaration().slug.replace('_', "") == lower)
}

fn of_layer(place: &str, layer: Layer) -> Result<SequentialLayer, FileError> {
    let Layer { kind, settings } = layer;
    let mut settings = Settings { place, settings };
    let made = match kind.as_str() {
        "Linear" => SequentialLayer::Linear {
            in_features: settings.count("in_features")?,
            out_features: settings.count("out_features")?,
            bias: settings.truth("bias")?,
        },
        "Dropout" => SequentialLayer::Dropout { p: settings.number("p", 0.5)? },
        class => {
            let Some(mut activation) = activation(class) else {
                let mut names = vec!["Linear".to_owned(), "Dropout".to_owned()];
                names.extend(
                    Activation::ALL.into_iter().map(|it| it.declaration().base_name.replace(' ', "")),
                );
                let expected = names.join(", ");
                return Err(FileError::invalid(
                    &format!("{place}.kind"),
                    Invalid::Word { expected, found: kind },
                ));
            };
            let fields = activation.fields();
            // A layer gives rows, whose only axis is the last: `dim` says nothing new.
            let fields = fields.iter().zip(activation.numbers_mut()).filter(|(name, _)| **name != "dim");
            for (name, value) in fields {
                *value = settings.number(name, *value)?;
            }
            SequentialLayer::Activation(activation)
        }
    };
    settings.refuse_others()?;
    Ok(made)
}

/// The settings of one layer; each is taken once.
struct Settings<'a> {
    place: &'a str,
    settings: BTreeMap<String, Value>,
}

impl Settings<'_> {
    fn count(&mut self, name: &str) -> Result<usize, FileError> {
        let place = format!("{}.{name}", self.place);
        let found = self.settings.remove(name).unwrap_or(Value::Null);
        match found.as_u64() {
            Some(count) => limits::within(&place, count as usize, 1, limits::WIDTH),
            None => Err(FileError::invalid(&place, Invalid::Number { found: found.to_string() })),
        }
    }

    fn number(&mut self, name: &str, usual: f64) -> Result<f64, FileError> {
        let Some(found) = self.settings.remove(name) else { return Ok(usual) };
        let wrong = || {
            let place = format!("{}.{name}", self.place);
            FileError::invalid(&place, Invalid::Number { found: found.to_string() })
        };
        found.as_f64().filter(|number| number.is_finite()).ok_or_else(wrong)
    }

    fn truth(&mut self, name: &str) -> Result<Option<bool>, FileError> {
        let Some(found) = self.settings.remove(name) else { return Ok(None) };
        let wrong = || {
            let problem = Invalid::Word { expected: "true, false".to_owned(), found: found.to_string() };
            FileError::invalid(&format!("{}.{name}", self.place), problem)
        };
        found.as_bool().map(Some).ok_or_else(wrong)
    }

    /// A setting with PyTorch's usual value changes nothing; any other would, and is not known here.
    fn refuse_others(self) -> Result<(), FileError> {
        let usual = |name: &str, value: &Value| match name {
            "inplace" => value.is_boolean(),
            "approximate" => value == "none",
            "beta" => value.as_f64() == Some(1.0),
            "threshold" => value.as_f64() == Some(20.0),
            "dim" => value.is_null() || matches!(value.as_i64(), Some(-1 | 1)),
            _ => false,
        };
        match self.settings.iter().find(|(name, value)| !usual(name, value)) {
            None => Ok(()),
            Some((name, value)) => {
                let place = format!("{}.{name}", self.place);
                let problem =
                    Invalid::Word { expected: "PyTorch's default".to_owned(), found: value.to_string() };
                Err(FileError::invalid(&place, problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_description_reads_with_its_settings() {
        let text = r#"{"weights": "w.safetensors", "loss": "huber", "layers": [
            {"kind": "Linear", "in_features": 2, "out_features": 3, "bias": true}, {"kind": "LeakyReLU", "negative_slope": 0.2},
            {"kind": "Dropout", "p": 0.1}, {"kind": "GELU", "approximate": "none"}]}"#;
        let (described, weights) = parse(text).unwrap();
        assert_eq!(weights, Path::new("w.safetensors"));
        assert_eq!(described.loss.unwrap().slug(), "huber");
        assert_eq!(
            described.layers,
            [
                SequentialLayer::Linear { in_features: 2, out_features: 3, bias: Some(true) },
                SequentialLayer::Activation(Activation::LeakyRelu { negative_slope: 0.2 }),
                SequentialLayer::Dropout { p: 0.1 },
                SequentialLayer::Activation(Activation::Gelu),
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_refused_at_its_place() {
        for (layer, place) in [
            (r#"{"kind": "Conv2d"}"#, "layers[0].kind"),
            (r#"{"kind": "Linear", "in_features": 2}"#, "layers[0].out_features"),
            (r#"{"kind": "GELU", "approximate": "tanh"}"#, "layers[0].approximate"),
            (r#"{"kind": "Softplus", "beta": 2}"#, "layers[0].beta"),
        ] {
            let text = format!(r#"{{"weights": "w", "layers": [{layer}]}}"#);
            let error = parse(&text).unwrap_err();
            assert!(matches!(&error, FileError::Invalid { place: found, .. } if found == place), "{error:?}");
        }
        assert!(matches!(parse("{\"layers\": 3}"), Err(FileError::Syntax { .. })));
    }
}

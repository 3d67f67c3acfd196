//! Weights that come back: a safetensors file, matched with a drawing by name and shape.
//!
//! All or nothing: a file that lacks a tensor, or has one of another shape, changes no weight. Must not know
//! files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::Identifiers;
use crate::network::{Network, Parameter, ParameterKey, Parameters};
use crate::words::{Message, ToMessage};

/// So many names are said one by one.
const MOST_NAMES: usize = 6;

/// Tensors under their names.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Tensors(pub BTreeMap<String, Tensor>);

/// A tensor of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its axes.
    pub shape: Vec<usize>,
    /// Its numbers in C order.
    pub values: Vec<f64>,
}

/// Why weights cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightsError {
    /// The bytes are no safetensors file.
    NotSafetensors,
    /// A tensor holds something else than floating-point numbers.
    NotNumbers {
        /// Its name.
        name: String,
        /// What it holds, by the format's word.
        found: String,
    },
    /// A tensor holds a number that is not finite.
    NotFinite {
        /// Its name.
        name: String,
    },
    /// What the drawing needs and what the file holds are not the same.
    Misfit {
        /// Parameters that the file lacks.
        missing: Vec<String>,
        /// Tensors of another shape: name, shape of the drawing, shape in the file.
        misshapen: Vec<(String, String, String)>,
        /// Tensors that the drawing does not have.
        superfluous: Vec<String>,
    },
}

/// Weights that fit a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct FittingWeights {
    /// The new numbers; whether a parameter is frozen stays as it was.
    pub parameters: Parameters,
    /// Tensors of the file that the drawing does not have.
    pub superfluous: Vec<String>,
}

impl Tensors {
    /// Reads the bytes of a safetensors file.
    ///
    /// # Errors
    /// [`WeightsError::NotSafetensors`], or what cannot be a weight in it.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let file = SafeTensors::deserialize(bytes).map_err(|_| WeightsError::NotSafetensors)?;
        let mut tensors = BTreeMap::new();
        for (name, view) in file.tensors() {
            let Some(values) = numbers(&view) else {
                return Err(WeightsError::NotNumbers { name, found: format!("{:?}", view.dtype()) });
            };
            if values.iter().any(|value| !value.is_finite()) {
                return Err(WeightsError::NotFinite { name });
            }
            tensors.insert(name, Tensor { shape: view.shape().to_vec(), values });
        }
        Ok(Self(tensors))
    }

    /// The weights for a drawing, under the names of its export (`dense_1.weight`) or of its own
    /// (`Dense 1.weight`).
    ///
    /// # Errors
    /// [`WeightsError::Misfit`] with every name that does not fit.
    pub fn fit(mut self, network: &Network, held: &Parameters) -> Result<FittingWeights, WeightsError> {
        let names = Identifiers::of(network);
        let (mut missing, mut misshapen) = (Vec::new(), Vec::new());
        let mut parameters: BTreeMap<ParameterKey, Parameter> = BTreeMap::new();
        for spec in network.parameter_specs() {
            let exported = names.state_dict_name(spec.key);
            let found = self.0.remove(&exported).or_else(|| self.0.remove(&spec.name));
            let Some(Tensor { shape, values }) = found else {
                missing.push(exported);
                continue;
            };
            if shape != spec.shape {
                misshapen.push((exported, format!("{:?}", spec.shape), format!("{shape:?}")));
                continue;
            }
            let trainable = held.get(&spec.key).is_none_or(|parameter| parameter.trainable);
            parameters.insert(spec.key, Parameter { shape, values: Arc::new(values), trainable });
        }
        let superfluous: Vec<String> = self.0.into_keys().collect();
        if missing.is_empty() && misshapen.is_empty() {
            Ok(FittingWeights { parameters, superfluous })
        } else {
            Err(WeightsError::Misfit { missing, misshapen, superfluous })
        }
    }
}

impl FittingWeights {
    /// What the file holds beside the weights, where it holds anything.
    pub fn note(&self) -> Option<Message> {
        let names = listed(&self.superfluous);
        (!names.is_empty()).then(|| Message::new("import-superfluous").with("names", names))
    }
}

impl ToMessage for WeightsError {
    fn message(&self) -> Message {
        match self {
            Self::NotSafetensors => Message::new("import-not-safetensors"),
            Self::NotNumbers { name, found } => {
                Message::new("import-not-numbers").with("name", name.as_str()).with("found", found.as_str())
            }
            Self::NotFinite { name } => Message::new("import-not-finite").with("name", name.as_str()),
            Self::Misfit { missing, misshapen, superfluous } => {
                let shapes: Vec<String> = misshapen
                    .iter()
                    .map(|(name, expected, found)| format!("{name} {found} ≠ {expected}"))
                    .collect();
                let or_none = |names: &[String]| {
                    let text = listed(names);
                    if text.is_empty() { "–".to_owned() } else { text }
                };
                Message::new("import-misfit")
                    .with("missing", or_none(missing))
                    .with("misshapen", or_none(&shapes))
                    .with("superfluous", or_none(superfluous))
            }
        }
    }
}

/// The first names, and how many more there are.
fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        let _ = write!(text, " … (+{})", names.len() - MOST_NAMES);
    }
    text
}

/// The numbers of a tensor; nothing where it holds none.
fn numbers(view: &TensorView<'_>) -> Option<Vec<f64>> {
    let data = view.data();
    let two = |bytes: &[u8]| u16::from_le_bytes([bytes[0], bytes[1]]);
    Some(match view.dtype() {
        Dtype::F64 => data.as_chunks::<8>().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect(),
        Dtype::F32 => {
            data.as_chunks::<4>().0.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes))).collect()
        }
        // The upper half of an f32.
        Dtype::BF16 => {
            data.chunks_exact(2).map(|bytes| f64::from(f32::from_bits(u32::from(two(bytes)) << 16))).collect()
        }
        Dtype::F16 => data.chunks_exact(2).map(|bytes| of_half(two(bytes))).collect(),
        _ => return None,
    })
}

/// The number that 16 bits of IEEE 754 mean.
fn of_half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from((bits >> 10) & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::export::weights;
    use crate::network::Builder;
    use crate::train::Precision;

    fn network(units: usize) -> Network {
        let mut builder = Builder::new();
        let input = builder.input(3);
        builder.dense(input, units);
        builder.finish()
    }

    #[test]
    fn what_was_exported_comes_back_the_same() {
        let network = network(2);
        let parameters = network.initialize(1);
        let bytes = weights::weights(&parameters, &Identifiers::of(&network), Precision::F64);
        let fitting = Tensors::read(&bytes).unwrap().fit(&network, &parameters).unwrap();
        assert_eq!(fitting, FittingWeights { parameters, superfluous: Vec::new() });
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let bytes =
            weights::weights(&network(2).initialize(1), &Identifiers::of(&network(2)), Precision::F32);
        let mut tensors = Tensors::read(&bytes).unwrap();
        tensors.0.remove("dense_1.bias");
        tensors.0.insert("other".to_owned(), Tensor { shape: vec![1], values: vec![0.0] });
        let error = tensors.fit(&network(4), &Parameters::new()).unwrap_err();
        let WeightsError::Misfit { missing, misshapen, superfluous } = &error else {
            unreachable!("{error:?}")
        };
        assert_eq!(
            (missing.as_slice(), superfluous.as_slice()),
            (&["dense_1.bias".to_owned()][..], &["other".to_owned()][..])
        );
        assert_eq!(misshapen[0], ("dense_1.weight".to_owned(), "[4, 3]".to_owned(), "[2, 3]".to_owned()));
        assert_eq!(Tensors::read(b"no such file").unwrap_err(), WeightsError::NotSafetensors);
    }

    #[test]
    fn halves_are_read_as_they_are_defined() {
        for (bits, number) in
            [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_953_125), (0x0001, 2.0_f64.powi(-24))]
        {
            assert_eq!(of_half(bits), number);
        }
    }
}

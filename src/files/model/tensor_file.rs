//! Parameters and optimizer state as they stand in a file, and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};
use super::super::limits::{self, within};
use super::tensor_text::NumbersFile;
use super::training_file::OptimizerFile;
use crate::network::{EdgeId, Network, NodeId, Parameter, ParameterKey, ParameterRole, Parameters};
use crate::train::{OptimizerState, ParameterState};

/// Spaces before the rows of a parameter's numbers.
const PARAMETER_INDENT: usize = 16;
/// Spaces before the rows of an optimizer's numbers.
const STATE_INDENT: usize = 20;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterFile<'a> {
    of: KeyFile,
    shape: Vec<usize>,
    trainable: bool,
    #[serde(borrow)]
    values: NumbersFile<'a>,
}

/// Whose numbers these are.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum KeyFile {
    Weight { node: u32 },
    Bias { node: u32 },
    Initial { edge: u32 },
    Value { node: u32 },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptimizerStateFile<'a> {
    of: OptimizerFile,
    #[serde(borrow)]
    parameters: Vec<StateFile<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateFile<'a> {
    of: KeyFile,
    step: u64,
    #[serde(borrow)]
    tensors: Vec<(String, NumbersFile<'a>)>,
}

impl KeyFile {
    fn new(key: ParameterKey) -> Self {
        match key {
            ParameterKey::Node(NodeId(node), ParameterRole::Weight) => Self::Weight { node },
            ParameterKey::Node(NodeId(node), ParameterRole::Bias) => Self::Bias { node },
            ParameterKey::Initial(EdgeId(edge)) => Self::Initial { edge },
            ParameterKey::Node(NodeId(node), ParameterRole::Value) => Self::Value { node },
        }
    }

    fn read(self) -> ParameterKey {
        match self {
            Self::Weight { node } => ParameterKey::Node(NodeId(node), ParameterRole::Weight),
            Self::Bias { node } => ParameterKey::Node(NodeId(node), ParameterRole::Bias),
            Self::Initial { edge } => ParameterKey::Initial(EdgeId(edge)),
            Self::Value { node } => ParameterKey::Node(NodeId(node), ParameterRole::Value),
        }
    }
}

impl ParameterFile<'_> {
    pub(super) fn new((key, parameter): (&ParameterKey, &Parameter)) -> Self {
        let Parameter { shape, values, trainable } = parameter;
        Self {
            of: KeyFile::new(*key),
            shape: shape.clone(),
            trainable: *trainable,
            values: NumbersFile::write(values, row_length(shape), PARAMETER_INDENT),
        }
    }

    fn read(self, idx: usize) -> Result<(ParameterKey, Parameter), FileError> {
        let Self { of, shape, trainable, values } = self;
        let place = format!("parameters[{idx}].shape");
        within(&place, shape.len(), 0, limits::DEPTH)?;
        for dim in &shape {
            within(&place, *dim, 0, limits::WIDTH)?;
        }
        let place = format!("parameters[{idx}].values");
        let values = values.read(count(&shape), row_length(&shape), &place)?;
        Ok((of.read(), Parameter { shape, values: Arc::new(values), trainable }))
    }
}

impl OptimizerStateFile<'_> {
    /// All that the optimizer remembers about parameters that the model has.
    pub(super) fn new(state: &OptimizerState, parameters: &Parameters) -> Self {
        let OptimizerState { optimizer, parameters: states } = state;
        let known = states.iter().filter_map(|(key, state)| Some((key, state, parameters.get(key)?)));
        let states = known.map(|(key, ParameterState { step, tensors }, parameter)| {
            let row = row_length(&parameter.shape);
            let tensors = tensors
                .iter()
                .map(|(name, values)| (name.clone(), NumbersFile::write(values, row, STATE_INDENT)));
            StateFile { of: KeyFile::new(*key), step: *step, tensors: tensors.collect() }
        });
        Self { of: OptimizerFile::new(*optimizer), parameters: states.collect() }
    }

    pub(super) fn read(self, parameters: &Parameters) -> Result<OptimizerState, FileError> {
        let Self { of, parameters: files } = self;
        let mut states = BTreeMap::new();
        for (idx, file) in files.into_iter().enumerate() {
            let place = format!("optimizer.parameters[{idx}]");
            let (key, state) = file.read(parameters, &place)?;
            if states.insert(key, state).is_some() {
                return Err(duplicate(&format!("{place}.of"), key));
            }
        }
        Ok(OptimizerState { optimizer: of.read("optimizer.of")?, parameters: states })
    }
}

impl StateFile<'_> {
    fn read(self, parameters: &Parameters, place: &str) -> Result<(ParameterKey, ParameterState), FileError> {
        let Self { of, step, tensors } = self;
        let key = of.read();
        let Some(Parameter { shape, .. }) = parameters.get(&key) else {
            return Err(FileError::invalid(&format!("{place}.of"), Invalid::Unknown { id: id_of(key) }));
        };
        let mut read = BTreeMap::new();
        for (idx, (name, values)) in tensors.into_iter().enumerate() {
            let place = format!("{place}.tensors[{idx}]");
            let values = values.read(count(shape), row_length(shape), &place)?;
            if read.insert(name.clone(), Arc::new(values)).is_some() {
                return Err(FileError::invalid(&place, Invalid::Duplicate { what: name }));
            }
        }
        Ok((key, ParameterState { step, tensors: read }))
    }
}

pub(super) fn read_parameters(files: Vec<ParameterFile<'_>>) -> Result<Parameters, FileError> {
    let mut parameters = Parameters::new();
    for (idx, file) in files.into_iter().enumerate() {
        let (key, parameter) = file.read(idx)?;
        if parameters.insert(key, parameter).is_some() {
            return Err(duplicate(&format!("parameters[{idx}].of"), key));
        }
    }
    Ok(parameters)
}

/// Whether parameters and optimizer state fit the drawing and hold finite numbers only: what
/// reading and writing both ask for, so that nothing is written that could not be read.
pub(super) fn check(
    network: &Network,
    parameters: &Parameters,
    optimizer: Option<&OptimizerState>,
) -> Result<(), FileError> {
    for (idx, (key, parameter)) in parameters.iter().enumerate() {
        let place = format!("parameters[{idx}]");
        let known = match key {
            ParameterKey::Node(node, _) => network.nodes.contains_key(node),
            ParameterKey::Initial(edge) => network.edges.contains_key(edge),
        };
        if !known {
            return Err(FileError::invalid(&format!("{place}.of"), Invalid::Unknown { id: id_of(*key) }));
        }
        check_numbers(&format!("{place}.values"), &parameter.values, &parameter.shape)?;
    }
    for spec in network.parameter_specs() {
        match parameters.get(&spec.key) {
            None => {
                return Err(FileError::invalid("parameters", Invalid::MissingParameter { name: spec.name }));
            }
            Some(found) if found.shape != spec.shape => {
                let idx = parameters.keys().take_while(|key| **key != spec.key).count();
                let place = format!("parameters[{idx}].shape ({})", spec.name);
                let (expected, found) = (format!("{:?}", spec.shape), format!("{:?}", found.shape));
                return Err(FileError::invalid(&place, Invalid::Shape { expected, found }));
            }
            Some(_) => {}
        }
    }
    for (idx, (key, state)) in optimizer.iter().flat_map(|state| &state.parameters).enumerate() {
        let Some(parameter) = parameters.get(key) else { continue };
        for (tensor_idx, values) in state.tensors.values().enumerate() {
            check_numbers(
                &format!("optimizer.parameters[{idx}].tensors[{tensor_idx}]"),
                values,
                &parameter.shape,
            )?;
        }
    }
    Ok(())
}

pub(super) fn check_numbers(place: &str, values: &[f64], shape: &[usize]) -> Result<(), FileError> {
    if values.len() != count(shape) {
        let problem = Invalid::Count { expected: count(shape), found: values.len() };
        return Err(FileError::invalid(place, problem));
    }
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(idx) => {
            let row = row_length(shape);
            let place = format!("{place}[{}][{}]", idx / row, idx % row);
            Err(FileError::invalid(&place, Invalid::Number { found: values[idx].to_string() }))
        }
    }
}

fn duplicate(place: &str, key: ParameterKey) -> FileError {
    FileError::invalid(place, Invalid::Duplicate { what: format!("{:?}", KeyFile::new(key)) })
}

fn id_of(key: ParameterKey) -> u32 {
    match key {
        ParameterKey::Node(NodeId(id), _) | ParameterKey::Initial(EdgeId(id)) => id,
    }
}

/// Numbers a tensor of this shape holds; so many that no file has them where it overflows.
fn count(shape: &[usize]) -> usize {
    shape.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim)).unwrap_or(usize::MAX)
}

fn row_length(shape: &[usize]) -> usize {
    shape.last().copied().unwrap_or(1).max(1)
}

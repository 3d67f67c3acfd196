//! The paths of several optimizers over a drawing of free tensors: from where the tensors stand, a root is
//! made smaller step by step. Beside the paths, the function over one or two of their numbers.
//!
//! Must not know how a path is drawn.

use std::sync::Arc;

use super::field::Field;
use super::model::Model;
use super::predictor::Predictor;
use crate::autodiff::{Clip, Optimizer, OptimizerKind, ParameterId, ParameterStore, Trace};
use crate::data::ReadTask;
use crate::network::{ParameterKey, ParameterRole, entry_name};

/// Points along a side of the field.
const SIDE: usize = 61;
/// Points of a curve.
const CURVE: usize = 241;
/// More numbers cannot be chosen from.
const MOST_VARIABLES: usize = 64;
/// A path that leaves for further than this many times where it began is not followed by the picture.
const REACH: f64 = 3.0;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentQuestion {
    /// Whose paths.
    pub optimizers: Vec<OptimizerKind>,
    /// η, the same for all.
    pub learning_rate: f64,
    /// How many steps.
    pub n_steps: usize,
    /// The number along the horizontal axis, counted among [`Descent::variables`].
    pub x: usize,
    /// Along the vertical axis; the function itself where there is none.
    pub y: Option<usize>,
}

/// The function and the paths over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// Every number that learns: `x`, `w[0, 1]`.
    pub variables: Vec<String>,
    /// What stands along the axes.
    pub x: usize,
    /// See `x`.
    pub y: Option<usize>,
    /// The function over the axes, all other numbers where they stand.
    pub field: Arc<Field>,
    /// One for each optimizer asked about.
    pub paths: Vec<DescentPath>,
}

/// The path of one optimizer.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentPath {
    /// Whose.
    pub optimizer: OptimizerKind,
    /// Where it stands after 0, 1, 2, … steps: the numbers along both axes, or one and the function.
    pub points: Vec<[f64; 2]>,
    /// The function there.
    pub values: Vec<f64>,
    /// Its gradient there, by the numbers along the axes.
    pub gradients: Vec<Vec<f64>>,
}

/// One number of a tensor.
struct Variable {
    parameter: ParameterId,
    index: usize,
    name: String,
}

/// Follows the optimizers; none where nothing learns, the drawing reads data, or the task was cancelled.
pub fn descent(model: &Model, question: &DescentQuestion, task: &dyn ReadTask) -> Option<Descent> {
    let predictor = Predictor::<f64>::new(&model.network, &model.parameters, &model.data).ok()?;
    let variables = variables(model, &predictor);
    let last = variables.len().checked_sub(1)?;
    let x = question.x.min(last);
    let y = question.y.filter(|&y| y != x && y <= last);
    let mut axes: Vec<&Variable> = vec![&variables[x]];
    axes.extend(y.map(|y| &variables[y]));
    let mut trace = predictor.compiled.program.trace(1);
    predictor.feed.fill_to_look(&model.data, &[0], &mut trace);
    let mut paths = Vec::with_capacity(question.optimizers.len());
    for &optimizer in &question.optimizers {
        let way = (optimizer, question.learning_rate, question.n_steps);
        paths.push(follow(&predictor, &mut trace, &axes, way, task)?);
    }
    let field = field(&predictor, &mut trace, &axes, &paths, task)?;
    let variables = variables.into_iter().map(|variable| variable.name).collect();
    Some(Descent { variables, x, y, field: Arc::new(field), paths })
}

/// Every number of every tensor that requires a gradient.
fn variables(model: &Model, predictor: &Predictor<f64>) -> Vec<Variable> {
    let mut variables = Vec::new();
    for (&key, parameter) in model.parameters.iter().filter(|(_, parameter)| parameter.trainable) {
        let ParameterKey::Node(node, ParameterRole::Value) = key else { continue };
        let Some(drawn) = model.network.nodes.get(&node) else { continue };
        let Some(id) = predictor.compiled.links.parameter(key) else { continue };
        for index in 0..parameter.values.len() {
            let name = entry_name(&drawn.name, &parameter.shape, index);
            variables.push(Variable { parameter: id, index, name });
            if variables.len() == MOST_VARIABLES {
                return variables;
            }
        }
    }
    variables
}

fn number(store: &ParameterStore<f64>, variable: &Variable) -> f64 {
    store.value(variable.parameter).as_slice().get(variable.index).copied().unwrap_or(f64::NAN)
}

/// Goes as far as the function has finite values.
fn follow(
    predictor: &Predictor<f64>,
    trace: &mut Trace<f64>,
    axes: &[&Variable],
    (kind, learning_rate, n_steps): (OptimizerKind, f64, usize),
    task: &dyn ReadTask,
) -> Option<DescentPath> {
    let program = &predictor.compiled.program;
    let mut store = predictor.store.clone();
    let mut optimizer = Optimizer::new(kind, &store);
    let mut path =
        DescentPath { optimizer: kind, points: Vec::new(), values: Vec::new(), gradients: Vec::new() };
    for step in 0..=n_steps {
        if task.is_cancelled() {
            return None;
        }
        program.run(&mut store, trace);
        let value = program.total_loss(trace);
        let at: Vec<f64> = axes.iter().map(|axis| number(&store, axis)).collect();
        if !value.is_finite() || at.iter().any(|at| !at.is_finite()) {
            break;
        }
        let gradient = axes.iter().map(|axis| {
            let grad = store.grad(axis.parameter).map(crate::tensor::Matrix::as_slice);
            grad.and_then(|grad| grad.get(axis.index).copied()).unwrap_or(0.0)
        });
        path.gradients.push(gradient.collect());
        path.points.push([at[0], at.get(1).copied().unwrap_or(value)]);
        path.values.push(value);
        if step < n_steps {
            program.update(&mut store, &mut optimizer, Clip::None, learning_rate);
        }
    }
    Some(path)
}

/// The function around the paths.
fn field(
    predictor: &Predictor<f64>,
    trace: &mut Trace<f64>,
    axes: &[&Variable],
    paths: &[DescentPath],
    task: &dyn ReadTask,
) -> Option<Field> {
    let mut store = predictor.store.clone();
    let program = &predictor.compiled.program;
    let range = |axis: usize| range(number(&predictor.store, axes[axis]), paths, axis);
    let has_two = axes.len() > 1;
    let y_range = has_two.then(|| range(1));
    let n = if has_two { SIDE } else { CURVE };
    Field::measured(n, range(0), y_range, task, |at| {
        for (axis, at) in axes.iter().zip(at) {
            let entries = store.value_mut(axis.parameter).as_mut_slice();
            if let Some(entry) = entries.get_mut(axis.index) {
                *entry = at;
            }
        }
        program.forward(&store, trace);
        program.total_loss(trace)
    })
}

/// What the paths need along an axis, with a margin.
fn range(start: f64, paths: &[DescentPath], axis: usize) -> [f64; 2] {
    let reach = REACH * start.abs().max(1.0);
    let points = paths.iter().flat_map(|path| &path.points).map(|point| point[axis]);
    let points = points.map(|at| at.clamp(start - reach, start + reach));
    let [low, high] = points.fold([start, start], |[low, high], at| [low.min(at), high.max(at)]);
    let margin = (0.2 * (high - low)).max(0.1 * start.abs()).max(0.25);
    [low - margin, high + margin]
}

//! What a network says over two chosen inputs, or over one: a field with contour lines, regions of
//! classes, or a curve, with the rows of the data over it.
//!
//! Must not know how a field is drawn.

use super::head::Head;
use super::inputs::{InputVariable, Point, Start, variables};
use super::model::Model;
use super::predictor::Predictor;
use crate::autodiff::ValueId;
use crate::data::ReadTask;
use crate::network::{NodeId, Task};
use crate::tensor::{Matrix, Real};
use crate::train::{Precision, first_largest, true_class};

/// Multiplications that a field may cost; its resolution follows.
const BUDGET: usize = 60_000_000;
/// Points along a side.
const SIDE: std::ops::RangeInclusive<usize> = 15..=81;
/// Points of a curve.
const CURVE: usize = 241;
/// Rows drawn over it at most.
const MOST_ROWS: usize = 1_500;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct FieldQuestion {
    /// The input along the horizontal axis, counted among [`Field::variables`].
    pub x: usize,
    /// Along the vertical axis; without one a curve is drawn.
    pub y: Option<usize>,
    /// Where the other inputs stand.
    pub start: Start,
    /// What is shown.
    pub of: FieldOf,
}

/// What a field shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldOf {
    /// The prediction of a loss: the class with its probability, or the first number.
    Prediction(usize),
    /// One number of that prediction.
    Output(usize, usize),
    /// One unit of a node.
    Unit(NodeId, usize),
}

impl Default for FieldOf {
    fn default() -> Self {
        Self::Prediction(0)
    }
}

/// A field or a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Every input, to choose from.
    pub variables: Vec<InputVariable>,
    /// What stands along the axes.
    pub x: usize,
    /// See `x`.
    pub y: Option<usize>,
    /// Points along the horizontal axis, and as many along the vertical one where there is one.
    pub n: usize,
    /// From and to.
    pub x_range: [f64; 2],
    /// The same of the vertical axis.
    pub y_range: [f64; 2],
    /// Row after row from the bottom, in original units; the probability of the class where there are
    /// classes.
    pub values: Vec<f64>,
    /// Whether they are logarithms, of which the sign says nothing.
    pub is_logarithm: bool,
    /// The class of every point.
    pub classes: Vec<u16>,
    /// Names of the classes, or of what is shown.
    pub names: Vec<String>,
    /// How many numbers of the prediction, or units of the node, can be shown.
    pub n_outputs: usize,
    /// What is learned; regression for units.
    pub task: Task,
    /// Rows of the data.
    pub rows: Vec<FieldRow>,
}

/// A row of the data over a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldRow {
    /// Which sample.
    pub sample: u32,
    /// Where it stands.
    pub at: [f64; 2],
    /// The truth in original units; the number of the class.
    pub truth: f64,
}

/// Computes a field; none where it cannot be or the task was cancelled.
pub fn field(model: &Model, question: FieldQuestion, task: &dyn ReadTask) -> Option<Field> {
    match model.precision() {
        Precision::F32 => compute::<f32>(model, question, task),
        Precision::F64 => compute::<f64>(model, question, task),
    }
}

fn compute<T: Real>(model: &Model, question: FieldQuestion, task: &dyn ReadTask) -> Option<Field> {
    let data = &model.data;
    let predictor = Predictor::<T>::new(&model.network, &model.parameters, data).ok()?;
    let last = predictor.compiled.links.n_steps.saturating_sub(1);
    let variables = variables(data, last);
    let numbers = |idx: &usize| variables.get(*idx).is_some_and(InputVariable::is_number);
    let x =
        Some(question.x).filter(numbers).or_else(|| variables.iter().position(InputVariable::is_number))?;
    let y = question.y.filter(|y| numbers(y) && *y != x);
    let heads = model.heads();
    // What is not there any more, or says nothing away from the rows, gives way to the prediction.
    let shown = Shown::new(&predictor, model, &heads, question.of)
        .or_else(|| Shown::new(&predictor, model, &heads, FieldOf::default()))?;
    let work = predictor.store.n_numbers().max(1) * predictor.compiled.links.n_steps.max(1);
    let n = if y.is_some() {
        ((BUDGET / work) as f64).sqrt().floor().max(1.0) as usize
    } else {
        CURVE.min((BUDGET / work).max(*SIDE.start()))
    };
    let n = if y.is_some() { n.clamp(*SIDE.start(), *SIDE.end()) } else { n };
    let mut field = Field {
        x_range: variables[x].range(),
        y_range: y.map_or([0.0, 1.0], |y| variables[y].range()),
        x,
        y,
        n,
        values: Vec::new(),
        is_logarithm: false,
        classes: Vec::new(),
        names: shown.names(model),
        n_outputs: shown.n_outputs,
        task: shown.task(),
        rows: Vec::new(),
        variables,
    };
    let point = Point::new(&predictor, data, &field.variables, question.start);
    let n_points = field.n_points();
    let chunk = predictor.chunk();
    let mut buffer = Vec::new();
    for from in (0..n_points).step_by(chunk) {
        if task.is_cancelled() {
            return None;
        }
        let points = from..(from + chunk).min(n_points);
        let mut trace = predictor.compiled.program.trace(points.len());
        predictor.feed.fill_to_look(data, &vec![0; points.len()], &mut trace);
        point.fill(&mut trace);
        for (row, idx) in points.clone().enumerate() {
            let at = field.place(idx);
            point.set(&mut trace, row, &field.variables[x], at[0]);
            if let Some(y) = y {
                point.set(&mut trace, row, &field.variables[y], at[1]);
            }
        }
        predictor.compiled.program.forward(&predictor.store, &mut trace);
        for row in 0..points.len() {
            predictor.read(&trace, shown.value, row, &mut buffer);
            let (value, class) = shown.reading(&mut buffer);
            field.values.push(value);
            field.classes.extend(class);
        }
    }
    field.rows = rows::<T>(&predictor, model, &field, shown.head);
    Some(field)
}

/// What is read of a pass.
struct Shown<'a> {
    head: Option<&'a Head>,
    value: ValueId,
    /// The number that is shown; none for classes.
    idx: Option<usize>,
    n_outputs: usize,
    unit: Option<NodeId>,
}

impl<'a> Shown<'a> {
    fn new<T: Real>(predictor: &Predictor<T>, model: &Model, heads: &'a [Head], of: FieldOf) -> Option<Self> {
        let (head, node, idx) = match of {
            FieldOf::Prediction(head) => {
                let head = heads.get(head)?;
                (Some(head), head.prediction, (head.task() != Task::Classification).then_some(0))
            }
            FieldOf::Output(head, idx) => (heads.get(head), heads.get(head)?.prediction, Some(idx)),
            FieldOf::Unit(node, _) if model.with_target().contains(&node) => return None,
            FieldOf::Unit(node, idx) => (None, node, Some(idx)),
        };
        let value = predictor.output(node)?;
        let n_outputs = predictor.compiled.program.shape(value).features();
        let unit = head.is_none().then_some(node);
        Some(Self { head, value, idx: idx.map(|idx| idx.min(n_outputs.saturating_sub(1))), n_outputs, unit })
    }

    fn task(&self) -> Task {
        self.head.map_or(Task::Regression, Head::task)
    }

    fn names(&self, model: &Model) -> Vec<String> {
        match (self.head, self.unit) {
            (Some(head), _) => super::predictions::names_of(head, self.n_outputs),
            (None, Some(unit)) => {
                let name = model.network.nodes.get(&unit).map(|node| node.name.clone());
                vec![name.unwrap_or_default()]
            }
            (None, None) => Vec::new(),
        }
    }

    /// The number shown, and the class.
    fn reading(&self, numbers: &mut [f64]) -> (f64, Option<u16>) {
        if let Some(head) = self.head {
            head.original(numbers);
        }
        let class = if self.idx.is_none() { first_largest(numbers) } else { None };
        let idx = self.idx.or(class).unwrap_or(0);
        (numbers.get(idx).copied().unwrap_or(f64::NAN), class.map(|class| class as u16))
    }
}

/// Rows of the data over the field, evenly spread.
fn rows<T: Real>(
    predictor: &Predictor<T>,
    model: &Model,
    field: &Field,
    head: Option<&Head>,
) -> Vec<FieldRow> {
    let data = &model.data;
    let last = predictor.compiled.links.n_steps.saturating_sub(1);
    let n = data.n_samples();
    let stride = n.div_ceil(MOST_ROWS).max(1);
    let target = head.and_then(|head| Some((head, data.node_index(head.target)?)));
    let of_sample = |sample: u32| {
        let point = Point::new(predictor, data, &field.variables, Start::Sample(sample));
        let x = point.value(&field.variables[field.x]);
        let (mut y, mut truth) = (0.0, f64::NAN);
        if let Some((head, place)) = target {
            let mut values = Matrix::<f64>::zeros(data.nodes()[place].width(), 1);
            data.fill_batch(place, last, &[sample], &mut values);
            let values = values.as_mut_slice();
            if head.task() == Task::Classification {
                truth = true_class(values).map_or(f64::NAN, |class| class as f64);
            } else {
                if head.task() == Task::Regression {
                    head.in_units(values);
                }
                truth = values.first().copied().unwrap_or(f64::NAN);
            }
            y = truth;
        }
        if let Some(vertical) = field.y {
            y = point.value(&field.variables[vertical]);
        }
        FieldRow { sample, at: [x, y], truth }
    };
    (0..n as u32).step_by(stride).map(of_sample).collect()
}

impl Field {
    /// Numbers row after row, over one axis, or over two of as many points each.
    pub fn of_numbers(n: usize, x_range: [f64; 2], y_range: Option<[f64; 2]>, values: Vec<f64>) -> Self {
        Self {
            variables: Vec::new(),
            x: 0,
            y: y_range.map(|_| 1),
            n,
            x_range,
            y_range: y_range.unwrap_or([0.0, 1.0]),
            values,
            is_logarithm: false,
            classes: Vec::new(),
            names: Vec::new(),
            n_outputs: 1,
            task: Task::Regression,
            rows: Vec::new(),
        }
    }

    /// What `value` gives at every point; none where the task was cancelled.
    pub(super) fn measured(
        n: usize,
        x_range: [f64; 2],
        y_range: Option<[f64; 2]>,
        task: &dyn ReadTask,
        mut value: impl FnMut([f64; 2]) -> f64,
    ) -> Option<Self> {
        let mut field = Self::of_numbers(n, x_range, y_range, Vec::new());
        let n_points = field.n_points();
        for idx in 0..n_points {
            if task.is_cancelled() {
                return None;
            }
            field.values.push(value(field.place(idx)));
            task.progress(idx as u64, n_points as u64);
        }
        Some(field)
    }

    /// How many points it has.
    pub fn n_points(&self) -> usize {
        if self.y.is_some() { self.n * self.n } else { self.n }
    }

    /// Where a point lies; on a curve the second number says nothing.
    pub fn place(&self, idx: usize) -> [f64; 2] {
        let along = |[from, to]: [f64; 2], idx: usize| {
            from + (to - from) * idx as f64 / self.n.saturating_sub(1).max(1) as f64
        };
        [along(self.x_range, idx % self.n.max(1)), along(self.y_range, idx / self.n.max(1))]
    }

    /// Smallest and largest finite value.
    pub fn extent(&self) -> Option<[f64; 2]> {
        let finite = || self.values.iter().copied().filter(|value| value.is_finite());
        let (min, max) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        (min <= max).then_some([min, max])
    }

    /// The line on which the field has a value, as pieces from point to point in the units of the axes
    /// (marching squares).
    pub fn contour(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        let n = self.n;
        if self.y.is_none() || self.values.len() != n * n {
            return Vec::new();
        }
        let place = |x: f64, y: f64| {
            let along = |[from, to]: [f64; 2], t: f64| from + (to - from) * t / (n - 1) as f64;
            [along(self.x_range, x), along(self.y_range, y)]
        };
        let mut pieces = Vec::new();
        for y in 0..n - 1 {
            for x in 0..n - 1 {
                let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
                let heights = corners.map(|(x, y)| self.values[y * n + x] - level);
                if heights.iter().any(|height| !height.is_finite()) {
                    continue;
                }
                let mut crossings = Vec::with_capacity(4);
                for side in 0..4 {
                    let (a, b) = (side, (side + 1) % 4);
                    if (heights[a] > 0.0) != (heights[b] > 0.0) {
                        let t = heights[a] / (heights[a] - heights[b]);
                        let between = |from: usize, to: usize| from as f64 + t * (to as f64 - from as f64);
                        let [a, b] = [corners[a], corners[b]];
                        crossings.push(place(between(a.0, b.0), between(a.1, b.1)));
                    }
                }
                pieces.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        pieces
    }
}

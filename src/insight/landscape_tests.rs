//! Landscapes: losses are those that a session measures with the weights changed, directions are as long as
//! they should be, and a path in a plane is seen whole.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::directions::Displacement;
use super::*;
use crate::data::{DataRequest, DataSettings, Quiet, prepare};
use crate::document::TrainingSettings;
use crate::network::{Activation, Builder, LossKind, ParameterRole};
use crate::train::Session;

fn model() -> Model {
    let mut builder = Builder::new();
    let (x, y) = (builder.input(2), builder.target(1));
    let hidden = builder.dense(x, 3);
    let a = builder.activation(hidden, Activation::Tanh);
    let out = builder.dense(a, 1);
    builder.loss(LossKind::Mse, out, y);
    builder.rows(x, (0..20).map(|n| vec![f64::from(n) / 10.0 - 1.0, f64::from(n % 5)]).collect());
    builder.rows(y, (0..20).map(|n| vec![f64::from(n % 7) / 3.0]).collect());
    let network = builder.finish();
    let settings = DataSettings::default();
    Model {
        parameters: network.initialize(1),
        data: Arc::new(prepare(None, &settings, &DataRequest::of(&network), 1).unwrap()),
        network: Arc::new(network),
        settings: Arc::new(settings),
    }
}

fn question(along: Along) -> LandscapeQuestion {
    LandscapeQuestion { along, is_surface: true, reach: 1.0, only_last_steps: false, is_quick: false }
}

fn asked(model: &Model, path: Option<&WeightPath>, question: LandscapeQuestion) -> Landscape {
    landscape(Standpoint { model, path, step: 10 }, question, &Quiet).unwrap().unwrap()
}

/// The loss on the training part as training measures it.
fn measured(model: &Model) -> f64 {
    let settings = TrainingSettings::default();
    let data = Arc::clone(&model.data);
    Session::<f64>::new(&model.network, &model.parameters, data, &settings).unwrap().evaluate(false).loss
}

fn changed(model: &Model, place: WeightPlace, value: f64) -> Model {
    let mut model = model.clone();
    let parameter = model.parameters.get_mut(&place.key).unwrap();
    Arc::make_mut(&mut parameter.values)[place.index] = value;
    model
}

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} for {expected}");
}

/// A weight of the first and a bias of the last layer.
fn places(model: &Model) -> [WeightPlace; 2] {
    let keys: Vec<ParameterKey> = model.parameters.keys().copied().collect();
    let of = |role| move |key: &&ParameterKey| matches!(key, ParameterKey::Node(_, it) if *it == role);
    let weight = *keys.iter().find(of(ParameterRole::Weight)).unwrap();
    let bias = *keys.iter().rfind(of(ParameterRole::Bias)).unwrap();
    [WeightPlace { key: weight, index: 3 }, WeightPlace { key: bias, index: 0 }]
}

#[test]
fn the_loss_in_the_middle_is_the_loss() {
    let model = model();
    let expected = measured(&model);
    for along in [Along::Random(7), Along::Weights(places(&model))] {
        let found = asked(&model, None, question(along));
        assert_eq!(found.rows, [16, 16], "all rows of the training part");
        assert_near(found.loss, expected);
        let n = found.field.n;
        assert!(n % 2 == 1 && found.field.values.len() == n * n);
        assert_near(found.field.values[n * n / 2], expected);
        assert_near(found.logarithm.values[0], found.field.values[0].log10());
    }
}

#[test]
fn along_weights_the_loss_is_that_with_those_weights_changed() {
    let model = model();
    let [x, y] = places(&model);
    let along = Along::Weights([x, y]);
    let surface = asked(&model, None, question(along)).field;
    let at = |[from, to]: [f64; 2], idx: usize| from + (to - from) * idx as f64 / (surface.n - 1) as f64;
    for (column, row) in [(0, 0), (4, 29), (surface.n - 1, 10)] {
        let there = changed(&model, x, at(surface.x_range, column));
        let there = changed(&there, y, at(surface.y_range, row));
        assert_near(surface.values[row * surface.n + column], measured(&there));
    }
    let curve = asked(&model, None, LandscapeQuestion { is_surface: false, ..question(along) });
    assert_eq!((curve.field.y, curve.field.values.len()), (None, curve.field.n));
    let [from, to] = curve.field.x_range;
    let middle = model.parameters[&x.key].values[x.index];
    assert_near(f64::midpoint(from, to), middle);
    assert_near(curve.field.values[0], measured(&changed(&model, x, from)));
    assert_near(curve.field.values[curve.field.n - 1], measured(&changed(&model, x, to)));
}

#[test]
fn random_directions_are_as_long_as_each_units_weights_and_leave_biases_alone() {
    let model = model();
    let flat = Flat::of(&model.parameters);
    let direction = random(&flat, 3, 0);
    let mut n_units = 0;
    for (key, range) in flat.places() {
        let (own, numbers) = (&direction.0[range.clone()], &flat.numbers()[range]);
        let parameter = &model.parameters[&key];
        if parameter.shape.len() < 2 {
            assert!(own.iter().all(|number| *number == 0.0), "a bias stays");
            continue;
        }
        let width = parameter.shape[1];
        for (own, weights) in own.chunks(width).zip(numbers.chunks(width)) {
            let norm = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>().sqrt();
            assert_near(norm(own), norm(weights));
            n_units += 1;
        }
    }
    assert_eq!(n_units, 4);
    assert_eq!(direction, random(&flat, 3, 0), "the same seed draws the same");
    assert!(direction != random(&flat, 3, 1) && direction != random(&flat, 4, 0));
    let at_the_end = asked(&model, None, question(Along::Random(3))).field;
    let mut moved = model.clone();
    for (key, range) in flat.places() {
        let values = Arc::make_mut(&mut moved.parameters.get_mut(&key).unwrap().values);
        let other = random(&flat, 3, 1);
        values.iter_mut().zip(range).for_each(|(value, idx)| *value += direction.0[idx] + other.0[idx]);
    }
    assert_near(*at_the_end.values.last().unwrap(), measured(&moved));
}

/// A path through these places of a plane, ending where the weights stand.
fn path_in_a_plane(model: &Model, places: &[[f64; 2]]) -> (WeightPath, [Vec<f64>; 2]) {
    let flat = Flat::of(&model.parameters);
    let n = flat.numbers().len();
    let directions =
        [0, 1].map(|nth| (0..n).map(|idx| ((idx * (nth + 2) + 1) as f64 * 0.7).sin()).collect::<Vec<f64>>());
    let layout = flat.places().map(|(key, range)| (key, range.len())).collect();
    let mut path = WeightPath::new(layout);
    for (step, [a, b]) in places.iter().enumerate() {
        let [x, y] = &directions;
        let numbers = flat.numbers().iter().zip(x.iter().zip(y));
        path.push(step as u64, |into| into.extend(numbers.map(|(now, (x, y))| now + a * x + b * y)));
    }
    (path, directions)
}

#[test]
fn a_path_in_a_plane_is_explained_to_a_hundred_percent() {
    let model = model();
    let places = [[3.0, -1.0], [2.0, 0.5], [1.5, 1.0], [0.5, 0.25], [0.25, 0.0]];
    let (path, directions) = path_in_a_plane(&model, &places);
    let found = asked(&model, Some(&path), question(Along::Path));
    let [x, y] = found.explained.unwrap();
    assert!(x >= y && y > 0.0);
    assert_near(x + y, 1.0);
    assert_near(found.shown.unwrap(), 1.0);
    assert_eq!(found.path.len(), 6);
    assert_eq!((found.path[5].step, found.path[5].at), (10, [0.0, 0.0]), "it ends where the weights stand");
    // Distances in the picture are those of the weights.
    let norm = |[a, b]: [f64; 2]| {
        let sum = directions[0].iter().zip(&directions[1]).map(|(x, y)| (a * x + b * y).powi(2)).sum::<f64>();
        sum.sqrt()
    };
    for (mark, place) in found.path.iter().zip(places) {
        assert_near(mark.at[0].hypot(mark.at[1]), norm(place));
    }
    let straight = path_in_a_plane(&model, &[[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]]).0;
    let found = asked(&model, Some(&straight), question(Along::Path));
    assert_near(found.explained.unwrap()[0], 1.0);
    assert_eq!(found.field.y, None, "a straight path has one direction");
}

#[test]
fn a_path_is_projected_to_the_nearest_place_of_the_plane() {
    let model = model();
    let flat = Flat::of(&model.parameters);
    let n = flat.numbers().len();
    let unit = |idx: usize| Direction((0..n).map(|at| f64::from(u8::from(at == idx))).collect());
    let slanted = Direction((0..n).map(|at| if at < 2 { 1.0 } else { 0.0 }).collect());
    let away = (0..n).map(|at| [2.0, 5.0, 4.0].get(at).copied().unwrap_or(0.0)).collect();
    let displacements = [Displacement::new(0, away), Displacement::new(1, vec![0.0; n])];
    // (2, 5) = −3 · (1, 0) + 5 · (1, 1); the 4 lies outside: 29 of 45.
    let directions = [unit(0), slanted];
    let places = directions::projected(&displacements, &directions);
    places
        .iter()
        .flatten()
        .zip([-3.0, 5.0, 0.0, 0.0])
        .for_each(|(found, wanted)| assert_near(*found, wanted));
    assert_near(directions::shown_share(&displacements, &directions, &places).unwrap(), 29.0 / 45.0);
    let one = [unit(1), Direction::default()];
    assert_eq!(directions::projected(&displacements, &one)[0], [5.0, 0.0]);
}

#[test]
fn the_last_steps_alone_can_be_asked_for_and_numbers_that_are_none_are_left_out() {
    let model = model();
    let places: Vec<[f64; 2]> = (0..100).map(|n| [1.0 - f64::from(n) / 100.0, 0.3]).collect();
    let (mut path, _) = path_in_a_plane(&model, &places);
    let at = |path: &WeightPath, only_last_steps| {
        let question = LandscapeQuestion { only_last_steps, ..question(Along::Path) };
        let around = Standpoint { model: &model, path: Some(path), step: 200 };
        landscape(around, question, &Quiet).unwrap().unwrap().path
    };
    assert_eq!((at(&path, false).len(), at(&path, true).len()), (101, 61));
    assert_eq!(at(&path, true)[0].step, 40);
    let n = Flat::of(&model.parameters).numbers().len();
    path.push(150, |numbers| numbers.extend(vec![f64::NAN; n]));
    assert_eq!(at(&path, false).len(), 101);
}

fn around(model: &Model) -> Standpoint<'_> {
    Standpoint { model, path: None, step: 0 }
}

#[test]
fn where_nothing_moves_or_there_is_no_path_the_reason_is_given() {
    struct Cancelled;
    impl ReadTask for Cancelled {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let mut model = model();
    let refused = |model: &Model, along| landscape(around(model), question(along), &Quiet).unwrap().err();
    assert_eq!(refused(&model, Along::Path), Some(NoLandscape::NoPath));
    assert!(landscape(around(&model), question(Along::Random(1)), &Cancelled).is_none());
    model.parameters.values_mut().for_each(|parameter| parameter.trainable = false);
    assert_eq!(refused(&model, Along::Random(1)), Some(NoLandscape::NothingMoves));
}

#[test]
fn a_loss_that_is_negative_or_zero_everywhere_has_no_logarithm() {
    let mut found = asked(&model(), None, question(Along::Random(1)));
    assert!(found.has_logarithm());
    let field = Field::clone(&found.field);
    let mut with = |values: Vec<f64>| {
        found.field = Arc::new(Field { values, ..field.clone() });
        found.has_logarithm()
    };
    assert!(with(vec![0.0, 1.0, f64::NAN]));
    assert!(!with(vec![-0.5, 1.0]) && !with(vec![0.0, 0.0]) && !with(vec![f64::INFINITY]));
}

#[test]
fn directions_of_huge_and_of_tiny_weights_are_as_long_as_theirs() {
    for size in [1e-200, 1e200] {
        let mut model = model();
        for parameter in model.parameters.values_mut() {
            for number in Arc::make_mut(&mut parameter.values) {
                *number *= size;
            }
        }
        let flat = Flat::of(&model.parameters);
        let [x, y] = [random(&flat, 3, 0), random(&flat, 3, 1)];
        let norm = x.norm() / size;
        assert!(norm.is_finite() && norm > 0.1, "{size}: {norm}");
        assert!(x.is_along(&x) && !x.is_along(&y), "{size}");
        let away = x.0.iter().zip(&y.0).map(|(x, y)| 2.0 * x - 3.0 * y).collect();
        let displacements = [Displacement::new(0, away), Displacement::new(1, vec![0.0; x.0.len()])];
        let directions = [x, y];
        let places = directions::projected(&displacements, &directions);
        assert!((places[0][0] - 2.0).abs() < 1e-9 && (places[0][1] + 3.0).abs() < 1e-9, "{places:?}");
        assert_near(directions::shown_share(&displacements, &directions, &places).unwrap(), 1.0);
        let found = principal(&displacements, &Quiet).unwrap().unwrap();
        assert_near(found.explained[0], 1.0);
        assert_near(found.directions[0].norm(), 1.0);
    }
}

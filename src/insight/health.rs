//! What is unhealthy in a training: gradients that vanish or explode, units that are dead or saturated, a
//! learning rate that is too high or too low.
//!
//! Must not know how anything is measured. A finding is named only where several looks agree, and of causes
//! that follow from one another only the first.

mod through_time;

use crate::network::NodeId;
use crate::train::{
    EpochRecord, HealthHistory, HealthSample, LayerHealth, LossHistory, ParameterHealth, Units,
};
use crate::words::{Message, ToMessage};

/// Looks that have to agree.
const N_RECENT: usize = 5;
/// Units are called dead once so many rows left them at zero, or all rows there are.
const ENOUGH_ROWS: usize = 64;
/// With fewer rows than this in all, a unit that is silent is not called dead.
const FEW_ROWS: usize = 16;
/// A layer is called dead from this share of its units on.
const MUCH_DEAD: f64 = 0.5;
/// A layer is called saturated from this share of its outputs on.
const MUCH_SATURATED: f64 = 0.9;
/// A gradient so much smaller than one nearer to the loss has vanished.
const VANISHED: f64 = 1e-4;
/// A gradient so many times as large as at the beginning has exploded.
const EXPLODED: f64 = 1e3;
/// Updates that change so much of a layer's weights are too large if the loss does not fall.
const TOO_LARGE: f64 = 0.2;
/// A loss above this share of the first one has hardly fallen.
const HARDLY_BETTER: f64 = 0.7;
/// A loss that is so many times the first one now, or was so in an epoch or a batch, is worse.
const WORSE_NOW: f64 = 1.2;
const WORSE_EPOCH: f64 = 3.0;
const WORSE_BATCH: f64 = 10.0;
/// Updates that change so little of every layer's weights are too small if the loss falls slowly.
const TOO_SMALL: f64 = 1e-4;
/// Falling slowly: by less than this share of the first loss an epoch.
const SLOW: f64 = 1e-3;
/// At the bottom of a valley a loss falls ever more slowly: the later half of the epochs then by less than
/// this share of what the earlier half fell by.
const STEADY: f64 = 0.5;
/// One epoch in so many may rise by the chance of its batches or by rounding.
const FEW_RISE: usize = 10;
/// Epochs that must have passed before a learning rate is called too low.
const SLOW_EPOCHS: usize = 5;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The gradient is next to nothing compared with that of layers nearer to the loss.
    Vanishing,
    /// Numbers grow without end.
    Exploding,
    /// The same on the way back through time: nothing is learned from the first steps.
    VanishingThroughTime,
    /// Gradients grow from each time step to the one before it.
    ExplodingThroughTime,
    /// Units of a ReLU are zero for every row: they learn nothing.
    Dead,
    /// Outputs of a sigmoid or tanh stand at an end, where next to no gradient passes.
    Saturated,
    /// Updates throw the weights about.
    LearningRateTooHigh,
    /// Updates hardly move the weights.
    LearningRateTooLow,
}

/// Something unhealthy, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub trouble: Trouble,
    /// The layer.
    pub node: NodeId,
    /// Its name.
    pub layer: String,
    /// How much: a share, a ratio or a factor.
    pub size: f64,
}

/// What is unhealthy, at most one finding a kind of trouble and layer.
pub fn judge(history: &HealthHistory, losses: &LossHistory) -> Vec<Finding> {
    let seen = Seen { history, losses, beginning: beginning(history, losses) };
    let worst = through_time::exploding(&seen)
        .or_else(|| exploding(history))
        .or_else(|| learning_rate_too_high(&seen));
    if let Some(found) = worst {
        return vec![found];
    }
    let mut found = dead(history);
    found.extend(saturated(&seen));
    if found.is_empty() {
        let slow = || learning_rate_too_low(&seen);
        // What hardly moves does not fall, either.
        found.extend(vanishing(history).or_else(slow).or_else(|| through_time::vanishing(&seen)));
    }
    found
}

/// What a judgment is made of.
struct Seen<'a> {
    history: &'a HealthHistory,
    losses: &'a LossHistory,
    /// The loss when training began; none where only a later part of the training was seen.
    beginning: Option<f64>,
}

impl Seen<'_> {
    /// Whether the loss of the newest looks is well below that of the beginning; none where nobody knows.
    fn falls(&self) -> Option<bool> {
        let first = self.beginning?;
        Some(mean_loss(recent(self.history)) < first - (1.0 - HARDLY_BETTER) * first.abs())
    }

    /// Whether the loss is, or once was, much larger than where it was seen first.
    fn is_worse(&self) -> bool {
        let samples = self.history.samples();
        let Some(first) = samples.first().map(|first| first.loss.abs()) else { return false };
        mean_loss(recent(self.history)) > WORSE_NOW * first
            || self.losses.records().iter().any(|record| record.train_loss > WORSE_EPOCH * first)
            || samples.iter().any(|sample| sample.loss > WORSE_BATCH * first)
    }
}

/// The loss when training began: at the first look, or in the first epoch where that was earlier.
fn beginning(history: &HealthHistory, losses: &LossHistory) -> Option<f64> {
    let first = history.samples().first()?;
    if first.step == 0 {
        return Some(first.loss);
    }
    let earliest = losses.records().first().filter(|record| record.epoch == 1);
    earliest.filter(|record| record.step <= first.step).map(|record| record.train_loss)
}

/// The share of a ReLU's units that stayed at zero in the newest looks up to `until` (one past the last);
/// `None` for other layers, and where too few rows were seen.
pub fn dead_share(samples: &[std::sync::Arc<HealthSample>], layer: usize) -> Option<f64> {
    let mut rows = 0;
    let mut active: Option<Units> = None;
    for sample in samples.iter().rev() {
        let units = sample.layers.get(layer)?.active.as_ref()?;
        match &mut active {
            Some(active) => active.unite(units),
            None => active = Some(units.clone()),
        }
        rows += sample.rows;
        if rows >= ENOUGH_ROWS || sample.rows >= sample.of_rows {
            return active.map(|active| active.share_unmarked());
        }
    }
    None
}

fn recent(history: &HealthHistory) -> &[std::sync::Arc<HealthSample>] {
    let samples = history.samples();
    &samples[samples.len().saturating_sub(N_RECENT)..]
}

fn finding(trouble: Trouble, layer: &LayerHealth, size: f64) -> Finding {
    Finding { trouble, node: layer.node, layer: layer.name.clone(), size }
}

/// A layer's weights; `None` where it has no matrix.
fn weights(layer: &LayerHealth) -> Option<&ParameterHealth> {
    layer.parameters.iter().find(|parameter| parameter.is_matrix)
}

/// The root of the mean square of a layer's weight gradients; `None` where it has no matrix that learns.
fn grad_rms(layer: &LayerHealth) -> Option<f64> {
    weights(layer)?.grad.as_ref().map(|grad| grad.rms)
}

/// How much of a layer's weights the next update changes.
fn update_ratio(layer: &LayerHealth) -> Option<f64> {
    weights(layer)?.update_ratio
}

/// Mean over some looks of what each says about a layer; `None` where one of them says nothing.
fn mean(
    samples: &[std::sync::Arc<HealthSample>],
    layer: usize,
    of: impl Fn(&LayerHealth) -> Option<f64>,
) -> Option<f64> {
    let sum: Option<f64> = samples.iter().map(|sample| sample.layers.get(layer).and_then(&of)).sum();
    sum.map(|sum| sum / samples.len().max(1) as f64)
}

fn mean_loss(samples: &[std::sync::Arc<HealthSample>]) -> f64 {
    samples.iter().map(|sample| sample.loss).sum::<f64>() / samples.len().max(1) as f64
}

fn exploding(history: &HealthHistory) -> Option<Finding> {
    let last = history.last()?;
    let is_not_finite = |layer: &&LayerHealth| {
        layer.output.n_not_finite > 0
            || layer.parameters.iter().any(|parameter| {
                parameter.value.n_not_finite + parameter.grad.as_ref().map_or(0, |grad| grad.n_not_finite) > 0
            })
    };
    if let Some(layer) = last.layers.iter().find(is_not_finite) {
        return Some(finding(Trouble::Exploding, layer, f64::INFINITY));
    }
    let first = history.samples().first()?;
    if !last.loss.is_finite() {
        return last.layers.last().map(|layer| finding(Trouble::Exploding, layer, f64::INFINITY));
    }
    // A loss that has not grown has not exploded, whatever single gradients do.
    if last.loss <= 10.0 * first.loss.abs() {
        return None;
    }
    // Nor have gradients that are small beside the weights, as after the best place of all is left.
    let grown = last.layers.iter().zip(&first.layers).filter_map(|(now, before)| {
        let (now_rms, before) = (grad_rms(now)?, grad_rms(before)?);
        let is_large = weights(now).is_some_and(|weights| now_rms > weights.value.rms);
        (before > 0.0 && is_large && now_rms > EXPLODED * before).then(|| (now, now_rms / before))
    });
    let (layer, factor) = grown.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(finding(Trouble::Exploding, layer, factor))
}

fn learning_rate_too_high(seen: &Seen<'_>) -> Option<Finding> {
    let samples = seen.history.samples();
    let (first, last) = (samples.first()?, samples.last()?);
    let recent = recent(seen.history);
    if recent.len() < 2 {
        return None;
    }
    // Large updates alone are no harm: small weights grow by them, and weights that should be zero stay
    // small. The loss became worse by them, or units were killed or driven to an end on the way.
    let falls = seen.falls() == Some(true) || last.loss < 0.5 * first.loss;
    let is_harmed = !falls && (seen.is_worse() || !saturated(seen).is_empty());
    if !is_harmed && dead(seen.history).is_empty() {
        return None;
    }
    let of_layer = |layer: usize| {
        let now = mean(recent, layer, update_ratio)?;
        let at_first = first.layers.get(layer).and_then(update_ratio).unwrap_or(0.0);
        let size = now.max(at_first);
        (size > TOO_LARGE).then_some((layer, size))
    };
    let (layer, size) = (0..last.layers.len()).filter_map(of_layer).max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(finding(Trouble::LearningRateTooHigh, last.layers.get(layer)?, size))
}

fn learning_rate_too_low(seen: &Seen<'_>) -> Option<Finding> {
    // What has learned something before moves slowly on the last part of its way.
    seen.beginning?;
    let last = seen.history.last()?;
    if !falls_slowly(seen.losses.records()) {
        return None;
    }
    let recent = recent(seen.history);
    let ratios: Option<Vec<(usize, f64)>> = (0..last.layers.len())
        // A frozen layer is not slow.
        .filter(|&layer| grad_rms(&last.layers[layer]).is_some())
        .map(|layer| Some((layer, mean(recent, layer, update_ratio)?)))
        .collect();
    let (layer, size) = ratios?.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let layer = last.layers.get(layer)?;
    // At the bottom of a valley the gradient is small, too, and there is nothing left to gain.
    let weights = layer.parameters.iter().find(|parameter| parameter.is_matrix)?;
    let slope = weights.grad_norm? * weights.value.rms * f64::from(weights.value.n).sqrt() / last.loss.abs();
    (size < TOO_SMALL && slope > 0.05).then(|| finding(Trouble::LearningRateTooLow, layer, size))
}

/// Whether a loss falls from epoch to epoch, always about as much, and by next to nothing.
fn falls_slowly(records: &[EpochRecord]) -> bool {
    let (Some(first), Some(newest)) = (records.first(), records.last()) else { return false };
    let fall = |from: &EpochRecord, to: &EpochRecord| {
        (from.train_loss - to.train_loss) / to.epoch.saturating_sub(from.epoch).max(1) as f64
    };
    let middle = &records[records.len() / 2];
    let (earlier, later) = (fall(first, middle), fall(middle, newest));
    let n_rises = records.windows(2).filter(|pair| pair[1].train_loss >= pair[0].train_loss).count();
    let is_far = newest.train_loss > HARDLY_BETTER * first.train_loss && newest.train_loss > 0.0;
    let is_slow = later > 0.0 && fall(first, newest) < SLOW * first.train_loss;
    records.len() >= SLOW_EPOCHS
        && is_far
        && is_slow
        && later >= STEADY * earlier
        && FEW_RISE * n_rises <= records.len()
}

fn dead(history: &HealthHistory) -> Vec<Finding> {
    let Some(last) = history.last().filter(|last| last.of_rows >= FEW_ROWS) else { return Vec::new() };
    let share = |layer: usize| dead_share(history.samples(), layer).filter(|share| *share >= MUCH_DEAD);
    let dead: Vec<(usize, f64)> =
        (0..last.layers.len()).filter_map(|layer| Some((layer, share(layer)?))).collect();
    // Behind a layer that is zero altogether others get nothing, and die of it.
    let follows = |layer: usize| {
        let silent = dead.iter().filter(|(_, share)| *share >= 1.0);
        silent.filter_map(|(other, _)| last.layers.get(*other)).any(|other| other.ahead.contains(&layer))
    };
    let first = dead.iter().filter(|(layer, _)| !follows(*layer));
    first
        .filter_map(|(layer, share)| Some(finding(Trouble::Dead, last.layers.get(*layer)?, *share)))
        .collect()
}

fn saturated(seen: &Seen<'_>) -> Vec<Finding> {
    let recent = recent(seen.history);
    // A hidden layer may well end at its limits in a network that has learned something.
    let Some(last) = seen.history.last().filter(|_| seen.falls() == Some(false)) else { return Vec::new() };
    let layers = last.layers.iter().enumerate().filter(|(_, layer)| layer.is_hidden);
    layers
        .filter_map(|(idx, layer)| {
            let share =
                mean(recent, idx, |layer| layer.saturated).filter(|share| *share >= MUCH_SATURATED)?;
            Some(finding(Trouble::Saturated, layer, share))
        })
        .collect()
}

/// The first layer whose gradient is next to nothing beside that of one between it and the loss.
fn vanishing(history: &HealthHistory) -> Option<Finding> {
    let last = history.last()?;
    let recent = recent(history);
    // Behind a ReLU that is zero for all rows of a batch there is no gradient at all.
    let is_silent = |units: &Units| units.share_unmarked() >= 1.0;
    let all = recent.iter().flat_map(|sample| &sample.layers);
    if all.filter_map(|layer| layer.active.as_ref()).any(is_silent) {
        return None;
    }
    let sizes: Vec<Option<f64>> = (0..last.layers.len()).map(|layer| mean(recent, layer, grad_rms)).collect();
    sizes.iter().enumerate().find_map(|(idx, size)| {
        // What another loss sends back to other layers says nothing of this one.
        let ahead = &last.layers.get(idx)?.ahead;
        let ahead = ahead.iter().filter_map(|&ahead| *sizes.get(ahead)?).fold(0.0, f64::max);
        let share = (*size)? / ahead;
        (ahead > 0.0 && share < VANISHED).then(|| cause_of_vanishing(history, idx, share)).flatten()
    })
}

/// What a layer's gradient vanished by: outputs at their ends between it and the loss, or just so.
fn cause_of_vanishing(history: &HealthHistory, idx: usize, share: f64) -> Option<Finding> {
    let last = history.last()?;
    let layer = last.layers.get(idx)?;
    let saturated = layer.ahead.iter().find_map(|&ahead| {
        let of_outputs = mean(recent(history), ahead, |layer| layer.saturated)?;
        let ahead = last.layers.get(ahead).filter(|_| of_outputs >= MUCH_SATURATED)?;
        Some(finding(Trouble::Saturated, ahead, of_outputs))
    });
    Some(saturated.unwrap_or_else(|| finding(Trouble::Vanishing, layer, share)))
}

impl ToMessage for Finding {
    fn message(&self) -> Message {
        let key = match self.trouble {
            Trouble::Vanishing => "health-vanishing",
            Trouble::Exploding => "health-exploding",
            Trouble::VanishingThroughTime => "health-vanishing-time",
            Trouble::ExplodingThroughTime => "health-exploding-time",
            Trouble::Dead => "health-dead",
            Trouble::Saturated => "health-saturated",
            Trouble::LearningRateTooHigh => "health-rate-too-high",
            Trouble::LearningRateTooLow => "health-rate-too-low",
        };
        let percent = (100.0 * self.size).round();
        Message::new(key).with("layer", self.layer.as_str()).with("percent", percent)
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "health_unusual_tests.rs"]
mod unusual_tests;

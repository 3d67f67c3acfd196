//! A network with its weights and its data, as plain data that a background job takes along.
//!
//! Must not know where the weights come from.

use std::sync::Arc;

use super::head::Head;
use crate::data::{DataSettings, Prepared};
use crate::network::{Network, Parameters};
use crate::train::{Precision, training_precision};

/// Everything that is needed to ask a network something.
#[derive(Clone, Debug)]
pub struct Model {
    /// The drawing.
    pub network: Arc<Network>,
    /// Its weights.
    pub parameters: Parameters,
    /// The rows.
    pub data: Arc<Prepared>,
    /// What the columns are used for.
    pub settings: Arc<DataSettings>,
}

impl Model {
    /// What the network computes with.
    pub fn precision(&self) -> Precision {
        training_precision(&self.parameters)
    }

    /// Its heads.
    pub fn heads(&self) -> Vec<Head> {
        Head::find_in(&self.network, &self.settings, &self.data)
    }
}

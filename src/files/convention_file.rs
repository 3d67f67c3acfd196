//! A convention as it stands in the preferences.
//!
//! Must not know what a convention does.

use serde::{Deserialize, Serialize};

use crate::explain::print::{BiasStyle, Convention, Layout, NameStyle, ReductionPlace};

/// Words of another version mean the default: preferences outlive versions of the program.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ConventionFile {
    layout: String,
    names: String,
    reduction: String,
    bias: String,
}

impl ConventionFile {
    pub(super) fn new(convention: Convention) -> Self {
        let Convention { layout, names, reduction, bias } = convention;
        let layout = match layout {
            Layout::PyTorch => "pytorch",
            Layout::NumPy => "numpy",
            Layout::Columns => "columns",
        };
        let names = match names {
            NameStyle::Node => "node",
            NameStyle::Layer => "layer",
        };
        let reduction = match reduction {
            ReductionPlace::Loss => "loss",
            ReductionPlace::Parameters => "parameters",
        };
        let bias = match bias {
            BiasStyle::Apart => "apart",
            BiasStyle::Ones => "ones",
        };
        let [layout, names, reduction, bias] = [layout, names, reduction, bias].map(str::to_owned);
        Self { layout, names, reduction, bias }
    }

    pub(super) fn read(self) -> Convention {
        let Self { layout, names, reduction, bias } = self;
        Convention {
            layout: match layout.as_str() {
                "numpy" => Layout::NumPy,
                "columns" => Layout::Columns,
                _ => Layout::PyTorch,
            },
            names: if names == "layer" { NameStyle::Layer } else { NameStyle::Node },
            reduction: if reduction == "parameters" {
                ReductionPlace::Parameters
            } else {
                ReductionPlace::Loss
            },
            bias: if bias == "ones" { BiasStyle::Ones } else { BiasStyle::Apart },
        }
    }
}

//! What a kind of node declares about itself, once: its names, group, ports, letter and settings.
//! Palette, card, inspector, range checks, files and JSON read it.
//!
//! Must not know any kind.

use super::super::ports::Ports;
use crate::words::Message;

/// What a kind of node declares about itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Declaration {
    /// PyTorch's name in `snake_case`, as `grad --json` prints it: `leaky_relu`.
    pub slug: &'static str,
    /// The name in a `.ron` file: `LeakyRelu`.
    pub tag: &'static str,
    /// What new nodes are called, before the number: `Leaky ReLU`.
    pub base_name: &'static str,
    /// The message that names it on the screen.
    pub key: &'static str,
    /// Where the palette lists it.
    pub group: Group,
    /// Its inputs.
    pub ports: Ports,
    /// Whether a wire can leave it.
    pub has_output: bool,
    /// The literature's letter of its output.
    pub letter: OutputLetter,
    /// Its numeric settings, in the order of files and fields.
    pub settings: &'static [Setting],
}

/// A group of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where numbers come from.
    Data,
    /// What has weights, or acts on a layer as a whole.
    Layers,
    /// Nonlinearities.
    Activations,
    /// What joins the outputs of several layers.
    Operations,
    /// Tensors, what joins them and what moves their numbers about.
    Tensors,
    /// Functions of one number.
    Functions,
    /// One number from many.
    Reductions,
    /// What is made small.
    Losses,
}

/// The literature's letter of what a node gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputLetter {
    /// What a layer receives.
    X,
    /// What is wanted.
    Y,
    /// Pre-activation.
    Z,
    /// Activation: what most nodes give.
    A,
    /// The loss.
    L,
}

/// A number that a person can set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// PyTorch's name, in files and JSON: `negative_slope`.
    pub slug: &'static str,
    /// The message that names it beside its field.
    pub key: &'static str,
    /// The message that tells it on the card.
    pub card_key: &'static str,
    /// Which values are right.
    pub range: Range,
    /// The smallest and the largest value that the field takes.
    pub typed: (f64, f64),
    /// What a new node starts with.
    pub default: f64,
    /// Whether it is written and told only where it is not the default.
    pub is_quiet: bool,
}

/// Which values of a setting are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any number.
    Finite,
    /// Greater than 0.
    AboveZero,
    /// From 1 on.
    AtLeastOne,
    /// A probability below 1.
    BelowOne,
    /// A whole number.
    Whole,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// How many of something.
    Count(usize),
    /// Yes or no.
    Flag(bool),
    /// Any number.
    Number(f64),
    /// A whole number.
    Whole(isize),
    /// Sizes.
    Sizes(Vec<usize>),
}

impl Setting {
    /// What the card says of this value.
    pub fn on_card(&self, value: f64) -> Message {
        Message::new(self.card_key).with("value", value)
    }

    /// Whether this value is to be told at all.
    pub fn tells(&self, value: f64) -> bool {
        !self.is_quiet || value.total_cmp(&self.default).is_ne()
    }
}

impl Range {
    /// Whether `value` lies in it.
    pub fn contains(self, value: f64) -> bool {
        match self {
            Self::Finite => value.is_finite(),
            Self::AboveZero => value > 0.0 && value.is_finite(),
            Self::AtLeastOne => value >= 1.0,
            Self::BelowOne => (0.0..1.0).contains(&value),
            Self::Whole => value.is_finite() && value.fract() == 0.0,
        }
    }

    /// The range in signs that every language reads.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Finite => "finite",
            Self::AboveZero => "> 0",
            Self::AtLeastOne => "≥ 1",
            Self::BelowOne => "0 ≤ p < 1",
            Self::Whole => "…, −1, 0, 1, …",
        }
    }
}

/// Kinds of one sort that differ in little but their numbers: all activations, all losses.
pub trait Family: Copy + std::fmt::Debug + 'static {
    /// Their names in a `.ron` file, in the order of [`all`](Self::all).
    const TAGS: &'static [&'static str];

    /// All of them in the palette's order, as new nodes start.
    fn all() -> Vec<Self>;

    /// What it declares about itself.
    fn declaration(self) -> &'static Declaration;

    /// The names of its numeric settings, in the declaration's order.
    fn fields(self) -> &'static [&'static str];

    /// Their values.
    fn numbers(self) -> Vec<f64>;

    /// The same to be changed.
    fn numbers_mut(&mut self) -> Vec<&mut f64>;
}

/// Kinds of one sort, each declared in one place: the enum itself, its names, its numeric settings
/// and what the sort wants to know of it. `$shared` is what all of them have in common; a kind may name
/// fields of its declaration that it has otherwise.
macro_rules! family {
    (
        $(#[$doc:meta])*
        $family:ident like $shared:ident, each with $own_type:ty;
        $(
            $(#[$kind_doc:meta])*
            $kind:ident $({ $($(#[$setting_doc:meta])* $setting:ident = $declared:expr),+ })?
            : $slug:literal, $base_name:literal, $key:literal, $own:expr $(, $field:ident = $other:expr)*;
        )+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum $family {
            $($(#[$kind_doc])* $kind $({ $($(#[$setting_doc])* $setting: f64),+ })?),+
        }

        impl $family {
            /// All of them in the palette's order, as new nodes start.
            pub const ALL: [Self; [$($slug),+].len()] =
                [$(Self::$kind $({ $($setting: $declared.default),+ })?),+];

            /// What its sort wants to know of it.
            pub(in crate::network) fn own(self) -> $own_type {
                match self {
                    $(Self::$kind { .. } => $own,)+
                }
            }
        }

        impl Family for $family {
            const TAGS: &'static [&'static str] = &[$(stringify!($kind)),+];

            fn all() -> Vec<Self> {
                Self::ALL.to_vec()
            }

            fn declaration(self) -> &'static Declaration {
                match self {
                    $(Self::$kind { .. } => {
                        const DECLARATION: Declaration = Declaration {
                            slug: $slug,
                            tag: stringify!($kind),
                            base_name: $base_name,
                            key: $key,
                            settings: &[$($($declared),+)?],
                            $($field: $other,)*
                            ..$shared
                        };
                        &DECLARATION
                    })+
                }
            }

            fn fields(self) -> &'static [&'static str] {
                match self {
                    $(Self::$kind { .. } => &[$($(stringify!($setting)),+)?],)+
                }
            }

            fn numbers(self) -> Vec<f64> {
                match self {
                    $(Self::$kind $({ $($setting),+ })? => vec![$($($setting),+)?],)+
                }
            }

            fn numbers_mut(&mut self) -> Vec<&mut f64> {
                match self {
                    $(Self::$kind $({ $($setting),+ })? => vec![$($($setting),+)?],)+
                }
            }
        }

        impl crate::words::ToMessage for $family {
            fn message(&self) -> crate::words::Message {
                crate::words::Message::new(self.declaration().key)
            }
        }
    };
}
pub(super) use family;

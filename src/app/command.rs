//! Everything that a person can ask of the program, as data.
//!
//! Must not know how it is done, nor what it looked like on the screen (a click, a key, a test).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::data::{DataSettings, Dialect};
use crate::document::actions::Alignment;
use crate::document::{RunId, TrainingSettings};
use crate::explain::Quantity;
use crate::explain::print::Convention;
use crate::network::{Edge, EdgeId, Fix, NodeId, NodeKind, ParameterKey, PatternKind, Position, Room, Seed};
use crate::train::{Goal, SampleView, Tempo};

use super::insight::Questions;
use super::walk::WalkCommand;
use super::{AutogradCommand, ExportCommand};

/// One thing asked of the program.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// About the model file.
    File(FileCommand),
    /// About the drawing and its parameters; can be undone.
    Edit(EditCommand),
    /// About training.
    Train(TrainCommand),
    /// About the data file.
    Data(DataCommand),
    /// About exporting.
    Export(ExportCommand),
    /// About what is looked at; changes no document.
    View(ViewCommand),
    /// About one gradient looked at closely; changes no document.
    Gradient(GradientCommand),
    /// About the walk through one pass; changes no document.
    Walk(WalkCommand),
}

/// About the model file. Those that would lose unsaved work ask first
/// ([`super::App::question`]).
#[derive(Clone, Debug, PartialEq)]
pub enum FileCommand {
    /// An empty drawing.
    New,
    /// Open a model.
    Open(PathBuf),
    /// Open an example that ships with the program, by its name such as `xor`.
    OpenExample(String),
    /// Save where it was saved last; without a path the window asks for one first.
    Save,
    /// Save under this path; asks before a file there is replaced.
    SaveAs(PathBuf),
    /// Save under this path, whatever stands there: the answer to [`super::Question::Replace`].
    Replace(PathBuf),
    /// Unroll over so many steps, an edit that can be undone, and save under this path: the answer
    /// to [`super::Question::FewerSteps`].
    SaveWithSteps {
        /// T.
        n_steps: usize,
        /// The model file.
        path: PathBuf,
    },
    /// Write a picture or a table beside the work; asks before a file there is replaced.
    SaveCopy {
        /// The file.
        path: PathBuf,
        /// What stands in it.
        bytes: Arc<Vec<u8>>,
        /// Whether the file may be replaced: the answer to [`super::Question::ReplaceCopy`].
        replace: bool,
    },
    /// A file of any kind was dropped or typed: a `.ron` is opened, anything else is data.
    OpenAny(PathBuf),
    /// The window wants to close.
    Quit,
    /// The answer to [`super::Question::Unsaved`].
    Answer(UnsavedAnswer),
    /// Take the work that an earlier run left behind.
    Recover,
    /// Throw away the work that an earlier run left behind.
    DiscardRecovery,
    /// Take over weights from a safetensors file, an edit that can be undone.
    ImportWeights(PathBuf),
    /// Forget the recent files.
    ClearRecent,
}

/// An answer to "there are unsaved changes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsavedAnswer {
    /// Save, then go on.
    Save,
    /// Go on without saving.
    Discard,
    /// Stay.
    Cancel,
}

/// About the drawing and its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum EditCommand {
    /// Keep what single steps came to, as a run that ends is kept by itself.
    KeepRun,
    /// Call a kept run something else.
    RenameRun(RunId, String),
    /// Let a kept run go.
    DeleteRun(RunId),
    /// Take back the weights and the settings of a kept run.
    RestoreRun(RunId),
    /// Take back the newest edit.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// A gesture begins: edits until its end are one step of the history.
    BeginGesture,
    /// The gesture ends.
    EndGesture,
    /// A new node; it becomes the selection.
    AddNode {
        /// What it does.
        kind: NodeKind,
        /// Its centre.
        position: Position,
    },
    /// A new node on an edge: the edge is split.
    InsertOnEdge {
        /// What it does.
        kind: NodeKind,
        /// The edge it is dropped on.
        edge: EdgeId,
        /// Its centre.
        position: Position,
    },
    /// A node that has no wires is put into an edge: it is moved, and the edge is split.
    InsertNodeOnEdge {
        /// The node.
        node: NodeId,
        /// The edge it is dropped on.
        edge: EdgeId,
        /// Its centre.
        position: Position,
    },
    /// A new node wired to an existing one (a wire was dropped into empty space).
    AddConnected {
        /// What it does.
        kind: NodeKind,
        /// Its centre.
        position: Position,
        /// The end of the wire that is already there.
        wire: WireEnd,
    },
    /// A ready-made pattern built from ordinary nodes.
    AddPattern {
        /// Which one.
        pattern: PatternKind,
        /// Its centre.
        position: Position,
    },
    /// A new edge. One that would close a cycle without a delay is refused with a notice.
    Connect {
        /// From this node's output
        from: NodeId,
        /// to this node's
        to: NodeId,
        /// input port,
        port: usize,
        /// this many steps back in time.
        delay: usize,
    },
    /// Other settings of an edge.
    SetEdge(EdgeId, Edge),
    /// What a problem offers to mend it.
    Fix(Fix),
    /// Delete nodes and edges.
    Delete {
        /// Nodes to delete.
        nodes: Vec<NodeId>,
        /// Edges to delete.
        edges: Vec<EdgeId>,
        /// Whether a deleted node's neighbors are wired to each other.
        heal: bool,
    },
    /// Delete what is selected.
    DeleteSelection {
        /// Whether a deleted node's neighbors are wired to each other.
        heal: bool,
    },
    /// Copy what is selected.
    Copy,
    /// Copy what is selected, then delete it.
    Cut,
    /// Paste; the copies become the selection.
    Paste {
        /// The centre of the copies; beside the originals without one.
        at: Option<Position>,
    },
    /// Copy and paste what is selected.
    Duplicate,
    /// A new name.
    Rename(NodeId, String),
    /// Another kind, or other settings of the same kind; the wires stay where they fit.
    SetKind(NodeId, NodeKind),
    /// New places.
    Move(Vec<(NodeId, Position)>),
    /// Line up what is selected.
    Align(Alignment),
    /// Lay everything out from left to right.
    AutoLayout,
    /// How many steps a network with loops is unrolled over, and where gradients are cut.
    SetSteps {
        /// T.
        n_steps: usize,
        /// k of truncated backpropagation.
        truncate: Option<usize>,
    },
    /// One number of a parameter, by hand.
    SetParameterEntry {
        /// Which parameter.
        key: ParameterKey,
        /// The entry in C order.
        index: usize,
        /// Its new value.
        value: f64,
    },
    /// Freeze or unfreeze a parameter.
    SetTrainable {
        /// Which parameter.
        key: ParameterKey,
        /// Whether it learns.
        trainable: bool,
    },
    /// Compute nodes under `no_grad`, or as usual.
    SetNoGrad {
        /// Which nodes.
        nodes: Vec<NodeId>,
        /// Whether they are computed under `no_grad`.
        no_grad: bool,
    },
    /// Mark a node as a root, or take the mark away.
    SetRoot {
        /// Which node.
        node: NodeId,
        /// Whether `backward()` starts there.
        is_root: bool,
    },
    /// The vector v that `backward()` starts with at a root.
    SetSeed {
        /// The root.
        node: NodeId,
        /// Its vector, or none.
        seed: Option<Seed>,
    },
    /// Other settings of the training.
    SetTraining(TrainingSettings),
    /// Nodes for a typed expression; they become the selection.
    DrawExpression(String),
}

/// One end of a wire that is being pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireEnd {
    /// The output of a node.
    Output(NodeId),
    /// An input port of a node.
    Input(NodeId, usize),
}

/// About training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainCommand {
    /// Go, as far as the goal says.
    Run(Goal),
    /// Run or pause, whichever it is not.
    Toggle,
    /// How fast runs go.
    SetTempo(Tempo),
    /// Draw the weights anew and forget the optimizer's state and the loss curve; can be undone.
    Reset(ResetTo),
    /// Train the same again with so many other seeds, in the background, and keep the runs; can be undone.
    Repeat(usize),
    /// Stop that; what was finished is kept.
    StopRepeating,
}

/// Where weights start again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetTo {
    /// From the seed, by each node's initializer.
    Seed,
    /// As stored in the file that was opened.
    Stored,
}

/// About the data file.
#[derive(Clone, Debug, PartialEq)]
pub enum DataCommand {
    /// Read this file in the background; the settings are found by inspection.
    Load(PathBuf),
    /// Read this file in the background as told.
    LoadAs(PathBuf, Dialect),
    /// Read the file again with the settings as they stand (another delimiter, a changed file).
    Reload,
    /// Stop reading, or forget the file that was refused or asks a question.
    Cancel,
    /// Other roles, kinds, scaling, split; a changed dialect reads the file again.
    Set(Box<DataSettings>),
    /// Go without a file.
    Unload,
    /// Score the network on a second file, too, or on none.
    Score(Option<PathBuf>),
    /// Prepare the other file as the weights were trained with: an answer to
    /// [`super::Question::Refit`].
    KeepFit,
    /// Fit the preprocessing anew to the other file: an answer to [`super::Question::Refit`].
    FitAnew,
}

/// About what is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Exactly this is selected.
    Select {
        /// These nodes
        nodes: Vec<NodeId>,
        /// and these edges.
        edges: Vec<EdgeId>,
    },
    /// Add or take away a node of the selection (Shift).
    ToggleNode(NodeId),
    /// Everything.
    SelectAll,
    /// Nothing.
    SelectNone,
    /// Pin a node to the panels, or unpin it.
    TogglePin(NodeId),
    /// Whole batch, one sample, or one row alone.
    Samples(SampleView),
    /// Which time step of an unrolled network is shown.
    TimeStep(usize),
    /// These copies of nodes are in sight of the unrolled graph, each with its time step; none while
    /// it is closed.
    SeeCopies(BTreeSet<(NodeId, usize)>),
    /// The panels in sight want to know this about the trained network.
    Ask(Box<Questions>),
    /// The room that the drawing has on the screen now: automatic layouts use it.
    Room(Room),
    /// A notice was read.
    DismissNotice(u64),
    /// All notices were read.
    DismissNotices,
    /// A wire was refused: what is unfinished is told as a problem from here on.
    ShowUnfinished,
    /// Explain a number; the trail begins with it.
    Explain(Quantity),
    /// Explain a number that the explained one is made of or goes into.
    Follow(Quantity),
    /// Explain the number at this place of the trail again.
    ExplainBack(usize),
    /// Explain nothing.
    CloseWhy,
    /// Write formulas, shapes, matrices and code in this convention.
    Convention(Convention),
}

/// About one gradient looked at closely, and the check of all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientCommand {
    /// This weight, bias or input is looked at; anything else is left aside.
    Choose(Quantity),
    /// By how much it is nudged.
    Epsilon(f64),
    /// Find out what a nudge does, in the background.
    Nudge,
    /// Check the gradient of every parameter, in the background.
    Check,
    /// Stop the check.
    CancelCheck,
    /// Find both ways to the chosen derivative, in the background.
    FindWays,
    /// Stop looking for them.
    CancelWays,
    /// What PyTorch keeps.
    Autograd(AutogradCommand),
}

//! Everything that the menus and the keys can do, in one list: name, key, and what it sends.
//!
//! Must not know how it is done. Menus, keys and the list under Help are made from this.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::dock::Pane;
use crate::app::{
    Alignment, Command, DataCommand, EditCommand, FileCommand, ResetTo, TrainCommand, ViewCommand,
};
use crate::files::ThemeChoice;
use crate::train::{Goal, Tempo};
use crate::words::Language;

/// One thing that a menu entry or a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// An empty drawing.
    New,
    /// Asks which model to open.
    Open,
    Save,
    /// Asks where to save.
    SaveAs,
    /// Asks where to save a picture of the drawing.
    SavePicture,
    /// Asks which data file to load.
    LoadData,
    /// Reads the data file again.
    ReloadData,
    /// Goes without a data file.
    UnloadData,
    /// Shows what the model can be written as.
    Export,
    /// Asks which weights to take over.
    ImportWeights,
    /// Score the network on a second file.
    ScoreFile,
    /// Forgets the recent files.
    ClearRecent,
    Quit,
    /// Takes back.
    Undo,
    /// Does again.
    Redo,
    /// Copies and deletes.
    Cut,
    Copy,
    Paste,
    /// Copies and pastes.
    Duplicate,
    /// Deletes what is selected.
    Delete,
    /// Deletes what is selected and joins its neighbors.
    DeleteHeal,
    /// Selects everything.
    SelectAll,
    /// Selects nothing.
    SelectNone,
    /// Pins the selected nodes to the panels, or unpins them.
    Pin,
    /// Lays everything out from left to right.
    AutoLayout,
    /// Lines up what is selected.
    Align(Alignment),
    /// Something that the drawing's view does.
    Canvas(CanvasAct),
    /// Brings a pane to the front; hides it where it is there already.
    Pane(Pane),
    /// Shows a hidden pane, hides a shown one.
    TogglePane(Pane),
    /// Shows a row of the data file, counted from 0.
    ShowRow(usize),
    /// Asks for an expression to be drawn.
    Expression,
    /// Larger text everywhere.
    TextLarger,
    /// Smaller text everywhere.
    TextSmaller,
    /// Text as large as at first.
    TextReset,
    /// The layout of the first start.
    ResetLayout,
    /// Light, dark, or as the system.
    Theme(ThemeChoice),
    /// Another language.
    Language(Language),
    /// Trains or pauses.
    TrainToggle,
    /// One batch.
    StepBatch,
    /// One epoch.
    StepEpoch,
    /// How fast runs go.
    Tempo(Tempo),
    /// Draws the weights anew from the seed.
    ResetSeed,
    /// Takes the weights that the file holds.
    ResetStored,
    /// Opens the walk through one pass, gives its bar the keys, or closes it.
    Walk,
    /// The list of keys.
    Shortcuts,
    /// What this program is.
    About,
}

/// What the drawing's view does; the drawing itself stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CanvasAct {
    /// Closer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Actual size.
    ZoomReset,
    /// Everything into view.
    Fit,
    /// The unrolled graph instead of the drawing, or the drawing again.
    Unrolled,
    /// Opens the selected nodes into neurons or curves, or closes them.
    Neurons,
}

/// What an act means to the rest of the program.
pub(crate) enum Meaning {
    /// A command for the application.
    Send(Command),
    /// Something that only the window does.
    Window,
}

impl Act {
    /// All acts that have a key, in the order of the list under Help; every pane is one of them.
    pub(crate) fn listed() -> impl Iterator<Item = Self> {
        let panes = Pane::ALL.into_iter().map(Self::Pane);
        Self::BEFORE_PANES.iter().copied().chain(panes).chain(Self::AFTER_PANES.iter().copied())
    }

    const BEFORE_PANES: &[Self] = &[
        Self::New,
        Self::Open,
        Self::Save,
        Self::SaveAs,
        Self::SavePicture,
        Self::LoadData,
        Self::Export,
        Self::ImportWeights,
        Self::Quit,
        Self::Undo,
        Self::Redo,
        Self::Cut,
        Self::Copy,
        Self::Paste,
        Self::Duplicate,
        Self::Delete,
        Self::DeleteHeal,
        Self::SelectAll,
        Self::SelectNone,
        Self::Pin,
        Self::AutoLayout,
        Self::Expression,
        Self::Canvas(CanvasAct::Fit),
        Self::Canvas(CanvasAct::ZoomIn),
        Self::Canvas(CanvasAct::ZoomOut),
        Self::Canvas(CanvasAct::ZoomReset),
        Self::Canvas(CanvasAct::Unrolled),
        Self::Canvas(CanvasAct::Neurons),
        Self::TrainToggle,
        Self::StepBatch,
        Self::StepEpoch,
        Self::ResetSeed,
        Self::Walk,
    ];

    const AFTER_PANES: &[Self] = &[Self::TextLarger, Self::TextSmaller, Self::TextReset, Self::Shortcuts];

    /// The key of its name in the tables.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::New => "menu-new",
            Self::Open => "menu-open",
            Self::Save => "menu-save",
            Self::SaveAs => "menu-save-as",
            Self::SavePicture => "menu-save-picture",
            Self::LoadData => "menu-load-data",
            Self::ReloadData => "menu-reload-data",
            Self::UnloadData => "menu-unload-data",
            Self::Export => "menu-export",
            Self::ImportWeights => "menu-import-weights",
            Self::ScoreFile => "menu-score-file",
            Self::ClearRecent => "menu-clear-recent",
            Self::Quit => "menu-quit",
            Self::Undo => "menu-undo",
            Self::Redo => "menu-redo",
            Self::Cut => "menu-cut",
            Self::Copy => "menu-copy",
            Self::Paste => "menu-paste",
            Self::Duplicate => "menu-duplicate",
            Self::Delete => "menu-delete",
            Self::DeleteHeal => "menu-delete-heal",
            Self::SelectAll => "menu-select-all",
            Self::SelectNone => "menu-select-none",
            Self::Pin => "menu-pin",
            Self::AutoLayout => "menu-auto-layout",
            Self::Expression => "menu-expression",
            Self::Align(alignment) => alignment.key(),
            Self::Canvas(CanvasAct::ZoomIn) => "menu-zoom-in",
            Self::Canvas(CanvasAct::ZoomOut) => "menu-zoom-out",
            Self::Canvas(CanvasAct::ZoomReset) => "menu-zoom-reset",
            Self::Canvas(CanvasAct::Fit) => "menu-fit",
            Self::Canvas(CanvasAct::Unrolled) => "menu-unrolled",
            Self::Canvas(CanvasAct::Neurons) => "menu-neurons",
            Self::Pane(pane) | Self::TogglePane(pane) => pane.key(),
            Self::ShowRow(_) => "samples-find-row-hint",
            Self::TextLarger => "menu-text-larger",
            Self::TextSmaller => "menu-text-smaller",
            Self::TextReset => "menu-text-reset",
            Self::ResetLayout => "menu-reset-layout",
            Self::Theme(ThemeChoice::System) => "menu-theme-system",
            Self::Theme(ThemeChoice::Light) => "menu-theme-light",
            Self::Theme(ThemeChoice::Dark) => "menu-theme-dark",
            Self::Language(_) => "menu-language",
            Self::TrainToggle => "menu-train-toggle",
            Self::StepBatch => "menu-step-batch",
            Self::StepEpoch => "menu-step-epoch",
            Self::Tempo(_) => "top-tempo",
            Self::ResetSeed => "menu-reset-seed",
            Self::ResetStored => "menu-reset-stored",
            Self::Walk => "menu-walk",
            Self::Shortcuts => "menu-shortcuts",
            Self::About => "menu-about",
        }
    }

    /// The key that does it.
    pub(crate) fn shortcut(self) -> Option<KeyboardShortcut> {
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let shifted = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key));
        let bare = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        match self {
            Self::New => command(Key::N),
            Self::Open => command(Key::O),
            Self::Save => command(Key::S),
            Self::SaveAs => shifted(Key::S),
            Self::LoadData => command(Key::L),
            Self::Export => command(Key::E),
            Self::SavePicture => shifted(Key::E),
            Self::ImportWeights => command(Key::I),
            Self::Quit => command(Key::Q),
            Self::Undo => command(Key::Z),
            Self::Redo => shifted(Key::Z),
            Self::Cut => command(Key::X),
            Self::Copy => command(Key::C),
            Self::Paste => command(Key::V),
            Self::Duplicate => command(Key::D),
            Self::Delete => bare(Key::Delete),
            Self::DeleteHeal => Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::Delete)),
            Self::SelectAll => command(Key::A),
            Self::SelectNone => shifted(Key::A),
            Self::Pin => command(Key::P),
            Self::AutoLayout => shifted(Key::L),
            Self::Expression => command(Key::T),
            Self::Canvas(CanvasAct::Fit) => bare(Key::F),
            Self::Canvas(CanvasAct::Unrolled) => bare(Key::U),
            Self::Canvas(CanvasAct::Neurons) => bare(Key::N),
            Self::Canvas(CanvasAct::ZoomIn) => bare(Key::Plus),
            Self::Canvas(CanvasAct::ZoomOut) => bare(Key::Minus),
            Self::Canvas(CanvasAct::ZoomReset) => bare(Key::Num0),
            Self::TrainToggle => bare(Key::F5),
            Self::StepBatch => bare(Key::F6),
            Self::StepEpoch => bare(Key::F7),
            Self::ResetSeed => bare(Key::F8),
            Self::Walk => bare(Key::F9),
            Self::Pane(pane) | Self::TogglePane(pane) => Some(pane.shortcut()),
            Self::TextLarger => command(Key::Plus),
            Self::TextSmaller => command(Key::Minus),
            Self::TextReset => command(Key::Num0),
            Self::Shortcuts => bare(Key::F1),
            Self::ReloadData
            | Self::UnloadData
            | Self::ScoreFile
            | Self::ClearRecent
            | Self::Align(_)
            | Self::ShowRow(_)
            | Self::ResetLayout
            | Self::Theme(_)
            | Self::Language(_)
            | Self::Tempo(_)
            | Self::ResetStored
            | Self::About => None,
        }
    }

    /// What it sends, or that the window does it.
    pub(crate) fn meaning(self) -> Meaning {
        let edit = |command| Meaning::Send(Command::Edit(command));
        let train = |command| Meaning::Send(Command::Train(command));
        match self {
            Self::New => Meaning::Send(Command::File(FileCommand::New)),
            Self::Save => Meaning::Send(Command::File(FileCommand::Save)),
            Self::ClearRecent => Meaning::Send(Command::File(FileCommand::ClearRecent)),
            Self::Quit => Meaning::Send(Command::File(FileCommand::Quit)),
            Self::ReloadData => Meaning::Send(Command::Data(DataCommand::Reload)),
            Self::UnloadData => Meaning::Send(Command::Data(DataCommand::Unload)),
            Self::Undo => edit(EditCommand::Undo),
            Self::Redo => edit(EditCommand::Redo),
            Self::Cut => edit(EditCommand::Cut),
            Self::Copy => edit(EditCommand::Copy),
            Self::Paste => edit(EditCommand::Paste { at: None }),
            Self::Duplicate => edit(EditCommand::Duplicate),
            Self::Delete => edit(EditCommand::DeleteSelection { heal: false }),
            Self::DeleteHeal => edit(EditCommand::DeleteSelection { heal: true }),
            Self::AutoLayout => edit(EditCommand::AutoLayout),
            Self::Align(alignment) => edit(EditCommand::Align(alignment)),
            Self::SelectAll => Meaning::Send(Command::View(ViewCommand::SelectAll)),
            Self::SelectNone => Meaning::Send(Command::View(ViewCommand::SelectNone)),
            Self::TrainToggle => train(TrainCommand::Toggle),
            Self::StepBatch => train(TrainCommand::Run(Goal::Batches(1))),
            Self::StepEpoch => train(TrainCommand::Run(Goal::Epochs(1))),
            Self::Tempo(tempo) => train(TrainCommand::SetTempo(tempo)),
            Self::ResetSeed => train(TrainCommand::Reset(ResetTo::Seed)),
            Self::ResetStored => train(TrainCommand::Reset(ResetTo::Stored)),
            Self::Open
            | Self::SaveAs
            | Self::SavePicture
            | Self::LoadData
            | Self::Export
            | Self::ImportWeights
            | Self::ScoreFile
            | Self::Pin
            | Self::Canvas(_)
            | Self::Pane(_)
            | Self::TogglePane(_)
            | Self::ShowRow(_)
            | Self::TextLarger
            | Self::TextSmaller
            | Self::TextReset
            | Self::ResetLayout
            | Self::Theme(_)
            | Self::Language(_)
            | Self::Walk
            | Self::Expression
            | Self::Shortcuts
            | Self::About => Meaning::Window,
        }
    }

    /// Whether it is done again and again while its key is held. What is switched on and off is not: a hand
    /// that is slow to let go would leave it as it was.
    fn repeats(self) -> bool {
        matches!(
            self,
            Self::Undo
                | Self::Redo
                | Self::StepBatch
                | Self::StepEpoch
                | Self::Canvas(CanvasAct::ZoomIn | CanvasAct::ZoomOut)
        )
    }

    /// Whether the key means nothing to a text field.
    fn works_while_typing(self) -> bool {
        let Some(shortcut) = self.shortcut() else { return false };
        let text_key = matches!(
            self,
            Self::Undo
                | Self::Redo
                | Self::Cut
                | Self::Copy
                | Self::Paste
                | Self::SelectAll
                | Self::Delete
                | Self::DeleteHeal
        );
        !text_key && (shortcut.modifiers.command || shortcut.logical_key >= Key::F1)
    }
}

/// Whether the system repeats a key that is held.
fn is_repeat_of(event: &egui::Event, wanted: Key) -> bool {
    matches!(event, egui::Event::Key { key, pressed: true, repeat: true, .. } if *key == wanted)
}

/// The acts whose keys were pressed in this frame; keys that a text field needs stay with it.
pub(crate) fn pressed(ctx: &egui::Context) -> Vec<Act> {
    let typing = ctx.text_edit_focused() || super::matrix::has_focus(ctx);
    let mut acts = Vec::new();
    // The longer chords first: Ctrl+Z would match Ctrl+Shift+Z.
    let mut order: Vec<Act> = Act::listed().collect();
    order.sort_by_key(|act| act.shortcut().is_none_or(|shortcut| !shortcut.modifiers.shift));
    for act in order {
        let Some(shortcut) = act.shortcut() else { continue };
        if typing && !act.works_while_typing() {
            continue;
        }
        let (is_pressed, is_held) = ctx.input_mut(|input| {
            let is_held = input.events.iter().any(|event| is_repeat_of(event, shortcut.logical_key));
            (input.consume_shortcut(&shortcut), is_held)
        });
        if is_pressed && (act.repeats() || !is_held) {
            acts.push(act);
        }
    }
    if !typing {
        // The clipboard's keys arrive as events of their own.
        ctx.input(|input| {
            for event in &input.events {
                match event {
                    egui::Event::Copy => acts.push(Act::Copy),
                    egui::Event::Cut => acts.push(Act::Cut),
                    egui::Event::Paste(_) => acts.push(Act::Paste),
                    _ => {}
                }
            }
        });
        for (act, shortcut) in ALSO {
            if ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
                acts.push(act);
            }
        }
    }
    acts
}

/// Second keys that other programs have for the same.
pub(crate) const ALSO: [(Act, KeyboardShortcut); 2] = [
    (Act::Delete, KeyboardShortcut::new(Modifiers::NONE, Key::Backspace)),
    (Act::Redo, KeyboardShortcut::new(Modifiers::COMMAND, Key::Y)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_acts_have_the_same_key_and_all_have_a_name() {
        let (words, mut seen) = (crate::words::Words::default(), Vec::new());
        for act in Act::listed() {
            assert!(words.has(act.key()), "{act:?}");
            let shortcut = act.shortcut();
            assert!(shortcut.is_some() && !seen.contains(&shortcut), "{act:?}");
            seen.push(shortcut);
        }
    }
}

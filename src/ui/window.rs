//! The window: owns the application, draws it, and does what only a window can do.
//!
//! Must not know how a command is done.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use egui::{Context, ThemePreference, Ui, ViewportCommand};

use super::act::{self, Act, CanvasAct, Meaning};
use super::canvas::{Canvas, CanvasRequest};
use super::dialogs::{Dialogs, PathTask, notices_ui};
use super::dock::{Dock, Pane};
use super::menu::MenuContext;
use super::panes::Panes;
use super::repaint::Pace;
use super::theme::{self, Theme};
use super::{clicks, data_panel, pictures, top_bar, trace, walk};
use crate::app::signals::save_when_interrupted;
use crate::app::{App, Command, EditCommand, FileCommand, Questions, Used, ViewCommand, Wake, WalkCommand};
use crate::files::{Preferences, ThemeChoice, is_model_path};
use crate::words::{Language, Words};

/// Unsaved work is kept this often.
const BETWEEN_AUTOSAVES: Duration = Duration::from_secs(15);

/// What the window starts with.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RunOptions {
    /// A model to open instead of the first example.
    pub model: Option<PathBuf>,
    /// A data file to load.
    pub data: Option<PathBuf>,
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// Where no window can open: no display, a missing system library, no OpenGL.
pub fn run(options: RunOptions) -> Result<(), eframe::Error> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Vastavirta")
        .with_app_id("vastavirta")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([640.0, 400.0])
        .with_drag_and_drop(true)
        .with_icon(icon());
    let native = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "vastavirta",
        native,
        Box::new(move |creation| {
            OPENED.store(true, Ordering::Relaxed);
            Ok(Box::new(Window::new(&creation.egui_ctx, options)))
        }),
    )
}

/// Whether the window has opened: what fails later is not for want of a display.
pub fn has_opened() -> bool {
    OPENED.load(Ordering::Relaxed)
}

static OPENED: AtomicBool = AtomicBool::new(false);

/// The window.
pub struct Window {
    app: App,
    words: Words,
    preferences: Preferences,
    dock: Dock,
    canvas: Canvas,
    dialogs: Dialogs,
    pace: Pace,
    wake: Wake,
    title: String,
    commands: Vec<Command>,
    /// Whether preferences are written; not in tests.
    is_remembering: bool,
}

impl Window {
    /// A window in `ctx`, with what `options` name opened in it.
    pub fn new(ctx: &Context, options: RunOptions) -> Self {
        // Unreadable preferences are worth no question: the defaults do.
        let preferences = crate::files::read_preferences().unwrap_or_default();
        let mut window = Self::with_preferences(ctx, preferences);
        if window.preferences.language.is_none() {
            window.words = Words::new(Language::of_environment(|name| std::env::var(name).ok()));
        }
        if let Some(config_dir) = crate::files::config_dir() {
            window.app = App::with_autosave(window.wake.clone(), &config_dir, BETWEEN_AUTOSAVES);
            let convention = ViewCommand::Convention(window.preferences.convention);
            window.app.dispatch(Command::View(convention));
            if let Some(save) = window.app.last_chance() {
                save_when_interrupted(save);
            }
        }
        window.is_remembering = true;
        let first = options.model.map_or_else(
            || FileCommand::OpenExample(crate::files::FIRST_EXAMPLE.to_owned()),
            FileCommand::OpenAny,
        );
        window.app.dispatch(Command::File(first));
        if let Some(data) = options.data {
            window.app.dispatch(Command::File(FileCommand::OpenAny(data)));
        }
        window
    }

    /// A window that reads no preferences: for tests.
    pub fn with_preferences(ctx: &Context, preferences: Preferences) -> Self {
        theme::install(ctx);
        trace::install(ctx);
        ctx.set_theme(theme_preference(preferences.theme));
        if let Some(percent) = preferences.text_percent {
            ctx.set_zoom_factor(f32::from(percent) / 100.0);
        }
        let pace = Pace::default();
        let wake = pace.wake(ctx);
        let layout = preferences.layout.as_deref();
        let mut app = App::new(wake.clone());
        app.dispatch(Command::View(ViewCommand::Convention(preferences.convention)));
        Self {
            app,
            words: Words::new(preferences.language.unwrap_or_default()),
            dock: layout.and_then(Dock::from_text).unwrap_or_default(),
            preferences,
            canvas: Canvas::default(),
            dialogs: Dialogs::default(),
            pace,
            wake,
            title: String::new(),
            commands: Vec::new(),
            is_remembering: false,
        }
    }

    /// What stands in the window's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The application inside.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The application inside, for tests that prepare it.
    pub fn app_mut(&mut self) -> &mut App {
        &mut self.app
    }

    /// What it will remember about a person.
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// The drawing inside.
    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// Speaks another language from now on.
    pub fn set_language(&mut self, language: Language) {
        self.words = Words::new(language);
        self.preferences.language = Some(language);
    }

    /// All panes, by the keys of their titles.
    pub fn pane_keys() -> impl Iterator<Item = &'static str> {
        Pane::ALL.into_iter().map(Pane::key)
    }

    /// Brings a pane to the front, by the key of its title such as `pane-data`.
    pub fn show_pane(&mut self, key: &str) {
        if let Some(pane) = Pane::ALL.into_iter().find(|pane| pane.key() == key) {
            self.dock.show(pane);
        }
    }

    /// Draws everything and does what was asked.
    pub fn window_ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        clicks::set_habits(&ctx);
        self.app.tick();
        let mut acts = if self.dialogs.is_open() || self.app.question().is_some() {
            Vec::new()
        } else {
            act::pressed(&ctx)
        };
        self.take_dropped_files(&ctx);
        let mut commands = std::mem::take(&mut self.commands);
        let context = MenuContext { dock: &self.dock, preferences: &self.preferences };
        egui::Panel::top("top bar").frame(bar_frame(&ctx)).show(ui, |ui| {
            top_bar::top_bar_ui(ui, &self.app, &self.words, &context, &mut acts, &mut commands);
        });
        notices_ui(ui, &self.app, &self.words, &mut commands);
        let mut asks = Questions::default();
        let frame = egui::Frame::NONE.fill(Theme::current(&ctx).panel);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            let mut panes = Panes {
                app: &self.app,
                words: &self.words,
                canvas: &mut self.canvas,
                out: &mut commands,
                acts: &mut acts,
                asks: &mut asks,
                hide: None,
                open: None,
                shown: HashMap::new(),
            };
            self.dock.ui(ui, &mut panes);
            if let Some(pane) = panes.hide {
                self.dock.toggle(pane);
            }
            if let Some(tab) = panes.open {
                self.dock.open(tab);
            }
        });
        if let Some(offer) = pictures::take_offer(&ctx) {
            self.dialogs.ask_where(offer, &self.app, &self.words, &self.preferences);
        }
        self.dialogs.ui(&ctx, &self.app, &self.words, &self.preferences, &self.wake, &mut commands);
        if asks != *self.app.questions() {
            commands.push(Command::View(ViewCommand::Ask(Box::new(asks))));
        }
        for act in acts {
            self.perform(&ctx, act, &mut commands);
        }
        for command in commands {
            if matches!(command, Command::View(ViewCommand::Explain(_))) {
                self.dock.show(Pane::Why);
            }
            self.app.dispatch(command);
        }
        self.remember_used();
        self.remember_convention();
        self.remember_text_size(&ctx);
        self.name_window(&ctx);
        self.close_or_stay(&ctx);
    }

    /// Keeps the lists of recent files.
    fn remember_used(&mut self) {
        let used = self.app.take_used();
        if used.is_empty() {
            return;
        }
        for used in used {
            match used {
                Used::Model(path) => self.preferences.remember_model(&path),
                Used::Data(path) => self.preferences.remember_data(&path),
                Used::Cleared => self.preferences.forget_recent(),
            }
        }
        self.write_preferences();
    }

    /// The convention stays for the next start.
    fn remember_convention(&mut self) {
        if self.preferences.convention != self.app.convention() {
            self.preferences.convention = self.app.convention();
            self.write_preferences();
        }
    }

    /// Keeps the size of texts, whichever way it was changed.
    fn remember_text_size(&mut self, ctx: &Context) {
        let percent = (ctx.zoom_factor() * 100.0).round() as u16;
        let chosen = (percent != 100).then_some(percent);
        if chosen != self.preferences.text_percent {
            self.preferences.text_percent = chosen;
            self.write_preferences();
        }
    }

    fn write_preferences(&mut self) {
        self.preferences.layout = Some(self.dock.to_text());
        if self.is_remembering {
            // A preference that cannot be kept is worth no message.
            let _ = crate::files::write_preferences(&self.preferences);
        }
    }

    fn perform(&mut self, ctx: &Context, act: Act, out: &mut Vec<Command>) {
        if act == Act::AutoLayout {
            self.canvas.ask(CanvasRequest::Fit);
        }
        match act.meaning() {
            Meaning::Send(command) => {
                if matches!(command, Command::Edit(EditCommand::Copy | EditCommand::Cut)) {
                    // Without text on the clipboard, the system sends no "paste".
                    let nodes = self.app.selection().nodes.iter();
                    let names = nodes.filter_map(|node| self.app.document().network.nodes.get(node));
                    let names: Vec<&str> = names.map(|node| node.name.as_str()).collect();
                    if !names.is_empty() {
                        ctx.copy_text(names.join("\n"));
                    }
                }
                out.push(command);
            }
            Meaning::Window => self.perform_window(ctx, act, out),
        }
    }

    fn perform_window(&mut self, ctx: &Context, act: Act, out: &mut Vec<Command>) {
        match act {
            Act::Open => self.ask_path(PathTask::Open),
            Act::SaveAs => self.ask_path(PathTask::SaveAs),
            Act::LoadData => self.ask_path(PathTask::LoadData),
            Act::SavePicture => pictures::offer_drawing(ctx, &self.app, &self.words),
            Act::ImportWeights => self.ask_path(PathTask::ImportWeights),
            Act::ScoreFile => self.ask_path(PathTask::ScoreFile),
            Act::Export => self.dialogs.export(&self.app, out),
            Act::Pin => {
                let nodes = self.app.selection().nodes.iter();
                out.extend(nodes.map(|&node| Command::View(ViewCommand::TogglePin(node))));
            }
            Act::Pane(pane) if self.dock.is_in_front(pane) => self.dock.toggle(pane),
            Act::Pane(pane) => self.dock.show(pane),
            Act::TogglePane(pane) => self.dock.toggle(pane),
            Act::ShowRow(row) => {
                self.dock.show(Pane::Data);
                data_panel::find_row(ctx, row);
            }
            Act::Canvas(act) => self.canvas.ask(match act {
                CanvasAct::ZoomIn => CanvasRequest::ZoomIn,
                CanvasAct::ZoomOut => CanvasRequest::ZoomOut,
                CanvasAct::ZoomReset => CanvasRequest::ZoomReset,
                CanvasAct::Fit => CanvasRequest::Fit,
                CanvasAct::Unrolled => CanvasRequest::Unrolled,
                CanvasAct::Neurons => CanvasRequest::Neurons,
            }),
            Act::Walk => self.walk(ctx, out),
            Act::TextLarger => egui::gui_zoom::zoom_in(ctx),
            Act::TextSmaller => egui::gui_zoom::zoom_out(ctx),
            Act::TextReset => ctx.set_zoom_factor(1.0),
            Act::ResetLayout => self.dock = Dock::default(),
            Act::Theme(theme) => {
                self.preferences.theme = theme;
                ctx.set_theme(theme_preference(theme));
                self.write_preferences();
            }
            Act::Language(language) => {
                self.set_language(language);
                self.write_preferences();
            }
            other => self.dialogs.open(other, &self.app),
        }
        ctx.request_repaint();
    }

    /// Opens a walk; gives its bar the arrow keys where one is open; closes it where it has them.
    fn walk(&mut self, ctx: &Context, out: &mut Vec<Command>) {
        let has_focus = ctx.memory(|memory| memory.has_focus(walk::bar_id()));
        if self.app.is_walking() && has_focus {
            ctx.memory_mut(|memory| memory.surrender_focus(walk::bar_id()));
            out.push(Command::Walk(WalkCommand::Close));
            return;
        }
        if !self.app.is_walking() {
            out.push(Command::Walk(WalkCommand::Open));
            self.dock.show(Pane::Backprop);
        }
        walk::give_focus(ctx);
    }

    fn ask_path(&mut self, task: PathTask) {
        self.dialogs.ask_path(task, &self.app, &self.words, &self.preferences);
    }

    fn take_dropped_files(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let mut paths: Vec<PathBuf> = dropped.into_iter().map(|file| file.path().to_owned()).collect();
        // Data that come together with a model are for that model.
        paths.sort_by_key(|path| !is_model_path(path));
        self.commands.extend(paths.into_iter().map(|path| Command::File(FileCommand::OpenAny(path))));
    }

    /// `xor.ron • Vastavirta`, with the dot while there are unsaved changes.
    fn name_window(&mut self, ctx: &Context) {
        let file = self.app.path().and_then(|path| path.file_name());
        let name = match (file, self.app.example()) {
            (Some(name), _) => name.to_string_lossy().into_owned(),
            (None, Some(example)) => example.to_owned(),
            (None, None) => self.words.text("files-untitled"),
        };
        let mark = if self.app.is_dirty() { " •" } else { "" };
        let title = format!("{name}{mark} — Vastavirta");
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Lets the window close when nothing would be lost.
    fn close_or_stay(&mut self, ctx: &Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        if asked && !self.app.may_close() {
            self.app.dispatch(Command::File(FileCommand::Quit));
            if !self.app.may_close() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
        } else if !asked && self.app.may_close() {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        if let Some(cost) = frame.info().cpu_usage {
            self.pace.measure(f64::from(cost));
        }
        self.window_ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.write_preferences();
    }
}

/// The program's sign; an empty one where it cannot be read.
fn icon() -> egui::IconData {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")).unwrap_or_default()
}

fn theme_preference(theme: ThemeChoice) -> ThemePreference {
    match theme {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::Dark => ThemePreference::Dark,
    }
}

fn bar_frame(ctx: &Context) -> egui::Frame {
    egui::Frame::NONE.fill(Theme::current(ctx).panel).inner_margin(egui::Margin::symmetric(8, 5))
}

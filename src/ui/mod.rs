//! The window: reads the application, sends commands. The only home of egui.
//!
//! Must not know how a command is done. [`Window`] owns the [`crate::app::App`], draws it once a
//! frame and hands it the commands that the panels gave. A panel is a function
//! `thing_ui(ui, &app, &words, &mut commands)`; what only concerns the window itself (layout,
//! theme, open dialogs) stays here.

mod act;
mod backprop;
mod boundary;
pub mod canvas;
mod class_colors;
mod clicks;
mod color_scale;
mod confusion;
mod convention;
mod copy_menu;
mod curves;
mod data_panel;
mod dialogs;
mod dock;
mod elide;
mod field_plot;
mod fields;
mod findings;
mod formula;
mod gradient;
mod health;
mod hover;
mod inspector;
mod landscape;
mod lit;
mod matrix;
mod menu;
mod names;
mod numbers;
pub mod outline;
pub mod palette;
mod panes;
pub mod pictures;
mod plots;
mod predictions;
mod problems;
mod repaint;
mod rows_editor;
mod runs;
mod samples;
mod scrolling;
mod series;
mod settings_words;
mod studies;
mod tab_bar;
pub mod theme;
mod ticks;
mod top_bar;
pub mod trace;
mod training;
mod walk;
mod what_if;
mod why;
mod window;

pub use window::{RunOptions, Window, has_opened, run};

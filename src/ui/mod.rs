//! The window: reads the application, sends commands. The only home of egui.
//!
//! Must not know how a command is done.

pub mod theme;
pub mod trace;

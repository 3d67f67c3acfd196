//! The same jobs from the terminal. Must not know egui.

pub mod bench;

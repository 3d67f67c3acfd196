//! The application without a window. Must not know egui.

//! The application as its users meet it: the command line, the file, the window.
//!
//! Must not look inside: what stands here would hold for any program with the same screens and files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that was skipped says so")]

mod interop;
mod random_networks;
mod real_window;
mod shipped_models;
mod support;

//! The application as its users meet it: the command line, the file, the window; and drawings, from the
//! first edit to their gradients.
//!
//! Must not look inside: only what the library offers to others is used.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that was skipped says so")]

mod attention;
mod autograd;
mod axes;
mod batch_axis;
mod broken_csv;
mod canvas;
mod chosen_data;
mod columns;
mod command_line;
mod copy_lists;
mod copy_menus;
mod course;
mod data_window;
mod descent;
mod display;
mod drawn;
mod drawn_gates;
mod drawn_gradients;
mod drawn_references;
mod edits;
mod explained;
mod export;
mod export_by_hand;
mod export_conventions;
mod export_free;
mod export_hostile;
mod export_mixed;
mod export_projects;
mod expression_dialog;
mod expressions;
mod fits;
mod flows;
mod forecasts;
mod gradient_checks;
mod gradient_panel;
mod health;
mod hostile;
mod import;
mod insights;
mod interop;
mod landscapes;
mod no_grad;
mod numbers_answer;
mod onnx;
mod pages;
mod panel_columns;
mod panels;
mod paths;
mod patterns;
mod pictures;
mod printed_lines;
mod random_files;
mod random_networks;
mod real_window;
mod real_window_export;
mod real_window_expression;
mod real_window_functions;
mod real_window_hands;
mod real_window_housing;
mod real_window_loops;
mod real_window_tempo;
mod real_window_walk;
mod real_window_why;
mod recovery;
mod roots;
mod rows_of_controls;
mod runs;
mod saved_plots;
#[cfg(unix)]
mod saved_runs;
mod saving;
mod screen;
mod shipped_functions;
mod shipped_models;
mod shipped_sequences;
mod shortcuts;
mod small_window;
mod stopped;
mod support;
mod tables;
mod told;
mod unusual;
mod unusual_panels;
mod unusual_rows;
mod vector_roots;
mod walk_screen;
mod walking;
mod walks;
mod why;
mod window;

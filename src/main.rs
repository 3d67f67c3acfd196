//! The command line: open the window, or do one job without it.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use vastavirta::cli::{self, Request, WindowRequest};
use vastavirta::ui;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Request::Job(job)) => job.run(),
        Ok(Request::Window(request)) => window(&request),
        Err(code) => code,
    }
}

/// The window, or where none can open the same training in the terminal.
fn window(request: &WindowRequest) -> ExitCode {
    let WindowRequest { model, data } = request.clone();
    // A system library that is missing is met as a panic; until the window is there, its text
    // becomes the reason that is given.
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if ui::has_opened() {
            usual(panic);
        }
    }));
    let ended = panic::catch_unwind(AssertUnwindSafe(|| ui::run(ui::RunOptions { model, data })));
    let reason = match ended {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => error.to_string(),
        Err(panic) => text_of(panic.as_ref()),
    };
    if ui::has_opened() {
        return ExitCode::FAILURE;
    }
    drop(panic::take_hook());
    cli::train_without_window(&reason, request)
}

/// What a panic said.
fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic").to_owned()
}

//! Finds the program, Python and the tools of a virtual display, and says what was skipped without them.
//!
//! Must not know any screen or file of the program.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The program under test: `VASTAVIRTA_BINARY`, or the one that cargo built for this test.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("VASTAVIRTA_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_vastavirta")), PathBuf::from)
}

/// A command of the program, run in the package's folder.
pub(crate) fn vastavirta(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command
}

/// Runs a command to its end and gives its standard output; anything but exit 0 fails.
pub(crate) fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Python with PyTorch: `VASTAVIRTA_PYTHON`, or `python3`. Without one the test says that it was
/// skipped; with `VASTAVIRTA_REQUIRE_PYTHON=1` it fails.
pub(crate) fn python(test: &str) -> Option<PathBuf> {
    python_with(test, "torch")
}

/// The same with all of `modules`, as an `import` names them.
pub(crate) fn python_with(test: &str, modules: &str) -> Option<PathBuf> {
    let named = std::env::var_os("VASTAVIRTA_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| PathBuf::from("python3"));
    let has_all = quiet(Command::new(&python).args(["-c", &format!("import {modules}")]))
        .is_some_and(|status| status.success());
    let missing = format!("a Python with {modules}");
    has_all.then_some(python).or_else(|| skip(test, "VASTAVIRTA_REQUIRE_PYTHON", &missing))
}

/// Says that a test was skipped for want of `missing`, or fails where `variable` is set.
pub(crate) fn skip<T>(test: &str, variable: &str, missing: &str) -> Option<T> {
    assert!(std::env::var_os(variable).is_none(), "{test} needs {missing}, and {variable} is set");
    eprintln!("SKIPPED {test}: it needs {missing} (with {variable}=1 this is a failure)");
    None
}

/// Whether there is such a command.
pub(crate) fn starts(command: &mut Command) -> bool {
    quiet(command).is_some()
}

/// How a command ends, its words unheard; none where it cannot be started.
fn quiet(command: &mut Command) -> Option<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()
}

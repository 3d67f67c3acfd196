//! The main job in a real window: drawn, wired, trained, saved and opened again with mouse and keys.
//!
//! Needs Xvfb, xdotool and ImageMagick; without them `cargo test` says that it skipped this, and
//! `VASTAVIRTA_REQUIRE_WINDOW=1` makes it a failure.

use std::process::Stdio;

use crate::support;

#[test]
fn without_a_display_the_example_trains_in_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let output = support::vastavirta(&[])
        .current_dir(home.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("LANG", "en_US.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{}\n{said}", output.status);
    assert!(said.contains("epoch") && said.contains("loss"), "{said}");
}

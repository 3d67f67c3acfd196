//! A virtual display, a real mouse and keyboard on it, and the program's window in it.
//!
//! Must not know the program's screens. Widgets are found in the lines that `VASTAVIRTA_TRACE_UI` asks
//! the window for: role, label, value, state and rectangle.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support;

/// How long anything on the screen may take to appear; software drawing on a busy machine is slow.
const PATIENCE: Duration = Duration::from_mins(2);

/// A window that has drawn nothing new for so long rests.
const BEAT: Duration = Duration::from_millis(50);

/// A window that never rests gets the next event after so long.
const LONGEST_BEAT: Duration = Duration::from_millis(600);

/// What has stayed in its place for so long stays there.
const STILL: Duration = Duration::from_millis(300);

/// How long a hand holds a key down: several frames.
const HELD: Duration = Duration::from_millis(150);

/// An Xvfb of our own.
pub(crate) struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a display of 1280×800 on a free number; none where its tools are missing.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let tools = [("Xvfb", "-help"), ("xdotool", "version"), ("import", "-version")];
        if tools.iter().any(|(tool, question)| !support::starts(Command::new(tool).arg(question))) {
            return support::skip(test, "VASTAVIRTA_REQUIRE_WINDOW", "Xvfb, xdotool and ImageMagick");
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    pub(crate) fn xdotool(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("xdotool");
        command.env("DISPLAY", &self.name).args(arguments).stdin(Stdio::null());
        support::output_of(&mut command)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// One widget as the window's trace tells of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Widget {
    pub(crate) role: String,
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) state: String,
    /// Left, top, right and bottom, in pixels of the window.
    pub(crate) rect: [f64; 4],
}

impl Widget {
    fn read(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [role, label, value, state, rect @ ..] = cells.as_slice() else { return None };
        let rect: Vec<f64> = rect.iter().filter_map(|cell| cell.parse().ok()).collect();
        let [role, label, value, state] = [role, label, value, state].map(|text| text.trim().to_owned());
        Some(Self { role, label, value, state, rect: rect.try_into().ok()? })
    }

    /// The middle of the widget.
    pub(crate) fn center(&self) -> (f64, f64) {
        let [left, top, right, bottom] = self.rect;
        (f64::midpoint(left, right), f64::midpoint(top, bottom))
    }

    /// What a person reads on it.
    pub(crate) fn text(&self) -> &str {
        if self.label.is_empty() { &self.value } else { &self.label }
    }
}

/// The program's window on a virtual display, in a folder of its own for preferences and files.
pub(crate) struct Window<'a> {
    display: &'a Display,
    process: Child,
    id: String,
    trace: PathBuf,
}

impl<'a> Window<'a> {
    /// Starts the program, waits for its first frame and gives the window the keys.
    pub(crate) fn open(display: &'a Display, home: &Path, arguments: &[&str]) -> Self {
        let mut window = Self::start(display, home, arguments);
        window.wait_for("the first frame", |widgets| !widgets.is_empty());
        let found = display.xdotool(&["search", "--sync", "--onlyvisible", "--name", "Vastavirta"]);
        found.lines().next_back().unwrap().clone_into(&mut window.id);
        display.xdotool(&["windowfocus", "--sync", &window.id]);
        window
    }

    /// Starts the program. Its widgets can be read as they appear; the mouse and the keys need [`open`](Self::open).
    pub(crate) fn start(display: &'a Display, home: &Path, arguments: &[&str]) -> Self {
        let trace = home.join("trace.tsv");
        let _ = fs::remove_file(&trace);
        let process = support::vastavirta(arguments)
            .current_dir(home)
            .env("DISPLAY", &display.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("HOME", home)
            .env("VASTAVIRTA_CONFIG_DIR", home.join("config"))
            .env("LANG", "en_US.UTF-8")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("VASTAVIRTA_TRACE_UI", &trace)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { display, process, id: String::new(), trace }
    }

    /// The program's process.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the program's end.
    pub(crate) fn wait_for_end(mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the program did not end");
            sleep(Duration::from_millis(30));
        }
    }

    /// Memory that the program holds, in megabytes.
    pub(crate) fn resident_megabytes(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
    }

    /// All widgets of the newest frame.
    pub(crate) fn widgets(&self) -> Vec<Widget> {
        let text = fs::read_to_string(&self.trace).unwrap_or_default();
        text.lines().skip(1).filter_map(Widget::read).collect()
    }

    /// Waits until the screen shows what is asked for.
    pub(crate) fn wait_for(&mut self, what: &str, mut holds: impl FnMut(&[Widget]) -> bool) -> Vec<Widget> {
        let start = Instant::now();
        loop {
            let widgets = self.widgets();
            if holds(&widgets) {
                return widgets;
            }
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("the program ended with {status} while the test waited for {what}");
            }
            if start.elapsed() > PATIENCE {
                self.photograph("failure");
                let seen: Vec<String> = widgets
                    .iter()
                    .map(|w| format!("{} {:?} = {:?} {}", w.role, w.label, w.value, w.state))
                    .collect();
                panic!("{what} did not appear; the screen shows\n{}", seen.join("\n"));
            }
            sleep(Duration::from_millis(10));
        }
    }

    /// The widget that a person would call `text`, once it has appeared.
    pub(crate) fn find(&mut self, text: &str) -> Widget {
        self.find_where(text, |widget| widget.text() == text)
    }

    /// The first widget that `fits`, once it has appeared and stays where it is: a list that opens is first
    /// measured out of sight, and a panel that grows moves what is beside it.
    pub(crate) fn find_where(&mut self, what: &str, fits: impl Fn(&Widget) -> bool) -> Widget {
        let found = |widgets: &[Widget]| widgets.iter().find(|widget| fits(widget)).cloned();
        let mut last: Option<(Widget, Instant)> = None;
        let mut result = None;
        self.wait_for(what, |widgets| {
            let Some(widget) = found(widgets) else {
                last = None;
                return false;
            };
            match &last {
                Some((before, since)) if before.rect == widget.rect => {
                    if since.elapsed() < STILL {
                        return false;
                    }
                    result = Some(widget);
                    true
                }
                _ => {
                    last = Some((widget, Instant::now()));
                    false
                }
            }
        });
        result.unwrap()
    }

    /// Leaves the program by its key, and waits for its end.
    pub(crate) fn quit(self) {
        self.hold("ctrl+q");
        sleep(HELD);
        self.display.xdotool(&["keyup", "ctrl+q"]);
        let status = self.wait_for_end();
        assert!(status.success(), "the program ended with {status}");
    }

    /// Clicks on the middle of a widget.
    pub(crate) fn click(&mut self, text: &str) {
        let (x, y) = self.find(text).center();
        self.click_at(x, y);
    }

    /// Clicks on a tab, as a person does: again where nothing came of it.
    pub(crate) fn open_tab(&mut self, name: &str) {
        for _ in 0..5 {
            self.click(name);
            if self.widgets().iter().any(|widget| widget.text() == name && widget.state == "on") {
                return;
            }
        }
        panic!("the tab {name} did not open");
    }

    /// Clicks on a place.
    pub(crate) fn click_at(&self, x: f64, y: f64) {
        self.move_to(x, y);
        self.act(&["mousedown", "1"]);
        self.act(&["mouseup", "1"]);
    }

    /// Clicks twice on a place.
    pub(crate) fn double_click_at(&self, x: f64, y: f64) {
        self.move_to(x, y);
        self.act(&["click", "--repeat", "2", "--delay", "60", "1"]);
    }

    /// Turns the wheel to the right over a place.
    pub(crate) fn scroll_right(&self, (x, y): (f64, f64)) {
        self.move_to(x, y);
        self.act(&["click", "--repeat", "4", "7"]);
    }

    /// Presses at one place, moves in small steps, and releases at another.
    pub(crate) fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        const STEPS: u32 = 6;
        self.move_to(from.0, from.1);
        self.act(&["mousedown", "1"]);
        self.move_to(from.0 + 4.0, from.1);
        for step in 1..=STEPS {
            let part = f64::from(step) / f64::from(STEPS);
            self.move_to(from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        }
        self.act(&["mouseup", "1"]);
    }

    /// Presses a key or a chord, such as `ctrl+s`, as long as a hand does.
    pub(crate) fn key(&self, chord: &str) {
        self.hold(chord);
        sleep(HELD);
        self.let_go(chord);
    }

    /// Presses a key and keeps it down.
    pub(crate) fn hold(&self, chord: &str) {
        self.display.xdotool(&["keydown", chord]);
    }

    /// Releases a key that was held.
    pub(crate) fn let_go(&self, chord: &str) {
        self.act(&["keyup", chord]);
    }

    /// Types text.
    pub(crate) fn type_text(&self, text: &str) {
        self.act(&["type", "--delay", "15", text]);
    }

    pub(crate) fn move_to(&self, x: f64, y: f64) {
        self.act(&["mousemove", "--window", &self.id, &format!("{x:.0}"), &format!("{y:.0}")]);
    }

    /// Sends an event and waits until the window has drawn what came of it and rests (or, while it
    /// trains, has drawn for a while). Several events within one slow frame would blur into one.
    fn act(&self, arguments: &[&str]) {
        let before = self.frame();
        self.display.xdotool(arguments);
        let start = Instant::now();
        let mut newest = (before, start);
        while start.elapsed() < LONGEST_BEAT {
            sleep(Duration::from_millis(10));
            let frame = self.frame();
            if frame != newest.0 {
                newest = (frame, Instant::now());
            } else if frame != before && newest.1.elapsed() > BEAT {
                break;
            }
        }
    }

    /// The number of the newest frame.
    pub(crate) fn frame(&self) -> u64 {
        let text = fs::read_to_string(&self.trace).unwrap_or_default();
        text.lines().next().and_then(|line| line.parse().ok()).unwrap_or(0)
    }

    /// Saves a picture of the screen under `target/screenshots`.
    pub(crate) fn photograph(&self, name: &str) {
        // The newest frame is known a little before it is painted.
        sleep(Duration::from_millis(500));
        let folder = support::root().join("target/screenshots");
        fs::create_dir_all(&folder).unwrap();
        let mut camera = Command::new("import");
        camera
            .args(["-display", &self.display.name, "-window", "root"])
            .arg(folder.join(format!("{name}.png")));
        support::output_of(camera.stdin(Stdio::null()));
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The number that stands after a label of the top bar.
pub(crate) fn number_after(widgets: &[Widget], label: &str) -> Option<f64> {
    let at = widgets.iter().find(|widget| widget.text() == label && widget.rect[3] < 34.0)?.rect[2];
    let after = widgets.iter().filter(|widget| widget.rect[3] < 34.0 && widget.rect[0] >= at);
    let mut after: Vec<&Widget> = after.collect();
    after.sort_by(|a, b| a.rect[0].total_cmp(&b.rect[0]));
    after.iter().find_map(|widget| widget.text().split(' ').next()?.parse().ok())
}

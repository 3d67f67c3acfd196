//! What counts as a click and what as two: the pointer's habits of other desktop programs.
//!
//! Must not know what is clicked.

/// Two clicks within so many seconds are a double click, as on most desktops. The frame that follows the first
/// may be a slow one: it sets formulas for the first time.
pub(crate) const DOUBLE_CLICK: f64 = 0.4;

/// A finger that rests for so many seconds opens the context menu.
const LONG_TOUCH: f64 = 0.8;

/// Sets both for the next frame: a press of the mouse that does not move is a click however long it lasts, be it
/// that the hand is slow or the frame. Only a finger's press has a limit.
pub(crate) fn set_habits(ctx: &egui::Context) {
    let has_finger = ctx.input(egui::InputState::any_touches);
    let longest = if has_finger { LONG_TOUCH } else { f64::INFINITY };
    ctx.options_mut(|options| {
        options.input_options.max_double_click_delay = DOUBLE_CLICK;
        options.input_options.max_click_duration = longest;
    });
}

#[cfg(test)]
mod tests {
    use egui::{Event, Modifiers, PointerButton, Pos2, RawInput, TouchDeviceId, TouchId, TouchPhase};

    use super::*;

    /// Whether a button counts a click when it is pressed for `seconds`, before and after which other events happen.
    fn is_clicked(seconds: f64, before: &[Event], after: &[Event]) -> bool {
        let ctx = egui::Context::default();
        let at = Pos2::new(20.0, 20.0);
        let press = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let moved = vec![Event::PointerMoved(at)];
        let down = [before.to_vec(), vec![press(true)]].concat();
        let up = [vec![press(false)], after.to_vec()].concat();
        let mut clicked = false;
        for (time, events) in [(0.0, moved.clone()), (0.1, moved), (0.2, down), (0.2 + seconds, up)] {
            let input = RawInput { time: Some(time), events, ..RawInput::default() };
            let mut output = ctx.run_ui(input, |ui| {
                set_habits(ui.ctx());
                clicked |= ui
                    .put(
                        egui::Rect::from_min_size(Pos2::ZERO, egui::vec2(40.0, 40.0)),
                        egui::Button::new("x"),
                    )
                    .clicked();
            });
            output.textures_delta.clear();
        }
        clicked
    }

    #[test]
    fn a_press_is_a_click_however_long_it_lasts() {
        for seconds in [0.01, 0.15, 0.79, 0.9, 5.0, 60.0] {
            assert!(is_clicked(seconds, &[], &[]), "{seconds} s");
        }
    }

    #[test]
    fn a_finger_that_rests_is_no_click() {
        let touch = |phase| Event::Touch {
            device_id: TouchDeviceId(1),
            id: TouchId(1),
            phase,
            pos: Pos2::new(20.0, 20.0),
            force: None,
        };
        let [start, end] = [TouchPhase::Start, TouchPhase::End].map(touch);
        assert!(is_clicked(0.3, std::slice::from_ref(&start), std::slice::from_ref(&end)));
        assert!(!is_clicked(2.0, &[start], &[end]));
    }
}

//! Gestures, played to the machine on a small stand-in for the canvas: two cards, one wire between them, and a
//! lone card below.

use super::*;
use egui::emath::{pos2, vec2};

const A: NodeId = NodeId(1);
const B: NodeId = NodeId(2);
const LONE: NodeId = NodeId(3);
const WIRE: EdgeId = EdgeId(7);

struct Sketch;

fn card(node: NodeId) -> Rect {
    let center = match node {
        A => pos2(0.0, 0.0),
        B => pos2(200.0, 0.0),
        _ => pos2(100.0, 200.0),
    };
    Rect::from_center_size(center, vec2(100.0, 60.0))
}

impl HitTest for Sketch {
    fn hit(&self, at: Pos2, reach: f32) -> Hit {
        for node in [LONE, B, A] {
            if at.distance(card(node).right_center()) <= reach {
                return Hit::Output(node);
            }
            if at.distance(card(node).left_center()) <= reach {
                return Hit::Input(node, 0);
            }
            if card(node).contains(at) {
                return Hit::Card(node);
            }
        }
        if at.y.abs() <= reach && (50.0..=150.0).contains(&at.x) { Hit::Wire(WIRE) } else { Hit::Empty }
    }
    fn cards_in(&self, area: Rect) -> Vec<NodeId> {
        [A, B, LONE].into_iter().filter(|node| card(*node).intersects(area)).collect()
    }
    fn wire_at(&self, to: NodeId, _: usize) -> Option<EdgeId> {
        (to == B).then_some(WIRE)
    }
    fn source_of(&self, _: EdgeId) -> Option<NodeId> {
        Some(A)
    }
    fn free_port(&self, _: NodeId, _: NodeId) -> Option<usize> {
        Some(0)
    }
    fn drop_result(&self, from: NodeId, to: NodeId, _: usize, _: Option<EdgeId>) -> DropResult {
        match (from, to) {
            (B, A) => DropResult::ClosesCycle,
            (from, to) if from == to => DropResult::Refused("itself".to_owned()),
            _ => DropResult::Fits,
        }
    }
    fn insertion(&self, node: NodeId, by: Vec2) -> Option<EdgeId> {
        (node == LONE && card(node).translate(by).contains(pos2(100.0, 0.0))).then_some(WIRE)
    }
    fn snap(&self, _: NodeId, by: Vec2) -> Vec2 {
        by
    }
}

/// A person: a machine, a selection that follows it, and what was meant besides.
#[derive(Default)]
struct Person {
    machine: Machine,
    selected: Selection,
    acts: Vec<GestureAction>,
    keys: Keys,
}

impl Person {
    fn meant(&mut self, act: Option<GestureAction>) {
        match act {
            Some(GestureAction::Select(selected)) => self.selected = selected,
            Some(act) => self.acts.push(act),
            None => {}
        }
    }
    fn press(&mut self, at: Pos2) {
        let act = self.machine.press(at, 1.0, Button::Primary, self.keys, &self.selected.clone(), &Sketch);
        self.meant(act);
    }
    fn drag(&mut self, at: Pos2) {
        let act = self.machine.drag(at, 1.0, vec2(1.0, 0.0), &self.selected.clone(), &Sketch);
        self.meant(act);
    }
    fn release(&mut self) {
        let act = self.machine.release(&self.selected.clone());
        self.meant(act);
    }
    fn click(&mut self, at: Pos2) {
        self.press(at);
        self.release();
    }
    fn pull(&mut self, from: Pos2, to: Pos2) {
        self.press(from);
        self.drag(from.lerp(to, 0.5));
        self.drag(to);
    }
    fn nodes(&self) -> Vec<NodeId> {
        self.selected.nodes.iter().copied().collect()
    }
}

#[test]
fn a_click_selects_one_thing_and_empty_space_clears() {
    let mut person = Person::default();
    person.click(pos2(0.0, 0.0));
    assert_eq!(person.nodes(), [A]);
    person.click(pos2(100.0, 0.0));
    assert_eq!((person.nodes(), person.selected.edges.len()), (vec![], 1));
    person.click(pos2(100.0, 100.0));
    assert_eq!(person.selected, Selection::default());
    assert!(person.acts.is_empty(), "a click edits nothing");
}

#[test]
fn a_second_click_keeps_the_selection_and_ctrl_toggles() {
    let mut person = Person::default();
    person.click(pos2(0.0, 0.0));
    person.click(pos2(0.0, 0.0));
    assert_eq!(person.nodes(), [A]);
    person.keys.shift = true;
    person.click(pos2(200.0, 0.0));
    assert_eq!(person.nodes(), [A, B]);
    person.keys = Keys { ctrl: true, ..Keys::default() };
    person.click(pos2(0.0, 0.0));
    assert_eq!(person.nodes(), [B]);
    person.keys = Keys::default();
    person.click(pos2(200.0, 0.0));
    assert_eq!(person.nodes(), [B]);
}

#[test]
fn many_cards_move_together_in_one_act() {
    let mut person = Person::default();
    person.pull(pos2(-100.0, -100.0), pos2(300.0, 50.0));
    assert_eq!(person.nodes(), [A, B], "the marquee selects while it is drawn");
    person.release();
    person.pull(pos2(0.0, 0.0), pos2(30.0, 40.0));
    assert!(matches!(person.machine.gesture(), Gesture::Moving { by, .. } if *by == vec2(30.0, 40.0)));
    person.release();
    assert_eq!(person.acts, [GestureAction::Move([A, B].into(), vec2(30.0, 40.0))]);
}

#[test]
fn a_tremble_is_no_drag() {
    let mut person = Person::default();
    person.press(pos2(0.0, 0.0));
    person.drag(pos2(2.0, 2.0));
    person.release();
    assert!(person.acts.is_empty());
    assert_eq!(person.nodes(), [A]);
}

#[test]
fn escape_gives_back_what_was_before() {
    let mut person = Person::default();
    person.keys.shift = true;
    person.click(pos2(100.0, 200.0));
    person.pull(pos2(-100.0, -100.0), pos2(300.0, 50.0));
    let act = person.machine.cancel();
    person.meant(act);
    assert_eq!(person.nodes(), [LONE]);
    person.keys.shift = false;
    person.pull(pos2(100.0, 200.0), pos2(150.0, 250.0));
    let act = person.machine.cancel();
    person.meant(act);
    person.release();
    assert!(person.acts.is_empty());
}

#[test]
fn a_wire_is_pulled_from_port_to_port() {
    let mut person = Person::default();
    person.pull(pos2(50.0, 0.0), pos2(52.0, 199.0));
    assert!(
        matches!(
            person.machine.gesture(),
            Gesture::Wiring(Pulled { over: Some((A, LONE, 0, DropResult::Fits)), .. })
        ),
        "the loose end is caught near the port"
    );
    person.release();
    assert_eq!(person.acts, [GestureAction::Connect(A, LONE, 0, None)]);
}

#[test]
fn a_wire_dropped_on_a_card_finds_a_port() {
    let mut person = Person::default();
    person.pull(pos2(50.0, 0.0), pos2(110.0, 210.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::Connect(A, LONE, 0, None)]);
}

#[test]
fn a_wire_can_be_pulled_backwards_from_an_empty_input() {
    let mut person = Person::default();
    person.pull(pos2(50.0, 200.0), pos2(50.0, 0.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::Connect(A, LONE, 0, None)]);
}

#[test]
fn a_plugged_wire_is_taken_off_and_moved_or_dropped() {
    let mut person = Person::default();
    person.pull(pos2(150.0, 0.0), pos2(50.0, 200.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::Connect(A, LONE, 0, Some(WIRE))]);
    person.acts.clear();
    person.pull(pos2(150.0, 0.0), pos2(150.0, 100.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::Unplug(WIRE)]);
}

#[test]
fn a_refused_wire_says_why_and_a_cycle_offers_a_loop() {
    let mut person = Person::default();
    person.pull(pos2(50.0, 0.0), pos2(-50.0, 0.0));
    person.release();
    person.pull(pos2(250.0, 0.0), pos2(-50.0, 0.0));
    person.release();
    assert_eq!(
        person.acts,
        [GestureAction::Refuse("itself".to_owned()), GestureAction::OfferLoop(B, A, 0, None)]
    );
}

#[test]
fn a_wire_dropped_in_empty_space_offers_the_palette_there() {
    let mut person = Person::default();
    person.pull(pos2(50.0, 0.0), pos2(80.0, 90.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::OfferPalette(WireEnd::Output(A), pos2(80.0, 90.0))]);
}

#[test]
fn a_lone_card_dropped_on_a_wire_is_inserted() {
    let mut person = Person::default();
    person.pull(pos2(100.0, 200.0), pos2(100.0, 0.0));
    assert!(matches!(person.machine.gesture(), Gesture::Moving { over: Some(WIRE), .. }));
    person.release();
    assert_eq!(person.acts, [GestureAction::Insert(LONE, WIRE, vec2(0.0, -200.0))]);
}

#[test]
fn the_middle_button_and_space_pan_and_select_nothing() {
    let mut person = Person::default();
    let act = person.machine.press(
        pos2(0.0, 0.0),
        1.0,
        Button::Middle,
        Keys::default(),
        &Selection::default(),
        &Sketch,
    );
    person.meant(act);
    person.drag(pos2(9.0, 0.0));
    person.release();
    person.keys.space = true;
    person.press(pos2(0.0, 0.0));
    person.drag(pos2(9.0, 0.0));
    person.release();
    assert_eq!(person.acts, [GestureAction::Pan(vec2(1.0, 0.0)), GestureAction::Pan(vec2(1.0, 0.0))]);
    assert_eq!(person.selected, Selection::default());
}

#[test]
fn two_clicks_on_a_card_rename_it() {
    let mut person = Person::default();
    person.click(pos2(0.0, 0.0));
    assert_eq!(person.machine.double_click(pos2(0.0, 0.0), 1.0, &Sketch), Some(GestureAction::Rename(A)));
    assert_eq!(person.machine.double_click(pos2(100.0, 100.0), 1.0, &Sketch), None);
}

#[test]
fn reach_is_measured_on_the_screen() {
    let mut machine = Machine::default();
    // 20 canvas points beside the output of A: out of reach at zoom 1, in reach at zoom 0.25.
    let at = pos2(50.0, 25.0);
    machine.press(at, 1.0, Button::Primary, Keys::default(), &Selection::default(), &Sketch);
    assert!(matches!(machine.gesture(), Gesture::Pressed { hit: Hit::Card(A), .. }));
    machine.press(at, 0.25, Button::Primary, Keys::default(), &Selection::default(), &Sketch);
    assert!(matches!(machine.gesture(), Gesture::Pressed { hit: Hit::Output(A), .. }));
}

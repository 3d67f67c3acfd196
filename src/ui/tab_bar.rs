//! What is written on the tabs of a bar that may be too narrow for all of them: tabs that have no room are left
//! to the menu at the end of the bar, the others have their whole titles.
//!
//! Must not know what a tab opens, nor how it is painted.

/// A tab as the bar knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tab {
    /// Its whole title.
    pub(super) title: String,
    /// How much it has to report; such a tab stays in the bar.
    pub(super) n_found: usize,
    /// Whether it is the open one.
    pub(super) is_open: bool,
}

impl Tab {
    /// The title and the count.
    pub(super) fn whole(&self) -> String {
        self.with_count(&self.title)
    }

    /// The first letters of the title, and the count.
    fn beginning(&self, n_letters: usize) -> String {
        let start: String = self.title.chars().take(n_letters).collect();
        self.with_count(&format!("{}…", start.trim_end()))
    }

    fn with_count(&self, text: &str) -> String {
        if self.n_found == 0 { text.to_owned() } else { format!("{text}  {}", self.n_found) }
    }

    fn n_letters(&self) -> usize {
        self.title.chars().count()
    }
}

/// What each tab of a bar shows; `None` for one that only the menu names. `width` measures a text, as that
/// of the open tab or not, with the tab's margins.
pub(super) fn shown(
    tabs: &[Tab],
    room: f32,
    menu: f32,
    width: &dyn Fn(&str, bool) -> f32,
) -> Vec<Option<String>> {
    // As if each were the open one, whose letters are wider: to open a tab moves no other out of the bar.
    let width = |text: &str| width(text, true).max(width(text, false));
    if tabs.iter().map(|tab| width(&tab.whole())).sum::<f32>() <= room {
        return tabs.iter().map(|tab| Some(tab.whole())).collect();
    }
    first_ones(tabs, room - menu, &width)
}

/// The open tab, those that have something to report, and of the others the first ones, as many as there is
/// room for.
fn first_ones(tabs: &[Tab], room: f32, width: &dyn Fn(&str) -> f32) -> Vec<Option<String>> {
    let mut order: Vec<usize> = (0..tabs.len()).collect();
    order.sort_by_key(|&idx| (!tabs[idx].is_open, tabs[idx].n_found == 0));
    let mut left = room;
    let mut shown = vec![None; tabs.len()];
    for idx in order {
        let mut text = tabs[idx].whole();
        if width(&text) > left {
            if !tabs[idx].is_open {
                break;
            }
            // The open tab is there even where the bar is narrower than its title.
            let lengths = (1..tabs[idx].n_letters()).rev();
            let mut shorter = lengths.map(|n| tabs[idx].beginning(n));
            text = shorter.find(|text| width(text) <= left).unwrap_or_else(|| tabs[idx].beginning(1));
        }
        left -= width(&text);
        shown[idx] = Some(text);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLES: [&str; 6] = ["Loss", "Metrics", "Predictions", "Predicates", "Data", "Problems"];

    fn tabs(open: usize, n_found: usize) -> Vec<Tab> {
        let tab = |(idx, title): (usize, &&str)| Tab {
            title: (*title).to_owned(),
            n_found: if *title == "Problems" { n_found } else { 0 },
            is_open: idx == open,
        };
        TITLES.iter().enumerate().map(tab).collect()
    }

    /// Letters of one width, bold ones a little wider, and a margin.
    fn width(text: &str, is_open: bool) -> f32 {
        text.chars().count() as f32 * if is_open { 7.0 } else { 6.0 } + 12.0
    }

    fn shown_in(tabs: &[Tab], room: f32) -> Vec<Option<String>> {
        shown(tabs, room, 24.0, &width)
    }

    fn taken(tabs: &[Tab], shown: &[Option<String>]) -> f32 {
        let pairs = tabs.iter().zip(shown).filter_map(|(tab, text)| Some((tab, text.as_ref()?)));
        pairs.map(|(tab, text)| width(text, tab.is_open)).sum()
    }

    #[test]
    fn with_room_every_title_is_whole() {
        let tabs = tabs(0, 3);
        let texts: Vec<String> = shown_in(&tabs, 1000.0).into_iter().flatten().collect();
        assert_eq!(texts[..5], TITLES[..5]);
        assert_eq!(texts[5], "Problems  3");
    }

    #[test]
    fn every_title_in_the_bar_is_whole_and_opening_another_moves_none_of_the_first_out() {
        for room in 190..500 {
            let texts = |open: usize| shown_in(&tabs(open, 0), room as f32);
            for open in 0..TITLES.len() {
                let shown = texts(open);
                for (text, title) in
                    shown.iter().zip(TITLES).filter_map(|(text, title)| Some((text.as_ref()?, title)))
                {
                    assert_eq!(text, title, "{room}");
                }
                if texts(0)[open].is_some() {
                    assert_eq!(shown, texts(0), "{room}, {open}");
                }
            }
        }
    }

    #[test]
    fn the_open_tab_and_the_count_stay_in_a_bar_of_any_width() {
        for open in 0..TITLES.len() {
            let tabs = tabs(open, 12);
            for room in 130..500 {
                let room = room as f32;
                let shown = shown_in(&tabs, room);
                assert!(taken(&tabs, &shown) <= room, "{open}, {room}: {shown:?}");
                let own = shown[open].as_ref();
                assert!(own.is_some_and(|text| text.starts_with(&TITLES[open][..3])), "{open}, {room}");
                if room > 220.0 {
                    let counted = shown[5].as_ref();
                    assert!(counted.is_some_and(|text| text.ends_with("  12")), "{open}, {room}: {shown:?}");
                }
            }
        }
        let narrow = shown_in(&tabs(2, 0), 10.0);
        assert_eq!(narrow.iter().flatten().count(), 1, "{narrow:?}");
        assert_eq!(shown_in(&[], 10.0), []);
    }

    #[test]
    fn tabs_without_room_are_the_last_ones() {
        let tabs = tabs(0, 0);
        let shown = shown_in(&tabs, 180.0);
        let is_there: Vec<bool> = shown.iter().map(Option::is_some).collect();
        assert!(is_there.windows(2).all(|pair| pair[0] >= pair[1]), "{shown:?}");
        assert!(is_there[1] && !is_there[5], "{shown:?}");
    }
}

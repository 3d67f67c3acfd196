//! What is written on the tabs of a bar that may be too narrow for all of them: first the longest titles
//! are shortened, then tabs that have no room are left to the menu at the end of the bar.
//!
//! Must not know what a tab opens, nor how it is painted.

/// A shortened title keeps at least so many letters.
const LEAST_LETTERS: usize = 4;

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
        if n_letters >= self.n_letters() {
            return self.whole();
        }
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
    let least: Vec<usize> = tabs.iter().map(|tab| least_letters(tab, tabs)).collect();
    shortened(tabs, &least, room, width).unwrap_or_else(|| first_ones(tabs, &least, room - menu, width))
}

/// All tabs, the longest titles shortened until the bar has room; `None` where it never has.
fn shortened(
    tabs: &[Tab],
    least: &[usize],
    room: f32,
    width: &dyn Fn(&str, bool) -> f32,
) -> Option<Vec<Option<String>>> {
    let mut letters: Vec<usize> = tabs.iter().map(Tab::n_letters).collect();
    let text = |idx: usize, letters: &[usize]| tabs[idx].beginning(letters[idx]);
    let mut widths: Vec<f32> = tabs.iter().map(|tab| width(&tab.whole(), tab.is_open)).collect();
    while widths.iter().sum::<f32>() > room {
        let can_shrink = |&idx: &usize| !tabs[idx].is_open && letters[idx] > least[idx];
        let longest = (0..tabs.len()).filter(can_shrink).max_by(|&a, &b| widths[a].total_cmp(&widths[b]))?;
        letters[longest] -= 1;
        widths[longest] = width(&text(longest, &letters), false);
    }
    Some((0..tabs.len()).map(|idx| Some(text(idx, &letters))).collect())
}

/// The open tab, those that have something to report, and of the others the first ones, as many as there is
/// room for.
fn first_ones(
    tabs: &[Tab],
    least: &[usize],
    room: f32,
    width: &dyn Fn(&str, bool) -> f32,
) -> Vec<Option<String>> {
    let mut order: Vec<usize> = (0..tabs.len()).collect();
    order.sort_by_key(|&idx| (!tabs[idx].is_open, tabs[idx].n_found == 0));
    let mut left = room;
    let mut shown = vec![None; tabs.len()];
    for idx in order {
        let tab = &tabs[idx];
        let lengths = (least[idx]..=tab.n_letters()).rev();
        let fitting = lengths.map(|n| tab.beginning(n)).find(|text| width(text, tab.is_open) <= left);
        // The open tab is there even where the bar is narrower than its first letters.
        let text = fitting.or_else(|| tab.is_open.then(|| tab.beginning(least[idx])));
        let Some(text) = text else { break };
        left -= width(&text, tab.is_open);
        let is_cut = text != tab.whole();
        shown[idx] = Some(text);
        if is_cut {
            break;
        }
    }
    shown
}

/// So many letters tell a title from the others of its bar; all of a title that one letter less would not
/// make shorter.
fn least_letters(tab: &Tab, tabs: &[Tab]) -> usize {
    let alike = |other: &Tab| {
        tab.title.chars().zip(other.title.chars()).take_while(|(mine, theirs)| mine == theirs).count()
    };
    let others = tabs.iter().filter(|other| other.title != tab.title);
    let n = others.map(|other| alike(other) + 1).fold(LEAST_LETTERS, usize::max);
    if n + 1 >= tab.n_letters() { tab.n_letters() } else { n }
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
    fn the_longest_titles_are_shortened_first_and_can_be_told_apart() {
        let tabs = tabs(0, 3);
        let texts: Vec<String> = shown_in(&tabs, 320.0).into_iter().flatten().collect();
        assert_eq!(texts.len(), 6, "{texts:?}");
        assert_eq!((texts[0].as_str(), texts[1].as_str()), ("Loss", "Metrics"), "{texts:?}");
        assert!(texts[2].starts_with("Predict") && texts[3].starts_with("Predica"), "{texts:?}");
        assert!(texts[5].ends_with("…  3"), "the count stays: {texts:?}");
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
                assert!(own.is_some_and(|text| text.starts_with(&TITLES[open][..4])), "{open}, {room}");
                if room > 180.0 {
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

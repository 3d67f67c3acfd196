//! How things look: two themes as data, two diverging color maps, fonts, and egui's style.
//!
//! Must not know the application. Values (A, Z, W, b) are blue–orange and gradients (dZ, dA,
//! `grad_W`, `grad_b`) green–purple; both stay apart for every common color blindness.

use std::sync::Arc;

use egui::epaint::{CornerRadius, Shadow, Stroke};
use egui::{Color32, FontData, FontDefinitions, FontFamily, FontId, TextStyle};

use super::formula;

/// A map from −1 … 0 … 1 to colors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diverging {
    /// At −1.
    pub negative: Color32,
    /// At 0: close to the surface it lies on.
    pub zero: Color32,
    /// At 1.
    pub positive: Color32,
    /// Text on the map's pale colors.
    pub text_on_pale: Color32,
    /// Text on the map's strong colors.
    pub text_on_strong: Color32,
}

impl Diverging {
    /// The color of `t` in [−1, 1] (what lies outside is cut; NaN is zero's color).
    pub fn color(&self, t: f32) -> Color32 {
        let t = if t.is_nan() { 0.0 } else { t.clamp(-1.0, 1.0) };
        let end = if t < 0.0 { self.negative } else { self.positive };
        // Anything but zero is seen: the scale starts a little above the zero color.
        let share = if t == 0.0 { 0.0 } else { 0.14 + 0.86 * t.abs() };
        mix(self.zero, end, share)
    }

    /// The color of `value` on a scale of ±`max`.
    pub fn color_of(&self, value: f64, max: f64) -> Color32 {
        if max > 0.0 { self.color((value / max) as f32) } else { self.color(0.0) }
    }

    /// A readable color for text on `background`: the better contrast of two.
    pub fn text_on(&self, background: Color32) -> Color32 {
        let pale = contrast(background, self.text_on_pale);
        let strong = contrast(background, self.text_on_strong);
        if pale >= strong { self.text_on_pale } else { self.text_on_strong }
    }
}

/// One theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Light text on dark surfaces.
    pub dark: bool,
    /// Panels, menus.
    pub panel: Color32,
    /// The canvas.
    pub canvas: Color32,
    /// The canvas's dots.
    pub canvas_dots: Color32,
    /// Nodes on the canvas.
    pub node: Color32,
    /// Buttons, fields, cards.
    pub control: Color32,
    /// The same under the pointer.
    pub control_hovered: Color32,
    /// The same pressed.
    pub control_pressed: Color32,
    /// Lines between and around things.
    pub outline: Color32,
    /// A stronger line: edges, ports.
    pub wire: Color32,
    /// Text.
    pub text: Color32,
    /// Secondary text.
    pub weak: Color32,
    /// What can be acted on, what is selected.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The accent, faintly, behind selected things.
    pub accent_faint: Color32,
    /// Errors.
    pub error: Color32,
    /// Warnings.
    pub warning: Color32,
    /// The training curve.
    pub curve_train: Color32,
    /// The validation curve.
    pub curve_validation: Color32,
    /// A, Z, W, b.
    pub values: Diverging,
    /// dZ, dA, `grad_W`, `grad_b`.
    pub gradients: Diverging,
    /// Text about values.
    pub value_text: Color32,
    /// Text about gradients.
    pub gradient_text: Color32,
}

/// Dark text on light surfaces.
pub const LIGHT: Theme = Theme {
    dark: false,
    panel: Color32::from_rgb(0xff, 0xff, 0xff),
    canvas: Color32::from_rgb(0xf4, 0xf5, 0xf7),
    canvas_dots: Color32::from_rgb(0xe5, 0xe7, 0xeb),
    node: Color32::from_rgb(0xff, 0xff, 0xff),
    control: Color32::from_rgb(0xf0, 0xf2, 0xf5),
    control_hovered: Color32::from_rgb(0xe6, 0xe9, 0xef),
    control_pressed: Color32::from_rgb(0xda, 0xde, 0xe7),
    outline: Color32::from_rgb(0xd9, 0xdd, 0xe5),
    wire: Color32::from_rgb(0x66, 0x6f, 0x85),
    text: Color32::from_rgb(0x1b, 0x21, 0x2d),
    weak: Color32::from_rgb(0x5b, 0x65, 0x79),
    accent: Color32::from_rgb(0x0e, 0x8f, 0x74),
    on_accent: Color32::from_rgb(0xff, 0xff, 0xff),
    accent_faint: Color32::from_rgb(0xd3, 0xee, 0xe6),
    error: Color32::from_rgb(0xb4, 0x23, 0x18),
    warning: Color32::from_rgb(0x93, 0x5b, 0x00),
    curve_train: Color32::from_rgb(0x0e, 0x8f, 0x74),
    curve_validation: Color32::from_rgb(0xc2, 0x5e, 0x0a),
    values: Diverging {
        negative: Color32::from_rgb(0x3d, 0x7d, 0xd1),
        zero: Color32::from_rgb(0xf4, 0xf4, 0xf6),
        positive: Color32::from_rgb(0xe7, 0x89, 0x2c),
        text_on_pale: Color32::from_rgb(0x10, 0x18, 0x24),
        text_on_strong: Color32::from_rgb(0xff, 0xff, 0xff),
    },
    gradients: Diverging {
        negative: Color32::from_rgb(0x33, 0x96, 0x60),
        zero: Color32::from_rgb(0xf4, 0xf4, 0xf6),
        positive: Color32::from_rgb(0x9d, 0x64, 0xd8),
        text_on_pale: Color32::from_rgb(0x10, 0x18, 0x24),
        text_on_strong: Color32::from_rgb(0xff, 0xff, 0xff),
    },
    value_text: Color32::from_rgb(0x96, 0x50, 0x00),
    gradient_text: Color32::from_rgb(0x7a, 0x3f, 0xb8),
};

/// Light text on dark surfaces.
pub const DARK: Theme = Theme {
    dark: true,
    panel: Color32::from_rgb(0x1c, 0x1f, 0x26),
    canvas: Color32::from_rgb(0x16, 0x18, 0x1d),
    canvas_dots: Color32::from_rgb(0x24, 0x28, 0x30),
    node: Color32::from_rgb(0x26, 0x2b, 0x35),
    control: Color32::from_rgb(0x26, 0x2b, 0x34),
    control_hovered: Color32::from_rgb(0x30, 0x36, 0x42),
    control_pressed: Color32::from_rgb(0x3a, 0x41, 0x50),
    outline: Color32::from_rgb(0x35, 0x3b, 0x47),
    wire: Color32::from_rgb(0x93, 0x9c, 0xad),
    text: Color32::from_rgb(0xe4, 0xe7, 0xee),
    weak: Color32::from_rgb(0xa0, 0xa8, 0xb8),
    accent: Color32::from_rgb(0x4c, 0xc3, 0xa5),
    on_accent: Color32::from_rgb(0x0b, 0x16, 0x13),
    accent_faint: Color32::from_rgb(0x1f, 0x42, 0x3a),
    error: Color32::from_rgb(0xff, 0x8b, 0x7e),
    warning: Color32::from_rgb(0xf2, 0xc1, 0x5c),
    curve_train: Color32::from_rgb(0x4c, 0xc3, 0xa5),
    curve_validation: Color32::from_rgb(0xf2, 0xa6, 0x54),
    values: Diverging {
        negative: Color32::from_rgb(0x4a, 0x8b, 0xd4),
        zero: Color32::from_rgb(0x2c, 0x30, 0x39),
        positive: Color32::from_rgb(0xd8, 0x94, 0x46),
        text_on_pale: Color32::from_rgb(0xf2, 0xf4, 0xf8),
        text_on_strong: Color32::from_rgb(0x0b, 0x0e, 0x14),
    },
    gradients: Diverging {
        negative: Color32::from_rgb(0x4d, 0xaf, 0x71),
        zero: Color32::from_rgb(0x2c, 0x30, 0x39),
        positive: Color32::from_rgb(0xa5, 0x74, 0xe0),
        text_on_pale: Color32::from_rgb(0xf2, 0xf4, 0xf8),
        text_on_strong: Color32::from_rgb(0x0b, 0x0e, 0x14),
    },
    value_text: Color32::from_rgb(0xe5, 0xa7, 0x5e),
    gradient_text: Color32::from_rgb(0xbd, 0x96, 0xf0),
};

impl Theme {
    /// The theme that `ui` is drawn in.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        Self::of_dark(ui.visuals().dark_mode)
    }

    /// The theme that `ctx` draws in now.
    pub fn current(ctx: &egui::Context) -> &'static Self {
        Self::of_dark(ctx.theme() == egui::Theme::Dark)
    }

    fn of_dark(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }
}

/// Semi-bold text for headings and names.
pub fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("strong".into()))
}

/// Monospaced text for numbers, shapes and formulas.
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Text.
pub fn text(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Gives `ctx` the fonts and both themes; once at start.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for (egui_theme, theme) in [(egui::Theme::Light, &LIGHT), (egui::Theme::Dark, &DARK)] {
        ctx.style_mut_of(egui_theme, |style| style_as(style, theme));
    }
}

/// The fonts: text, semi-bold text and monospace, each ending in one that knows mathematics.
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let files: [(&str, &'static [u8]); 5] = [
        ("Inter", include_bytes!("../../assets/fonts/Inter-Regular.otf")),
        ("Inter SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
        ("JetBrains Mono", include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")),
        ("DejaVu Sans", include_bytes!("../../assets/fonts/DejaVuSans.ttf")),
        ("DejaVu Sans Mono", include_bytes!("../../assets/fonts/DejaVuSansMono.ttf")),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families: [(FontFamily, &[&str]); 3] = [
        (FontFamily::Proportional, &["Inter", "DejaVu Sans"]),
        (FontFamily::Name("strong".into()), &["Inter SemiBold", "DejaVu Sans"]),
        (FontFamily::Monospace, &["JetBrains Mono", "DejaVu Sans Mono", "DejaVu Sans"]),
    ];
    let icons = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (family, names) in families {
        let mut list: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        list.extend(icons.iter().cloned());
        fonts.families.insert(family, list);
    }
    formula::fonts::add_to(&mut fonts);
    fonts
}

/// How wide a scroll bar is, and the place kept for it.
pub const SCROLL_BAR: f32 = 8.0;

fn style_as(style: &mut egui::Style, theme: &Theme) {
    style.text_styles = [
        (TextStyle::Small, text(11.0)),
        (TextStyle::Body, text(13.0)),
        (TextStyle::Button, text(13.0)),
        (TextStyle::Monospace, mono(12.0)),
        (TextStyle::Heading, strong(16.0)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(8.0, 6.0);
    style.spacing.button_padding = egui::vec2(8.0, 3.0);
    style.spacing.interact_size = egui::vec2(32.0, 22.0);
    style.spacing.menu_margin = egui::Margin::same(6);
    style.spacing.combo_width = 90.0;
    // Scroll bars have a place of their own: they cover nothing, hovered or not.
    style.spacing.scroll.bar_width = SCROLL_BAR;
    style.spacing.scroll.floating_allocated_width = SCROLL_BAR;
    // What scrolls is seen to, untouched: its bar is thin and faint until the pointer comes near.
    style.spacing.scroll.floating_width = 3.0;
    style.spacing.scroll.dormant_handle_opacity = 0.35;
    style.spacing.icon_width = 16.0;
    style.spacing.icon_width_inner = 8.0;
    style.visuals = visuals(theme);
}

fn visuals(theme: &Theme) -> egui::Visuals {
    let mut visuals = if theme.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
    let radius = CornerRadius::same(4);
    let line = Stroke::new(1.0, theme.outline);
    let widgets = &mut visuals.widgets;
    for (widget, fill, stroke) in [
        (&mut widgets.noninteractive, theme.panel, line),
        (&mut widgets.inactive, theme.control, line),
        (&mut widgets.hovered, theme.control_hovered, Stroke::new(1.0, theme.wire)),
        (&mut widgets.active, theme.control_pressed, Stroke::new(2.0, theme.accent)),
        (&mut widgets.open, theme.control_hovered, Stroke::new(1.0, theme.wire)),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = stroke;
        widget.fg_stroke = Stroke::new(1.0, theme.text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    // The rails of sliders are seen without being touched.
    visuals.widgets.inactive.bg_fill = mix(theme.panel, theme.wire, 0.4);
    visuals.selection.bg_fill = theme.accent_faint;
    visuals.selection.stroke = Stroke::new(1.0, theme.text);
    visuals.hyperlink_color = theme.accent;
    visuals.weak_text_color = Some(theme.weak);
    visuals.faint_bg_color = theme.canvas;
    visuals.extreme_bg_color = if theme.dark { theme.canvas } else { theme.panel };
    visuals.text_edit_bg_color = Some(if theme.dark { theme.canvas } else { theme.panel });
    visuals.code_bg_color = theme.control;
    visuals.warn_fg_color = theme.warning;
    visuals.error_fg_color = theme.error;
    visuals.window_fill = theme.panel;
    visuals.window_stroke = line;
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.panel_fill = theme.panel;
    let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(40) };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals
}

/// `a` and `b` mixed, `share` of `b`.
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    let channel = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    Color32::from_rgb(channel(a.r(), b.r()), channel(a.g(), b.g()), channel(a.b(), b.b()))
}

/// The contrast ratio of WCAG 2, from 1 to 21.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |color: Color32| {
        let linear = |channel: u8| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn text_is_readable_on_every_surface_of_both_themes() {
        for theme in [LIGHT, DARK] {
            for surface in [theme.panel, theme.canvas, theme.node, theme.control] {
                for text in [
                    theme.text,
                    theme.weak,
                    theme.error,
                    theme.warning,
                    theme.value_text,
                    theme.gradient_text,
                ] {
                    let ratio = contrast(text, surface);
                    assert!(ratio >= 4.5, "{text:?} on {surface:?}: {ratio}");
                }
            }
            assert!(contrast(theme.on_accent, theme.accent) >= 3.9);
        }
    }

    #[test]
    fn numbers_are_readable_on_every_heat_color() {
        for theme in [LIGHT, DARK] {
            for map in [theme.values, theme.gradients] {
                for step in -20_i16..=20 {
                    let color = map.color(f32::from(step) / 20.0);
                    let ratio = contrast(map.text_on(color), color);
                    assert!(ratio >= 4.0, "{step}: {ratio}");
                }
            }
        }
    }

    #[test]
    fn a_color_map_survives_numbers_that_are_not_finite() {
        assert_eq!(LIGHT.values.color(f32::NAN), LIGHT.values.zero);
        assert_eq!(LIGHT.values.color_of(f64::INFINITY, 1.0), LIGHT.values.positive);
        assert_eq!(LIGHT.values.color_of(1.0, 0.0), LIGHT.values.zero);
        assert_ne!(LIGHT.values.color(1e-6), LIGHT.values.zero);
    }

    /// Whether the font file's character map (format 4 or 12) holds `sign`; egui's own
    /// `has_glyph` denies what the face of the replacement character holds.
    fn holds(font: &[u8], sign: char) -> bool {
        let u16_at = |at: usize| usize::from(u16::from_be_bytes([font[at], font[at + 1]]));
        let u32_at = |at: usize| (u16_at(at) << 16) | u16_at(at + 2);
        let code = sign as usize;
        let cmap = (0..u16_at(4)).map(|table| 12 + 16 * table).find(|&at| &font[at..at + 4] == b"cmap");
        let Some(cmap) = cmap.map(|at| u32_at(at + 8)) else { return false };
        (0..u16_at(cmap + 2)).map(|map| cmap + u32_at(cmap + 8 + 8 * map)).any(|map| match u16_at(map) {
            4 => {
                let n = u16_at(map + 6);
                let (end, start) = (map + 14, map + 16 + n);
                (0..n).step_by(2).any(|i| {
                    (u16_at(start + i)..=u16_at(end + i)).contains(&code) && code < 0xffff && {
                        let range = u16_at(start + 2 * n + i);
                        let glyph = start + 2 * n + i + range + 2 * (code - u16_at(start + i));
                        range == 0 || u16_at(glyph) != 0
                    }
                })
            }
            12 => (0..u32_at(map + 12))
                .any(|i| (u32_at(map + 16 + 12 * i)..=u32_at(map + 20 + 12 * i)).contains(&code)),
            _ => false,
        })
    }

    /// Every sign outside of ASCII in the code that writes on the screen.
    fn signs_in_the_code() -> String {
        let mut folders = vec!["ui".to_owned(), "explain".to_owned()];
        let mut signs = String::new();
        while let Some(folder) = folders.pop() {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(&folder);
            for entry in std::fs::read_dir(path).unwrap().map(Result::unwrap) {
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.file_type().unwrap().is_dir() {
                    folders.push(name);
                } else {
                    signs.extend(
                        std::fs::read_to_string(entry.path()).unwrap().chars().filter(|c| !c.is_ascii()),
                    );
                }
            }
        }
        signs
    }

    #[test]
    fn every_sign_of_the_formulas_and_of_all_sentences_has_a_glyph() {
        let signs = "∇⊙ᵀᵢⱼₖₙₜ′σδΣ∂·→←−×÷²³√≤≥≠≈∞°…½ε₀₁₂₃⁻₌⁰¹⁴⁵⁶⁷⁸⁹ŷΔβμλαηφΦ∈‖±▶◀▸▾✓⏸⏭↺";
        let sentences = crate::words::every_sentence() + &signs_in_the_code();
        let fonts = fonts();
        for (family, files) in &fonts.families {
            for sign in signs.chars().chain(sentences.chars()).filter(|c| !c.is_control()) {
                let held = files.iter().any(|file| holds(fonts.font_data[file].as_ref().as_ref(), sign));
                assert!(held, "{family:?} lacks {sign:?}");
            }
        }
        assert!(!holds(include_bytes!("../../assets/fonts/Inter-Regular.otf"), '⊙'));
    }
}

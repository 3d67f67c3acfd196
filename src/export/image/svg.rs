//! SVG: a text that any browser shows alike, because glyphs are outlines.
//!
//! Must not know pixels.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Color, Glyph, Item, Mark, Segment, VectorImage};

/// The whole file.
pub fn svg(image: &VectorImage) -> String {
    let (width, height) = (length(image.width), length(image.height));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
        escaped(&image.title)
    );
    let clips = clips(image);
    definitions(&mut text, image, &clips);
    let _ = writeln!(text, "<path d=\"M0 0H{width}V{height}H0Z\"{}/>", paint("fill", Some(image.background)));
    let mut open = None;
    for item in &image.items {
        let clip = clip_of(image, item).and_then(|key| clips.get(&key)).copied();
        if clip != open {
            if open.is_some() {
                text.push_str("</g>\n");
            }
            if let Some(number) = clip {
                let _ = writeln!(text, "<g clip-path=\"url(#clip{number})\">");
            }
            open = clip;
        }
        mark(&mut text, &item.mark);
    }
    if open.is_some() {
        text.push_str("</g>\n");
    }
    text.push_str("</svg>\n");
    text
}

/// What cuts an item off, as the path of its rectangle.
fn clip_of(image: &VectorImage, item: &Item) -> Option<String> {
    let clip = item.clip.filter(|&clip| !image.shows_all(clip))?;
    let [left, top, right, bottom] = clip.map(length);
    Some(format!("M{left} {top}H{right}V{bottom}H{left}Z"))
}

/// Every rectangle that cuts something off, numbered.
fn clips(image: &VectorImage) -> BTreeMap<String, usize> {
    let mut clips = BTreeMap::new();
    for key in image.items.iter().filter_map(|item| clip_of(image, item)) {
        let number = clips.len();
        clips.entry(key).or_insert(number);
    }
    clips
}

fn definitions(text: &mut String, image: &VectorImage, clips: &BTreeMap<String, usize>) {
    if image.glyphs.is_empty() && clips.is_empty() {
        return;
    }
    text.push_str("<defs>\n");
    for (number, outline) in image.glyphs.iter().enumerate() {
        // A thousandth of an em is finer than a screen shows.
        let _ = writeln!(text, "<path id=\"glyph{number}\" d=\"{}\"/>", path(outline, 1000.0));
    }
    for (rectangle, number) in clips {
        let _ = writeln!(text, "<clipPath id=\"clip{number}\"><path d=\"{rectangle}\"/></clipPath>");
    }
    text.push_str("</defs>\n");
}

fn mark(text: &mut String, mark: &Mark) {
    match mark {
        Mark::Path { segments, fill, stroke } => {
            let _ = write!(text, "<path d=\"{}\"{}", path(segments, 1.0), paint("fill", *fill));
            if let Some((color, width)) = stroke {
                let _ = write!(text, "{} stroke-width=\"{}\"", paint("stroke", Some(*color)), length(*width));
            }
            text.push_str("/>\n");
        }
        Mark::Text { text: said, glyphs, color } => {
            let label = escaped(said);
            let _ = write!(text, "<g aria-label=\"{label}\"{}>", paint("fill", Some(*color)));
            for Glyph { outline, at: [x, y], size, angle } in glyphs {
                let turn = if *angle == 0.0 { String::new() } else { format!(" rotate({})", length(*angle)) };
                let _ = write!(
                    text,
                    "<use href=\"#glyph{outline}\" transform=\"translate({} {}){turn} scale({})\"/>",
                    length(*x),
                    length(*y),
                    digits(f64::from(*size) / 1000.0, 5)
                );
            }
            text.push_str("</g>\n");
        }
    }
}

/// The segments of a path, every length times `scale`.
fn path(segments: &[Segment], scale: f32) -> String {
    let point = |[x, y]: [f32; 2]| format!("{} {}", length(x * scale), length(y * scale));
    let mut text = String::new();
    for segment in segments {
        let _ = match *segment {
            Segment::Move(to) => write!(text, "M{}", point(to)),
            Segment::Line(to) => write!(text, "L{}", point(to)),
            Segment::Quadratic(by, to) => write!(text, "Q{} {}", point(by), point(to)),
            Segment::Cubic(by, and, to) => write!(text, "C{} {} {}", point(by), point(and), point(to)),
            Segment::Close => write!(text, "Z"),
        };
    }
    text
}

/// A color as an attribute, with its opacity where that is not full.
fn paint(attribute: &str, color: Option<Color>) -> String {
    match color {
        None => format!(" {attribute}=\"none\""),
        Some([red, green, blue, 255]) => format!(" {attribute}=\"#{red:02x}{green:02x}{blue:02x}\""),
        Some([red, green, blue, alpha]) => format!(
            " {attribute}=\"#{red:02x}{green:02x}{blue:02x}\" {attribute}-opacity=\"{}\"",
            digits(f64::from(alpha) / 255.0, 3)
        ),
    }
}

/// To a hundredth of a point.
fn length(length: f32) -> String {
    digits(f64::from(length), 2)
}

/// At most so many digits after the point, without zeros at the end.
fn digits(number: f64, most: usize) -> String {
    if !number.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{number:.most$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text between tags or quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for sign in text.chars() {
        match sign {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            // XML knows no other control signs.
            sign if sign.is_control() => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => safe.push(' '),
            sign => safe.push(sign),
        }
    }
    safe
}

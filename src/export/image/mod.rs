//! A picture as plain data: paths and glyphs with their colors. One picture becomes SVG or PNG.
//!
//! Must not know what it shows, nor the window that it was taken from.

mod png;
mod svg;

pub use png::png;
pub use svg::svg;

/// A color: red, green, blue, and how opaque it is, 0 to 255 each.
pub type Color = [u8; 4];

/// A picture. Lengths are points, from the upper left corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorImage {
    /// How wide it is.
    pub width: f32,
    /// How high it is.
    pub height: f32,
    /// What it shows, for those who do not see it.
    pub title: String,
    /// What lies behind everything.
    pub background: Color,
    /// What is painted, later ones on top.
    pub items: Vec<Item>,
    /// The outlines of glyphs, one unit of em high, y downwards from the baseline.
    pub glyphs: Vec<Vec<Segment>>,
}

/// One thing in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Nothing is painted outside of this rectangle: left, top, right, bottom.
    pub clip: Option<[f32; 4]>,
    /// What is painted.
    pub mark: Mark,
}

/// What is painted.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A path.
    Path {
        /// Its segments.
        segments: Vec<Segment>,
        /// What it is filled with.
        fill: Option<Color>,
        /// Its line, and how wide that is.
        stroke: Option<(Color, f32)>,
    },
    /// Glyphs of one color.
    Text {
        /// What they say.
        text: String,
        /// Which, and where.
        glyphs: Vec<Glyph>,
        /// Their color.
        color: Color,
    },
}

/// One glyph of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Its place in [`VectorImage::glyphs`].
    pub outline: usize,
    /// Where its baseline begins.
    pub at: [f32; 2],
    /// How high one em is.
    pub size: f32,
    /// By how many degrees it is turned clockwise.
    pub angle: f32,
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Goes there without a line.
    Move([f32; 2]),
    /// A straight line there.
    Line([f32; 2]),
    /// A curve there, with one point that pulls at it.
    Quadratic([f32; 2], [f32; 2]),
    /// A curve there, with two points that pull at it.
    Cubic([f32; 2], [f32; 2], [f32; 2]),
    /// Back to where this part began.
    Close,
}

impl VectorImage {
    /// Whether a clip rectangle cuts nothing of the picture off.
    fn shows_all(&self, [left, top, right, bottom]: [f32; 4]) -> bool {
        left <= 0.0 && top <= 0.0 && right >= self.width && bottom >= self.height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> VectorImage {
        let square = |from: f32, to: f32| {
            let corner = |x, y| Segment::Line([x, y]);
            vec![
                Segment::Move([from, from]),
                corner(to, from),
                corner(to, to),
                corner(from, to),
                Segment::Close,
            ]
        };
        let item = |clip, mark| Item { clip, mark };
        let red = Mark::Path { segments: square(1.0, 9.0), fill: Some([255, 0, 0, 255]), stroke: None };
        let glyph = Glyph { outline: 0, at: [0.0, 10.0], size: 4.0, angle: 0.0 };
        let text =
            Mark::Text { text: "</svg> & \u{1b}".into(), glyphs: vec![glyph], color: [0, 0, 255, 255] };
        VectorImage {
            width: 10.0,
            height: 10.0,
            title: "\"<a>\"".into(),
            background: [255, 255, 255, 255],
            items: vec![item(Some([0.0, 0.0, 5.0, 10.0]), red), item(None, text)],
            glyphs: vec![vec![
                Segment::Move([0.0, 0.0]),
                Segment::Line([1.0, 0.0]),
                Segment::Line([1.0, -1.0]),
                Segment::Line([0.0, -1.0]),
                Segment::Close,
            ]],
        }
    }

    #[test]
    fn text_cannot_leave_its_element() {
        let text = svg(&picture());
        assert!(text.contains("<title>&quot;&lt;a&gt;&quot;</title>"), "{text}");
        assert!(text.contains("aria-label=\"&lt;/svg&gt; &amp;  \""), "{text}");
        assert_eq!(text.matches("</svg>").count(), 1);
    }

    #[test]
    fn both_forms_paint_within_their_clips() {
        assert!(svg(&picture()).contains("<clipPath id=\"clip0\"><path d=\"M0 0H5V10H0Z\"/></clipPath>"));
        let bytes = png(&picture(), 1.0).unwrap_or_default();
        let decoded = tiny_skia::Pixmap::decode_png(&bytes).ok();
        let pixel = |x, y| {
            let color = decoded.as_ref().and_then(|map| map.pixel(x, y));
            color.map(|color| [color.red(), color.green(), color.blue()])
        };
        assert_eq!(pixel(3, 3), Some([255, 0, 0]), "inside of the clip");
        assert_eq!(pixel(7, 3), Some([255, 255, 255]), "outside of it");
        assert_eq!(pixel(2, 7), Some([0, 0, 255]), "the glyph");
    }
}

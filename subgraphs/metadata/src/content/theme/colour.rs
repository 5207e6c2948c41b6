//! A colour, and how bright it is.

use std::fmt;

/// A colour of the sRGB space, and how opaque it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
    /// 255 for opaque.
    pub alpha: u8,
}

impl Colour {
    /// An opaque colour, as `0xrrggbb`.
    pub const fn of(rgb: u32) -> Self {
        Self {
            rgb: [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8],
            alpha: 255,
        }
    }

    /// Reads `#rrggbb`, or `#rrggbbaa` where `transparent` is allowed.
    pub fn parse(text: &str, transparent: bool) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let fits = digits.len() == 6 || (transparent && digits.len() == 8);
        if !fits || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self {
            rgb: [byte(0)?, byte(2)?, byte(4)?],
            alpha: if digits.len() == 8 { byte(6)? } else { 255 },
        })
    }

    /// Relative luminance by WCAG 2.2: 0 for black, 1 for white.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.rgb.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126f64.mul_add(r, 0.7152f64.mul_add(g, 0.0722 * b))
    }

    /// Whether it is brighter than another.
    pub fn is_brighter_than(self, other: Self) -> bool {
        self.luminance() > other.luminance()
    }

    /// The contrast of two opaque colours by WCAG 2.2: 1 for the same, 21 for black on white.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.rgb;
        write!(f, "#{r:02x}{g:02x}{b:02x}")?;
        if self.alpha == 255 {
            Ok(())
        } else {
            write!(f, "{:02x}", self.alpha)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        let (black, white) = (Colour::of(0), Colour::of(0xff_ffff));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((white.contrast(white) - 1.0).abs() < 1e-9);
        // The greys that everybody quotes: #767676 is the brightest that is text on white.
        assert!(Colour::of(0x76_7676).contrast(white) >= 4.5);
        assert!(Colour::of(0x77_7777).contrast(white) < 4.5);
        assert!((Colour::of(0x77_7777).contrast(white) - 4.478).abs() < 0.001);
        // It is the same both ways.
        let (red, blue) = (Colour::of(0xff_0000), Colour::of(0x00_00ff));
        assert!((red.contrast(blue) - blue.contrast(red)).abs() < f64::EPSILON);
        assert!((red.contrast(white) - 3.998).abs() < 0.001);
    }

    #[test]
    fn only_whole_colours_are_read() {
        for good in ["#000000", "#A1b2C3"] {
            let read = Colour::parse(good, false).unwrap();
            assert_eq!(read.to_string(), good.to_lowercase());
        }
        assert_eq!(
            Colour::parse("#01020380", true).unwrap().to_string(),
            "#01020380"
        );
        for bad in [
            "",
            "#",
            "#fff",
            "000000",
            "#00000",
            "#0000000",
            "#00000g",
            "#01020380",
            "#+10203",
            "#é0000",
            "red",
            "#000000 ",
        ] {
            assert_eq!(Colour::parse(bad, false), None, "{bad}");
        }
    }
}

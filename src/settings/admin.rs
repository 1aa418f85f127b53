//! The name, colour and label of the admin, so that people do not mistake one site for another.

use std::fmt;

use super::values::Values;

#[derive(Debug, Clone, Default)]
pub struct AdminSettings {
    /// `admin.site_header`: the name above every page; without it, the catalogue's text in the reader's language.
    pub site_header: Option<String>,
    /// `admin.site_title`: the same for the title of the browser window.
    pub site_title: Option<String>,
    /// `admin.color`: the background colour of the header, as `#rrggbb`.
    pub color: Option<Color>,
    /// `admin.environment_label`: a badge in the header, such as "Staging".
    pub environment_label: Option<String>,
    /// `admin.history_days`: days after which `polls purge` deletes entries of the history; None for never.
    pub history_days: Option<u32>,
}

/// A colour in sRGB: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl AdminSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        let color = values.optional("admin.color").and_then(|text| {
            let color = Color::parse(&text);
            if color.is_none() {
                values.mistake("admin.color", "expected a colour such as \"#7a1f5c\"");
            }
            color
        });
        Self {
            site_header: values.optional("admin.site_header"),
            site_title: values.optional("admin.site_title"),
            color,
            environment_label: values.optional("admin.environment_label"),
            history_days: Some(values.number("admin.history_days", 0, 0..=36_500)).filter(|days| *days > 0),
        }
    }
}

impl Color {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        plain.then_some(())?;
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// The text colour on this background: black or white, whichever has more contrast; that is at least 4.5:1.
    pub fn ink(self) -> Self {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        // The luminance at which both contrasts, 1.05 / (l + .05) of white and (l + .05) / .05 of black, are equal.
        if luminance > 0.179 { Self([0; 3]) } else { Self([255; 3]) }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_after_a_hash() {
        assert_eq!(Color::parse("#7A1f5c").map(|color| color.to_string()).as_deref(), Some("#7a1f5c"));
        for wrong in ["", "#", "7a1f5c", "#7a1", "#7a1f5c0", "#7a1f5g", "#+a1f5c", "#한글", "red"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_written_on_a_colour_can_be_read() {
        let ink = |text: &str| Color::parse(text).map(|color| color.ink().to_string());
        assert_eq!(ink("#7a1f5c").as_deref(), Some("#ffffff"));
        assert_eq!(ink("#ffd23f").as_deref(), Some("#000000"));
        assert_eq!(ink("#767676").as_deref(), Some("#000000"));
    }
}

//! Charts and figures. Each chart is also shown as a table with the same numbers.

use crate::admin::list::query::DatePart;
use crate::admin::registry::sentence::Sentence;

/// A box with a chart.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Message ids: the title, and the text for a chart without numbers.
    pub title: &'static str,
    pub empty: &'static str,
    /// What is said above the chart.
    pub about: Vec<Sentence>,
    pub chart: Chart,
}

/// A number on the dashboard.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The message id of its title.
    pub title: &'static str,
    pub value: String,
    /// The path of the page that the number links to, relative to the mount.
    pub path: Option<String>,
}

/// A count for a day or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub part: DatePart,
    pub count: i64,
}

/// A chart with fewer bars than this has bars of a fixed width, and does not fill its box.
const FILLING: usize = 14;

/// The width of such a bar with its gap, in pixels.
const SHARE: usize = 44;

/// The chart's least width, for the date below one bar and for the two dates below several bars. In the chart's units.
const ONE_DATE: usize = 36;
const TWO_DATES: usize = 60;

/// With at most this many bars there is room for a number above each bar.
const NUMBERED: usize = 14;

/// Into how many parts the lines of the scale divide its height at most.
const MOST_STEPS: i64 = 4;

/// A bar chart. Each bar is a day or a month; the scale goes from 0 to a round number.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    pub points: Vec<Point>,
    most: i64,
    /// The difference between two lines of the scale.
    step: i64,
}

/// A bar in the chart's units: the chart is 100 high; a bar is 8 wide, and 10 with the gap to the next.
pub struct Bar {
    pub x: usize,
    pub y: i64,
    pub height: i64,
    pub count: i64,
    /// The position of its middle, in hundredths of the chart's width.
    pub middle: usize,
}

/// A line of the scale: its number, and its distance from the top in hundredths of the height.
pub struct ScaleLine {
    pub number: i64,
    pub y: i64,
}

impl Chart {
    pub fn new(points: Vec<Point>) -> Self {
        let most = points.iter().map(|point| point.count).max().unwrap_or(0);
        Self { points, most, step: step(most) }
    }

    pub fn is_empty(&self) -> bool {
        self.most == 0
    }

    /// The number at the top of the scale: the lowest line that is not below any bar.
    fn top(&self) -> i64 {
        (self.most.saturating_add(self.step - 1) / self.step).saturating_mul(self.step).max(1)
    }

    /// The lines of the scale, from the top down to 0.
    pub fn lines(&self) -> Vec<ScaleLine> {
        let top = self.top();
        let line = |number: i64| ScaleLine { number, y: 100 - number.saturating_mul(100) / top };
        (0..=top / self.step).rev().map(|lines| line(lines.saturating_mul(self.step))).collect()
    }

    pub fn width(&self) -> usize {
        let many = self.points.len();
        (many * 10).max(if many == 1 { ONE_DATE } else { TWO_DATES })
    }

    /// Whether the chart is narrower than its box.
    pub fn is_short(&self) -> bool {
        self.points.len() < FILLING
    }

    /// The width of a short chart in pixels.
    pub fn pixels(&self) -> usize {
        self.width() * SHARE / 10
    }

    /// Whether there is room for a number above each bar.
    pub fn is_numbered(&self) -> bool {
        self.points.len() <= NUMBERED
    }

    /// The bars. A count above 0 has a visible bar, however small it is.
    pub fn bars(&self) -> Vec<Bar> {
        let top = self.top();
        let many = self.points.len().max(1);
        let share = self.width() / many;
        let bar = |(index, point): (usize, &Point)| {
            let count = point.count;
            let height = if count == 0 { 0 } else { (count.saturating_mul(100) / top).max(2) };
            let x = index * share + share.saturating_sub(8) / 2;
            Bar { x, y: 100 - height, height, count, middle: (index * 200 + 100) / (many * 2) }
        };
        self.points.iter().enumerate().map(bar).collect()
    }
}

/// The difference between two lines of the scale: the smallest number of the form 1, 2 or 5 times a power of ten of
/// which at most [`MOST_STEPS`] reach `most`.
fn step(most: i64) -> i64 {
    let mut power = 1i64;
    loop {
        for step in [1, 2, 5].map(|part| power.saturating_mul(part)) {
            if most.saturating_add(step - 1) / step <= MOST_STEPS || step == i64::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_that_no_bar_is_above() {
        for (most, lines) in [
            (1, &[1, 0][..]),
            (2, &[2, 1, 0]),
            (3, &[3, 2, 1, 0]),
            (7, &[8, 6, 4, 2, 0]),
            (9, &[10, 5, 0]),
            (37, &[40, 30, 20, 10, 0]),
            (100, &[100, 50, 0]),
            (1234, &[1500, 1000, 500, 0]),
            (999_999, &[1_000_000, 500_000, 0]),
        ] {
            let part = crate::admin::list::query::DatePart::of(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
            let chart = Chart::new(vec![Point { part, count: most }]);
            let numbers: Vec<_> = chart.lines().iter().map(|line| line.number).collect();
            assert_eq!(numbers, lines, "{most}");
            let bar = &chart.bars()[0];
            assert_eq!((bar.height, bar.middle), (most * 100 / lines[0], 50), "{most}");
        }
        assert!(step(i64::MAX) > i64::MAX / 8);
    }
}

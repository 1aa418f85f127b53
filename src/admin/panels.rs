//! What a page shows besides fields: a small chart with the same numbers as a table.

use super::query::DatePart;

/// A box with a chart.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Messages: its title, and what it says without numbers.
    pub title: &'static str,
    pub empty: &'static str,
    pub chart: Chart,
}

/// A count for a day, or for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub part: DatePart,
    pub count: i64,
}

/// Fewer bars than these take a share of the box only, so that one alone is no wall.
const FILLING: usize = 14;

/// What such a bar takes, in pixels.
const SHARE: usize = 22;

/// Bars, a day or a month each.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    pub points: Vec<Point>,
    most: i64,
}

/// A bar in the chart's own units: 100 high, 10 wide.
pub struct Bar {
    pub x: usize,
    pub y: i64,
    pub height: i64,
}

impl Chart {
    pub fn new(points: Vec<Point>) -> Self {
        let most = points.iter().map(|point| point.count).max().unwrap_or(0);
        Self { points, most }
    }

    pub fn is_empty(&self) -> bool {
        self.most == 0
    }

    /// The count that the highest bar stands for.
    pub fn most(&self) -> i64 {
        self.most
    }

    pub fn width(&self) -> usize {
        self.points.len() * 10
    }

    /// Whether the bars do not fill the box.
    pub fn is_short(&self) -> bool {
        self.points.len() < FILLING
    }

    /// How wide a short chart is, in pixels.
    pub fn pixels(&self) -> usize {
        self.points.len() * SHARE
    }

    /// The bars; a day with anything at all is seen.
    pub fn bars(&self) -> Vec<Bar> {
        let height = |count: i64| if count == 0 { 0 } else { (count * 100 / self.most.max(1)).max(2) };
        let bars = self.points.iter().enumerate();
        bars.map(|(index, point)| Bar { x: index * 10 + 1, y: 100 - height(point.count), height: height(point.count) })
            .collect()
    }
}

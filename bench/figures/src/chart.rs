//! Bars for the README: one figure's medians, as an SVG that is read on light and on dark ground.

use std::fmt::Write as _;

use crate::{Figures, Group, Row};

const WIDTH: f64 = 760.0;
/// Where bars begin: names stand before.
const LEFT: f64 = 330.0;
/// What is kept for the value behind the longest bar.
const RIGHT: f64 = 110.0;
const LINE: f64 = 24.0;
const TITLE: f64 = 34.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600}.v{fill:#59636e}\
    .b{fill:#afb8c1}.o{fill:#0969da}\
    @media(prefers-color-scheme:dark){text{fill:#f0f6fc}.v{fill:#9198a1}.b{fill:#656c76}.o{fill:#4493f8}}";

/// Draws figures. What is ours is coloured; each value has its ratio to the group's first contender.
#[must_use]
pub fn svg(figures: &Figures) -> String {
    let mut marks = String::new();
    let mut y = 0.0;
    for group in &figures.groups {
        y = draw(&mut marks, group, y);
    }
    let height = y + 8.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-label=\"{}\"><style>{STYLE}</style>\n{marks}</svg>\n",
        text(&figures.bench)
    )
}

fn draw(marks: &mut String, group: &Group, top: f64) -> f64 {
    let most = group.rows.iter().map(|row| row.median).fold(f64::MIN_POSITIVE, f64::max);
    let mut y = top + TITLE;
    let unit = text(&group.unit);
    line(
        marks,
        &format!("<text class=\"t\" x=\"8\" y=\"{:.0}\">{}, {unit}</text>", y - 10.0, text(&group.title)),
    );
    for Row { name, ours, median, ratio, .. } in &group.rows {
        let class = if *ours { "o" } else { "b" };
        let width = (WIDTH - LEFT - RIGHT) * median / most;
        let middle = y + 13.0;
        line(marks, &format!("<text x=\"8\" y=\"{middle:.0}\">{}</text>", text(name)));
        line(
            marks,
            &format!(
                "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"18\" rx=\"2\"/>"
            ),
        );
        let behind = LEFT + width + 6.0;
        let value = if *median < 100.0 { format!("{median:.1}") } else { format!("{median:.0}") };
        line(
            marks,
            &format!("<text class=\"v\" x=\"{behind:.1}\" y=\"{middle:.0}\">{value} · {ratio:.2}×</text>"),
        );
        y += LINE;
    }
    y
}

fn line(marks: &mut String, mark: &str) {
    writeln!(marks, "{mark}").expect("text");
}

fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

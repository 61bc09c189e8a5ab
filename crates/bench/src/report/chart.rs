//! Line charts as SVG: axes with labels and units, a grid, a legend. Colours come from the page
//! by class, so that light and dark suit both. It does not know what the numbers mean.

use std::fmt::Write;

use crate::report::text::short;

/// Size of a chart, in the units of its view box.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;

/// Where the lines are drawn.
const LEFT: f64 = 74.0;
const RIGHT: f64 = WIDTH - 34.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = HEIGHT - 54.0;

/// Height of a line of the legend, and room for a letter of it.
const LEGEND_LINE: f64 = 20.0;
const LETTER: f64 = 6.9;

/// Colours that the page defines.
pub(crate) const COLOURS: usize = 8;

/// How values lie along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scale {
    /// Evenly, from 0.
    Linear,
    /// By powers of ten.
    Log,
    /// By how rare it is to be beyond: 0.9, 0.99, 0.999 are as far from one another.
    Nines,
}

/// An axis.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// The label, with the unit.
    pub(crate) label: String,
    /// How values lie along it.
    pub(crate) scale: Scale,
}

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// Its name in the legend.
    pub(crate) name: String,
    /// From left to right.
    pub(crate) points: Vec<(f64, f64)>,
    /// Which of the page's colours.
    pub(crate) colour: usize,
    /// Drawn with dashes, as the bare server is.
    pub(crate) dashed: bool,
}

/// A chart.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// The title, which screen readers say.
    pub(crate) title: String,
    /// To the right.
    pub(crate) x: Axis,
    /// Upwards.
    pub(crate) y: Axis,
    /// The lines.
    pub(crate) series: Vec<Series>,
}

impl Scale {
    /// The position of a value, as a distance; values that cannot be shown lie at the edge.
    fn place(&self, value: f64) -> f64 {
        match self {
            Scale::Linear => value,
            Scale::Log => value.max(f64::MIN_POSITIVE).log10(),
            Scale::Nines => -(1.0 - value).max(1e-9).log10(),
        }
    }

    /// The values that get a line of the grid, between two of the data.
    fn ticks(&self, min: f64, max: f64) -> Vec<f64> {
        match self {
            Scale::Linear => linear_ticks(max),
            Scale::Log => log_ticks(min, max),
            Scale::Nines => {
                let all = [0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];
                all.into_iter().filter(|tick| *tick <= max + 1e-12).collect()
            }
        }
    }

    fn name(&self, tick: f64) -> String {
        match self {
            Scale::Nines => {
                let text = format!("{:.3}", tick * 100.0);
                let text = text.trim_end_matches('0').trim_end_matches('.');
                format!("{text} %")
            }
            _ if tick == 0.0 => "0".to_owned(),
            _ if tick.abs() >= 1e6 => format!("{} M", plain(tick / 1e6)),
            _ if tick.abs() >= 1_000.0 => short(tick),
            _ => plain(tick),
        }
    }
}

/// A round figure without needless digits.
fn plain(figure: f64) -> String {
    let text = format!("{figure:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Four to eight round steps from 0 to at least `max`.
fn linear_ticks(max: f64) -> Vec<f64> {
    let max = if max > 0.0 { max } else { 1.0 };
    let rough = max / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(rough);
    let mut ticks = vec![0.0];
    let mut count = 0.0;
    while ticks.last().is_some_and(|last| *last < max) {
        count += 1.0;
        ticks.push(count * step);
    }
    ticks
}

/// Powers of ten around the values; with 2 and 5 between them where there are few.
fn log_ticks(min: f64, max: f64) -> Vec<f64> {
    let (low, high) = (min.log10().floor(), max.log10().ceil().max(min.log10().floor() + 1.0));
    let factors: &[f64] = if high - low <= 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let mut ticks = Vec::new();
    let mut power = low;
    while power < high {
        ticks.extend(factors.iter().map(|factor| factor * 10_f64.powf(power)));
        power += 1.0;
    }
    ticks.push(10_f64.powf(high));
    // Ticks wholly outside of the data only take room.
    let first = ticks.iter().rposition(|tick| *tick <= min * 1.000_001).unwrap_or(0);
    let last = ticks.iter().position(|tick| *tick >= max * 0.999_999).unwrap_or(ticks.len() - 1);
    ticks.get(first..=last.max(first + 1).min(ticks.len() - 1)).unwrap_or(&ticks).to_vec()
}

/// An axis with its ticks: maps values to positions between two edges.
struct Ruler<'a> {
    scale: &'a Scale,
    ticks: Vec<f64>,
    from: f64,
    to: f64,
    edges: (f64, f64),
}

impl<'a> Ruler<'a> {
    fn new(scale: &'a Scale, values: impl Iterator<Item = f64>, edges: (f64, f64)) -> Ruler<'a> {
        let usable = |value: &f64| value.is_finite() && (*scale != Scale::Log || *value > 0.0);
        let values: Vec<f64> = values.filter(usable).collect();
        let least = values.iter().copied().reduce(f64::min).unwrap_or(1.0);
        let most = values.iter().copied().reduce(f64::max).unwrap_or(1.0);
        let ticks = scale.ticks(least, most);
        let ends = [ticks.first(), ticks.last()].map(|tick| scale.place(*tick.unwrap_or(&1.0)));
        // The rarest value may lie beyond the last line.
        let to = if *scale == Scale::Nines { ends[1].max(scale.place(most)) } else { ends[1] };
        Ruler { scale, ticks, from: ends[0], to, edges }
    }

    fn at(&self, value: f64) -> f64 {
        let whole = (self.to - self.from).max(1e-9);
        let part = ((self.scale.place(value) - self.from) / whole).clamp(0.0, 1.0);
        self.edges.0 + part * (self.edges.1 - self.edges.0)
    }
}

impl Chart {
    /// The chart as an `svg` element.
    pub(crate) fn svg(&self) -> String {
        let points = || self.series.iter().flat_map(|series| series.points.iter());
        let x = Ruler::new(&self.x.scale, points().map(|point| point.0), (LEFT, RIGHT));
        let y = Ruler::new(&self.y.scale, points().map(|point| point.1), (BOTTOM, TOP));
        let (legend, legend_height) = self.legend();
        let height = HEIGHT + legend_height;
        let title = escape(&self.title);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
        );
        self.grid(&mut svg, &x, &y);
        for series in &self.series {
            series.draw(&mut svg, &x, &y);
        }
        svg.push_str(&legend);
        svg.push_str("</svg>");
        svg
    }

    fn grid(&self, svg: &mut String, x: &Ruler, y: &Ruler) {
        // Writing into a String cannot fail, here and below.
        for tick in &y.ticks {
            let (at, name) = (y.at(*tick), escape(&y.scale.name(*tick)));
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>",
                LEFT - 8.0,
                at + 4.0,
            );
        }
        for tick in &x.ticks {
            let (at, name) = (x.at(*tick), escape(&x.scale.name(*tick)));
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>\
                 <text class=\"tick\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
                BOTTOM + 18.0,
            );
        }
        let (middle, centre) = ((LEFT + RIGHT) / 2.0, (TOP + BOTTOM) / 2.0);
        let _ = write!(
            svg,
            "<path class=\"axis\" d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\"/>\
             <text class=\"label\" x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"label\" transform=\"translate(16 {centre}) rotate(-90)\" \
             text-anchor=\"middle\">{}</text>",
            BOTTOM + 42.0,
            escape(&self.x.label),
            escape(&self.y.label),
        );
    }

    /// Below the chart, in as many lines as the names want; and how high that is.
    fn legend(&self) -> (String, f64) {
        let mut svg = String::new();
        let (mut x, mut y) = (LEFT, HEIGHT);
        for series in &self.series {
            let letters = u32::try_from(series.name.chars().count()).unwrap_or(u32::MAX);
            let width = 34.0 + f64::from(letters) * LETTER;
            if x > LEFT && x + width > RIGHT {
                (x, y) = (LEFT, y + LEGEND_LINE);
            }
            let _ = write!(
                svg,
                "<line class=\"{}\" x1=\"{x:.1}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                series.class(),
                x + 20.0,
                y + 4.0,
                y + 4.0,
                x + 26.0,
                y + 8.0,
                escape(&series.name),
            );
            x += width;
        }
        (svg, y - HEIGHT + LEGEND_LINE)
    }
}

impl Series {
    fn class(&self) -> String {
        let dashed = if self.dashed { " dashed" } else { "" };
        format!("line c{}{dashed}", self.colour % COLOURS)
    }

    fn draw(&self, svg: &mut String, x: &Ruler, y: &Ruler) {
        let shown = self.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        let places: Vec<(f64, f64)> = shown.map(|point| (x.at(point.0), y.at(point.1))).collect();
        let path: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        if path.is_empty() {
            return;
        }
        let _ = write!(svg, "<path class=\"{}\" d=\"M{}\"/>", self.class(), path.join("L"));
        // A few points are figures each; many are a curve.
        if places.len() <= DOTS_MAX {
            for (x, y) in places {
                let colour = self.colour % COLOURS;
                let _ = write!(
                    svg,
                    "<circle class=\"dot c{colour}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"
                );
            }
        }
    }
}

/// Points of a line up to which each gets a dot.
const DOTS_MAX: usize = 12;

/// A text escaped for HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(x: Scale, y: Scale, points: &[(f64, f64)]) -> Chart {
        Chart {
            title: "A & B".to_owned(),
            x: Axis { label: "connections".to_owned(), scale: x },
            y: Axis { label: "time (µs)".to_owned(), scale: y },
            series: vec![Series {
                name: "<carnet>".to_owned(),
                points: points.to_vec(),
                colour: 9,
                dashed: true,
            }],
        }
    }

    #[test]
    fn ticks_are_round_and_reach_around_the_data() {
        assert_eq!(linear_ticks(97.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(linear_ticks(0.0).first(), Some(&0.0));
        for (min, max) in [(1.0, 1.0), (3.0, 40.0), (0.2, 9e6), (100.0, 1_000.0), (7.0, 7.1)] {
            let ticks = log_ticks(min, max);
            let (first, last) = (ticks[0], ticks[ticks.len() - 1]);
            assert!(first <= min * 1.001 && last >= max * 0.999, "{min} {max}: {ticks:?}");
            assert!((2..=12).contains(&ticks.len()), "{min} {max}: {ticks:?}");
        }
    }

    #[test]
    fn each_nine_is_as_far_as_the_one_before() {
        let places = [0.9, 0.99, 0.999, 0.9999].map(|value| Scale::Nines.place(value));
        for (place, expected) in places.into_iter().zip([1.0, 2.0, 3.0, 4.0]) {
            assert!((place - expected).abs() < 1e-9);
        }
        let names = [0.0, 0.5, 0.99, 0.9999].map(|tick| Scale::Nines.name(tick));
        assert_eq!(names, ["0 %", "50 %", "99 %", "99.99 %"]);
    }

    #[test]
    fn a_point_is_drawn_where_it_belongs() {
        let svg = chart(Scale::Linear, Scale::Linear, &[(0.0, 0.0), (100.0, 50.0)]).svg();
        let expected = format!("d=\"M{LEFT:.1} {BOTTOM:.1}L{RIGHT:.1} {TOP:.1}\"");
        assert!(svg.contains(&expected), "{svg}");
        assert!(svg.contains("line c1 dashed") && svg.contains(">time (µs)</text>"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 2);
    }

    #[test]
    fn words_cannot_break_the_page() {
        let svg = chart(Scale::Log, Scale::Log, &[(1.0, 1.0), (1_000.0, 3.0)]).svg();
        assert!(svg.contains("A &amp; B") && svg.contains("&lt;carnet&gt;"), "{svg}");
        assert!(!svg.contains("<carnet>"));
    }

    #[test]
    fn what_cannot_be_drawn_leaves_the_rest_whole() {
        for points in [&[][..], &[(f64::NAN, 1.0), (2.0, f64::INFINITY)], &[(0.0, 0.0), (5.0, 0.0)]]
        {
            for scale in [Scale::Linear, Scale::Log, Scale::Nines] {
                let svg = chart(scale.clone(), Scale::Log, points).svg();
                assert!(
                    !svg.contains("NaN") && !svg.contains("inf"),
                    "{scale:?} {points:?}: {svg}"
                );
                assert!(svg.ends_with("</svg>"));
            }
        }
    }
}

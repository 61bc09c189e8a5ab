"""Small plots side by side as one SVG that needs no network: how figures grow with the contacts."""

import html
import math

# Of one plot, in pixels; the edges leave room for words.
WIDTH, HEIGHT, EDGE, PER_ROW = 300, 200, 44, 3
INK, LINE, FAINT = "#222", "#0b66a8", "#ddd"


def small(number):
    """A number in few characters."""
    for size, unit in ((1e6, " M"), (1e3, " k")):
        if abs(number) >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def plot(title, xs, ys, left, top):
    """One figure over the number of contacts, which stands on a scale of powers; from zero up."""
    most = max(ys) * 1.15 or 1
    low, high = math.log10(xs[0]), math.log10(xs[-1])
    x = lambda value: left + EDGE + (WIDTH - 2 * EDGE) * ((math.log10(value) - low) / (high - low) if high > low else 0.5)
    y = lambda value: top + HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / most
    text = lambda at, level, words, anchor="middle": (
        f'<text x="{at:.1f}" y="{level:.1f}" text-anchor="{anchor}" fill="{INK}">{html.escape(words)}</text>')
    points = [(x(one), y(other)) for one, other in zip(xs, ys)]
    path = " ".join(f"{one:.1f},{other:.1f}" for one, other in points)
    base = top + HEIGHT - EDGE
    yield text(left + WIDTH / 2, top + 18, title)
    yield f'<line x1="{left + EDGE}" y1="{base}" x2="{left + WIDTH - EDGE}" y2="{base}" stroke="{FAINT}"/>'
    yield f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    for (across, up), contacts, value in zip(points, xs, ys):
        yield f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{LINE}"/>'
        yield text(across, up - 8, small(value))
        yield text(across, base + 16, small(contacts))


def svg(title, xs, figures):
    """All of them: `figures` are titles with a value for each of `xs`."""
    rows = math.ceil(len(figures) / PER_ROW)
    width, height = PER_ROW * WIDTH, rows * HEIGHT + 30
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
             f"<title>{html.escape(title)}</title>", f'<rect width="{width}" height="{height}" fill="#fff"/>',
             f'<text x="{width / 2}" y="20" text-anchor="middle" font-size="14" fill="{INK}">{html.escape(title)}</text>']
    for place, (name, values) in enumerate(figures):
        lines += plot(name, xs, values, place % PER_ROW * WIDTH, place // PER_ROW * HEIGHT + 30)
    return "\n".join([*lines, "</svg>", ""])

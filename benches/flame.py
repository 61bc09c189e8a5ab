#!/usr/bin/env python3
"""Draws where a running process spends its time: a flame graph as one SVG that needs no network.

    cargo build --profile dist          # with CARGO_PROFILE_DIST_STRIP=none, or names are missing
    benches/flame.py --pid PID [--seconds 5] [--title TEXT] -o FILE.svg

Wants `perf` (Debian: linux-perf) and the right to use it. Each box is a function, as wide as its
share of the samples, above the one that called it; the threads of a process are added up. What
belongs to the kernel is grey-blue, the rest warm. Boxes under 0.3 % are left out.
"""

import argparse
import html
import re
import subprocess
import tempfile

WIDTH, ROW, LEAST = 1200, 17, 0.003


def stacks(text):
    """The stacks of `perf script`, each from the outermost function to the innermost."""
    stack = []
    for line in text.splitlines():
        if not line.strip():
            if stack:
                yield stack[::-1]
            stack = []
        elif line[0] in " \t":
            found = re.match(r"\s+[0-9a-f]+ (.+) \((.*)\)$", line)
            if found:
                name, place = found.groups()
                stack.append((clean(name), "kernel" in place or place.startswith("[k")))
    if stack:
        yield stack[::-1]


def clean(name):
    """The name without its offset, its hash and the deeper of its type parameters."""
    name = re.sub(r"\+0x[0-9a-f]+$", "", name)
    name = re.sub(r"::h[0-9a-f]{16}$", "", name)
    while len(name) > 60 and re.search(r"<[^<>]*>", name):
        name = re.sub(r"<[^<>]*>", "", name)
    return name


class Box:
    def __init__(self):
        self.count, self.kernel, self.above = 0, False, {}

    def add(self, stack):
        box = self
        box.count += 1
        for name, kernel in stack:
            box = box.above.setdefault(name, Box())
            box.count += 1
            box.kernel = kernel


def depth(box, total):
    wide = [above for above in box.above.values() if above.count >= LEAST * total]
    return 1 + max((depth(above, total) for above in wide), default=0)


def draw(name, box, x, level, total, rows, out):
    width = WIDTH * box.count / total
    y = (rows - level) * ROW + 34
    shade = sum(map(ord, name)) % 40
    colour = f"hsl(215 {20 + shade // 4}% {72 + shade // 5}%)" if box.kernel else f"hsl({18 + shade} 85% {64 + shade // 6}%)"
    share = 100 * box.count / total
    label = name if len(name) * 6.6 < width - 6 else name[: max(0, int((width - 12) / 6.6))] + "…"
    out.append(f'<g><title>{html.escape(name)} {share:.1f} %</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.6, 0.4):.1f}" height="{ROW - 1}" rx="1" fill="{colour}"/>')
    if width > 30:
        out.append(f'<text x="{x + 3:.1f}" y="{y + 12}">{html.escape(label)}</text>')
    out.append("</g>")
    for above_name, above in sorted(box.above.items()):
        if above.count >= LEAST * total:
            draw(above_name, above, x, level + 1, total, rows, out)
        x += WIDTH * above.count / total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pid", required=True)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--title", default="where the time goes")
    parser.add_argument("--unwind", default="fp", help="how perf walks the stack: fp, or dwarf where there are no frame pointers")
    parser.add_argument("-o", "--output", required=True)
    asked = parser.parse_args()
    with tempfile.NamedTemporaryFile(suffix=".perf") as record:
        subprocess.run(["perf", "record", "-q", "-F", "1999", "--call-graph", asked.unwind, "-p", asked.pid, "-o", record.name,
                        "--", "sleep", str(asked.seconds)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = subprocess.run(["perf", "script", "-i", record.name, "-F", "comm,ip,sym,dso", "--demangle", "--no-inline"], check=True,
                                capture_output=True, text=True, errors="replace")
    root = Box()
    for stack in stacks(script.stdout):
        root.add(stack)
    rows = depth(root, root.count)
    height = rows * ROW + 60
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="11">',
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
           f'<text x="4" y="18" font-size="14">{html.escape(asked.title)}</text>',
           f'<text x="{WIDTH - 4}" y="18" text-anchor="end">{root.count:,} samples</text>']
    draw("all", root, 0, 1, root.count, rows, out)
    out.append("</svg>\n")
    with open(asked.output, "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    main()

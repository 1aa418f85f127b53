"""A picture of the rates: bars, drawn as SVG that follows the reader's light or dark theme."""

from xml.sax.saxutils import escape

from . import report

WIDTH, LABEL, BAR, ROW = 860, 300, 410, 26
COLORS = {"polls": "ours", "bare": "bare", "django": "django", "file": "file"}
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1c1c1e; }
  .head { font-weight: 600; font-size: 16px; }
  .note { fill: #5b5b60; font-size: 12px; }
  .ground { fill: #ffffff; }
  .ours { fill: #0b6e5f; } .bare { fill: #8a8f98; } .django { fill: #b4531a; } .file { fill: #4a6fa5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f0f2; } .note { fill: #a8a8ad; } .ground { fill: #16181b; }
    .ours { fill: #3fc1ab; } .bare { fill: #7b818b; } .django { fill: #e8894a; } .file { fill: #7fa6de; }
  }
"""


def draw(results, connections=32):
    """Pages and votes a second of every system on SQLite, as SVG text."""
    pages = [(key, results.mean(key, "rate", connections)) for key in results.keys(results.pages)]
    votes = [(key, results.value(key, "vote", "rate", connections)) for key in results.keys(results.votes)]
    groups = [
        ("Pages a second", [(key, rate) for key, rate in pages if rate and not key.endswith("PostgreSQL")]),
        ("Durable votes a second", [(key, rate) for key, rate in votes if rate and not key.endswith("PostgreSQL")]),
    ]
    groups = [(head, sorted(bars, key=lambda bar: -bar[1])) for head, bars in groups if bars]
    height = 40 + sum(44 + ROW * len(bars) for _, bars in groups)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc">',
        f'<title id="title">Pages and votes a second, {connections} connections</title>',
        f'<desc id="desc">{escape(_spoken(groups))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
    ]
    top = 36
    for head, bars in groups:
        lines.append(f'<text class="head" x="20" y="{top}">{head}</text>')
        lines += _bars(bars, top + 12)
        top += 44 + ROW * len(bars)
    lines.append(f'<text class="note" x="20" y="{height - 10}">{connections} connections, SQLite, one machine</text>')
    return "\n".join([*lines, "</svg>", ""])


def _bars(bars, top):
    most = bars[0][1]
    django = max((rate for key, rate in bars if key.startswith("django")), default=None)
    lines = []
    for row, (key, rate) in enumerate(bars):
        y = top + row * ROW
        width = max(1.0, rate / most * BAR)
        times = f" ({rate / django:.1f} × Django)" if django and not key.startswith("django") else ""
        label = escape(report.title(key)[0])
        lines += [
            f'<text x="{LABEL - 10}" y="{y + 14}" text-anchor="end">{label}</text>',
            f'<rect class="{COLORS[key.split("-")[0]]}" x="{LABEL}" y="{y}" width="{width:.1f}" height="18" rx="3"/>',
            f'<text class="note" x="{LABEL + width + 8:.1f}" y="{y + 13}">{rate:,.0f}{times}</text>',
        ]
    return lines


def _spoken(groups):
    """The picture in words."""
    return " ".join(
        f"{head}: " + "; ".join(f"{report.title(key)[0]} {rate:,.0f}" for key, rate in bars) + "."
        for head, bars in groups
    )

"""Confidences and what was right in, two drawings and a report out: plain SVG, all of it our own.

The reliability diagram says whether a confidence of 0.8 means right 8 times in 10; the
risk-coverage curve how many are wrong of what is answered, the surest questions first.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from assistant.calibration import (
    PRECISION,
    Asked,
    Bin,
    Floats,
    Point,
    calibration_error,
    coverage_at,
    reliability,
    risk_coverage,
)
from assistant.confidence import Calibration

RELIABILITY, RISK, REPORT = "reliability.svg", "risk_coverage.svg", "report.html"

_SIDE, _MARGIN = 360, 60  # pixels
_STYLE = (
    "text{font:13px sans-serif;fill:#222}.axis{stroke:#222;fill:none}.even{stroke:#999;"
    "stroke-dasharray:4}.bar{fill:#8fb3d9}.line{stroke:#1f5a96;stroke-width:2;fill:none}"
    ".mark{stroke:#b03a2e;stroke-dasharray:3}"
)


def write_report(
    folder: Path, chances: Floats, rows: Sequence[Asked], calibration: Calibration
) -> tuple[Path, ...]:
    """Write both drawings, and one page with both and the figures; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    bins, points = reliability(chances, rows), risk_coverage(chances, rows)
    drawings = {
        RELIABILITY: draw_reliability(bins),
        RISK: draw_risk(points, calibration.answered_from),
    }
    pages = {**drawings, REPORT: _report(drawings.values(), _figures(bins, points, calibration))}
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    return tuple(folder / name for name in pages)


def draw_reliability(bins: Iterable[Bin]) -> str:
    """Return the share that was right over the confidence; a bar's width is its share of all."""
    bars = []
    for one in bins:
        width = max(2.0, 0.5 * one.share * _SIDE)
        left, top = _x(one.confidence) - width / 2, _y(one.right)
        height = _y(0) - top
        title = f"confidence {one.confidence:.2f}, right {one.right:.2f}, {one.share:.0%} of all"
        bars.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}"><title>{title}</title></rect>'
        )
    even = f'<path class="even" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>'
    return _drawing("Reliability", "confidence", "share right", [*bars, even])


def draw_risk(points: Sequence[Point], answered_from: float) -> str:
    """Return the share wrong over the share answered; marked is where answering begins."""
    places = [f"{_x(one.coverage):.1f} {_y(1 - one.precision):.1f}" for one in points]
    line = f'<path class="line" d="M{"L".join(places)}"/>' if places else ""
    answered = [one.coverage for one in points if one.confidence >= answered_from]
    mark = _x(max(answered, default=0.0))
    marked = f'<path class="mark" d="M{mark:.1f} {_y(0)}V{_y(1)}"><title>answered</title></path>'
    return _drawing("Risk and coverage", "share answered", "share wrong of it", [line, marked])


def _figures(
    bins: Sequence[Bin], points: Sequence[Point], calibration: Calibration
) -> dict[str, str]:
    at_precision = coverage_at(PRECISION, points)
    answered = [one for one in points if one.confidence >= calibration.answered_from]
    return {
        "questions": str(len(points)),
        "expected calibration error": f"{calibration_error(bins):.3f}",
        "answered": f"{answered[-1].coverage:.0%}" if answered else "0%",
        "right of what is answered": f"{answered[-1].precision:.0%}" if answered else "-",
        f"answered if {PRECISION:.0%} of it must be right": (
            f"{at_precision.coverage:.0%}, from confidence {at_precision.confidence:.2f}"
            if at_precision
            else "nothing"
        ),
    }


def _report(drawings: Iterable[str], figures: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in figures.items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Confidence</title>'
        "<style>body{font-family:sans-serif;margin:2em}th{text-align:left;padding-right:2em}"
        f"</style><h1>Confidence</h1><table>{rows}</table>{''.join(drawings)}</html>\n"
    )


def _drawing(title: str, x_label: str, y_label: str, shapes: Iterable[str]) -> str:
    size, middle = _SIDE + 2 * _MARGIN, _MARGIN + _SIDE / 2
    ticks = "".join(
        f'<text x="{_x(one):.0f}" y="{_y(0) + 18}" text-anchor="middle">{one:.1f}</text>'
        f'<text x="{_x(0) - 8}" y="{_y(one) + 4:.0f}" text-anchor="end">{one:.1f}</text>'
        for one in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" role="img" '
        f'aria-label="{title}"><style>{_STYLE}</style>'
        f'<text x="{middle}" y="{_MARGIN / 2}" text-anchor="middle">{title}</text>'
        f'<path class="axis" d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}"/>{ticks}'
        f'<text x="{middle}" y="{size - 12}" text-anchor="middle">{x_label}</text>'
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">'
        f"{y_label}</text>{''.join(shapes)}</svg>\n"
    )


def _x(share: float) -> float:
    return _MARGIN + share * _SIDE


def _y(share: float) -> float:
    return _MARGIN + (1 - share) * _SIDE

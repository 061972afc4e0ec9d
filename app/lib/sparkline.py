"""The geometry of a sparkline: a row of values as short lines in a small box."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 96, 26, 4


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Lines for ``<polyline points>``, broken where values are missing, and the place of the last value."""

    lines: tuple[str, ...]
    end: tuple[float, float] | None


def sparkline(values: Sequence[float | None]) -> Sparkline:
    """Fit ``values``, evenly spaced, into the box; None breaks the line."""
    known = [value for value in values if value is not None]
    if not known:
        return Sparkline((), None)
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    is_flat = max(known) == min(known)
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        middle = 0.5 if is_flat else (value - low) / span
        runs[-1].append((round(EDGE + place * step, 1), round(HEIGHT - EDGE - middle * (HEIGHT - 2 * EDGE), 1)))
    drawn = [run for run in runs if run]
    lines = tuple(" ".join(f"{x},{y}" for x, y in run) for run in drawn if len(run) > 1)
    return Sparkline(lines, drawn[-1][-1])

"""The Vega-Lite specification that says a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.charts.series import Bounds, Line, Mark, Picture, runs

INK, GRID, MARK = "#c0ff01", "#c0ff02", "#c0ff03"  # stand-ins: the style sheet decides, see drawing.py
HUES = tuple(f"#c0ff1{number}" for number in range(1, 9))
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
HIDDEN_SHAPE = "M-0.5,-0.5L0.5,0.5M0.5,-0.5L-0.5,0.5"  # ×
TARGET_SHAPE = "M-0.6,0L0.6,0M0,-0.6L0,0.6"  # +

LABEL_GAP = 15  # pixels between the names beside the lines
WORDS_STEP = 15  # pixels between the words above vertical marks
MOST_WORDS = 6  # hidden points that get a word each
UNITS = {"percent": "Percent", "points": "Points", "count": "Students", "index": "Index"}

Spec = dict[str, Any]


class Size(StrEnum):
    """For which room a chart is drawn."""

    WIDE = "chart-wide"
    NARROW = "chart-narrow"
    PANEL = "chart-panel"


ROOMS = {Size.WIDE: (520, 270), Size.NARROW: (250, 230), Size.PANEL: (250, 150)}


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the drawing is and what its axes span."""

    width: int
    height: int
    bounds: Bounds

    @classmethod
    def around(cls, picture: Picture, size: Size) -> "Frame":
        """Fit a frame around everything in the picture."""
        return cls(*ROOMS[size], picture.span)

    @property
    def step(self) -> float:
        """How many units one pixel is."""
        return (self.bounds.high - self.bounds.low) / self.height


def spec(picture: Picture, size: Size = Size.WIDE) -> Spec:
    """Return the specification of ``picture``, for the room there is."""
    frame = Frame.around(picture, size)
    layers = [*_marks(picture, frame), *_nought(picture, frame), *_lines(picture, frame), *_beside(picture, frame)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": picture.description,
        "usermeta": {"class": str(size)},
        "width": frame.width,
        "height": frame.height,
        "padding": 4,
        "background": None,
        "config": _config(),
        "layer": [*layers, *_hidden(picture, frame), *_names(picture, frame)],
    }


def _config() -> Spec:
    axis = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    lines = {"domainColor": GRID, "tickColor": GRID, "gridColor": GRID}
    return {"view": {"stroke": None}, "axis": axis | lines, "text": {"fontSize": 12}}


def _x(frame: Frame) -> Spec:
    first, last = frame.bounds.years
    every = max(1, -(-(last - first + 1) * 58 // frame.width))  # a label is about 58 pixels wide
    written = "datum.value + '-' + slice('' + (datum.value + 1), 2)"
    axis = {"values": list(range(last, first - 1, -every))[::-1], "labelExpr": written, "grid": False, "title": None}
    scale = {"domain": [first - 0.5, last + 0.5], "nice": False, "zero": False}
    return {"field": "year", "type": "quantitative", "scale": scale, "axis": axis}


def _y(picture: Picture, frame: Frame) -> Spec:
    title = "Points apart" if picture.is_gap and picture.unit in {"percent", "points"} else UNITS[picture.unit]
    axis = {"tickCount": 5, "title": title, "titleAlign": "left", "titleAngle": 0}
    above = {"titleX": 0, "titleY": -10, "titleAnchor": "start"}
    scale = {"domain": [frame.bounds.low, frame.bounds.high], "nice": False, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis | above}


def _hue(line: Line) -> str:
    return HUES[(line.hue - 1) % len(HUES)]


def _lines(picture: Picture, frame: Frame) -> Iterator[Spec]:
    for line in picture.lines:
        style, hue = line.place % len(SHAPES), _hue(line)
        rows = [
            {"year": point.year, "value": point.value, "run": run, "small": point.is_small}
            for run, points in enumerate(runs(line.points))
            for point in points
        ]
        where = {"x": _x(frame), "y": _y(picture, frame), "detail": {"field": "run", "type": "nominal"}}
        yield {
            "data": {"values": rows},
            "layer": [
                {
                    "mark": {"type": "line", "color": hue, "strokeWidth": 2.5, "strokeDash": DASHES[style]},
                    "encoding": where,
                },
                {
                    "mark": {"type": "point", "shape": SHAPES[style], "size": 60, "filled": True, "opacity": 1},
                    "encoding": where
                    | {
                        "fill": {"value": hue},
                        "stroke": {"value": hue},
                        "fillOpacity": {"condition": {"test": "datum.small", "value": 0}, "value": 1},
                    },
                },
            ],
        }


def _beside(picture: Picture, frame: Frame) -> Iterator[Spec]:
    """Set what was restated (an open diamond) and what is aimed at (a plus) beside the lines, with words."""
    where = {"x": _x(frame), "y": _y(picture, frame)}
    for line in picture.lines:
        for shape, notes, dy in (("diamond", line.restated, 24), (TARGET_SHAPE, line.targets, -12)):
            if not notes:
                continue
            rows = [{"year": note.year, "value": note.value, "words": note.words} for note in notes]
            mark = {"type": "point", "shape": shape, "size": 110, "filled": False, "strokeWidth": 2, "opacity": 1}
            yield {
                "data": {"values": rows},
                "mark": mark,
                "encoding": where | {"stroke": {"value": MARK if shape == "diamond" else _hue(line)}},
            }
            right = notes[-1].year > sum(frame.bounds.years) / 2
            yield {
                "data": {"values": rows[-1:]},
                "mark": {"type": "text", "color": INK, "dy": dy, "fontSize": 11, "align": "right" if right else "left"},
                "encoding": where | {"text": {"field": "words"}},
            }


def _hidden(picture: Picture, frame: Frame) -> Iterator[Spec]:
    """Set a × on the axis where there is no value, with a word."""
    floor = frame.bounds.low + 8 * frame.step
    rows = [
        {"year": point.year + 0.12 * (index - (len(picture.lines) - 1) / 2), "value": floor}
        | {"hue": _hue(line), "word": f"{line.name}: {point.missing}"}
        for index, line in enumerate(picture.lines)
        for point in line.points
        if point.value is None
    ]
    if not rows:
        return
    where = {"x": _x(frame), "y": _y(picture, frame)}
    hue = {"field": "hue", "type": "nominal", "scale": None}
    yield {
        "data": {"values": rows},
        "mark": {"type": "point", "shape": HIDDEN_SHAPE, "size": 150, "filled": False, "strokeWidth": 2, "opacity": 1},
        "encoding": where | {"stroke": hue},
    }
    yield {
        "data": {"values": list({row["word"]: row for row in rows}.values())[:MOST_WORDS]},
        "mark": {"type": "text", "color": INK, "dy": -12, "fontSize": 11, "align": "center"},
        "encoding": where | {"text": {"field": "word"}},
    }


def _names(picture: Picture, frame: Frame) -> Iterator[Spec]:
    """Write each line's name at its end, pushed apart where they would lie on each other."""
    ends = sorted(
        ((line.visible[-1].value or 0.0, line) for line in picture.lines if line.visible), key=lambda end: end[0]
    )
    gap, last = LABEL_GAP * frame.step, None
    for value, line in ends:
        at = value if last is None else max(value, last + gap)
        last = at
        yield {
            "data": {"values": [{"year": line.visible[-1].year, "value": at, "name": line.name}]},
            "mark": {"type": "text", "align": "left", "dx": 9, "color": _hue(line), "fontWeight": "bold"},
            "encoding": {"x": _x(frame), "y": _y(picture, frame), "text": {"field": "name"}},
        }


def _nought(picture: Picture, frame: Frame) -> Iterator[Spec]:
    """Draw the line on which there is no gap."""
    if picture.is_gap and frame.bounds.low <= 0 <= frame.bounds.high:
        yield {
            "data": {"values": [{"value": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"y": _y(picture, frame)},
        }


def _marks(picture: Picture, frame: Frame) -> Iterator[Spec]:
    inside = picture.drawn_marks
    worded = [mark for mark in inside if mark.words]
    for mark in inside:
        place = worded.index(mark) if mark.words else 0
        yield _mark(mark, frame, -22 - WORDS_STEP * (len(worded) - 1 - place))


def _mark(mark: Mark, frame: Frame, height: float) -> Spec:
    first, last = frame.bounds.years
    at = max(mark.at, first - 0.5)
    row: Sequence[Spec] = [{"year": at, "end": min(mark.until or mark.at, last + 0.5), "words": mark.words}]
    leans = "left" if at < (first + last) / 2 else "right"
    line: Spec = {
        "mark": {"type": "rule", "color": MARK, "strokeDash": [3, 3] if mark.is_break else [1, 0]},
        "encoding": {"x": _x(frame)},
    }
    if mark.until is not None:
        line = {
            "mark": {"type": "rect", "fill": MARK, "fillOpacity": 0.14, "stroke": MARK, "strokeDash": [2, 2]},
            "encoding": {"x": _x(frame), "x2": {"field": "end"}},
        }
    words: Spec = {
        "mark": {"type": "text", "color": INK, "align": leans, "baseline": "bottom", "fontSize": 12},
        "encoding": {"x": _x(frame), "y": {"value": height}, "text": {"field": "words"}},
    }
    return {"data": {"values": row}, "layer": [line, words] if mark.words else [line]}

"""What a chart of figures over school years says, as plain data, and the Vega-Lite specification that says it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

INK, GRID, MARK = "#c0ff01", "#c0ff02", "#c0ff03"  # stand-ins: the style sheet decides, see drawing.py
HUES = ("#c0ff0a", "#c0ff0b", "#c0ff0c", "#c0ff0d")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
HIDDEN_SHAPE = "M-0.5,-0.5L0.5,0.5M0.5,-0.5L-0.5,0.5"  # ×

LABEL_GAP = 15  # pixels between the names beside the lines
ROOM = 0.12  # of the range, above and below the lines
WORDS_STEP = 15  # pixels between the words above vertical marks
MOST_WORDS = 6  # hidden points that get a word each
UNITS = {"percent": "Percent", "points": "Points", "count": "Students", "index": "Index"}

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one line; without a value it is a × on the axis, with the word that says why."""

    year: int
    value: float | None
    segment: int = 0
    is_small: bool = False
    missing: str = "no figure"


@dataclass(frozen=True, slots=True)
class Line:
    """One district's figures. The ``place`` decides its colour, dash and symbol."""

    name: str
    points: tuple[Point, ...]
    place: int = 0

    @property
    def visible(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with words, at a place between school years: 2007.5 is the start of 2008-09."""

    at: float
    words: str
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole chart. ``description`` is what somebody who cannot see it hears."""

    description: str
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the drawing is and what its axes span."""

    width: int
    height: int
    years: tuple[int, int]
    low: float
    high: float

    @classmethod
    def around(cls, picture: Picture, *, narrow: bool) -> "Frame":
        """Fit a frame around everything in the picture."""
        years = [point.year for line in picture.lines for point in line.points]
        values = [point.value for line in picture.lines for point in line.points if point.value is not None]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = (high - low or abs(high) * 0.1 or 1.0) * ROOM
        floor = 0.0 if picture.unit in {"percent", "count"} and low >= 0 else low - 2 * room
        roof = 100.0 if picture.unit == "percent" else high + room
        return cls(
            250 if narrow else 520,
            230 if narrow else 270,
            (min(years, default=0), max(years, default=0)),
            max(floor, low - 2 * room),
            min(roof, high + room) if values else 1.0,
        )

    @property
    def step(self) -> float:
        """How many units one pixel is."""
        return (self.high - self.low) / self.height


def spec(picture: Picture, *, narrow: bool = False) -> Spec:
    """Return the Vega-Lite specification of ``picture``, for a wide column or a narrow one."""
    frame = Frame.around(picture, narrow=narrow)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": picture.description,
        "usermeta": {"class": "chart-narrow" if narrow else "chart-wide"},
        "width": frame.width,
        "height": frame.height,
        "padding": 4,
        "background": None,
        "config": _config(),
        "layer": [*_marks(picture, frame), *_lines(picture, frame), *_hidden(picture, frame), *_names(picture, frame)],
    }


def _config() -> Spec:
    axis = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    lines = {"domainColor": GRID, "tickColor": GRID, "gridColor": GRID}
    return {"view": {"stroke": None}, "axis": axis | lines, "text": {"fontSize": 12}}


def _x(frame: Frame) -> Spec:
    first, last = frame.years
    every = max(1, -(-(last - first + 1) * 58 // frame.width))  # a label is about 58 pixels wide
    written = "datum.value + '-' + slice('' + (datum.value + 1), 2)"
    axis = {"values": list(range(last, first - 1, -every))[::-1], "labelExpr": written, "grid": False, "title": None}
    scale = {"domain": [first - 0.5, last + 0.5], "nice": False, "zero": False}
    return {"field": "year", "type": "quantitative", "scale": scale, "axis": axis}


def _y(picture: Picture, frame: Frame) -> Spec:
    axis = {"tickCount": 5, "title": UNITS[picture.unit], "titleAlign": "left", "titleAngle": 0}
    above = {"titleX": 0, "titleY": -10, "titleAnchor": "start"}
    scale = {"domain": [frame.low, frame.high], "nice": False, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis | above}


def _lines(picture: Picture, frame: Frame) -> Iterator[Spec]:
    for line in picture.lines:
        style = line.place % len(HUES)
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
                    "mark": {"type": "line", "color": HUES[style], "strokeWidth": 2.5, "strokeDash": DASHES[style]},
                    "encoding": where,
                },
                {
                    "mark": {"type": "point", "shape": SHAPES[style], "size": 60, "filled": True, "opacity": 1},
                    "encoding": where
                    | {
                        "fill": {"value": HUES[style]},
                        "stroke": {"value": HUES[style]},
                        "fillOpacity": {"condition": {"test": "datum.small", "value": 0}, "value": 1},
                    },
                },
            ],
        }


def runs(points: Iterable[Point]) -> list[list[Point]]:
    """Return stretches that a line may join: years that follow each other, in one definition, with nothing missing."""
    found: list[list[Point]] = []
    last: Point | None = None
    for point in sorted(points, key=lambda point: point.year):
        if point.value is None:
            continue
        if last is None or point.year != last.year + 1 or point.segment != last.segment:
            found.append([])
        found[-1].append(point)
        last = point
    return found


def _hidden(picture: Picture, frame: Frame) -> Iterator[Spec]:
    """Set a × on the axis where there is no value, with a word."""
    rows = [
        {"year": point.year + 0.12 * (index - (len(picture.lines) - 1) / 2), "value": frame.low + 8 * frame.step}
        | {"hue": HUES[line.place % len(HUES)], "word": f"{line.name}: {point.missing}"}
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
        style = line.place % len(HUES)
        yield {
            "data": {"values": [{"year": line.visible[-1].year, "value": at, "name": line.name}]},
            "mark": {"type": "text", "align": "left", "dx": 9, "color": HUES[style], "fontWeight": "bold"},
            "encoding": {"x": _x(frame), "y": _y(picture, frame), "text": {"field": "name"}},
        }


def _marks(picture: Picture, frame: Frame) -> Iterator[Spec]:
    first, last = frame.years
    inside = [mark for mark in picture.marks if first - 0.5 <= mark.at <= last + 0.5]
    for place, mark in enumerate(sorted(inside, key=lambda mark: mark.at)):
        row: Sequence[Spec] = [{"year": mark.at, "words": mark.words}]
        leans = "left" if mark.at < (first + last) / 2 else "right"
        yield {
            "data": {"values": row},
            "layer": [
                {
                    "mark": {"type": "rule", "color": MARK, "strokeDash": [3, 3] if mark.is_break else [1, 0]},
                    "encoding": {"x": _x(frame)},
                },
                {
                    "mark": {"type": "text", "color": INK, "align": leans, "baseline": "bottom", "fontSize": 12},
                    "encoding": {
                        "x": _x(frame),
                        "y": {"value": -22 - WORDS_STEP * (len(inside) - 1 - place)},
                        "text": {"field": "words"},
                    },
                },
            ],
        }

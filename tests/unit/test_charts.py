"""Charts: what a specification says, and what its drawing may hold. Drawn by the real renderer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.charts import Bounds, Charts, Line, Mark, Note, Picture, Point, open_charts
from app.charts.series import runs
from app.charts.spec import HUES, Size, spec

API = Picture(
    "Index of “both” & <more>",
    "index",
    (
        Line("Fresno", tuple(Point(2002 + n, 600 + 9 * n, int(n > 5)) for n in range(11)), 0),
        Line(
            "Long Beach",
            (*(Point(2002 + n, 650 + 9 * n) for n in range(10)), Point(2012, None, missing="hidden")),
            place=1,
            hue=2,
            restated=(Note(2005, 690, "restated 690"),),
            targets=(Note(2014, 800, "target 800"),),
        ),
    ),
    (
        Mark(2007.5, "new definition", is_break=True),
        Mark(2009.8, "Fresno began"),
        Mark(2003.5, "Reporting", until=2005.5),
    ),
)


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Charts:
    return open_charts(tmp_path_factory.mktemp("charts"))


@pytest.fixture(scope="module")
def drawn(charts: Charts) -> str:
    return charts.svg(spec(API))


def walk(wanted: Any) -> Iterator[dict[str, Any]]:
    if isinstance(wanted, dict):
        yield wanted
        for value in wanted.values():
            yield from walk(value)
    elif isinstance(wanted, list):
        for value in wanted:
            yield from walk(value)


def test_a_line_never_crosses_a_missing_year_or_a_break() -> None:
    points = [Point(2000, 1), Point(2001, 2), Point(2002, None), Point(2003, 3), Point(2004, 4, 1), Point(2006, 5, 1)]

    joined = [[point.year for point in run] for run in runs(points)]

    assert joined == [[2000, 2001], [2003], [2004], [2006]]


def test_districts_differ_in_dash_symbol_and_name_not_only_in_colour() -> None:
    parts = list(walk(spec(API)))
    dashes = [part["strokeDash"] for part in parts if part.get("type") == "line"]
    shapes = [part["shape"] for part in parts if part.get("type") == "point" and part["shape"].isalpha()]

    assert len({tuple(dash) for dash in dashes}) == 2
    assert shapes[:2] == ["circle", "square"]


def test_names_that_end_at_one_value_are_pushed_apart() -> None:
    same = Picture("x", "percent", (Line("A", (Point(2020, 50),), 0), Line("B", (Point(2020, 50),), 1)))
    ends = [
        row["value"]
        for part in walk(spec(same))
        for row in part.get("values", [])
        if isinstance(row, dict) and "name" in row
    ]

    assert len(set(ends)) == 2


def test_percent_never_runs_past_its_ends() -> None:
    full = Picture("x", "percent", (Line("A", (Point(2020, 0.5), Point(2021, 99.9)), 0),))
    domains = [part["domain"] for part in walk(spec(full)) if "domain" in part and part["domain"][0] < 1000]

    assert all(0 <= low <= high <= 100 for low, high in domains)


def test_a_drawing_holds_nothing_that_a_strict_page_refuses(drawn: str) -> None:
    assert "style" not in drawn
    assert "<script" not in drawn
    assert "href" not in drawn
    assert not re.search("|".join(HUES), drawn)
    assert {"var(--hue-1)", "var(--hue-2)", "var(--chart-mark)"} <= set(re.findall(r"var\(--[a-z0-9-]+\)", drawn))


def test_a_drawing_is_one_image_with_a_name(drawn: str) -> None:
    root = ET.fromstring(drawn)  # noqa: S314

    assert (root.get("role"), root.get("aria-label")) == ("img", "Index of “both” & <more>")
    assert [e for e in root.iter() if e is not root and ("role" in e.attrib or "aria-label" in e.attrib)] == []


@pytest.mark.parametrize(
    "words",
    [
        "Fresno",
        "Long Beach",
        "Long Beach: hidden",
        "new definition",
        "Fresno began",
        "Reporting",
        "restated 690",
        "target 800",
        "Index",
        "2012-13",
    ],
)
def test_words_stand_in_the_drawing(drawn: str, words: str) -> None:
    assert f">{words}</text>" in drawn


def test_both_widths_are_given_and_their_ids_differ(charts: Charts) -> None:
    both = charts.picture(API)

    assert both.count("<svg") == 2
    assert 'class="chart-wide"' in both
    assert 'class="chart-narrow"' in both
    ids = re.findall(r' id="([^"]+)"', both)
    assert len(ids) == len(set(ids))


def test_panels_stand_on_one_axis_whatever_is_written_around_them(charts: Charts) -> None:
    bounds = Bounds.around(API.lines, API.unit)
    plain = Picture("x", "index", (Line("A", API.lines[0].points, 0),), (), bounds)
    wordy = Picture("y", "index", (Line("Long Beach Unified", API.lines[1].points, 1),), API.marks, bounds)

    alone = [room_of(charts.panels([one])[0]) for one in (plain, wordy)]
    beside = charts.panels([plain, wordy])

    assert alone[0] != alone[1]
    assert room_of(beside[0]) == room_of(beside[1])
    assert axis_of(beside[0]) == axis_of(beside[1])
    assert [words_outside(one) for one in beside] == [[], []]


def room_of(drawn: str) -> tuple[str | None, str | None]:
    root = ET.fromstring(drawn)  # noqa: S314
    _, _, width, height = (root.get("viewBox") or "").split()
    return width, height


def axis_of(drawn: str) -> tuple[float, float]:
    """Where the axes cross, from the left upper corner of what is seen."""
    root = ET.fromstring(drawn)  # noqa: S314
    x, y, *_ = map(float, (root.get("viewBox") or "").split())
    left, top = map(float, re.findall(r"[\d.]+", root[0].get("transform") or ""))
    return left - x, top - y


def words_outside(drawn: str) -> list[str]:
    """The words above what is seen."""
    root = ET.fromstring(drawn)  # noqa: S314
    _, y, *_ = map(float, (root.get("viewBox") or "").split())
    top = float(re.findall(r"[\d.]+", root[0].get("transform") or "")[1])
    found = []
    for element in root[0].iter():
        place = re.match(r"translate\([-\d.]+,([-\d.]+)\)", element.get("transform") or "")
        if element.text and place and top + float(place[1]) - 10 < y:
            found.append(element.text)
    return found


def test_a_drawing_is_kept_and_found_by_another_process(
    charts: Charts, drawn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        pytest.fail("drawn twice")

    monkeypatch.setattr("app.charts.drawing.draw", refuse)

    assert open_charts(charts.folder).svg(spec(API)) == drawn


def test_a_picture_without_values_is_still_drawn(charts: Charts) -> None:
    hidden = Picture("nothing", "percent", (Line("Fresno", (Point(2022, None, missing="hidden"),), 0),))

    assert "Fresno: hidden" in charts.svg(spec(hidden))


def test_panels_share_one_axis() -> None:
    low, high = (Line(name, (Point(2020, value),), 0) for name, value in (("A", 10), ("B", 90)))
    bounds = Bounds.around([low, high], "percent")

    axes = [
        [
            part["domain"]
            for part in walk(spec(Picture("x", "percent", (line,), bounds=bounds), Size.PANEL))
            if "domain" in part
        ]
        for line in (low, high)
    ]

    assert axes[0] == axes[1]


def test_a_gap_is_drawn_around_the_line_of_no_gap() -> None:
    lines = (Line("A", (Point(2020, -12.0), Point(2021, -9.0)), 0),)
    picture = Picture("x", "percent", lines, bounds=Bounds((2020, 2021), -15, 1), is_gap=True)
    said = list(walk(spec(picture)))

    assert any(part.get("values") == [{"value": 0}] for part in said)
    assert any(part.get("title") == "Points apart" for part in said)


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_file_stands_alone_with_its_title_and_source(kind: str, begins: bytes) -> None:
    drawn = Charts.file(API, kind, "Index, all students", "Source: the state’s file")

    assert drawn.startswith(begins)
    assert b"var(" not in drawn
    assert kind == "png" or "Source: the state’s file" in drawn.decode()


def test_half_a_file_is_never_read(tmp_path: Path) -> None:
    charts = open_charts(tmp_path)
    charts.svg(spec(API))

    assert [place.suffix for place in tmp_path.rglob("*") if place.is_file()] == [".svg"]

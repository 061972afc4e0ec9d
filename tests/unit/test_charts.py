"""Charts: what a specification says, and what its drawing may hold. Drawn by the real renderer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.charts import Charts, Line, Mark, Picture, Point, open_charts
from app.charts.series import HUES, runs, spec

API = Picture(
    "Index of “both” & <more>",
    "index",
    (
        Line("Fresno", tuple(Point(2002 + n, 600 + 9 * n, int(n > 5)) for n in range(11)), 0),
        Line(
            "Long Beach", (*(Point(2002 + n, 650 + 9 * n) for n in range(10)), Point(2012, None, missing="hidden")), 1
        ),
    ),
    (Mark(2007.5, "new definition", is_break=True), Mark(2009.8, "Fresno began")),
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
    assert shapes == ["circle", "square"]


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
    assert {"var(--chart-a)", "var(--chart-b)", "var(--chart-mark)"} <= set(re.findall(r"var\(--[a-z-]+\)", drawn))


def test_a_drawing_is_one_image_with_a_name(drawn: str) -> None:
    root = ET.fromstring(drawn)  # noqa: S314

    assert (root.get("role"), root.get("aria-label")) == ("img", "Index of “both” & <more>")
    assert [e for e in root.iter() if e is not root and ("role" in e.attrib or "aria-label" in e.attrib)] == []


@pytest.mark.parametrize(
    "words", ["Fresno", "Long Beach", "Long Beach: hidden", "new definition", "Fresno began", "Index", "2012-13"]
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


def test_half_a_file_is_never_read(tmp_path: Path) -> None:
    charts = open_charts(tmp_path)
    charts.svg(spec(API))

    assert [place.suffix for place in tmp_path.rglob("*") if place.is_file()] == [".svg"]

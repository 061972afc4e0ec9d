"""Sums, and the numbers behind rates: whoever has every page, file and chart together finds no hidden group."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.lib.partitions import PARTITIONS, PARTS
from app.lib.suppression import FEWEST
from app.models import (
    DefinitionVersion,
    District,
    FigureSource,
    ImportBatch,
    Indicator,
    Observation,
    StudentGroup,
)
from app.models.crosswalk import Comparable
from app.services import crosswalks, figures
from tests.demo import DEMO, define, shipped
from tests.pages import Page, get
from tests.people import Cast, sign_in
from tests.real import DATA

OUTCOMES = DATA / "figures" / "outcomes" / "fresno_longbeach_outcomes.csv"
RACES = ("african_american", "asian", "hispanic_latino", "white")
GENDERS = ("female", "male", "non_binary")
HIDDEN = "hidden to protect students"
YEAR = 2023

Number = tuple[Decimal, Decimal]  # reached, of how many
Cells = dict[str, tuple[int, int]]  # by group


@st.composite
def districts(draw: st.DrawFn) -> Cells:
    """Draw one district: who graduated of how many, by race and by gender, which add up to the same."""
    sizes = st.one_of(st.integers(1, 30), st.integers(30, 4000))
    cells = {}
    for race in RACES:
        many = draw(sizes)
        cells[race] = (draw(st.integers(0, many)), many)
    reached, many = (sum(cell[at] for cell in cells.values()) for at in (0, 1))
    few = draw(st.integers(0, min(30, many)))
    women = draw(st.integers(0, many - few))
    cells["non_binary"] = draw(st.integers(max(0, reached - (many - few)), min(few, reached))), few
    left = reached - cells["non_binary"][0]
    cells["female"] = draw(st.integers(max(0, left - (many - few - women)), min(women, left))), women
    cells["male"] = left - cells["female"][0], many - few - women
    return cells | {"all": (reached, many)}


@dataclass
class Seen:
    """What a reader with every output knows: numbers, rates, and what is hidden, by group and district."""

    numbers: dict[tuple[str, str], Number]
    rates: dict[tuple[str, str], Decimal]
    hidden: set[tuple[str, str]]

    def solve(self, places: list[str]) -> None:
        """Find out whatever follows: parts from wholes, districts from sums, numbers from rates."""
        groups = ["all", *RACES, *GENDERS]
        lines = [([(p, one) for one in kind], (p, "all")) for kind in (RACES, GENDERS) for p in places]
        lines += [([(place, group) for place in places], ("Both", group)) for group in groups]
        lines += [([("Both", one) for one in kind], ("Both", "all")) for kind in (RACES, GENDERS)]
        before = -1
        while before != len(self.numbers):
            before = len(self.numbers)
            for parts, whole in lines:
                self._line(parts, whole)

    def _line(self, parts: list[tuple[str, str]], whole: tuple[str, str]) -> None:
        unknown = [part for part in parts if part not in self.numbers]
        known = [self.numbers[part] for part in parts if part in self.numbers]
        total = (sum((n for n, _ in known), Decimal(0)), sum((n for _, n in known), Decimal(0)))
        if not unknown:
            self.numbers.setdefault(whole, total)
        elif len(unknown) == 1 and whole in self.numbers:
            reached, many = self.numbers[whole]
            self.numbers[unknown[0]] = (reached - total[0], many - total[1])


def test_whoever_has_every_output_together_finds_no_hidden_group(
    client: FlaskClient, app: Flask, cast: Cast, drawn: list[str]
) -> None:
    groups = [StudentGroup(code=code, name=code, short=code, kind="race") for code in (*RACES, *GENDERS)]
    cast.session.add_all(groups)
    indicator_id = cast.graduation.id
    link = {"indicator_id": indicator_id, "expected": "increase", "evidence": "hypothesis"}
    practice = cast.practice(cast.ana, shared="partnership", student_groups=["white"], indicator_links=[link])
    sign_in(client, cast.ana, cast.session)
    places = {"Fresno": cast.fresno, "Long Beach": cast.long_beach}

    @settings(max_examples=12, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(st.tuples(districts(), districts()))
    def tried(pair: tuple[Cells, Cells]) -> None:
        truth = dict(zip(places, pair, strict=True))
        _write(cast, places, truth)
        drawn.clear()
        seen = Seen({}, {}, set())
        _read_csv(get(client, f"/indicators/{indicator_id}/figures.csv").html, seen)
        for group in ("all", *RACES, *GENDERS):
            _read_page(get(client, f"/indicators/{indicator_id}?group={group}"), group, seen)
        pages = [get(client, path).words for path in (f"/posts/{practice.id}", "/indicators?group=white")]

        _all_true(seen, truth)
        assert {(place, group) for place, group in seen.hidden if place != "Both"} >= _small(truth)
        _says_nothing_more(seen, truth, [*pages, *drawn])
        seen.solve(list(places))
        for place, group in _small(truth):
            assert (place, group) not in seen.numbers, f"{group} of {place} could be found"

    tried()
    assert app.name


def _write(cast: Cast, places: dict[str, District], truth: dict[str, Cells]) -> None:
    """Publish both districts as the state would: a group of ten or fewer is hidden."""
    session = cast.session
    session.execute(delete(Observation))
    source = session.scalars(select(FigureSource)).first() or FigureSource(name="State", release="2024")
    batch = session.scalars(select(ImportBatch)).first() or ImportBatch(
        file_name="state.csv", file_digest="", imported_at=cast.now, partnership_id=cast.partnership.id
    )
    session.add_all([source, batch])
    version_id = session.scalars(select(DefinitionVersion.id)).one()
    session.flush()
    for place, cells in truth.items():
        for group, (reached, many) in cells.items():
            shows = many >= FEWEST
            observation = Observation(
                version_id=version_id,
                district_id=places[place].id,
                group_code=group,
                school_year=YEAR,
                source_id=source.id,
                status="reported" if shows else "suppressed",
                value=round(Decimal(100) * reached / many, 1) if shows else None,
                numerator=Decimal(reached) if shows else None,
                denominator=Decimal(many) if shows else None,
                batch_id=batch.id,
                row_number=1,
            )
            session.add(observation)
    cast.work(cast.flo).record("figures.imported", f"batch:{batch.id}", partnership_id=cast.partnership.id)
    session.commit()


def _read_csv(text: str, seen: Seen) -> None:
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        place = row["district"].split()[0].replace("Long", "Long Beach")
        _note(seen, (place, row["student_group"]), row["status"], row["value"], (row["numerator"], row["students"]))


def _read_page(page: Page, group: str, seen: Seen) -> None:
    """Read both tables of figures of an indicator’s page."""
    assert page.code == 200
    for table in page.root.iter("table"):
        heads = [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th") if cell.get("scope") == "col"]
        for row in table.findall(".//tbody/tr"):
            cells = dict(zip(heads, (" ".join("".join(cell.itertext()).split()) for cell in row), strict=True))
            if "Figure" not in cells:
                continue
            place = "Both" if "Added up from" in cells else cells["District"]
            value = cells["Figure"].split("%")[0]
            number = (cells.get("Counted", ""), cells["Students"])
            _note(seen, (place, group), cells["Figure"], "" if HIDDEN in value else value, number)


def _note(seen: Seen, key: tuple[str, str], status: str, value: str, number: tuple[str, str]) -> None:
    if status == HIDDEN:
        assert value == ""
        seen.hidden.add(key)
    elif value and key[0] != "Both":
        seen.rates[key] = Decimal(value)
    if all(one not in {"", "–"} for one in number):
        reached, many = (Decimal(one.replace(",", "")) for one in number)
        assert seen.numbers.setdefault(key, (reached, many)) == (reached, many)


def _all_true(seen: Seen, truth: dict[str, Cells]) -> None:
    for (place, group), number in seen.numbers.items():
        cells = [truth[place][group]] if place != "Both" else [cells[group] for cells in truth.values()]
        assert [int(one) for one in number] == [sum(cell[at] for cell in cells) for at in (0, 1)]


def _small(truth: dict[str, Cells]) -> set[tuple[str, str]]:
    return {(place, group) for place, cells in truth.items() for group, (_, many) in cells.items() if many < FEWEST}


def _says_nothing_more(seen: Seen, truth: dict[str, Cells], texts: list[str]) -> None:
    """Say that no other output tells a number that table and file leave out."""
    text = " ".join(texts)
    for place, cells in truth.items():
        reached, many = cells["white"]
        if (place, "white") not in seen.numbers:
            assert f"{place}: {many:,} were counted" not in text
            assert f"{place}: 2023-24 counts {many} students" not in text
            assert f"{reached:,} of {many:,}" not in text


@pytest.fixture
def real(cast: Cast) -> dict[str, int]:
    """Load what the state published of both districts."""
    if not OUTCOMES.exists():
        pytest.skip("the state's files are not on this machine")
    define(cast)
    figures.load(cast.work(cast.flo), Path(OUTCOMES))
    cast.session.commit()
    return {one.code: one.id for one in cast.session.scalars(select(Indicator))}


def rows(client: FlaskClient, indicator_id: int) -> list[dict[str, str]]:
    text = get(client, f"/indicators/{indicator_id}/figures.csv").html
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_ten_students_that_the_state_hides_cannot_be_taken_from_the_whole(
    client: FlaskClient, cast: Cast, session: Session, real: dict[str, int], drawn: list[str]
) -> None:
    """Long Beach, College/Career Indicator 2023-24: 5 of 10, if one takes the other groups from all students."""
    sign_in(client, cast.ana, session)
    where = real["college_career_prepared_rate"]

    told = {
        row["student_group"]: row
        for row in rows(client, where)
        if row["district"] == "Long Beach Unified" and row["school_year"] == "2023-24"
    }

    assert told["all"]["students"] == "5509"
    assert told["american_indian_alaska_native"]["status"] == HIDDEN
    assert (told["hispanic_latino"]["value"], told["hispanic_latino"]["students"]) == ("44.5", "")
    assert (told["pacific_islander"]["value"], told["pacific_islander"]["students"]) == ("32.3", "62")
    page = get(client, f"/indicators/{where}?group=hispanic_latino").words
    assert "3,207" not in page
    assert "left out" in page
    assert drawn


def test_both_districts_together_are_their_students_together(
    client: FlaskClient, cast: Cast, session: Session, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.ana, session)
    where = real["four_year_graduation_rate"]

    page = get(client, f"/indicators/{where}").words
    sums = [row for row in rows(client, where) if row["district"] == "Both districts together"]

    assert "Both districts together, added up" in page
    assert "2024-25 88.5% 8,913 10,070 CDE" in page  # 4,311 of 4,789 and 4,602 of 5,281
    assert "Nobody publishes these." in page
    newest = next(row for row in sums if (row["student_group"], row["school_year"]) == ("all", "2024-25"))
    assert (newest["value"], newest["numerator"], newest["students"]) == ("88.51", "8913", "10070")
    assert newest["note"] == "Added up from the rows of Fresno Unified and Long Beach Unified"
    hidden = {row["student_group"] for row in sums if row["status"] == HIDDEN and row["school_year"] == "2024-25"}
    assert {"non_binary", "american_indian_alaska_native"} <= hidden
    assert drawn


def test_what_cannot_be_compared_is_not_added_up(
    client: FlaskClient, cast: Cast, session: Session, real: dict[str, int], drawn: list[str]
) -> None:
    where = real["four_year_graduation_rate"]
    indicator = session.get_one(Indicator, where)
    crosswalks.judge(cast.work(cast.flo), indicator, Comparable.NO, "Long Beach counts fifth years.")
    session.commit()
    sign_in(client, cast.ana, session)

    page = get(client, f"/indicators/{where}").words

    assert "so Braid does not add them up: Long Beach counts fifth years." in page
    assert {row["district"] for row in rows(client, where)} == {"Fresno Unified", "Long Beach Unified"}
    assert drawn


def test_a_mean_is_not_added_up(
    client: FlaskClient, cast: Cast, session: Session, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.ana, session)

    assert "together, added up" not in get(client, f"/indicators/{real['math_distance_from_standard']}").words
    assert drawn


def test_the_groups_that_make_up_a_whole_are_those_of_the_catalogue() -> None:
    known = {one["id"]: one["kind"] for one in shipped("groups")}

    assert set(known) >= PARTS | {total for total, _ in PARTITIONS}
    assert {code for code, kind in known.items() if kind in {"race", "gender", "grade"}} <= PARTS


Lines = dict[str, dict[str, dict[str, str]]]  # number of an indicator and what it counts, student group, row


def test_what_one_indicator_leaves_out_no_other_tells(
    client: FlaskClient,
    session: Session,
    cast: Cast,
    drawn: list[str],  # noqa: ARG001 - nothing is drawn
) -> None:
    """The graduates of one indicator are the students of another: together they leave no single hidden group."""
    define(cast)
    figures.load(cast.work(cast.flo), DEMO / "figures.csv")
    session.commit()
    sign_in(client, cast.ana, session)
    tried = 0
    for place, lines in _every_file(client, session).items():
        for whole, codes in PARTITIONS:
            for same in _same_people(lines, whole):
                there = {code for line in same for code in codes if code in line}
                if any(line[code]["status"] == HIDDEN for line in same for code in there if code in line):
                    tried += 1
                    told = {code for line in same for code in there if code in line and line[code]["told"]}
                    assert len(there - told) > 1, (place, whole, there - told)
    assert tried > 20


def _every_file(client: FlaskClient, session: Session) -> dict[tuple[str, str], Lines]:
    """Return what the files of all indicators tell, by district and school year."""
    found: dict[tuple[str, str], Lines] = defaultdict(lambda: defaultdict(dict))
    for number in session.scalars(select(Indicator.id)):
        file = get(client, f"/indicators/{number}/figures.csv").html.removeprefix("\ufeff")
        for row in csv.DictReader(io.StringIO(file)):
            for kind in ("numerator", "students"):
                if row["is_latest"] == "yes":
                    lines = found[row["district"], row["school_year"]]
                    lines[f"{number} {kind}"][row["student_group"]] = row | {"told": row[kind]}
    return found


def _same_people(lines: Lines, whole: str) -> list[list[dict[str, dict[str, str]]]]:
    """Return lines together where as many students are in their whole: they are the same students."""
    together: dict[str, list[dict[str, dict[str, str]]]] = defaultdict(list)
    for line in lines.values():
        if whole in line and line[whole]["told"]:
            together[line[whole]["told"]].append(line)
    return list(together.values())

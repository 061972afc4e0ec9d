"""Loading figures: whole or not at all, nothing overwritten; on the real rows where they are."""

import csv
from collections import Counter
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lib.figure_rows import NotFigures, Row
from app.models import DefinitionVersion, Event, FigureSource, ImportBatch, Job, Observation
from app.policy import Denied
from app.services import figures
from app.services.figure_previews import Refused
from tests.demo import DEMO, define
from tests.people import Cast
from tests.real import DATA

REAL = DATA / "figures" / "indicator_series.csv"
HEAD = "indicator_id,cds,school_year,student_group,value,numerator,denominator,unit,status,definition_version,source\n"
GOOD = "four_year_graduation_rate,10621660000000,2022-23,all,82.3,4000,4860,percent,reliable,,State file\n"


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "figures.csv"
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def loaded(cast: Cast, path: Path) -> figures.Loaded:
    result = figures.load(cast.work(cast.flo), path)
    cast.session.commit()
    return result


def held(session: Session) -> list[tuple[Decimal | None, int, bool]]:
    query = select(Observation.value, Observation.vintage, Observation.is_latest).order_by(Observation.id)
    return [(value, vintage, is_latest) for value, vintage, is_latest in session.execute(query)]


@pytest.fixture(params=["the public rows", "the demonstration's rows"])
def real(request: pytest.FixtureRequest, cast: Cast) -> Path:
    path = REAL if request.param == "the public rows" else DEMO / "figures.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    define(cast)
    return path


def test_every_real_row_goes_in_and_again_changes_nothing(cast: Cast, real: Path) -> None:
    first = loaded(cast, real)
    again = loaded(cast, real)

    assert (first.new, first.changed, first.same, first.refused) == (1260, 0, 0, ())
    assert (again.new, again.changed, again.same, again.refused) == (0, 0, 1260, ())
    statuses = Counter(cast.session.scalars(select(Observation.status)))
    assert statuses == {"reported": 1154, "small_sample": 62, "suppressed": 44}
    assert cast.session.scalar(select(func.count()).where(Observation.value.is_(None))) == 44
    assert cast.session.scalars(select(Event.action).where(Event.action == "figures.imported")).all() == [
        "figures.imported",
        "figures.imported",
    ]
    assert cast.session.scalars(select(Job.key).where(Job.name == "charts")).all() == [
        f"batch:{number}" for number in cast.session.scalars(select(ImportBatch.id).order_by(ImportBatch.id))
    ]


def test_the_two_forms_of_the_real_file_hold_the_same_figures(cast: Cast, real: Path) -> None:
    if not REAL.exists():
        pytest.skip(f"{REAL.name} is not on this machine")
    loaded(cast, real)

    before = real
    for other in (REAL, DEMO / "figures.csv"):
        result = loaded(cast, other)
        mended = 2 if other.name != before.name else 0  # ours has the 2004 growth where the public rows have its base
        assert (result.same, result.changed, result.new, result.refused) == (1260 - mended, mended, 0, ())
        before = other


def test_the_2009_file_restates_2008(cast: Cast, real: Path) -> None:
    loaded(cast, real)

    query = (
        select(Observation.school_year, Observation.value, Observation.prior)
        .join(Observation.source)
        .where(FigureSource.name.in_(["CDE 2008 Growth API file", "CDE 2009 Growth API file"]))
        .where(Observation.district_id == cast.fresno.id, Observation.group_code == "all")
        .where(Observation.value > 600)
        .order_by(Observation.school_year)
    )
    assert [tuple(row) for row in cast.session.execute(query)] == [(2007, 684, 670), (2008, 702, 688)]


def test_a_changed_value_becomes_a_second_vintage(cast: Cast, tmp_path: Path) -> None:
    loaded(cast, written(tmp_path, GOOD))
    result = loaded(cast, written(tmp_path, GOOD.replace("82.3", "82.7")))

    assert (result.new, result.changed, result.same) == (0, 1, 0)
    assert held(cast.session) == [(Decimal("82.3"), 1, False), (Decimal("82.7"), 2, True)]


def test_another_source_for_the_same_year_stands_beside_the_first(cast: Cast, tmp_path: Path) -> None:
    loaded(cast, written(tmp_path, GOOD))
    result = loaded(cast, written(tmp_path, GOOD.replace("82.3", "83").replace("State file", "Other site")))

    assert (result.new, result.changed) == (1, 0)
    assert held(cast.session) == [(Decimal("82.3"), 1, True), (Decimal(83), 1, True)]


def test_an_unknown_definition_becomes_a_version_of_that_name(cast: Cast, tmp_path: Path) -> None:
    loaded(cast, written(tmp_path, GOOD, GOOD.replace("reliable,,", "reliable,cde-new,")))

    codes = cast.session.scalars(
        select(DefinitionVersion.code).where(DefinitionVersion.indicator_id == cast.graduation.id)
    )
    assert sorted(codes) == ["cde", "cde-new"]


BAD = {
    "unknown indicator": ("four_year_graduation_rate", "graduation", "No indicator is called “graduation”."),
    "unknown district": ("10621660000000", "19642120000000", "No district here has the CDS code 19642120000000."),
    "unknown school": ("10621660000000", "10621661030642", "No district here has the CDS code 10621661030642."),
    "year to come": ("2022-23", "2030-31", "The school year 2030-31 has not begun."),
    "year long ago": ("2022-23", "1919-20", "The school year 1919-20 is too long ago."),
    "no code": ("10621660000000", "Fresno", "“Fresno” is not a CDS code."),
    "year": ("2022-23", "2022-24", "“2022-24” is not one school year."),
    "over 100": ("82.3", "823", "823 percent is over 100."),
    "below 0": ("82.3", "-2", "-2 is below 0"),
    "not a number": ("82.3", "eighty", "“eighty” is not a number."),
    "nan": ("82.3", "NaN", "“NaN” is not a number that a figure can be."),
    "no value": ("82.3", "", "there is no value"),
    "hidden value": ("reliable", "suppressed", "said to be suppressed, but there is a value"),
    "part over whole": ("4000,4860", "4900,4860", "The part (4900) is larger than the whole (4860)."),
    "group": (",all,", ",everybody,", "No student group is called “everybody”."),
    "status": ("reliable", "fine", "“fine” is not a status."),
    "unit": ("percent", "points", "defined in percent"),
}


@pytest.mark.parametrize(("right", "wrong", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_named_and_nothing_is_loaded(
    cast: Cast, tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    other = GOOD.replace("2022-23", "2023-24")
    result = loaded(cast, written(tmp_path, other, GOOD.replace(right, wrong)))

    assert [refused.row for refused in result.refused] == [3]
    assert result.refused[0].sentence.startswith("Row 3, ")
    assert says in result.refused[0].sentence
    assert result.batch is None
    assert held(cast.session) == []


def test_every_bad_row_is_reported_at_once(cast: Cast, tmp_path: Path) -> None:
    result = loaded(cast, written(tmp_path, GOOD.replace("82.3", "182.3"), GOOD, "\n", GOOD.replace("all", "none")))

    assert result.refused == (
        Refused(2, "Row 2, value: 182.3 percent is over 100."),
        Refused(5, "Row 5, student_group: No student group is called “none”."),
    )


def test_rows_are_counted_as_a_spreadsheet_does(cast: Cast, tmp_path: Path) -> None:
    comment = '# Said by the "state"\n'
    result = loaded(cast, written(tmp_path, GOOD, "\n", GOOD.replace("82.3", "x"), head=comment + HEAD))

    assert [refused.row for refused in result.refused] == [5]


@pytest.mark.parametrize("column", ["SSID", "First Name", "student_id", "Date of Birth", "Birthdate", "Student Name"])
def test_a_file_of_single_students_is_refused_whole(cast: Cast, tmp_path: Path, column: str) -> None:
    path = written(tmp_path, GOOD.strip() + ",x\n", head=HEAD.strip() + f",{column}\n")

    with pytest.raises(NotFigures, match="one row per student"):
        figures.load(cast.work(cast.flo), path)
    assert held(cast.session) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "does not know this kind of file"),
        (b"a,b\n1,2\n", "does not know this kind of file. Its columns are: a, b."),
        (b"PK\x03\x04 and so on", "cannot be read as a spreadsheet"),
        (HEAD.encode() + b'"' + b"x" * (1 << 21), "cannot be read as CSV"),
    ],
    ids=["empty", "other columns", "broken spreadsheet", "one endless cell"],
)
def test_what_is_no_file_of_figures_is_refused(cast: Cast, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(content)

    with pytest.raises(NotFigures, match=says):
        figures.load(cast.work(cast.flo), path)


def test_only_those_who_keep_figures_may_load_them(cast: Cast, tmp_path: Path) -> None:
    for person in (cast.ana, cast.cy):
        with pytest.raises(Denied, match="Only a data office or a manager"):
            figures.load(cast.work(person), written(tmp_path, GOOD))


def test_a_long_file_goes_in_whole(cast: Cast, tmp_path: Path) -> None:
    define(cast)
    path = tmp_path / "many.csv"
    groups = ["all", "english_learners", "asian", "white"]
    years = [f"{year}-{(year + 1) % 100:02}" for year in range(1976, 2026)]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        out = csv.writer(file)
        for source, group, year, place in product(range(5), groups, years, ["10621660000000", "19647250000000"]):
            out.writerow(
                ["suspension_rate", place, year, group, "4.2", 42, 1000, "percent", "reported", "", f"File {source}"]
            )
            count += 1

    result = figures.load(cast.work(cast.flo), path)
    cast.session.commit()

    assert result.new == count == 2_000


def test_rows_made_elsewhere_are_loaded_as_one_batch(cast: Cast) -> None:
    row = Row(
        "four_year_graduation_rate", "", "10621660000000", "all", 2022, "reported",
        Decimal(80), None, None, None, "", "Bench", "", "",
    )  # fmt: skip
    seen: list[int] = []
    result = figures.insert_many(cast.work(cast.flo), "bench", [row], on_progress=seen.append)

    assert (result.new, result.batch and result.batch.file_name) == (1, "bench")

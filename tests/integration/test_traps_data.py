"""What real rows do: each trap of docs/DOMAIN.md, as the data holds it. The pages have tests of their own."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.figures import Figure, read
from app.models import DefinitionVersion, District, FigureSource, ImportBatch, Indicator, Observation, Person
from app.queries import actors
from app.queries.figures import restated
from app.services import figures
from app.work import Work
from tests.conftest import NOW, empty
from tests.demo import define
from tests.people import Cast
from tests.real import DATA

REAL = DATA / "figures"
API = sorted((REAL / "api").glob("*.csv"))

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the state's files are not on this machine")

FRESNO, LONG_BEACH = "10621660000000", "19647250000000"


@pytest.fixture(scope="module")
def state(engine: Engine) -> Iterator[tuple[Session, dict[str, tuple[int, int, int]]]]:
    """Load every file of the two districts once, and keep what became of each: new, changed, same."""
    with Session(engine) as session:
        cast = Cast.arrive(session, NOW)
        define(cast)
        became = {}
        others = ["other/filesreclass19.fresno_longbeach.txt", "other/fresno_longbeach_districts.csv"]
        others += ["outcomes/fresno_longbeach_outcomes.csv", "indicator_series.csv"]
        for path in [*API, *(REAL / name for name in others)]:
            result = figures.load(cast.work(cast.flo), path)
            assert result.refused == (), path
            became[path.name] = (result.new, result.changed, result.same)
        session.commit()
        yield session, became
    empty(engine)


State = tuple[Session, dict[str, tuple[int, int, int]]]


def series(session: Session, code: str, place: str, group: str = "all", *, earlier: bool = False) -> list[Figure]:
    indicator = session.scalars(select(Indicator).where(Indicator.code == code)).one()
    district = session.scalars(select(District.id).where(District.cds_code == place)).one()
    versions = session.scalars(select(DefinitionVersion).where(DefinitionVersion.indicator_id == indicator.id)).all()
    written = {indicator.id: (indicator.unit, indicator.decimals)}
    return read(session, written, versions, [district], [group], earlier=earlier)


def latest(session: Session, code: str, place: str, group: str = "all") -> dict[int, Decimal | None]:
    return {figure.year: figure.value for figure in series(session, code, place, group) if figure.is_latest}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="latin-1", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".txt" else ","))


def published(path: Path) -> int:
    """Count the figures of an API file without any code of ours: numbers in its API columns, and what stands beside."""
    with path.open(encoding="latin-1", newline="") as file:
        header, *lines = csv.reader(file)
    if "growth" in path.name:
        ends = [int(found[1]) for name in header if (found := re.fullmatch(r"API(\d\d)", name))]
        end = f"{max(ends, key=lambda year: (year < 50, year)):02}"
        before = f"{(int(end) - 1) % 100:02}"
        now = [at for at, name in enumerate(header) if re.fullmatch(rf"(?:[A-Z]{{2}}_)?API{end}", name)]
        then = [at for at, name in enumerate(header) if re.fullmatch(rf"(?:[A-Z]{{2}}_)?API{before}", name)]
        if "2004-growth" in path.name:  # WH_API04 stands there twice: the second is the year before
            then.append(now.pop([header[at] for at in now].index("WH_API04") + 1))
        count = sum(1 for line in lines for at in [*now, *then] if line[at].isdigit())
        counted = [header.index(name) for name in ("P_RFEP", "P_EL") if name in header]
        return count + sum(1 for line in lines for at in counted if line[at].isdigit())
    own = [at for at, name in enumerate(header) if re.fullmatch(r"(?:[A-Z]{2}_)?API(?:\d\dB?)?", name)]
    return sum(1 for line in lines for at in own if line[at].isdigit())


def test_every_file_holds_as_many_figures_as_it_publishes(state: State) -> None:
    session, became = state
    count = (
        select(FigureSource.name, func.count())
        .join(Observation, Observation.source_id == FigureSource.id)
        .join(ImportBatch, ImportBatch.id == Observation.batch_id)
        .where(Observation.value.is_not(None), ImportBatch.mapping.like("api-%"))
        .group_by(FigureSource.name)
    )
    kept = dict(session.execute(count).all())
    assert len(API) == 27
    for path in API:
        year, kind = path.name.split("-")[:2]
        # a base that only says again what is there is counted, not kept
        assert kept[f"CDE {year} {kind.title()} API file"] + became[path.name][2] == published(path), path.name
    assert (
        sum(became["fresno_longbeach_outcomes.csv"])
        == len(rows(REAL / "outcomes/fresno_longbeach_outcomes.csv"))
        == 966
    )
    assert sum(became["fresno_longbeach_districts.csv"]) == 32  # 384 rows of 12 numbers each
    assert sum(became["indicator_series.csv"]) == len(rows(REAL / "indicator_series.csv")) == 1260


def test_again_changes_nothing(state: State) -> None:
    session, _ = state
    before = session.scalar(select(func.count()).select_from(Observation))
    cast_work = _work(session)
    for path in (API[0], API[10], API[-1], REAL / "other/filesreclass19.fresno_longbeach.txt"):
        result = figures.load(cast_work, path)
        assert (result.new, result.changed) == (0, 0), path.name
    assert session.scalar(select(func.count()).select_from(Observation)) == before


def test_1_the_published_684_was_restated_688_and_723_became_726(state: State) -> None:
    session, _ = state
    told = {(one.year, one.published): one.now for one in restated(series(session, "api_growth", FRESNO, earlier=True))}
    assert told[2007, "684"] == "688"
    assert told[2011, "723"] == "726"
    newest = series(session, "api_growth", FRESNO)[-1]
    assert (newest.value, newest.prior) == (Decimal(723), Decimal(726))  # officially minus 3


def test_2_the_dip_of_reclassification_stands_beside_the_index(state: State) -> None:
    session, _ = state
    shares = latest(session, "pct_rfep", LONG_BEACH)
    assert [shares[year] for year in range(2008, 2012)] == [20, 15, 10, 21]
    published_then = {
        one.year: one.value
        for one in series(session, "api_growth", LONG_BEACH, "english_learners", earlier=True)
        if "Growth" in one.source and one.vintage == 1
    }
    assert [published_then[year] for year in range(2008, 2012)] == [681, 678, 672, 708]


def test_3_the_sat_before_and_after_2017_are_two_series(state: State) -> None:
    session, _ = state
    before, after = series(session, "sat_ge1500", FRESNO), series(session, "sat_both_benchmarks", FRESNO)
    assert {one.year for one in before}.isdisjoint({one.year for one in after})
    assert {one.version_id for one in before}.isdisjoint({one.version_id for one in after})


def test_4_more_took_ap_exams_and_a_smaller_share_passed(state: State) -> None:
    session, _ = state
    took = [one.words for one in series(session, "ap_participation", LONG_BEACH)]
    passed = series(session, "ap_exams_3plus", LONG_BEACH)
    assert (took[0], took[-1]) == ("26.7%", "40.0%")
    assert (passed[0].words, passed[-1].words) == ("45.7%", "42.6%")
    assert [one.numerator for one in (passed[0], passed[-1])] == [4674, 5909]


def test_5_the_same_name_has_other_denominators(state: State) -> None:
    session, _ = state
    of = {
        code: next(one.students for one in series(session, code, LONG_BEACH) if one.year == 2023)
        for code in ("a_g_completion_rate", "college_career_prepared_rate", "four_year_graduation_rate")
    }
    assert len(set(of.values())) == 3


def test_6_two_official_sources_stand_beside_each_other(state: State) -> None:
    session, _ = state
    ours = latest(session, "four_year_graduation_rate", LONG_BEACH)[2023]
    theirs = latest(session, "eddata_cohort_graduates_pct", LONG_BEACH)[2023]
    assert (ours, theirs) == (Decimal("82.9"), Decimal("83.2"))


def test_7_what_is_hidden_is_neither_zero_nor_blank(state: State) -> None:
    session, _ = state
    hidden = session.scalars(select(Observation).where(Observation.status == "suppressed")).all()
    assert len(hidden) > 40
    assert all(one.value is None for one in hidden)


def test_7_hundreds_of_official_a_g_values_have_fewer_than_eleven_students() -> None:
    few: Counter[str] = Counter()
    with gzip.open(REAL / "outcomes/all_districts_outcomes.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["value"] and row["denominator"] and float(row["denominator"]) < 11:
                few[row["metric"]] += 1
    assert few["a_g_completion_rate"] == 974  # of districts alone: the state's rule looks at the cohort


def test_8_lower_is_better_for_absence_and_distance_may_be_negative(state: State) -> None:
    session, _ = state
    directions = dict(session.execute(select(Indicator.code, Indicator.direction)).all())
    assert {directions[code] for code in ("chronic_absenteeism_rate", "suspension_rate", "four_year_dropout_rate")} == {
        "lower"
    }
    distances = latest(session, "math_distance_from_standard", FRESNO)
    assert all(value is not None and value < 0 for value in distances.values())
    assert series(session, "math_distance_from_standard", FRESNO)[-1].words.startswith("−")


def test_9_columns_in_another_order_and_years_in_their_names(state: State) -> None:
    session, _ = state
    school = "10621661030279"  # Bullard High: its groups come in another order in 2001
    native = {one.year: one.value for one in series(session, "api_growth", school, "african_american")}
    for year in (2000, 2001):
        row = next(r for r in rows(REAL / f"api/{year}-base-api.fresno_longbeach.csv") if r["CDS"] == school)
        assert native[year - 1] == int(row["AA_API"]), year


def test_9_the_2004_file_names_two_years_alike(state: State) -> None:
    session, _ = state
    white = series(session, "api_growth", FRESNO, "white", earlier=True)
    of_2004 = next(one for one in white if one.source == "CDE 2004 Growth API file" and one.year == 2003)
    assert of_2004.prior is not None
    assert of_2004.prior != of_2004.value


def test_9_and_a_table_made_from_it_took_the_wrong_one(state: State) -> None:
    """The derived table says 730 for 2004, which the file gives for 2003: the data office sees both, none is lost."""
    session, _ = state
    white = series(session, "api_growth", FRESNO, "white", earlier=True)
    said = {(one.file_name, one.value) for one in white if one.year == 2003 and "2004 Growth" in one.source}
    assert said == {("2004-growth-api.fresno_longbeach.csv", Decimal(740)), ("indicator_series.csv", Decimal(730))}
    base = next(r for r in rows(REAL / "api/2003-base-api.fresno_longbeach.csv") if r["CDS"] == FRESNO)
    assert base["WH_API"] == "730"


def test_10_lost_zeros_and_dashes_are_the_same_district(state: State, tmp_path: Path) -> None:
    session, _ = state
    for code in ("1612590000000", "01-61259-0000000", "01 61259 0000000", "'01612590000000"):
        path = tmp_path / "one.csv"
        path.write_text(
            f"indicator,cds,year,group,value,source\nsuspension_rate,{code},2024-25,all,4.1,{code}\n", encoding="utf-8"
        )
        assert figures.load(_work(session), path).new == 1
    oakland = series(session, "suspension_rate", "01612590000000")
    assert len(oakland) == 4
    session.rollback()


def test_11_groups_appear_and_vanish(state: State) -> None:
    session, _ = state
    learners = [one.year for one in series(session, "api_growth", FRESNO, "english_learners")]
    assert min(learners) >= 2004
    assert min(one.year for one in series(session, "api_growth", FRESNO)) < 2004


def test_12_schools_are_measured_and_belong_to_their_districts(state: State) -> None:
    session, _ = state
    bullard = session.scalars(select(District).where(District.cds_code == "10621661030279")).one()
    fresno = session.scalars(select(District).where(District.cds_code == FRESNO)).one()
    assert (bullard.kind, bullard.name, bullard.parent_id) == ("school", "Bullard High", fresno.id)
    named = {r["CDS"] for path in [*API, REAL / "other/filesreclass19.fresno_longbeach.txt"] for r in rows(path)}
    counted = session.scalar(select(func.count()).select_from(District).where(District.kind == "school"))
    assert counted == len({code for code in named if not code.endswith("0000000")}) - 5  # five have no figure at all


def test_13_reclassified_students_are_the_sum_of_the_schools(state: State) -> None:
    session, _ = state
    for place, total in ((FRESNO, 2516), (LONG_BEACH, 2822)):
        assert latest(session, "reclassified_count", place, "english_learners") == {2018: total}


def test_14_numbers_as_1410_0_and_percentages_to_two_places(state: State) -> None:
    session, _ = state
    third = series(session, "caaspp_ela_met_or_exceeded_g03", FRESNO)[-1]
    assert (third.value, third.numerator, third.students) == (Decimal("32.74"), Decimal(1677), Decimal(5123))


def _work(session: Session) -> Work:
    flo = session.scalars(select(Person).where(Person.name == "Flo Example")).one()
    return Work(session, actors.of(session, flo, NOW.date()), NOW)

"""What real rows do, and the true thing that a leader sees on the page. The facts are in DOMAIN, "The figures"."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Indicator
from app.services import annotations, figures
from app.services.annotations import Said
from tests.demo import DEMO, define, shipped
from tests.pages import get
from tests.people import Cast, sign_in


class Reader:
    """Ana at the pages of the real figures."""

    def __init__(self, client: FlaskClient, known: dict[str, int]) -> None:
        self.client = client
        self.known = known

    def reads(self, code: str, group: str = "") -> str:
        """Return the words of an indicator's page."""
        page = get(self.client, f"/indicators/{self.known[code]}{'?group=' + group if group else ''}")
        assert page.code == 200
        return page.words


@pytest.fixture
def ana(client: FlaskClient, session: Session, cast: Cast, drawn: list[str]) -> Reader:
    define(cast)
    figures.load(cast.work(cast.flo), DEMO / "figures.csv")
    known = {one.code: one.id for one in session.scalars(select(Indicator))}
    for one in shipped("goals")["annotations"]:
        district = cast.long_beach.id if one.get("district") else None
        said = Said(one["words"], one["explanation"], one["from"], one.get("to"), known[one["indicator"]], district)
        annotations.add(cast.work(cast.flo), said, {cast.fresno.id, cast.long_beach.id})
    session.commit()
    sign_in(client, cast.ana, session)
    assert drawn == []
    return Reader(client, known)


def test_1_a_change_is_taken_from_one_release(ana: Reader, drawn: list[str]) -> None:
    page = ana.reads("api_growth")

    assert "Fresno stood at 723 in 2012-13, down 3 from the year before (726 in the same release)" in page
    assert re.search(r"Fresno ?, 2007-08: published as 684, restated 688", page)
    assert "2011-12 was published as 723, restated 726" in page
    assert "A change is only a change within one release." in page
    assert "words='restated 726'" in drawn[0]
    assert "worse than the year before, in the same release: down 3" in get(ana.client, "/indicators").words.lower()


def test_2_the_return_of_a_count_is_not_a_win(ana: Reader, drawn: list[str]) -> None:
    share, index = ana.reads("pct_rfep"), ana.reads("api_growth", "english_learners")

    assert "Reporting; cause not proven" in share
    assert "do not read a win into 2012" in share
    assert "RFEP count low; cause not proven" in index
    assert "Reclassified students in the API" in index  # the companion stands beside it
    assert any("Mark(at=2008.5, words='Reporting; cause not proven'" in one for one in drawn)


def test_3_the_sat_is_two_series(ana: Reader, drawn: list[str]) -> None:
    page = ana.reads("sat_participation")

    assert "New definition in 2016-17" in page
    assert "Long Beach stood at 54.3% in 2015-16 and at 79.4% in 2016-17, which are not one series." in page
    assert "up 3.6 points from 79.4% in 2016-17, in the same definition" in page
    assert "54.3% in 2014" not in page
    assert "SAT redesigned" in page
    assert "is_break=True" in drawn[0]


def test_4_who_took_the_test_stands_beside_the_rate(ana: Reader) -> None:
    page = ana.reads("ap_exams_3plus")

    assert "10,223 were counted in 2014-15 and 13,858 in 2017-18 (+35.6%)" in page
    assert "up 1,235 from 4,674 to 5,909" in page
    assert re.search(r"Long Beach: AP.*? went from 26.[67]% in 2014-15 to 40.0% in 2017-18", page)
    assert "Long Beach 40.0% (2017-18)" in page


def test_5_rates_of_other_students_say_whom_they_count(ana: Reader) -> None:
    page = ana.reads("a_g_completion_rate")

    assert "Graduates of the adjusted four-year cohort, not all students" in page
    assert "never put the three on one line" in page
    assert "Read beside Four-year graduation rate" in page


def test_6_two_official_sources_stand_beside_each_other(ana: Reader) -> None:
    page = ana.reads("four_year_graduation_rate")

    assert "Two sources disagree" in page
    assert re.search(r"Long Beach, 2023-24: 82\.9% in CDE .*? and 83\.2% in “Cohort graduates \(ed-data\.org\)”", page)
    assert "Neither is right by itself. Say which one you quote." in page


def test_7_what_is_hidden_is_said_and_never_a_zero(ana: Reader, drawn: list[str]) -> None:
    page = ana.reads("college_career_prepared_rate", "american_indian_alaska_native")

    assert "hidden to protect students" in page
    assert "2024-25 Long Beach hidden to protect students –" in page
    assert " 0.0%" not in page
    assert any("missing='hidden'" in one for one in drawn)


def test_7_a_published_value_of_few_students_says_so(ana: Reader) -> None:
    page = ana.reads("a_g_completion_rate", "american_indian_alaska_native")

    assert "Small group" in page
    assert "students, so that one of them is" in page


def test_8_lower_is_better_for_absence(ana: Reader) -> None:
    assert "Lower is better." in ana.reads("chronic_absenteeism_rate")
    listed = get(ana.client, "/indicators").words
    part = listed.split("miss so much school", 1)[1][:420]
    assert "Worse than in 2023-24, in the same definition: up 0.2 points" in part  # Fresno, 30.7 to 30.9
    assert "Better than in 2023-24, in the same definition: down 0.1 points" in part  # Long Beach, 26.3 to 26.2


def test_8_a_distance_below_standard_keeps_its_sign(ana: Reader) -> None:
    page = ana.reads("math_distance_from_standard")

    assert "Fresno stood at −71.0 points in 2024-25, up 9.6 points from −80.6 points in 2022-23" in page


def test_8_percent_and_points_share_no_axis(ana: Reader, drawn: list[str]) -> None:
    ana.reads("math_distance_from_standard")
    ana.reads("chronic_absenteeism_rate")

    units = [set(re.findall(r"unit='(\w+)'", one)) for one in drawn]
    assert all(len(one) == 1 for one in units)
    assert set.union(*units) == {"points", "percent"}


def test_9_a_group_without_figures_for_some_years_says_which(ana: Reader) -> None:
    page = ana.reads("api_growth", "students_with_disabilities")

    assert "Years are missing" in page
    assert re.search(r"students with disabilities: figures begin in 20\d\d-\d\d; all students have them from", page)


def test_no_page_claims_a_cause_or_ranks_the_districts(ana: Reader) -> None:
    for code in ("api_growth", "four_year_graduation_rate", "chronic_absenteeism_rate", "sat_participation"):
        page = ana.reads(code).lower()
        for word in ("because of", "thanks to", "led to", "caused", "ranked", "winner", "outperform"):
            assert word not in page, f"{word} on {code}"

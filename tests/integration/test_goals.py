"""Goals, annotations, the crosswalk and definitions: who may write them, and what stands on the pages."""

from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Annotation, Comparison, DefinitionVersion, DistrictDefinition, Event, Goal, Indicator, Target
from app.policy import Denied
from app.services import annotations, figures, goals
from app.services.annotations import Said
from app.services.goals import Aim, Meant
from tests.demo import DEMO, define
from tests.pages import get, post
from tests.people import Cast, sign_in


@pytest.fixture
def known(cast: Cast, drawn: list[str]) -> dict[str, int]:  # noqa: ARG001 - nothing is drawn
    """Load the real figures; draw nothing."""
    define(cast)
    figures.load(cast.work(cast.flo), DEMO / "figures.csv")
    cast.session.commit()
    return {one.code: one.id for one in cast.session.scalars(select(Indicator))}


def meant(cast: Cast, known: dict[str, int], **more: object) -> Meant:
    aims = [Aim(cast.fresno.id, 2027, Decimal(93)), Aim(cast.long_beach.id, 2027, Decimal("99.5"))]
    given = {"why": "A diploma opens doors.", "strand_id": cast.learners.id, "position": 1, "aims": aims} | more
    return Meant("More students graduate", indicator_id=known["four_year_graduation_rate"], group_code="all", **given)  # type: ignore[arg-type]


def test_a_manager_sets_a_goal_in_the_browser(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    sign_in(client, cast.dee, session)
    form = get(client, "/goals/new").form("/goals/new")
    form.fill({"name": "More students graduate", "indicator_id": str(known["four_year_graduation_rate"])})
    form.fill({"targets-0-district_id": str(cast.fresno.id), "targets-0-school_year": "2027", "targets-0-value": "93"})

    page = post(client, "/goals/new", form, follow=True)

    assert page.heading == "More students graduate"
    assert "Fresno stood at 90.0% in 2024-25" in page.words
    assert "target 93.0% in 2027-28 On track" in page.words
    assert "English learners in Fresno stood" in page.words
    assert "Safe to publish" in page.words
    assert "CDE Adjusted Cohort Graduation Rate and Outcome Data, 2024-25 (release 2025-11-13)" in page.words
    assert session.scalars(select(Target.value)).all() == [Decimal(93)]
    assert "goal.set" in session.scalars(select(Event.action)).all()


def test_a_target_begun_and_not_finished_is_asked_about(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    sign_in(client, cast.dee, session)
    form = get(client, "/goals/new").form("/goals/new")
    form.fill({"name": "Half a goal", "indicator_id": str(known["suspension_rate"]), "targets-0-value": "3"})

    page = post(client, "/goals/new", form)

    assert page.code == 422
    assert "A target needs a district, a school year and a value." in page.words
    assert 'value="Half a goal"' in page.html
    assert session.scalars(select(Goal)).all() == []


def test_a_goal_changes_closes_and_comes_back(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    goal = goals.set_goal(
        cast.work(cast.dee), cast.partnership, meant(cast, known), {cast.fresno.id, cast.long_beach.id}
    )
    session.commit()
    number = goal.id
    sign_in(client, cast.dee, session)

    form = get(client, f"/goals/{number}/edit").form("edit")
    form.fill({"targets-0-value": "95"})
    post(client, f"/goals/{number}/edit", form, follow=True)
    session.expire_all()
    assert sorted(session.scalars(select(Target.value))) == [Decimal(95), Decimal("99.5")]
    assert "Not on track" in get(client, "/goals").words  # Long Beach, towards 99.5

    post(client, f"/goals/{number}/closing", follow=True)
    assert "Goals of earlier years" in get(client, "/goals").words
    post(client, f"/goals/{number}/reopening", follow=True)
    assert "Goals of earlier years" not in get(client, "/goals").words


def test_others_read_goals_and_set_none(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    districts = {cast.fresno.id, cast.long_beach.id}
    goal = goals.set_goal(cast.work(cast.dee), cast.partnership, meant(cast, known), districts)
    session.commit()
    sign_in(client, cast.cy, session)

    assert get(client, f"/goals/{goal.id}").code == 200
    assert get(client, "/goals/new").code == 403
    assert client.post(f"/goals/{goal.id}/closing").status_code == 403
    with pytest.raises(Denied):
        goals.change(cast.work(cast.flo), cast.partnership, goal, meant(cast, known), districts)
    with pytest.raises(ValueError, match="not in this partnership"):
        goals.set_goal(cast.work(cast.dee), cast.partnership, meant(cast, known), {cast.fresno.id})


def test_another_partnership_has_its_own_goals_and_words(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    districts = {cast.fresno.id, cast.long_beach.id}
    goal = goals.set_goal(cast.work(cast.dee), cast.partnership, meant(cast, known), districts)
    said = annotations.add(cast.work(cast.flo), Said("Rule changed", "", date(2023, 9, 1)), districts)
    session.commit()
    sign_in(client, cast.eve, session)

    assert get(client, f"/goals/{goal.id}").code == 404
    assert get(client, f"/annotations/{said.id}").code == 404
    assert client.post(f"/annotations/{said.id}/removal").status_code == 404
    assert "Rule changed" not in get(client, "/annotations").words


def test_the_data_office_writes_on_the_charts(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    sign_in(client, cast.flo, session)
    form = get(client, "/annotations/new").form("new")
    form.fill({"words": "New reporting system", "explanation": "Both districts moved.", "starts_on": "2023-09-01"})

    page = post(client, "/annotations/new", form, follow=True)

    assert "New reporting system" in page.words
    assert "Every indicator" in page.words
    for code in ("four_year_graduation_rate", "suspension_rate"):
        assert "New reporting system" in get(client, f"/indicators/{known[code]}").words
    [kept] = session.scalars(select(Annotation)).all()
    post(client, f"/annotations/{kept.id}/removal", follow=True)
    assert "New reporting system" not in get(client, f"/indicators/{known['suspension_rate']}").words


def test_words_that_end_before_they_begin_are_asked_about(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    sign_in(client, cast.flo, session)
    page = post(
        client,
        "/annotations/new",
        {"words": "x", "starts_on": "2023-09-01", "ends_on": "2020-01-01", "indicator_id": ""},
    )

    assert known
    assert page.code == 422
    assert "It ends before it begins." in page.words
    with pytest.raises(Denied):
        annotations.add(cast.work(cast.ana), Said("x", "", date(2023, 9, 1)), set())


def test_the_crosswalk_marks_what_differs_and_keeps_each_verdict(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    where = f"/crosswalks/{known['reclassified_count']}"
    sign_in(client, cast.flo, session)

    post(client, f"{where}/words", {"criteria": "State test first."}, follow=True)
    assert post(client, f"{where}/verdicts", {"verdict": "comparable", "reason": ""}).code == 422
    post(client, f"{where}/verdicts", {"verdict": "comparable", "reason": "One file."}, follow=True)
    page = post(client, f"{where}/verdicts", {"verdict": "not_comparable", "reason": "Other bars."}, follow=True)

    assert "State test first." in page.words
    assert "Different" in page.words
    assert "Not comparable Other bars. Flo Example" in page.words
    assert "What was said before Comparable: One file." in page.words
    assert session.scalars(select(Comparison.verdict)).all() == ["comparable", "not_comparable"]
    assert "1 part differs" in get(client, "/crosswalks").words
    assert "Not comparable" in get(client, f"/indicators/{known['reclassified_count']}").words
    post(client, f"{where}/words", {"criteria": ""}, follow=True)
    assert session.scalars(select(DistrictDefinition)).all() == []


def test_the_data_office_defines_an_indicator_and_its_versions(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    sign_in(client, cast.flo, session)
    form = get(client, "/indicators/new").form("new")
    form.fill(
        {"name": "Attendance", "short": "Attendance", "question": "Who is in school?", "owner_office": "Research"}
    )
    page = post(client, "/indicators/new", form, follow=True)
    number = session.scalars(select(Indicator.id).where(Indicator.name == "Attendance")).one()
    where = f"/indicators/{number}"

    bad = {"version-new-name": "New system", "version-new-valid_from": "", "version-new-is_break": "y"}
    asked = post(client, f"{where}/versions", bad)
    post(client, f"{where}/versions", bad | {"version-new-valid_from": "2024"}, follow=True)
    changed = page.form(f"{where}/definition")
    changed.fill({"question": "Who is in school every day?", "companion_id": str(known["suspension_rate"])})
    read = post(client, f"{where}/definition", changed, follow=True)

    assert asked.code == 422
    assert "A new series needs the school year in which it begins." in asked.words
    assert "Who is in school every day?" in read.words
    assert "Owner Research" in read.words
    assert "New series: do not compare with the years before" in read.words
    versions = session.scalars(select(DefinitionVersion).where(DefinitionVersion.indicator_id == number)).all()
    assert [(one.code, one.is_break) for one in versions] == [("first", False), ("new-system", True)]


@pytest.mark.parametrize("path", ["/indicators/new", "/annotations/new", "/indicators/1/definition"])
def test_only_a_data_office_or_a_manager_writes(client: FlaskClient, session: Session, cast: Cast, path: str) -> None:
    sign_in(client, cast.ana, session)

    assert get(client, path).code == 403
    assert client.post(path, data={"name": "x"}).status_code == 403


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_chart_is_a_file_with_its_source(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int], kind: str
) -> None:
    sign_in(client, cast.ana, session)

    answer = client.get(f"/indicators/{known['suspension_rate']}/chart.{kind}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    assert kind == "png" or "Source: CDE" in answer.text
    assert client.get(f"/indicators/{known['suspension_rate']}/chart.exe").status_code == 404


def test_a_plan_says_whether_each_measure_is_on_track(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    measure = {
        "id": None,
        "indicator_id": known["chronic_absenteeism_rate"],
        "group_code": "all",
        "district_id": cast.fresno.id,
        "baseline_year": 2022,
        "baseline": Decimal("34.6"),
        "target_year": 2026,
        "target": Decimal(22),
    }
    plan = cast.plan(cast.ana, shared="partnership", measures=[measure])
    sign_in(client, cast.ben, session)

    page = get(client, f"/posts/{plan.id}").words

    assert "Not on track" in page
    assert "passes 28.3% in 2024-25; the figure is 30.9%." in page
    assert "Read beside" in page


def test_home_and_the_indicators_lead_to_the_goals(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    districts = {cast.fresno.id, cast.long_beach.id}
    goal = goals.set_goal(cast.work(cast.dee), cast.partnership, meant(cast, known), districts)
    session.commit()
    sign_in(client, cast.ana, session)

    home = get(client, "/")

    assert any(link.startswith(f"/goals/{goal.id}") for link in home.links())
    assert "More students graduate Fresno 90.0%, 2024-25" in home.words
    assert "/goals" in get(client, "/indicators").links()
    for page in ("/goals", "/"):
        assert "Read beside Four-year dropout rate: Fresno 6.4% (2024-25)" in get(client, page).words
    sign_in(client, cast.eve, session)
    assert "More students graduate" not in get(client, "/").words


def test_a_plan_that_measures_by_an_indicator_speaks_of_it(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    measure = {"indicator_id": known["suspension_rate"], "group_code": "all", "district_id": cast.fresno.id}
    cast.plan(cast.ana, title="Fewer days lost", shared="partnership", measures=[{"id": None, **measure}])
    sign_in(client, cast.ben, session)

    page = get(client, f"/indicators/{known['suspension_rate']}").words

    assert "Fewer days lost" in page.split("What speaks of it", 1)[1]


def test_figures_are_rounded_as_the_definition_says(
    client: FlaskClient, session: Session, cast: Cast, known: dict[str, int]
) -> None:
    where = f"/indicators/{known['suspension_rate']}"
    sign_in(client, cast.flo, session)
    asked = get(client, f"{where}/definition").form(f"{where}/definition")

    page = post(client, f"{where}/definition", asked.fill({"decimals": "2"}), follow=True).words

    assert "Fresno stood at 5.90% in 2024-25, down 1.30 points from 7.20% in 2022-23" in page

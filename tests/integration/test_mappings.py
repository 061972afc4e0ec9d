"""Kinds of file: those that Braid brings, on the real files; those that a data office explains, guessed and changed."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lib import tables
from app.models import Event, FigureUpload, Observation, SavedMapping, StudentGroup
from app.services import figures, mappings
from tests.demo import define
from tests.pages import Page, get, post
from tests.people import Cast, sign_in
from tests.real import DATA

REAL = DATA / "figures"

LOCAL = (
    "LEA;Jahr;Subgroup;Grad rate;Cohort\n10-62166;2023;All students;82.3;4860\n"
    "10-62166;2023;EL;61.5;900\n10-62166;2023;Girls;90;2000\n10-62166;2023;Foster youth;<11;9\n"
)

SHIPPED = {
    "api-growth": "api/2008-growth-api.fresno_longbeach.csv",
    "api-base": "api/2008-base-api.fresno_longbeach.csv",
    "outcomes": "outcomes/fresno_longbeach_outcomes.csv",
    "school-outcomes": "outcomes/fresno_longbeach_school_outcomes.csv",
    "reclassification": "other/filesreclass19.fresno_longbeach.txt",
    "caaspp": "other/fresno_longbeach_districts.csv",
    "figures": "indicator_series.csv",
}
real = pytest.mark.skipif(not REAL.exists(), reason="the state's files are not on this machine")


def lines(path: Path) -> list[list[str]]:
    """Return the rows of a file without any code of ours."""
    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="latin-1", newline="") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".txt" else ","))[1:]


def expected(name: str, path: Path) -> int:
    """Return how many figures a file has, counted by hand from what its kind is."""
    rows = lines(path)
    match name:
        case "caaspp":
            return len(rows) // 12  # each figure is told in 12 rows, of which three are read
        case "reclassification":
            schools = [row[0] for row in rows if not row[0].endswith("0000000")]  # the office is in its sum only
            return len(schools) + len({code[:7] for code in schools})  # and the sum of each district
        case _:
            return len(rows)


def test_every_shipped_mapping_has_a_real_file() -> None:
    assert set(SHIPPED) == set(mappings.shipped())


@real
@pytest.mark.parametrize("name", SHIPPED)
def test_a_real_file_is_recognised_without_doubt(name: str) -> None:
    path = REAL / SHIPPED[name]
    with tables.opened(path) as table:
        fitting = mappings.fitting(mappings.shipped(), table.header, path.name)

    assert [mapping.name for mapping in fitting] == [name]


@real
@pytest.mark.parametrize("name", ["outcomes", "school-outcomes", "reclassification", "caaspp", "figures"])
def test_as_many_figures_come_in_as_a_file_has(cast: Cast, name: str) -> None:
    define(cast)
    path = REAL / SHIPPED[name]

    result = figures.load(cast.work(cast.flo), path, mapping=mappings.shipped()[name])

    assert (result.new, result.refused) == (expected(name, path), ())
    assert cast.session.scalar(select(func.count()).select_from(Observation)) == result.new


@real
def test_the_states_file_has_336_830_rows() -> None:
    path = REAL / "outcomes/all_districts_outcomes.csv.gz"
    with tables.opened(path) as table:
        fitting = mappings.fitting(mappings.shipped(), table.header, path.name)
        assert ([mapping.name for mapping in fitting], sum(1 for _ in table.rows)) == (["outcomes"], 336_830)


@pytest.fixture
def flo(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.flo, cast.session)
    return client


def send(client: FlaskClient, content: str, name: str = "local.csv") -> str:
    data = {"file": (io.BytesIO(content.encode()), name)}
    answer = client.post("/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def meanings(page: Page, action: str = "/columns") -> dict[str, str]:
    """Return what a form says of each column."""
    form = page.form(action)
    return {
        form[f"columns-{n}-column"]: form[f"columns-{n}-meaning"] for n in range(30) if f"columns-{n}-column" in form
    }


def explained(client: FlaskClient, where: str, **more: str) -> Page:
    """Send the form of a file with our answers."""
    form = get(client, f"{where}/columns").form("/columns")
    return post(client, f"{where}/columns", form.fill({"name": "Our graduation", "source": "Our own count", **more}))


def of_names(page: Page, action: str, theirs: dict[str, str]) -> dict[str, str]:
    """Return the fields that say what names stand for."""
    form = page.form(action)
    return {
        f"group_names-{n}-ours": theirs[form[f"group_names-{n}-theirs"]]
        for n in range(30)
        if form.get(f"group_names-{n}-theirs") in theirs
    }


def test_an_unknown_file_is_explained_once_and_known_from_then_on(flo: FlaskClient, session: Session) -> None:
    session.add(StudentGroup(code="foster", name="Foster", short="Foster", kind="programme"))
    session.commit()
    where = send(flo, LOCAL)
    assert "does not know this kind of file" in get(flo, where).words
    page = get(flo, f"{where}/columns")
    assert meanings(page) == {
        "LEA": "code", "Jahr": "year", "Subgroup": "group", "Grad rate": "value", "Cohort": "denominator",
    }  # fmt: skip
    form = page.form("/columns")
    assert (form["markers-0-written"], form["markers-0-status"]) == ("<11", "suppressed")
    chosen = of_names(page, "/columns", {"Girls": "-", "Foster youth": "foster", "EL": "english_learners"})

    answer = explained(flo, where, counts="end", indicator="four_year_graduation_rate", **chosen)

    assert answer.code == 303, answer.words
    told = get(flo, where).words
    assert "Load all 3 figures" in told, told
    flo.post(f"{where}/figures")
    session.expire_all()
    kept = session.scalars(select(Observation).order_by(Observation.id)).all()
    assert [(one.group_code, one.status, one.school_year) for one in kept] == [
        ("all", "reported", 2022), ("english_learners", "reported", 2022), ("foster", "suppressed", 2022),
    ]  # fmt: skip
    again = send(flo, LOCAL.replace("82.3", "83"), "next.csv")
    assert "Read as Our graduation" in get(flo, again).words
    assert "Load all 1 figures" in get(flo, again).words


def test_the_next_file_of_a_kind_may_have_more_groups(flo: FlaskClient, session: Session) -> None:
    content = "LEA;Year;Subgroup;Rate\n10-62166;2022-23;All students;82.3\n"
    where = send(flo, content)
    assert explained(flo, where, indicator="four_year_graduation_rate").code == 303
    later = send(flo, content + "10-62166;2022-23;ELs;61.5\n", "next.csv")
    assert "No student group is called “ELs”." in get(flo, later).words

    page = get(flo, f"{later}/columns")
    form = page.form("/columns")
    assert form["name"] == "Our graduation"
    done = post(flo, f"{later}/columns", form.fill(of_names(page, "/columns", {"ELs": "english_learners"})))

    assert done.code == 303, done.words
    assert "Load all 2 figures" in get(flo, later).words
    assert [saved.name for saved in session.scalars(select(SavedMapping))] == ["Our graduation"]


def test_a_column_chosen_later_is_asked_for_its_names(flo: FlaskClient) -> None:
    where = send(flo, LOCAL.replace("Subgroup", "Who"))
    page = get(flo, f"{where}/columns")
    assert meanings(page)["Who"] == ""
    place = list(meanings(page)).index("Who")

    asked = explained(
        flo, where, indicator="four_year_graduation_rate", counts="end", **{f"columns-{place}-meaning": "group"}
    )

    assert (asked.code, "Below are the names in “Who”." in asked.words) == (422, True)
    chosen = of_names(asked, "/columns", {"Girls": "-", "Foster youth": "-", "EL": "english_learners"})
    assert len(chosen) == 3
    done = post(flo, f"{where}/columns", asked.form("/columns").fill(chosen))
    assert done.code == 303, done.words
    assert "Load all 2 figures" in get(flo, where).words


WRONG = {
    "no code": ({"columns-0-meaning": ""}, "Say which column has the CDS codes"),
    "no value": ({"columns-3-meaning": ""}, "Say which column has the values."),
    "twice": ({"columns-4-meaning": "value"}, "cannot both be “Value”"),
    "no indicator": ({"indicator": ""}, "Say which indicator the values are of"),
    "no year": ({"columns-1-meaning": ""}, "Say which column has the school years"),
    "a year that is none": ({"year": "always", "year_is": "soon"}, "Write the school year of this file, like 2024-25."),
    "no year in a name": ({"year": "names"}, "No year stands in the name of the column of the values, “Grad rate”."),
    "a name that is taken": ({"name": "outcomes"}, "is the name of a mapping that Braid brings"),
    "no name": ({"name": " "}, "Give it a name."),
}


@pytest.mark.parametrize(("change", "says"), WRONG.values(), ids=WRONG.keys())
def test_answers_that_cannot_be_are_told(flo: FlaskClient, session: Session, change: dict[str, str], says: str) -> None:
    page = explained(flo, send(flo, LOCAL), **({"indicator": "four_year_graduation_rate"} | change))

    assert page.code == 422
    assert says in page.words
    assert session.scalars(select(SavedMapping)).all() == []


def test_years_in_the_names_of_columns_and_one_column_for_each_indicator(flo: FlaskClient, session: Session) -> None:
    where = send(flo, "CDS,GradRate2023,N2023\n10621660000000,82.3,4860\n19647250000000,*,\n", "wide-2023.csv")
    wide = {
        "year": "names", "counts": "end", "columns-0-meaning": "code", "columns-1-meaning":
        "value:four_year_graduation_rate", "columns-2-meaning": "denominator",
    }  # fmt: skip

    assert explained(flo, where, **wide).code == 303
    flo.post(f"{where}/figures")
    later = send(flo, "CDS,GradRate2024,N2024\n10621660000000,83.1,4800\n", "wide-2024.csv")
    assert "Load all 1 figures" in get(flo, later).words
    flo.post(f"{later}/figures")

    session.expire_all()
    kept = session.execute(select(Observation.school_year, Observation.status).order_by(Observation.id)).all()
    assert [tuple(row) for row in kept] == [(2022, "reported"), (2022, "suppressed"), (2023, "reported")]


@pytest.mark.parametrize(
    ("name", "said", "year"),
    [
        ("absence-2024.csv", {"year": "file", "counts": "end"}, 2023),
        ("absence 2023-24.csv", {"year": "file"}, 2023),
        ("absence.csv", {"year": "always", "year_is": "2021-22"}, 2021),
    ],
)
def test_a_year_that_no_column_says(
    flo: FlaskClient, session: Session, name: str, said: dict[str, str], year: int
) -> None:
    where = send(flo, "CDS,Rate\n10621660000000,82.3\n", name)

    page = explained(flo, where, indicator="four_year_graduation_rate", **said)

    assert page.code == 303, page.words
    flo.post(f"{where}/figures")
    session.expire_all()
    assert session.scalars(select(Observation.school_year)).all() == [year]


def kept_mapping(flo: FlaskClient, session: Session) -> SavedMapping:
    where = send(flo, "CDS,Year,Rate\n10621660000000,2022-23,82.3\n")
    assert explained(flo, where, indicator="four_year_graduation_rate").code == 303
    return session.scalars(select(SavedMapping)).one()


def test_a_mapping_is_changed_and_says_again_what_it_said(flo: FlaskClient, session: Session) -> None:
    saved = kept_mapping(flo, session)
    address = f"/imports/mappings/{saved.id}"
    assert "Our graduation" in get(flo, "/imports/mappings").words
    page = get(flo, address)
    assert "It was never changed." in page.words
    assert meanings(page, address) == {"CDS": "code", "Year": "year", "Rate": "value"}

    changed = page.form(address).fill({"name": "Graduation, local", "counts": "end", "markers-0-written": "hid"})
    after = post(flo, address, changed, follow=True)

    assert after.heading == "Graduation, local"
    assert after.form(address)["markers-0-written"] == "hid"
    session.expire_all()
    saved = session.scalars(select(SavedMapping)).one()
    assert (saved.words["year"]["counts"], saved.words["markers"]) == ("end", {"hid": "suppressed"})
    told = session.scalars(select(Event).where(Event.action == "mapping.saved").order_by(Event.id)).all()
    assert [(event.detail["name"], event.detail["words"]["year"]["counts"]) for event in told] == [
        ("Our graduation", "start"), ("Graduation, local", "end"),
    ]  # fmt: skip

    before = post(flo, f"{address}/versions/{told[0].id}", follow=True)
    assert before.heading == "Our graduation"
    assert before.form(address)["counts"] == "start"
    assert post(flo, f"{address}/versions/999999").code == 404


def test_two_mappings_have_two_names(flo: FlaskClient, session: Session) -> None:
    kept_mapping(flo, session)
    where = send(flo, "Code;Jahr;Quote\n10621660000000;2022-23;82.3\n", "other.csv")

    page = explained(flo, where, indicator="four_year_graduation_rate", source="Others")

    assert (page.code, "There is a mapping called “Our graduation” already." in page.words) == (422, True)


def test_a_mapping_is_forgotten_and_its_figures_stay(flo: FlaskClient, session: Session) -> None:
    saved = kept_mapping(flo, session)
    upload = session.scalars(select(FigureUpload)).one()
    flo.post(f"/imports/{upload.id}/figures")

    number = saved.id
    page = post(flo, f"/imports/mappings/{number}/removal", follow=True)

    assert "None yet." in page.words
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Observation)) == 1
    assert "mapping.removed" in session.scalars(select(Event.action)).all()
    assert get(flo, f"/imports/mappings/{number}").code == 404


def test_a_file_that_a_mapping_does_not_fit_stays(flo: FlaskClient, session: Session) -> None:
    where = send(flo, LOCAL)

    page = post(flo, f"{where}/reading", {"mapping": "caaspp"}, follow=True)

    assert "There is no column" in page.words
    assert "Say what the columns mean" in page.words
    assert session.scalars(select(FigureUpload)).one().state == "unknown"


def test_mappings_are_the_data_offices_own(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.flo, cast.session)
    saved = kept_mapping(client, cast.session)
    for person, code in ((cast.ana, 403), (cast.cy, 403), (cast.eve, 404), (cast.dee, 200)):
        sign_in(client, person, cast.session)
        assert get(client, f"/imports/mappings/{saved.id}").code == code, person.name
    for name in mappings.shipped():
        assert "needs:" in get(client, f"/imports/mappings/shipped/{name}").words
    assert get(client, "/imports/mappings/shipped/none").code == 404

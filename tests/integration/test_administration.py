"""Managers keep their own partnership, in the browser, and every act is in the log."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import contents
from app.models import District, Event, Membership, Partnership, PartnershipDistrict, Person, Strand, StrandTerm
from app.policy import NOBODY, OPERATOR, Denied, Sharing
from app.services import accounts, people, places, posts
from app.services.posts import thing
from app.work import Work, working
from tests.pages import get
from tests.people import BEGAN, Cast, sign_in


@pytest.fixture
def dee(client: FlaskClient, cast: Cast, session: Session) -> FlaskClient:
    sign_in(client, cast.dee, session)
    return client


def routes(app: Flask, cast: Cast) -> list[tuple[str, str]]:
    """Return every method and path of administration, filled with what belongs to the cast."""
    term = cast.session.scalars(select(StrandTerm.id).where(StrandTerm.strand_id == cast.learners.id)).first()
    values = {
        "person_id": cast.ben.id,
        "district_id": cast.fresno.id,
        "strand_id": cast.learners.id,
        "term_id": term,
        "invitation_id": 1,
    }
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("administration."):
                path = rule.build({name: values[name] for name in rule.arguments})
                assert path is not None
                found += [(method, path[1]) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_every_page_opens_for_a_manager(app: Flask, dee: FlaskClient, cast: Cast) -> None:
    pages = [path for method, path in routes(app, cast) if method == "GET"]
    assert len(pages) >= 14
    assert {path: dee.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)


def test_nobody_else_gets_near(app: Flask, client: FlaskClient, cast: Cast, session: Session) -> None:
    def answers() -> set[int]:
        return {client.open(path, method=method).status_code for method, path in routes(app, cast)}

    assert answers() == {401, 303} or answers() == {401}
    for person in (cast.ana, cast.cy, cast.flo):
        sign_in(client, person, session)
        assert answers() == {403}
    sign_in(client, cast.eve, session)
    theirs = [(method, path) for method, path in routes(app, cast) if any(part.isdigit() for part in path.split("/"))]
    assert {client.open(path, method=method).status_code for method, path in theirs} == {404}
    assert session.scalars(select(Event)).all() == []


def test_a_role_is_changed_and_the_log_says_so(dee: FlaskClient, cast: Cast, session: Session) -> None:
    given = {"district_id": cast.long_beach.id, "role": "manager", "starts_on": "2008-08-01", "is_data_office": "y"}
    given |= {"name": cast.ben.name, "title": cast.ben.title}
    assert dee.post(f"/administration/people/{cast.ben.id}", data=given).status_code == 303

    session.expire_all()
    membership = session.scalars(select(Membership).where(Membership.person_id == cast.ben.id)).one()
    assert (membership.role, membership.is_data_office) == ("manager", True)
    page = " ".join(dee.get("/administration/log").text.split())
    assert "changed the membership of" in page
    assert "Role manager, in the data office; before: role strand lead, not in the data office" in page


def test_a_name_title_and_district_are_put_right(dee: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/administration/people/{cast.ben.id}"
    form = {"name": "Ben  Right", "title": "Coach", "role": "strand_lead", "district_id": str(cast.fresno.id)}
    form["starts_on"] = "2008-08-01"
    assert 'value="Ben Example"' in dee.get(address).text

    answer = dee.post(address, data=form)

    session.expire_all()
    membership = session.scalars(select(Membership).where(Membership.person_id == cast.ben.id)).one()
    renamed = session.scalars(select(Event).where(Event.action == "person.renamed")).one()
    assert answer.status_code == 303
    assert (cast.ben.name, cast.ben.title, membership.district_id) == ("Ben Right", "Coach", cast.fresno.id)
    assert (renamed.actor_id, renamed.thing) == (cast.dee.id, f"person:{cast.ben.id}")
    assert renamed.detail["before"] == {"name": "Ben Example", "title": "Director"}
    assert renamed.detail["after"] == {"name": "Ben Right", "title": "Coach"}
    log = get(dee, "/administration/log").words
    assert "put right the name or title of" in log
    assert "Name “Ben Right”, title “Coach”; before: name “Ben Example”, title “Director”" in log
    assert "For Fresno Unified; before: for Long Beach Unified" in log
    empty = dee.post(address, data=form | {"name": " "})
    assert empty.status_code == 422
    assert cast.ben.name == "Ben Right"


def test_the_last_manager_cannot_be_removed(dee: FlaskClient, cast: Cast, session: Session) -> None:
    given = {"name": "Dee", "district_id": cast.fresno.id, "role": "member", "starts_on": "2008-08-01"}
    changed = dee.post(f"/administration/people/{cast.dee.id}", data=given)
    ending = dee.post(
        f"/administration/people/{cast.dee.id}", data=given | {"role": "manager", "ends_on": "2027-01-01"}
    )
    left = dee.post(f"/administration/people/{cast.dee.id}/departure", data={"successor_id": "0"})

    for answer in (changed, ending, left):
        assert answer.status_code == 422
        assert "Make another person a manager first." in answer.text
    session.expire_all()
    assert cast.actor(cast.dee).manages(cast.partnership.id)
    assert cast.dee.departed_at is None


def test_somebody_leaves_and_comes_back(dee: FlaskClient, cast: Cast, session: Session) -> None:
    ben = dee.application.test_client()
    sign_in(ben, cast.ben, session)
    assert ben.get("/people").status_code == 200

    answer = dee.post(f"/administration/people/{cast.ben.id}/departure", data={"successor_id": cast.flo.id})

    assert answer.status_code == 303
    assert ben.get("/people").status_code == 401
    session.expire_all()
    assert (cast.ben.departed_at, cast.ben.successor_id) == (cast.now, cast.flo.id)
    terms = session.scalars(select(StrandTerm.ends_on).where(StrandTerm.person_id == cast.ben.id)).all()
    assert terms == [cast.now.date()] * 2
    assert dee.post(f"/administration/people/{cast.ben.id}/return").status_code == 303
    session.expire_all()
    assert (cast.ben.departed_at, cast.ben.successor_id) == (None, None)
    assert session.scalars(select(Event.action).order_by(Event.id)).all() == ["person.departed", "person.returned"]


def test_a_successor_is_somebody_else_of_the_partnership(cast: Cast) -> None:
    for heir in (cast.ben.id, cast.eve.id, 99999):
        with pytest.raises(ValueError, match="Choose somebody else of this partnership"):
            people.depart(cast.work(cast.dee), cast.partnership.id, cast.ben, successor_id=heir)


def test_leaving_one_of_two_partnerships_keeps_the_other(cast: Cast, session: Session) -> None:
    session.add(
        Membership(
            person_id=cast.eve.id,
            partnership_id=cast.partnership.id,
            district_id=cast.fresno.id,
            role="member",
            starts_on=BEGAN,
        )
    )
    session.commit()
    people.depart(cast.work(cast.dee), cast.partnership.id, cast.eve)
    session.commit()
    actor = cast.actor(cast.eve)
    assert cast.eve.departed_at is None
    assert [part.partnership_id for part in actor.parts] == [cast.other_partnership.id]


def test_a_district_is_added_with_its_code(dee: FlaskClient, cast: Cast, session: Session) -> None:
    given = {"name": "Clovis Unified", "short_name": "Clovis", "kind": "district", "colour": "3"}
    wrong = dee.post("/administration/districts/new", data=given | {"cds_code": "99 62117"})
    assert wrong.status_code == 422
    assert "California’s counties are 01 to 58" in wrong.text
    twice = dee.post("/administration/districts/new", data=given | {"cds_code": "10-62166-0000000"})
    assert "Fresno Unified has this CDS code and is in the partnership already." in twice.text

    assert dee.post("/administration/districts/new", data=given | {"cds_code": "10 62117"}).status_code == 303

    clovis = session.scalars(select(District).where(District.name == "Clovis Unified")).one()
    assert clovis.cds_code == "10621170000000"
    assert session.get(PartnershipDistrict, (cast.partnership.id, clovis.id)) is not None
    page = dee.get(f"/administration/districts/{clovis.id}").text
    assert "10 62117 0000000" in page
    renamed = given | {"short_name": "CUSD", "cds_code": "10 62117"}
    assert dee.post(f"/administration/districts/{clovis.id}", data=renamed).status_code == 303
    assert "CUSD" in dee.get("/districts").text


def test_a_district_known_already_joins_as_it_is(cast: Cast, session: Session) -> None:
    given = places.Organization("Another name", "Other", "01 61259")
    district = places.add_district(cast.work(cast.dee), cast.partnership, given)
    assert district.name == "Oakland Unified"
    assert len(session.scalars(select(District)).all()) == 3


def test_a_strand_is_opened_named_closed_and_opened_again(dee: FlaskClient, cast: Cast, session: Session) -> None:
    given = {"name": "Leadership", "degree": "joint", "colour": "3", "icon": "compass", "purpose": "Principals"}
    assert dee.post("/administration/strands/new", data=given | {"name": "Mathematics"}).status_code == 422
    answer = dee.post("/administration/strands/new", data=given)
    strand = session.scalars(select(Strand).where(Strand.name == "Leadership")).one()
    assert answer.location == f"/administration/strands/{strand.id}"
    assert (strand.degree, strand.position) == ("joint", 2)

    term = {"person_id": cast.flo.id, "district_id": cast.long_beach.id, "is_lead": "y", "starts_on": "2026-11-01"}
    assert dee.post(f"/administration/strands/{strand.id}/terms/new", data=term).status_code == 303
    row = session.scalars(select(StrandTerm).where(StrandTerm.strand_id == strand.id)).one()
    assert strand.id in cast.actor(cast.flo).leads
    ends = term | {"ends_on": "2026-11-10"}
    assert dee.post(f"/administration/strands/{strand.id}/terms/{row.id}", data=ends).status_code == 303
    backwards = dee.post(f"/administration/strands/{strand.id}/terms/{row.id}", data=term | {"ends_on": "2020-01-01"})
    assert "A term cannot end before it begins." in backwards.text
    session.expire_all()
    assert row.ends_on == date(2026, 11, 10)
    assert strand.id not in cast.actor(cast.flo).leads

    page = dee.post(f"/administration/strands/{strand.id}/closing", follow_redirects=True).text
    assert "This strand is closed." in page
    assert "Undo" in page
    assert dee.post(f"/administration/strands/{strand.id}/reopening").status_code == 303
    session.expire_all()
    assert strand.closed_at is None
    told = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert told == ["strand.added", "term.added", "term.changed", "strand.closed", "strand.reopened"]


def test_the_partnership_is_described(dee: FlaskClient, cast: Cast, session: Session) -> None:
    given = {"name": "Fresno and Long Beach", "purpose": "To learn.", "began_on": "2008-09-01", "notice": "Invented."}
    assert dee.post("/administration/partnership", data=given | {"name": "Bay Partnership"}).status_code == 422
    assert dee.post("/administration/partnership", data=given | {"began_on": "soon"}).status_code == 422
    assert dee.post("/administration/partnership", data=given).status_code == 303
    session.expire_all()
    assert (cast.partnership.name, cast.partnership.began_on) == ("Fresno and Long Beach", date(2008, 9, 1))


def test_the_log_names_no_draft_that_a_manager_may_not_read(dee: FlaskClient, cast: Cast) -> None:
    cast.practice(cast.ana, "A secret worry")
    cast.practice(cast.ana, "Open to all", shared="partnership")
    page = dee.get("/administration/log").text
    assert "A secret worry" not in page
    assert "a post that you cannot read" in page
    assert "Practice" not in page.split("a post that you cannot read")[1].partition("</tr>")[0]
    assert "Open to all" in page


def test_the_log_says_in_words_what_happened(dee: FlaskClient, cast: Cast) -> None:
    note = cast.note(cast.dee, "A call", shared="partnership")
    call = cast.work(cast.dee)
    posts.save(call, note, contents.read(note) | {"title": "The call"}, base=1)
    posts.restore(call, note, 1)
    posts.share(call, note, Sharing.DISTRICT)
    call.record("commitment.changed", thing(note), partnership_id=cast.partnership.id, before="open", after="done")
    people.depart(call, cast.partnership.id, cast.ana, successor_id=cast.ben.id)
    for action, detail in (
        ("person.invited", {"role": "strand_lead"}),
        ("person.signed_out_everywhere", {"ended": 2}),
        ("figures.imported", {"file": "a.csv", "new": 1200, "changed": 3, "same": 0}),
        ("figures.undone", {"figures": 1}),
        ("figure.typed", {"held": True}),
        ("indicator.compared", {"verdict": "with_care"}),
        ("annotation.added", {"words": "A new test"}),
        ("membership.changed", {"before": {"to": None}, "after": {"to": "2027-06-30"}}),
    ):
        call.record(action, f"person:{cast.flo.id}", partnership_id=cast.partnership.id, **detail)
    cast.session.commit()

    log = get(dee, "/administration/log").words

    for words in (
        "Meeting note",
        "This made version 2",
        "Version 1 is the current one again",
        "Seen by the whole partnership, before by its author alone",
        "Seen by its own district, before by the whole partnership",
        "Done, before open",
        "Ben Example took over",
        "As strand lead",
        "In 2 browsers",
        "1,200 new, 3 changed",
        "1 figure",
        "It waits for the data office",
        "Comparable with care",
        "“A new test”",
        "Until 30 June 2027; before: without an end",
    ):
        assert words in log
    assert "revision" not in log


def test_the_log_is_filtered_and_paged(dee: FlaskClient, cast: Cast, session: Session) -> None:
    for number in range(60):
        at = cast.now - timedelta(days=number)
        Work(session, cast.actor(cast.ana), at).record(
            "strand.changed", f"strand:{cast.maths.id}", partnership_id=cast.partnership.id
        )
    Work(session, cast.actor(cast.ben), cast.now).record(
        "strand.closed", f"strand:{cast.maths.id}", partnership_id=cast.partnership.id
    )
    Work(session, cast.actor(cast.eve), cast.now).record(
        "strand.changed", "strand:999", partnership_id=cast.other_partnership.id
    )
    session.commit()

    def rows(query: str = "") -> int:
        return body(dee.get(f"/administration/log?{query}").text).count("<tr>")

    assert rows() == 50
    older = dee.get("/administration/log").text.partition('rel="next" href="')[2].partition('"')[0]
    assert body(dee.get("/administration/log" + older.replace("&amp;", "&")).text).count("<tr>") == 11
    assert rows(f"person={cast.ben.id}") == 1
    assert rows("action=strand.closed") == 1
    assert rows("since=2026-11-11&until=2026-11-15&action=strand.changed") == 5
    assert "Eve Example" not in dee.get("/administration/log").text
    for odd in ("person=nobody", "action=nothing", "since=soon", "until=9999-12-31", "since=0001-01-01", "after=x"):
        assert dee.get(f"/administration/log?{odd}").status_code == 200


def body(page: str) -> str:
    return page.partition("<tbody>")[2]


def test_a_partnership_is_founded_from_the_machine(cast: Cast, session: Session) -> None:
    with working(session, OPERATOR, cast.now) as work:
        place = places.found_with_manager(
            work, "Valley", email="Mia@Valley.example", password="seven quiet llamas hum", manager="Mia Stone"
        )
    mia = session.scalars(select(Person).where(Person.email == "mia@valley.example")).one()
    assert cast.actor(mia).manages(place.id)
    with working(session, NOBODY, cast.now) as work:
        assert accounts.sign_in(work, "mia@valley.example", "seven quiet llamas hum") is not None
    with pytest.raises(ValueError, match="There is a partnership called “Valley” already"):
        places.found(Work(session, OPERATOR, cast.now), places.About("Valley"))
    assert session.scalars(select(Partnership.name).order_by(Partnership.name)).all()[-1] == "Valley"


def test_only_a_manager_puts_names_right(cast: Cast) -> None:
    membership = cast.session.scalars(select(Membership).where(Membership.person_id == cast.ben.id)).one()
    for person in (cast.ana, cast.ben, cast.cy, cast.eve):
        with pytest.raises(Denied):
            people.rename(cast.work(person), membership, "Other", "")
    assert cast.ben.name == "Ben Example"


def test_services_refuse_whoever_is_no_manager(cast: Cast) -> None:
    for actor in (NOBODY, cast.actor(cast.ana), cast.actor(cast.eve), cast.actor(cast.cy)):
        work = Work(cast.session, actor, cast.now)
        with pytest.raises(Denied):
            places.close_strand(work, cast.maths)
        with pytest.raises(Denied):
            places.change_partnership(work, cast.partnership, places.About("Mine"))
        with pytest.raises(Denied):
            people.depart(work, cast.partnership.id, cast.ben)
        with pytest.raises(Denied):
            people.bring_back(work, cast.partnership.id, cast.gus)

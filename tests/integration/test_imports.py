"""Posts come from Markdown and from JSON lines: again without harm, all of a file or nothing of it."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Event, Job, MeetingNote, Post, PostLink, Revision, StrandPlan
from app.policy import Denied, Sharing
from app.queries.whole import CORE, POST_ID
from app.queries.whole import whole as whole_post
from app.services import imports, post_files
from app.services.imports import Imported
from app.services.post_files import Defaults
from app.services.posts import sharing_of
from app.services.reading import Names
from app.work import Work
from tests.people import Cast
from tests.real import DATA

PAGES = DATA / "text" / "dfe_early_career_teachers_markdown.tar.xz"


def lines(path: Path, *given: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in given), encoding="utf-8")
    return path


def read(cast: Cast, path: Path, **more: Any) -> tuple[list[post_files.Entry], list[post_files.Wrong]]:
    found = whole_file(cast, path, **more)
    return found.entries, found.wrong


def whole_file(cast: Cast, path: Path, **more: Any) -> post_files.Read:
    names = Names.of(cast.session, cast.partnership.id)
    return post_files.read(path, names, Defaults((cast.ana.id, cast.fresno.id), cast.now, **more))


def load(cast: Cast, path: Path, **more: Any) -> Imported:
    entries, wrong = read(cast, path, **more)
    assert not wrong
    done = Imported()
    for batch in imports.batches(entries):
        done += imports.load(cast.work(cast.ana), batch, cast.partnership.id)
        cast.session.commit()
    cast.session.expire_all()
    return done


def whole(cast: Cast, key: str) -> Post:
    found = whole_post(cast.session, select(Post).where(Post.id == POST_ID).options(*CORE), numbered(cast, key))
    assert found is not None
    return found


def numbered(cast: Cast, key: str) -> int:
    return cast.session.scalars(select(Post.id).where(Post.import_key == key)).one()


def test_a_folder_of_markdown(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "year-1").mkdir()
    (tmp_path / "year-1" / "talk.md").write_text("---\ntitle: Number talks\ntags: [Discourse]\n---\nWho speaks?\n")
    (tmp_path / "heading.md").write_text("# Exit tickets #\n\nThree piles.")
    (tmp_path / "a-plain-note.md").write_text("No heading at all.")

    done = load(cast, tmp_path, strand="mathematics", sharing=Sharing.PARTNERSHIP)

    assert (done.new, done.changed, done.same) == (3, 0, 0)
    talk = whole(cast, "year-1/talk.md")
    assert (talk.title, talk.body, list(talk.tags), talk.strand_id) == (
        "Number talks", "Who speaks?", ["discourse"], cast.maths.id,
    )  # fmt: skip
    assert (whole(cast, "heading.md").title, whole(cast, "heading.md").body) == ("Exit tickets", "Three piles.")
    assert whole(cast, "a-plain-note.md").title == "A plain note"
    assert sharing_of(talk) == Sharing.PARTNERSHIP
    assert talk.shared_at is not None


def test_json_lines_with_the_fields_of_their_kinds(cast: Cast, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "posts.jsonl",
        {"key": "p", "title": "Talks", "body": "See [it](/posts/1).", "author": cast.ben.email, "created": "2019-03-04",
         "problem": "Few speak.", "student_groups": ["english_learners"], "contacts": [cast.ana.email],
         "indicator_links": [{"indicator": "four_year_graduation_rate", "expected": "increase"}]},
        {"key": "m", "kind": "meeting-note", "title": "Call", "created": "2020-02-03",
         "commitments": [{"text": "Send", "owner": cast.ana.email, "owed_to": "Long Beach", "due_on": "2020-03-01"}]},
        {"key": "s", "kind": "strand-plan", "title": "Plan", "strand": "Mathematics", "created": "2020-09-01T08:00:00"},
    )  # fmt: skip

    assert load(cast, file).new == 3

    practice, note, plan = whole(cast, "p"), whole(cast, "m"), whole(cast, "s")
    assert (practice.author_id, practice.district_id, practice.school_year) == (cast.ben.id, cast.long_beach.id, 2018)
    assert practice.indicator_links[0].indicator_id == cast.graduation.id
    assert isinstance(note, MeetingNote)
    assert str(note.met_on) == "2020-02-03"
    assert note.commitments[0].owed_to_id == cast.long_beach.id
    assert isinstance(plan, StrandPlan)
    assert plan.plan_year == 2020


def test_fields_that_other_programs_put_into_a_page_are_left_out(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("---\ntitle: Talks\nnext_path: /two\n---\nOne.")

    found = whole_file(cast, tmp_path)

    assert (found.left_out, found.wrong, [entry.key for entry in found.entries]) == (["next_path"], [], ["page.md"])


def test_importing_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = lines(tmp_path / "posts.jsonl", {"key": "a", "title": "Talks", "body": "One."})
    load(cast, file)
    before = cast.session.scalar(select(func.count()).select_from(Event))

    done = load(cast, file)

    assert (done.new, done.changed, done.same) == (0, 0, 1)
    assert whole(cast, "a").revision == 1
    assert cast.session.scalar(select(func.count()).select_from(Event)) == before


def test_a_changed_line_becomes_a_new_version_and_other_fields_stay(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    load(cast, lines(file, {"key": "a", "title": "Talks", "body": "One.", "problem": "Few speak."}))

    done = load(cast, lines(file, {"key": "a", "title": "Talks", "body": "Two."}))

    post = whole(cast, "a")
    numbers = cast.session.scalars(select(Revision.number).where(Revision.post_id == post.id).order_by(Revision.number))
    assert (done.new, done.changed, done.same) == (0, 1, 0)
    assert (post.body, post.problem, post.revision) == ("Two.", "Few speak.", 2)  # type: ignore[attr-defined]
    assert numbers.all() == [1, 2]


def test_each_post_has_its_copy_event_and_jobs(cast: Cast, tmp_path: Path) -> None:
    first = cast.practice(by=cast.ana)
    cast.session.execute(Job.__table__.delete())  # type: ignore[attr-defined]
    given = [{"key": str(n), "title": f"Talk {n}", "body": f"[one](/posts/{first.id})"} for n in range(250)]

    load(cast, lines(tmp_path / "posts.jsonl", *given))

    def count(model: type, *where: Any) -> int:
        return cast.session.scalar(select(func.count()).select_from(model).where(*where)) or 0

    assert count(Post, Post.import_key.is_not(None)) == 250
    assert count(Revision) == 251
    assert count(Event, Event.action == "post.imported") == 250
    assert count(Job, Job.name == "index") == count(Job, Job.name == "render") == 250
    assert count(PostLink, PostLink.to_post_id == first.id) == 250


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": "a", "title": "T", "colour": "red"}, "no field “colour”"),
        ({"key": "a", "title": "T", "kind": "poem"}, "practice, meeting-note, strand-plan"),
        ({"key": "a", "title": "T", "author": "who@x.example"}, "who@x.example"),
        ({"key": "a", "title": "T", "strand": "Music"}, "“Music”. Use english learners or mathematics."),
        ({"key": "a", "title": "T", "strand": "math"}, "“math”. Use mathematics."),
        ({"key": "a", "title": "T", "created": "soon"}, "Write it like 2024-10-03"),
        ({"key": "a", "title": "T", "created": "2999-01-01"}, "still to come"),
        ({"key": "a", "title": "T", "state": "sleeping"}, "idea, testing"),
        ({"key": "a", "title": "T" * 201}, "201 characters"),
        ({"key": "a", "title": " "}, "Give it a title"),
        ({"title": "T"}, "Give it a key"),
        ({"key": "a", "title": "T", "shared": "strand"}, "names none"),
        ({"key": "a", "title": "T", "state": "retired"}, "Say why it was retired"),
        ({"key": "a", "title": "T", "tags": "one"}, "should be a list"),
        ({"key": "a", "title": "T", "body": {"x": 1}}, "should be a text"),
        ({"key": "b", "title": "T"}, "also that of line 1"),
    ],
)
def test_what_is_wrong_is_said_by_line(cast: Cast, tmp_path: Path, given: dict[str, Any], said: str) -> None:
    file = lines(tmp_path / "posts.jsonl", {"key": "b", "title": "Fine"}, given)

    _, wrong = read(cast, file)

    assert [one.place for one in wrong] == ["line 2"]
    assert said in wrong[0].sentence


def test_lines_that_are_no_json_or_no_utf8_are_named(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_bytes(b'{"key": 1\n[1]\n\n"\xff"\n' + b"[" * 100_000 + b"\n")

    _, wrong = read(cast, tmp_path / "posts.jsonl")

    assert [one.place for one in wrong] == ["line 1", "line 2", "line 4", "line 5"]


def test_an_observer_cannot_import(cast: Cast, tmp_path: Path) -> None:
    entries, _ = read(cast, lines(tmp_path / "posts.jsonl", {"key": "a", "title": "T"}))

    with pytest.raises(Denied):
        imports.load(cast.work(cast.cy), entries, cast.partnership.id)


def test_a_key_cannot_become_another_kind(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    load(cast, lines(file, {"key": "a", "title": "T"}))
    entries, _ = read(cast, lines(file, {"key": "a", "title": "T", "kind": "meeting-note"}))

    with pytest.raises(ValueError, match="Give it another key"):
        imports.load(cast.work(cast.ana), entries, cast.partnership.id)


@pytest.mark.skipif(not PAGES.exists(), reason="the 718 pages are not on this machine")
def test_the_718_real_pages(cast: Cast, tmp_path: Path) -> None:
    with tarfile.open(PAGES) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 does not know of it
        tar.extractall(tmp_path)  # noqa: S202 - with that filter

    done = load(cast, tmp_path, strand="Mathematics", sharing=Sharing.STRAND)

    assert done.new == 718
    assert _titles(cast.session) == 718
    assert load(cast, tmp_path, strand="Mathematics", sharing=Sharing.STRAND).same == 718


def _titles(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Post).where(func.length(Post.title) > 0)) or 0


def test_a_writer_is_asked_for(cast: Cast) -> None:
    assert isinstance(cast.work(cast.ana), Work)
    assert imports.load(cast.work(cast.ana), [], cast.partnership.id).new == 0

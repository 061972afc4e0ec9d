"""The index says what the database says, and only to those who may read it."""

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.lib.rendering import Renderer
from app.models import Comment, Job, Post
from app.search import SearchIndex, SearchQuery
from app.services import adoptions, comments, indexing, posts, texts
from app.services.adoptions import Trial
from tests.people import Cast


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def keep_up(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    keys = list(cast.session.scalars(select(Job.key).where(Job.name == "index")))
    indexing.update(cast.work(cast.ana), keys, index, renderer)
    cast.session.commit()


def found(cast: Cast, index: SearchIndex, words: str, who: str = "ben") -> int:
    return index.search(SearchQuery(words, cast.actor(getattr(cast, who)).audiences)).total


def test_everything_written_is_found(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    practice = cast.practice(
        by=cast.ana, shared="partnership", body="Ask **widely**.", problem="Silent classrooms", tags=["discourse"]
    )
    comments.add(cast.work(cast.ben), practice, "We saw *giraffes*.")
    adoptions.record(
        cast.work(cast.ben),
        practice,
        Trial(cast.long_beach.id, date(2025, 9, 1), verdict="abandon", happened="Zebras left."),
    )
    cast.session.commit()
    cast.session.expire_all()

    keep_up(cast, index, renderer)

    for words in ("widely", "silent", "discourse", "giraffes", "zebras", "abandon", "Ana"):
        assert found(cast, index, words) == 1, words
    page = index.search(
        SearchQuery(
            "", cast.actor(cast.ben).audiences, facets=("district", "verdict", "kind", "strand", "year", "state")
        )
    )
    assert page.facets["district"] == {str(cast.fresno.id): 1, str(cast.long_beach.id): 1}
    assert page.facets["verdict"] == {"abandon": 1}
    assert page.facets["kind"] == {"practice": 1}
    assert page.facets["year"] == {"2026": 1}


def test_a_draft_is_found_by_its_author_alone(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    cast.practice(by=cast.ana)
    keep_up(cast, index, renderer)

    assert (found(cast, index, "talks", "ana"), found(cast, index, "talks", "ben")) == (1, 0)


def test_what_is_deleted_or_removed_is_no_longer_found(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    practice = cast.practice(by=cast.ana, shared="partnership")
    comment = comments.add(cast.work(cast.ben), practice, "Giraffes.")
    keep_up(cast, index, renderer)
    assert found(cast, index, "giraffes") == 1

    comments.remove(cast.work(cast.ben), practice, comment)
    keep_up(cast, index, renderer)
    assert (found(cast, index, "giraffes"), found(cast, index, "talks")) == (0, 1)

    posts.trash(cast.work(cast.ana), practice)
    keep_up(cast, index, renderer)
    assert found(cast, index, "talks") == 0
    assert index.versions() == {}


def test_reconcile_queues_what_differs(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    kept, gone, changed = (cast.practice(by=cast.ana, title=title) for title in ("Kept", "Gone", "Changed"))
    keep_up(cast, index, renderer)
    index.apply([], [f"post:{gone.id}"])
    changed.version += 1
    cast.session.execute(Job.__table__.delete())  # type: ignore[attr-defined]
    cast.session.commit()

    assert indexing.reconcile(cast.work(cast.ana), index, renderer) == 2

    cast.session.flush()
    keys = set(cast.session.scalars(select(Job.key).where(Job.name == "index")))
    assert keys == {f"post:{gone.id}", f"post:{changed.id}"}
    assert f"post:{kept.id}" not in keys


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_built_again(cast: Cast, index: SearchIndex, renderer: Renderer, tmp_path: Path) -> None:
    first, second = cast.practice(by=cast.ana, title="First"), cast.practice(by=cast.ana, title="Second")
    keep_up(cast, index, renderer)
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file() and file.name != "current" and "lock" not in file.name.lower():
            file.write_bytes(b"torn")

    indexing.update(cast.work(cast.ana), [f"post:{first.id}"], index, renderer)

    assert index.versions() == {f"post:{first.id}": first.version, f"post:{second.id}": second.version}
    gc.collect()  # Whoosh leaves torn files open; that is told here and not in the next test


def test_rebuilding_counts_as_it_goes(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    for number in range(3):
        cast.practice(by=cast.ana, title=f"Talk {number}")
    seen: list[int] = []

    assert indexing.rebuild(cast.session, index, renderer, seen.append) == 3

    assert seen == [3]
    assert found(cast, index, "talk", "ana") == 3


def test_texts_are_rendered_once_and_only_as_they_are(cast: Cast, renderer: Renderer) -> None:
    practice = cast.practice(by=cast.ana, shared="partnership", body="Ask **widely**.")
    comment = comments.add(cast.work(cast.ben), practice, "We *do*.")
    cast.session.commit()
    keys = [f"post:{practice.id}", f"comment:{comment.id}", "post:0"]

    texts.render(cast.work(cast.ana), keys, renderer)
    cast.session.commit()
    cast.session.expire_all()

    assert "<strong>widely</strong>" in (cast.session.scalar(select(Post.html)) or "")
    assert "<em>do</em>" in (cast.session.scalar(select(Comment.html)) or "")

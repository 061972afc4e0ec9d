"""Whatever does not agree is said, and what can be mended is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from app.lib.rendering import Renderer
from app.models import Job, Post, Revision
from app.search import SearchIndex
from app.services import indexing, texts, verification
from app.services.verification import Difference
from tests.people import Cast


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


@pytest.fixture
def post(cast: Cast, index: SearchIndex, renderer: Renderer) -> Post:
    """A post with everything done that it promised."""
    post = cast.practice(by=cast.ana, shared="partnership")
    do_all(cast, index, renderer)
    return post


def do_all(cast: Cast, index: SearchIndex, renderer: Renderer) -> None:
    for name in ("index", "render"):
        keys = list(cast.session.scalars(select(Job.key).where(Job.name == name)))
        if name == "index":
            indexing.update(cast.work(cast.ana), keys, index, renderer)
        else:
            texts.render(cast.work(cast.ana), keys, renderer)
    cast.session.execute(delete(Job))
    cast.session.commit()


def differ(cast: Cast, index: SearchIndex) -> list[Difference]:
    return verification.differences(cast.work(cast.ana), index)


def test_all_is_well(cast: Cast, post: Post, index: SearchIndex) -> None:
    assert post.id
    assert differ(cast, index) == []


def test_what_waits_in_a_job_is_no_difference(cast: Cast, post: Post, index: SearchIndex) -> None:
    assert post.id
    cast.practice(by=cast.ana, title="Just written")

    assert differ(cast, index) == []


def test_the_index_lacks_a_post_and_is_mended(cast: Cast, post: Post, index: SearchIndex, renderer: Renderer) -> None:
    index.apply([], [f"post:{post.id}"])

    found = differ(cast, index)
    assert [one.sentence for one in found] == [
        f"The search index does not agree with the database about 1 post ({post.id})."
    ]
    assert verification.mend(cast.work(cast.ana), found) == 1
    do_all(cast, index, renderer)
    assert differ(cast, index) == []


@pytest.mark.parametrize("lost", ["copy", "words"])
def test_a_history_that_is_not_whole_is_told(cast: Cast, post: Post, index: SearchIndex, lost: str) -> None:
    if lost == "copy":
        cast.session.execute(delete(Revision).where(Revision.post_id == post.id))
    else:
        cast.session.execute(update(Post.__table__).values(body="Something else"))  # type: ignore[arg-type]
    cast.session.commit()

    said = [one.sentence for one in differ(cast, index)]

    assert len(said) == 1
    assert f"1 post ({post.id})" in said[0]


def test_a_job_given_up_is_told_with_its_reason(cast: Cast, post: Post, index: SearchIndex) -> None:
    assert post.id
    cast.session.add(
        Job(name="mail", key="letter:1", run_at=cast.now, given_up_at=cast.now, attempts=8, last_error="no server")
    )
    cast.session.commit()

    found = differ(cast, index)

    assert found[0].sentence == "1 job was given up: mail of letter:1 (no server)."
    verification.mend(cast.work(cast.ana), found)
    assert cast.session.scalars(select(Job.given_up_at)).all() == [None]


def test_a_job_that_nobody_does_is_told(cast: Cast, post: Post, index: SearchIndex) -> None:
    cast.session.add(Job(name="index", key=f"post:{post.id}", run_at=cast.now - timedelta(hours=1)))
    cast.session.commit()

    assert "braid work" in differ(cast, index)[0].sentence


def test_a_text_without_formatting_is_told_and_queued(cast: Cast, post: Post, index: SearchIndex) -> None:
    cast.session.execute(update(Post.__table__).values(html=None))  # type: ignore[arg-type]
    cast.session.commit()

    found = differ(cast, index)

    assert found[0].repairs == (("render", f"post:{post.id}"),)


def test_a_row_that_points_to_nothing_is_told(cast: Cast, post: Post, index: SearchIndex) -> None:
    database = cast.session.get_bind().engine.url
    if database.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL keeps its references itself")
    cast.session.commit()
    with closing(sqlite3.connect(database.database or "")) as careless:  # it does not ask for foreign keys
        careless.execute("INSERT INTO post_tag (post_id, tag) VALUES (99999, 'lost')")
        careless.commit()

    said = [one.sentence for one in differ(cast, index)]

    assert post.id
    assert said == ["1 row points to nothing, in post_tag."]


def test_a_secret_that_others_can_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x" * 40)
    (tmp_path / "secret").chmod(0o644)

    assert "chmod 600" in verification.files(tmp_path)[0].sentence
    (tmp_path / "secret").chmod(0o600)
    assert verification.files(tmp_path) == []

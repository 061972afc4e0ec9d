"""The field's words: as Braid brings them, as a partnership changes them, and back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.lib import vocabulary as words_of
from app.lib.vocabulary import alternatives, exactly, parse, shipped, used
from app.policy import NOBODY
from app.queries import vocabulary
from app.queries.searching import Asked, found
from app.search import SearchIndex
from tests.integration.conftest import Indexed
from tests.pages import get, post
from tests.people import Cast, sign_in


def test_what_braid_brings_is_sound() -> None:
    every = [words_of.plain(word) for words in shipped().values() for word in words]

    assert len(every) == len(set(every)) > 200
    for words in shipped().values():
        assert parse("\n".join(words)) == list(words)
    for known in ("el", "ell", "lep", "english learner"):
        assert len(alternatives(shipped().values())[known]) == 5
    assert "reclassification" in alternatives(shipped().values())["rfep"]
    needed = (
        "ltel",
        "a-g",
        "fafsa",
        "plc",
        "pdsa",
        "swd",
        "sed",
        "iep",
        "eld",
        "elpac",
        "caaspp",
        "cci",
        "acgr",
        "dfs",
    )
    assert not [word for word in (*needed, "sel", "mtss") if word not in alternatives(shipped().values())]


def test_words_of_a_question_that_have_others() -> None:
    known = alternatives(shipped().values())

    assert used("What do ELs and EL families need for A-G?", known) == ["a-g", "el"]
    assert used('"EL" families', known) == []
    assert exactly("EL families and English  learners, EL", ["el"]) == '"EL" families and English  learners, "EL"'
    assert exactly('already "EL" there', ["el"]) == 'already "EL" there'


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("EL", "at least two"),
        ("EL\nel", "at least two"),
        ("\n".join(f"word {n}" for n in range(13)), "Keep it to 12"),
        ("EL\n" + "x" * 61, "longer than 60"),
        ("EL\n***", "no letter or number"),
    ],
)
def test_what_is_no_set(typed: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse(typed)


def test_a_manager_adds_changes_removes_and_restores(
    client: FlaskClient, session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Ladder meetings", shared="partnership")
    indexed()
    sign_in(client, cast.dee, session)

    def finds(question: str) -> int:
        session.expire_all()
        return found(session, cast.actor(cast.ben), index, Asked(question)).total

    def meant(word: str) -> tuple[str, ...]:
        session.expire_all()
        return vocabulary.alternatives(session, cast.actor(cast.ben)).get(word, ())

    assert finds("staircase") == 0
    form = get(client, "/administration/vocabulary/new").form("/new")
    wrong = post(client, "/administration/vocabulary/new", form.fill({"words": "staircase"}))
    assert (wrong.code, "at least two" in wrong.words) == (422, True)
    saved = post(client, "/administration/vocabulary/new", form.fill({"words": "staircase\nladder"}), follow=True)
    assert "a search for “staircase” finds “ladder” as well" in saved.words
    assert finds("staircase") == 1
    assert finds('"staircase"') == 0

    changed = {"words": "EL\nEnglish learner\nmultilingual learner"}
    assert "saved" in post(client, "/administration/vocabulary/english-learner", changed, follow=True).words
    assert meant("el") == ("English learner", "multilingual learner")
    assert meant("ell") == ()
    removed = post(client, "/administration/vocabulary/english-learner/removal", follow=True)
    assert "“EL” no longer finds other words." in removed.words
    assert meant("el") == ()
    post(client, "/administration/vocabulary/english-learner/return", follow=True)
    assert meant("el") == ("English learner", "multilingual learner")
    post(client, "/administration/vocabulary/english-learner/restoration", follow=True)
    assert len(meant("el")) == 5
    post(client, "/administration/vocabulary/plc/removal")
    assert meant("plc") == ()
    everything = post(client, "/administration/vocabulary/restoration", follow=True)
    assert "Your own sets are still here." in everything.words
    assert meant("plc") == ("professional learning community",)
    assert meant("staircase") == ("ladder",)


def test_another_partnership_and_strangers_keep_their_own(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.dee, session)
    post(client, "/administration/vocabulary/english-learner/removal")

    assert "el" not in vocabulary.alternatives(session, cast.actor(cast.ben))
    assert "el" in vocabulary.alternatives(session, cast.actor(cast.eve))
    assert "el" in vocabulary.alternatives(session, NOBODY)


def test_only_managers_and_only_sets_that_are_there(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.ana, session)
    assert get(client, "/administration/vocabulary").code == 403
    assert post(client, "/administration/vocabulary/english-learner/removal").code == 403

    sign_in(client, cast.dee, session)
    assert post(client, "/administration/vocabulary/no-such-set/removal").code == 404
    page = get(client, "/administration/vocabulary?q=fafsa")
    assert "Free Application for Federal Student Aid" in page.words
    assert "CAASPP" not in page.words

"""``python -m bench.hostile``: ten thousand questions nobody should ask, through the search page and suggestions."""

import argparse
import os
import random
import re
import string
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from app.models import Person, Post
from bench import pages, partnership
from bench.partnership import Size
from bench.people import PASSWORD

TARGET = 300.0  # milliseconds of processor time, for any question
LONGEST = 2_100  # characters: a little more than is searched for
SHOWN = 10

FIELDS = ("strand", "kind", "district", "author", "year", "indicator", "tag", "verdict", "state")
SIGNS = (
    *(
        '"',
        "'",
        "(",
        ")",
        "*",
        "s*",
        "*e*",
        "?",
        "-",
        "--",
        ":",
        '-"',
        "“",
        "”",
        "//",
        "\\",
        "\t",
        "%",
        "％",
        "~2",
        "^5",
    ),
    *("AND", "OR NOT", "[1 TO 9]", "<script>", "http://x:y", "\x00", "\u202e", "\u00ad", "🙂", "漢字", "İ", "é"),
    *("A-G", "K-8", "504", "I.E.P.", "1,200", "O’Day", "a" * 300, "x-" * 40, "a." * 40, "year:2012", "verdict:abandon"),
)


class Answer(NamedTuple):
    """What one question took, in milliseconds of processor time."""

    took: float
    what: str
    question: str
    status: int


def main() -> int:
    """Ask; 1 if a question took longer than it may, or got an error page."""
    given = _options()
    data: Path = given.data or partnership.made(given.scratch, Size())
    os.environ["BRAID_DATA"] = str(data)
    from wsgi import app  # noqa: PLC0415 - as it is served, from the settings that are there when it is imported

    try:
        with app.app_context(), Session(db.engine) as session:
            vocabulary = words(session)
            email = pages.emails(session)[2]
        client = app.test_client()
        _sign_in(client, email)
        for _ in _asked(client, "students"):  # what a process does once is no question's fault
            pass
        answers = [
            one for question in questions(given.count, given.seed, vocabulary) for one in _asked(client, question)
        ]
    finally:
        app.extensions["braid.renderer"].close()
    print(_told(answers))
    return int(any(one.took > TARGET or one.status >= 500 for one in answers))


def words(session: Session) -> Sequence[str]:
    """Return words that people write, and names that fields could mean."""
    texts = session.scalars(select(Post.body).order_by(Post.id).limit(200)).all()
    names = session.scalars(select(Person.name).order_by(Person.id).limit(100)).all()
    return sorted({word for said in (*texts, *names) for word in re.findall(r"[^\W_]{2,}", said)})


def questions(count: int, seed: int, vocabulary: Sequence[str]) -> Iterator[str]:
    """Yield ``count`` questions, the same for the same seed and words."""
    chance = random.Random(seed)  # nothing secret
    for number in range(count):
        yield _MAKERS[number % len(_MAKERS)](chance, vocabulary)[:LONGEST]


def _mixed(chance: random.Random, vocabulary: Sequence[str]) -> str:
    pieces = [*SIGNS, *chance.choices(vocabulary, k=10), *(f"{field}:" for field in FIELDS)]
    return chance.choice((" ", "")).join(chance.choices(pieces, k=chance.randint(1, 30)))


def _printable(chance: random.Random, _: Sequence[str]) -> str:
    return "".join(chance.choices(string.printable, k=chance.randint(1, 200)))


def _any_characters(chance: random.Random, _: Sequence[str]) -> str:
    codes = (chance.choice((chance.randrange(1, 0xD800), chance.randrange(0xE000, 0x11000))) for _ in range(200))
    return "".join(map(chr, codes))


def _repeated(chance: random.Random, vocabulary: Sequence[str]) -> str:
    return chance.choice([*SIGNS, chance.choice(vocabulary), "a ", "author:a "]) * chance.choice((10, 500, 2_000))


def _many_words(chance: random.Random, vocabulary: Sequence[str]) -> str:
    return " ".join(chance.choices(vocabulary, k=chance.randint(20, 300)))


def _misspelt(chance: random.Random, vocabulary: Sequence[str]) -> str:
    found = chance.choices(vocabulary, k=chance.randint(2, 120))
    return " ".join(word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :] for word in found for at in (1,))


def _beginnings(chance: random.Random, vocabulary: Sequence[str]) -> str:
    return " ".join(word[: chance.randint(1, 4)] for word in chance.choices(vocabulary, k=chance.randint(1, 200)))


def _phrases(chance: random.Random, vocabulary: Sequence[str]) -> str:
    sign = chance.choice(("", "", "-"))
    return " ".join(
        f'{sign}"{" ".join(chance.choices(vocabulary, k=chance.randint(1, 4)))}"' for _ in range(chance.randint(1, 80))
    )


def _fields(chance: random.Random, vocabulary: Sequence[str]) -> str:
    sign = chance.choice(("", "", "-"))
    return " ".join(f"{sign}{chance.choice(FIELDS)}:{chance.choice(vocabulary)}" for _ in range(chance.randint(1, 150)))


def _unwanted(chance: random.Random, vocabulary: Sequence[str]) -> str:
    return " ".join(f"-{word}" for word in chance.choices(vocabulary, k=chance.randint(1, 200)))


_MAKERS = (
    _mixed,
    _printable,
    _many_words,
    _fields,
    _misspelt,
    _phrases,
    _beginnings,
    _repeated,
    _unwanted,
    _any_characters,
)


def _asked(client: FlaskClient, question: str) -> Iterator[Answer]:
    for what in ("search", "suggestions"):
        began = time.thread_time()
        status = client.get(f"/{what}", query_string={"q": question}).status_code
        yield Answer((time.thread_time() - began) * 1000, what, question, status)


def _sign_in(client: FlaskClient, email: str) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    client.post("/sign-in", data={"csrf_token": token[1] if token else "", "email": email, "password": PASSWORD})


def _told(answers: Sequence[Answer]) -> str:
    lines = []
    for what in ("search", "suggestions"):
        took = sorted(one.took for one in answers if one.what == what)
        at = {share: took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.999)}
        shares = ", ".join(f"p{share * 100:g} {value:.0f}" for share, value in at.items())
        lines.append(f"{what:<12}{len(took):>7,} questions, ms of CPU: {shares}, max {took[-1]:.0f}")
    errors = [one for one in answers if one.status >= 500]
    lines.append(
        f"{len(errors)} error pages; {sum(one.took > TARGET for one in answers)} over {TARGET:.0f} ms. The slowest:"
    )
    worst = sorted(answers, reverse=True)[:SHOWN]
    lines += [f"{one.took:7.0f}  {one.what:<12}{one.question[:90]!a}" for one in [*worst, *errors[:SHOWN]]]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument(
        "--count", type=int, default=10_000, help="questions; each is asked of the page and while typing"
    )
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--data", type=Path, help="a partnership that is there, instead of the one of the bench")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "braid-bench")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

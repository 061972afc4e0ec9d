"""Which pages are read, and how long each takes with several people reading at once."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.orm import Session

from app import create_app
from app.db import db
from app.models import Adoption, District, Indicator, IndicatorLink, Person, Post, PostAudience, Strand
from bench.readers import Reader, Timing, measured
from bench.server import serving
from bench.words import Words
from config import Settings

TARGET = 100.0  # milliseconds
READERS = 4
# A manager, a lead, a member and somebody else: what they may read differs, and so does their Home.
PEOPLE = (0, 2, 31, 104)
YARDSTICK = "a static file"
NEVER_ASKED = "search, each for the first time"


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of page, and some addresses of it."""

    name: str
    paths: Sequence[str]


def places(session: Session, seed: int) -> list[Place]:
    """Return the pages to measure; the same of the same partnership."""
    everyones = PostAudience.label.startswith("partnership:")
    shared = select(Post.id).join(PostAudience, PostAudience.post_id == Post.id).where(everyones)
    newest = shared.order_by(Post.shared_at.desc())
    strand = session.scalars(select(Strand.id)).first()
    district = session.scalars(select(District.id)).first()
    practices = newest.join(IndicatorLink, IndicatorLink.post_id == Post.id).join(Adoption, Adoption.post_id == Post.id)
    wanted = {
        "a practice, with charts": practices.where(Post.kind == "practice"),
        "a meeting note": newest.where(Post.kind == "meeting-note"),
        "a strand plan": newest.where(Post.kind == "strand-plan"),
        "a long post": shared.order_by(func.length(Post.body).desc()),
    }
    posts = [
        Place(name, [f"/posts/{number}" for number in dict.fromkeys(session.scalars(query.limit(12)))][:6])
        for name, query in wanted.items()
    ]
    indicators = [f"/indicators/{number}" for number in session.scalars(select(Indicator.id).limit(10))]
    asked = questions(seed)
    return [
        Place(YARDSTICK, ["/static/favicon.svg"]),
        Place("Home", ["/"]),
        Place("a list", ["/posts?kind=practice", "/posts?kind=meeting-note", "/posts", "/posts?kind=strand-plan"]),
        Place("a list, narrowed", [f"/posts?strand={strand}&district={district}&kind=practice&state=adopted"]),
        *posts,
        Place("an indicator", indicators),
        Place("the indicators", ["/indicators"]),
        Place("a strand", [f"/strands/{strand}"]),
        Place(NEVER_ASKED, asked),
        Place("search, again", asked[-12:]),
        Place("search, narrowed", [f"{path}&kind=practice&strand={strand}" for path in asked[-12:]]),
        Place("People", ["/people"]),
    ]


def questions(seed: int, count: int = 4000) -> list[str]:
    """Return searches such as people type: one to three words, now and then a phrase or a prefix."""
    words = Words.of_the_demonstration(random.Random(seed))
    paths = []
    for number in range(count):
        said = words.phrase(1 + number % 3).replace("“", "").replace("”", "")
        said = f'"{said}"' if number % 17 == 5 else said
        paths.append(f"/search?q={quote_plus(said)}")
    return paths


def emails(session: Session) -> list[str]:
    """Return who reads: people who are there today and see different things."""
    people = session.scalars(select(Person.email).where(Person.departed_at.is_(None)).order_by(Person.id)).all()
    return [people[number % len(people)] for number in PEOPLE]


def timings(environment: Mapping[str, str], engine: Engine, *, requests: int, workers: int, only: str) -> list[Timing]:
    """Start the server and measure every page."""
    with Session(engine) as session:
        wanted = [place for place in places(session, 7) if only in place.name or place.name == YARDSTICK]
        who = emails(session)
    with serving(environment, workers=workers) as server:
        readers = [Reader(server.port) for _ in range(READERS)]
        for reader, email in zip(readers, who, strict=True):
            reader.sign_in(email)
        # Each web process reads the commonest words of the index once, beside its first answers, and a chart is drawn
        # when it is first looked at: half a minute of a server’s life, in which pages take longer.
        for place in wanted:
            read_before = ["/search?q=students"] if place.name == NEVER_ASKED else place.paths
            measured(place.name, readers, read_before, 4 * len(read_before))
        server.settle()
        found = []
        for place in wanted:
            used = server.seconds()
            timing = measured(place.name, readers, place.paths, requests)
            timing.processor = (server.seconds() - used) * 1000 / len(timing.all)
            found.append(timing)
        return found


def statements(folder: Path, database_url: str, wanted: Sequence[Place], cookie: str) -> dict[str, int]:
    """Return how many SQL statements each kind of page takes, asked of the same application in this process."""
    settings = Settings(data=folder, database_url=database_url)
    app = create_app(settings)
    counted: dict[str, int] = {}
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
    client = app.test_client(use_cookies=False)
    for place in wanted:
        most = 0
        for path in place.paths[:3]:
            client.get(path, headers={"Cookie": cookie})
            asked = 0
            client.get(path, headers={"Cookie": cookie})
            most = max(most, asked)
        counted[place.name] = most
    app.extensions["braid.renderer"].close()
    return counted


def opened(url: str) -> Engine:
    """Return a connection of our own."""
    return create_engine(url)


__all__ = ["emails", "opened", "places", "questions", "statements", "timings"]

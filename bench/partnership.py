"""A partnership of the size that Braid promises to be quick at, made once from a seed and kept for the next run."""

import json
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine, bindparam, create_engine, delete, func, select, update
from sqlalchemy.orm import Session

from app.cli.installation import Installation
from app.db import prepare
from app.lib import tables
from app.lib.rendering import Renderer
from app.models import Comment, Job, Membership, Observation, Person, Post
from app.policy import OPERATOR, Actor, Part
from app.search import open_index
from app.services import figures as figure_service
from app.services import indexing
from app.work import working
from bench import figures, people, surroundings
from bench.people import Cast
from bench.writing import Writer
from config import Settings

FORMAT = 1  # raised when what is made changes, so that nobody measures something old


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    posts: int = 10_000
    people: int = 300
    districts: int = 2
    strands: int = 8
    comments: int = 20_000
    observations: int = 300_000
    seed: int = 2026

    @property
    def name(self) -> str:
        """Return a name that only this size has."""
        return "-".join(str(part) for part in (FORMAT, *asdict(self).values()))


def made(scratch: Path, size: Size) -> Path:
    """Return the data folder of the partnership, on SQLite; make it if it is not there yet."""
    folder = scratch / f"partnership-{size.name}"
    if (folder / "made.json").exists():
        _prepare(folder)  # tables may have changed since
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    _prepare(folder)
    settings = Settings(data=folder)
    engine = create_engine(settings.database_url)
    prepare(engine)
    renderer = Renderer()
    here = Installation(settings, engine, open_index(settings.search_url), renderer)
    try:
        _fill(here, size, datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    finally:
        here.index.close()
        renderer.close()
        engine.dispose()
    (folder / "made.json").write_text(json.dumps(asdict(size)), encoding="utf-8")
    _say(f"made in {time.monotonic() - started:.0f} s, kept in {folder}")
    return folder


def with_figures(scratch: Path, size: Size, file: Path) -> Path:
    """Return the data folder of the same partnership with the figures of ``file`` loaded into it, too."""
    grown = scratch / f"partnership-{size.name}-{tables.digest(file)[:8]}"
    if (grown / "made.json").exists():
        _prepare(grown)
        return grown
    shutil.rmtree(grown, ignore_errors=True)
    shutil.copytree(made(scratch, size), grown, ignore=shutil.ignore_patterns("made.json", "in-use"))
    engine = create_engine(Settings(data=grown).database_url)
    prepare(engine)
    with Session(engine) as session:
        person = session.scalars(select(Membership).where(Membership.role == "manager")).first()
        assert person is not None  # noqa: S101 - every partnership that is made has one
        part = Part(person.partnership_id, person.district_id, "manager", is_data_office=True)
        actor = Actor(person.person_id, parts=(part,), partnership_id=person.partnership_id)
        with working(session, actor, datetime.now(UTC)) as work:
            figures.define(work)  # the partnership may be older than a group that the file has
            loaded = figure_service.load(work, file, on_progress=_every_some("figures"))
            if loaded.refused:
                raise SystemExit(loaded.refused[0].sentence)
            work.session.execute(delete(Job))
        _say(f"{loaded.new:,} figures of {file.name}")
    analyze(engine)
    engine.dispose()
    (grown / "made.json").write_text(json.dumps(asdict(size)), encoding="utf-8")
    return grown


def _prepare(folder: Path) -> None:
    surroundings.braid(surroundings.environment(folder), "prepare", "--empty")


def _fill(here: Installation, size: Size, now: datetime) -> None:
    random = Random(size.seed)
    with here.session() as session, working(session, OPERATOR, now) as work:
        cast = people.make(session, random, people=size.people, districts=size.districts, strands=size.strands, now=now)
        _say(f"{size.people:,} people")
    with here.session() as session, working(session, _data_office(cast), now) as work:
        count = figures.load(work, random, size.observations)
        _say(f"{count:,} observations")
    with here.session() as session, working(session, OPERATOR, now) as work:
        writer = Writer.of(work, random, cast)
        started = time.monotonic()
        writer.posts(size.posts, _every_some("posts"))
        _say(f"{size.posts:,} posts in {time.monotonic() - started:.0f} s")
        writer.adoptions()
        writer.comments(size.comments)
    _render(here, Post)
    _render(here, Comment)
    with here.session() as session:
        started = time.monotonic()
        indexing.rebuild(session, here.index, here.renderer, _every_some("posts indexed"))
        _say(f"search index in {time.monotonic() - started:.0f} s")
    with here.work() as work:  # the files of a new installation: figures queued drawings, which are there
        work.session.execute(delete(Job))
    analyze(here.engine)


def _data_office(cast: Cast) -> Actor:
    person, district = next(iter(cast.writers.items()))
    part = Part(cast.partnership_id, district, "manager", is_data_office=True)
    return Actor(person, parts=(part,), partnership_id=cast.partnership_id)


def _render(here: Installation, model: type[Post] | type[Comment]) -> None:
    """Keep the HTML of every text, as jobs would do one by one."""
    table = model.metadata.tables[model.__tablename__]
    change = update(table).where(table.c.id == bindparam("of")).values(html=bindparam("made"))
    with here.session() as session, working(session, OPERATOR, datetime.now(UTC)) as work:
        rows = session.execute(select(table.c.id, table.c.body)).all()
        within = "comment-{}" if model is Comment else ""
        with ThreadPoolExecutor(2) as threads:  # the renderer has two processes of its own
            done = threads.map(lambda row: here.renderer.render(row.body, within=within.format(row.id)).html, rows)
            texts = [{"of": row.id, "made": html} for row, html in zip(rows, done, strict=True)]
        work.session.connection().execute(change, texts)
    _say(f"{len(texts):,} texts rendered")


def analyze(engine: Engine) -> None:
    """Let the database look at what it holds now, as it does by itself after a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def sizes(session: Session) -> dict[str, int]:
    """Return what there is, counted."""
    counted = {"posts": Post, "people": Person, "comments": Comment, "observations": Observation}
    return {
        name: session.scalar(select(func.count()).select_from(model.__table__)) or 0 for name, model in counted.items()
    }


def _every_some(what: str) -> "Progress":
    return Progress(what)


class Progress:
    """Says now and then how far it is."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        """Take note of how much is done."""
        if time.monotonic() - self._said > 10:
            self._said = time.monotonic()
            _say(f"{done:,} {self._what} …")


def _say(sentence: str) -> None:
    print(f"  {sentence}", file=sys.stderr, flush=True)

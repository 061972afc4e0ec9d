"""``braid import``."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from app.cli.installation import Installation, Refused, existing, now, opened
from app.cli.progress import shown
from app.kinds import KINDS
from app.lib.tables import NotFigures
from app.lib.text import plural
from app.policy import Actor, Sharing, require_writer
from app.services import figures as figure_service
from app.services import imports, mappings, post_files
from app.services.figures import Loaded
from app.services.imports import Imported
from app.services.post_files import Defaults
from app.services.reading import Names
from app.work import Work

SHOWN = 20  # lines of a file that are wrong


@click.group("import")
def import_() -> None:
    """Load posts or figures from files."""


@import_.command(
    epilog="For example: braid import posts notes/ --as ana@fresno.example --strand Mathematics --share strand"
)
@click.argument("path", metavar="FOLDER|FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who imports; the author, unless a post names one.")
@click.option("--partnership", metavar="NAME", help="Where to; their first, unless named.")
@click.option("--kind", type=click.Choice(list(KINDS)), default="practice", show_default=True, help="What posts are.")
@click.option("--strand", metavar="NAME", help="The strand of posts that name none.")
@click.option(
    "--share",
    type=click.Choice([str(word) for word in Sharing]),
    default="draft",
    show_default=True,
    help="Who sees new ones.",
)
def posts(  # noqa: PLR0913
    *, path: Path, email: str, partnership: str | None, kind: str, strand: str | None, share: str
) -> None:
    """Import a folder of Markdown files, or a file with one JSON object a line.

    A Markdown file may begin with fields between two lines of ---; its key is its path. A JSON object has key, title
    and body, and may have kind, strand, created, author (an e-mail), shared, tags and the fields of its kind. What was
    imported before is known by its key: unchanged it is skipped, changed it becomes a new version of the same post.
    If anything in a file is wrong, nothing is loaded.
    """
    with opened() as here:
        actor = here.actor(email, partnership)
        entries = _read(here, path, actor, Defaults((0, 0), now(), kind, strand, Sharing(share)))
        total = Imported()
        with shown("Importing posts", len(entries)) as progress:
            for batch in imports.batches(entries):
                total += _load(here, actor, batch)
                progress(total.new + total.changed + total.same)
    click.echo(f"{plural(total.new, 'new post', 'new posts')}, {total.changed:,} changed, {total.same:,} unchanged.")


@import_.command(epilog="For example: braid import figures indicator_series.csv --as leo@longbeach.example")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who imports: of a data office, or a manager.")
@click.option("--mapping", metavar="NAME", help="What its columns mean; guessed where there is no doubt.")
def figures(path: Path, email: str, mapping: str | None) -> None:
    """Import figures of indicators from CSV or other text, XLS or XLSX.

    Loaded again, a file changes nothing; a figure with another value becomes a restatement, and the earlier one stays.
    If any row is wrong, each wrong row is named and nothing is loaded. Only totals of groups, never single students.
    """
    existing(path, "a file with figures, such as figures/graduation.csv")
    with opened() as here, here.work(here.actor(email)) as work:
        with shown("Importing figures") as progress:
            loaded = _load_figures(work, path, mapping, progress)
        if loaded.refused:
            _tell([refused.sentence for refused in loaded.refused])
            msg = f"Nothing was loaded: {plural(len(loaded.refused), 'row is', 'rows are')} wrong."
            raise Refused(msg)
    click.echo(f"{loaded.new:,} new, {loaded.changed:,} restated, {loaded.same:,} unchanged.")


def _load_figures(work: Work, path: Path, name: str | None, progress: Callable[[int], None]) -> Loaded:
    known = mappings.known(work.session, work.actor.partnership_id)
    if name is not None and name not in known:
        msg = f"There is no mapping called “{name}”. There are: {', '.join(known)}."
        raise Refused(msg)
    try:
        return figure_service.load(work, path, mapping=known[name] if name else None, on_progress=progress)
    except NotFigures as error:
        raise Refused(str(error)) from None


def _read(here: Installation, path: Path, actor: Actor, defaults: Defaults) -> list[post_files.Entry]:
    partnership_id = actor.partnership_id or 0
    part = require_writer(actor, partnership_id)
    defaults = Defaults(
        (actor.person_id or 0, part.district_id), defaults.now, defaults.kind, defaults.strand, defaults.sharing
    )
    with here.session() as session:
        names = Names.of(session, partnership_id)
    try:
        if defaults.strand:
            names.strand(defaults.strand)
        found = post_files.read(path, names, defaults)
    except (FileNotFoundError, ValueError) as error:
        raise Refused(str(error)) from None
    if found.wrong:
        _tell([f"{one.place}: {one.sentence}" for one in found.wrong])
        msg = f"Nothing was imported: {plural(len(found.wrong), 'thing is', 'things are')} wrong."
        raise Refused(msg)
    if found.left_out:
        click.echo(f"Fields that posts do not have were left out: {', '.join(found.left_out)}.", err=True)
    return found.entries


def _load(here: Installation, actor: Actor, batch: Sequence[post_files.Entry]) -> Imported:
    try:
        with here.work(actor) as work:
            return imports.load(work, batch, actor.partnership_id or 0)
    except ValueError as error:
        raise Refused(str(error)) from None


def _tell(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(line, err=True)
    if len(lines) > SHOWN:
        click.echo(f"… and {len(lines) - SHOWN:,} more.", err=True)

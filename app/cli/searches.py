"""``braid search``."""

import json

import click

from app.cli.installation import opened
from app.lib.slugs import slug
from app.lib.text import plural
from app.models import Post
from app.queries import posts
from app.search import SearchQuery


@click.command(epilog="For example: braid search reclassification checklist --as ana.ruiz@fresno.example --limit 5")
@click.argument("words", nargs=-1, required=True)
@click.option("--as", "email", required=True, metavar="EMAIL", help="Whose search it is: only what they may read.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def search(words: tuple[str, ...], email: str, *, limit: int, as_json: bool) -> None:
    """Find posts that have all these WORDS, the best first.

    Understands what the search page does: "exact words", -without, strand:mathematics.
    """
    with opened() as here:
        actor = here.actor(email)
        page = here.index.search(SearchQuery(" ".join(words), actor.audiences, limit=limit, passages=False))
        numbers = [int(hit.key.partition(":")[2]) for hit in page.hits]
        with here.session() as session:
            found = [_told(post) for post in posts.by_ids(session, actor, numbers)]
    if as_json:
        click.echo(json.dumps({"total": page.total, "hits": found}, ensure_ascii=False))
        return
    for note in page.notes:
        click.echo(note, err=True)
    click.echo(plural(page.total, "post", "posts"))
    for hit in found:
        click.echo(f"  {hit['title']}\n    {hit['kind']}, {hit['url']}")


def _told(post: Post) -> dict[str, str]:
    return {
        "key": post.import_key or str(post.id),
        "kind": post.kind,
        "title": post.title,
        "url": f"/posts/{post.id}-{slug(post.title)}".rstrip("-"),
    }

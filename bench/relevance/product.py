"""The product around a collection: its documents imported as practices everybody reads, and found as people find."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.installation import Installation, opened
from app.models import Post
from app.policy import Actor
from app.queries import searching
from app.queries.searching import Asked
from bench import surroundings
from bench.people import CODES, PASSWORD
from bench.relevance.collection import Collection

MANAGER = "manager@braid.example"
LOOKED_AT = 100
LONGEST_TITLE = 200


class Product:
    """An installation that holds one collection, and somebody who searches it."""

    def __init__(self, here: Installation, session: Session, actor: Actor) -> None:
        self._here, self._session, self._actor = here, session, actor
        rows = session.execute(select(Post.id, Post.import_key).where(Post.import_key.is_not(None)))
        self._names = {number: str(key).removeprefix("doc-") for number, key in rows}

    def search(self, words: str) -> list[str]:
        """Return the documents that the search page shows, best first."""
        asked = Asked.read([("q", words)])
        results = searching.found(self._session, self._actor, self._here.index, asked, size=LOOKED_AT)
        return [self._names[result.post.id] for result in results.found]


@contextmanager
def holding(collection: Collection, scratch: Path) -> Iterator[Product]:
    """Import ``collection`` into a new installation, the way an operator does, and search there until the end."""
    folder = scratch / collection.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    environment = surroundings.environment(folder)
    districts = [f"{name}:{code}" for name, code in zip(("North Unified", "South Unified"), CODES, strict=True)]
    surroundings.braid(
        environment, "init", "--partnership", "Measured", "--manager", MANAGER,
        "--password-file", str(folder / "password"), *(word for one in districts for word in ("--district", one)),
    )  # fmt: skip
    lines = folder / "posts.jsonl"
    _write(lines, collection)
    surroundings.braid(environment, "import", "posts", str(lines), "--as", MANAGER, "--share", "public")
    surroundings.braid(environment, "reindex")
    with patch.dict("os.environ", environment, clear=True), opened() as here, here.session() as session:
        yield Product(here, session, here.actor(MANAGER))


def _write(path: Path, collection: Collection) -> None:
    with path.open("w", encoding="utf-8") as file:
        for document in collection.documents:
            title, text = document["title"].strip(), document["text"]
            if len(title) > LONGEST_TITLE or not title:
                title, text = (title or text)[:LONGEST_TITLE], f"{title[LONGEST_TITLE:]} {text}"
            post = {"key": f"doc-{document['id']}", "kind": "practice", "title": title or "Untitled", "body": text}
            file.write(json.dumps(post, ensure_ascii=False) + "\n")

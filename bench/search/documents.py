"""Documents of about a kilobyte, put together from real sentences, the same of the same seed; and what to ask them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.relevance.collection import typo

SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[a-z]{3,}")
LENGTH = 1_000
KINDS = ("practice", "meeting-note", "strand-plan", "learning", "page")
LABELS = 8


@dataclass(frozen=True, slots=True)
class Document:
    """One document, for every engine the same."""

    number: int
    title: str
    text: str
    kind: str
    year: int
    day: int
    label: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked."""

    short: list[str]
    long: list[str]
    prefixes: list[str]
    misspelt: list[tuple[str, str]]
    """As it was typed, and as it was meant."""


def documents(folders: list[Path], count: int, seed: int) -> list[Document]:
    """Return ``count`` documents made of the sentences in ``folders``, some in one document as some in another."""
    random = Random(seed)
    titles, sentences = _sources(folders)
    made = []
    for number in range(1, count + 1):
        at, parts = random.randrange(len(sentences)), list[str]()
        while sum(map(len, parts)) < LENGTH:
            # A few sentences in a row are of one mind, as in real posts; then another place.
            parts += sentences[at : at + random.randint(1, 4)]
            at = random.randrange(len(sentences))
        year = 2008 + random.randrange(18)
        made.append(
            Document(
                number,
                random.choice(titles)[:150],
                " ".join(parts)[: 2 * LENGTH],
                random.choice(KINDS),
                year,
                14_000 + random.randrange(6_000),
                f"strand:{random.randrange(LABELS)}",
            )
        )
    return made


def questions(folders: list[Path], made: list[Document], seed: int, count: int = 100) -> Questions:
    """Return what to ask ``made``: words that stand in them, whole questions of the collections, beginnings, typos."""
    random = Random(seed)
    frequency = Counter(word for one in made[:5_000] for word in set(WORD.findall(f"{one.title} {one.text}".lower())))
    usual = sorted(word for word, times in frequency.items() if times > len(made[:5_000]) / 500)
    short = []
    for number in range(count):
        words = [
            word for word in WORD.findall(random.choice(made).text.lower()) if frequency[word] > 2 and len(word) > 3
        ]
        short.append(" ".join(random.sample(words, min(len(words), 1 + number % 4))) or "students")
    long = [json.loads(line)["text"] for folder in folders for line in _lines(folder / "queries.jsonl")]
    titled = [WORD.findall(one.title.lower()) for one in random.sample(made, min(len(made), count))]
    prefixes = [words[0][: random.randint(3, 5)] for words in titled if words]
    known = [word for word in usual if len(word) > 4]
    meant = random.sample(known, min(len(known), 300))
    wrong = [(typo(word, random), word) for word in meant]
    return Questions(
        short,
        random.sample(long, min(len(long), count)),
        prefixes,
        [(typed, word) for typed, word in wrong if typed not in frequency],
    )


def _sources(folders: list[Path]) -> tuple[list[str], list[str]]:
    titles, sentences = list[str](), list[str]()
    for folder in folders:
        for title, text in _texts(folder):
            titles.append(title.strip() or "Untitled")
            sentences += [part for part in SENTENCE.split(text) if len(part) > 20]
    return titles, sentences


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(folder / "corpus.jsonl"):
        entry = json.loads(line)
        yield entry.get("title", ""), entry.get("text", "")
    for page in sorted(folder.rglob("*.md")):
        if page.name != "PROVENANCE.md":
            yield page.stem.replace("-", " "), page.read_text(encoding="utf-8", errors="replace")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

"""A test collection: documents, questions, and which documents answer which question."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from pathlib import Path
from random import Random
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONG_ENOUGH = 4  # letters of a word that is misspelt


@dataclass(frozen=True, slots=True)
class Collection:
    """What a folder holds: corpus.jsonl, queries.jsonl and qrels.tsv."""

    name: str
    documents: list[dict[str, str]]
    questions: dict[str, str]
    """Those that somebody judged."""
    answers: dict[str, dict[str, int]]
    """For each question, documents and how well they answer it."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over all questions."""

    ndcg: float
    recall: float
    mrr: float
    unanswered: int
    """Questions that found nothing."""


def read(folder: Path) -> Collection:
    """Return the collection in ``folder``."""
    answers: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, document, score = line.split("\t")
        if int(score) > 0:
            answers.setdefault(question, {})[document] = int(score)
    asked = {entry["_id"]: entry["text"] for entry in _lines(folder / "queries.jsonl")}
    documents = [
        {"id": entry["_id"], "title": entry.get("title", ""), "text": entry.get("text", "")}
        for entry in _lines(folder / "corpus.jsonl")
    ]
    judged = {name: text for name, text in asked.items() if name in answers}
    return Collection(folder.name, documents, judged, answers)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def scores(collection: Collection, found: dict[str, list[str]]) -> Scores:
    """Return how good the documents ``found`` for each question are, best first."""
    ndcg = recall = mrr = 0.0
    for question, answers in collection.answers.items():
        if question not in collection.questions:
            continue
        got = found[question]
        gains = [answers.get(document, 0) for document in got]
        ideal = sorted(answers.values(), reverse=True)
        ndcg += _discounted(gains[:10]) / _discounted(ideal[:10])
        recall += sum(gain > 0 for gain in gains[:100]) / len(answers)
        mrr += next((1 / place for place, gain in enumerate(gains, 1) if gain), 0.0)
    count = max(len(collection.questions), 1)
    nothing = sum(not found[question] for question in collection.questions)
    return Scores(ndcg / count, recall / count, mrr / count, nothing)


def _discounted(gains: list[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def misspelt(question: str, random: Random) -> str:
    """Return ``question`` with one letter of one longer word added, left out, changed or exchanged with the next."""
    words = question.split(" ")
    long = [at for at, word in enumerate(words) if word.isalpha() and len(word) >= LONG_ENOUGH]
    if not long:
        return question
    at = random.choice(long)
    words[at] = typo(words[at], random)
    return " ".join(words)


def typo(word: str, random: Random) -> str:
    """Return ``word`` with one random edit that changes it."""
    while True:
        place = random.randrange(len(word))
        letter = random.choice(LETTERS)
        before, after = word[:place], word[place:]
        edited = random.choice(
            [
                before + letter + after,
                before + after[1:],
                before + letter + after[1:],
                before + after[1:2] + after[:1] + after[2:],
            ]
        )
        if edited.lower() != word.lower():
            return edited

"""``python -m bench.relevance FOLDER…``: nDCG@10, recall@100 and MRR of test collections, and what a typo costs."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bench.relevance.collection import Collection, Scores, misspelt, read, scores
from bench.relevance.product import Product, holding

TARGETS = {"cranfield": 0.40, "cacm": 0.50, "lisa": 0.49}
MOST_LOST = 0.02
HEAD = (
    f"{'collection':<14}{'questions':>10}{'nDCG@10':>9}{'recall@100':>12}{'MRR':>7}{'no answer':>11}{'with a typo':>13}"
)


def main() -> int:
    """Measure the collections; 1 if one misses what is asked of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__)
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="FOLDER", help="corpus.jsonl, queries.jsonl, qrels.tsv"
    )
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "braid-relevance")
    parser.add_argument("--seed", type=int, default=7, help="of the typos")
    parser.add_argument("--json", type=Path, help="write the numbers to this file too")
    given = parser.parse_args()
    print(HEAD, flush=True)
    rows, missed = [], 0
    for folder in given.folders:
        collection = read(folder)
        with holding(collection, given.scratch) as product:
            plain, seconds = _asked(product, collection, collection.questions)
            random = Random(given.seed)
            wrong = {name: misspelt(text, random) for name, text in collection.questions.items()}
            typos, _ = _asked(product, collection, wrong)
        lost = 1 - typos.ndcg / max(plain.ndcg, 1e-9)
        bad = plain.ndcg < TARGETS.get(collection.name, 0) or lost > MOST_LOST or plain.unanswered
        missed += bool(bad)
        print(
            f"{collection.name:<14}{len(collection.questions):>10}{plain.ndcg:>9.4f}{plain.recall:>12.4f}{plain.mrr:>7.4f}"
            f"{plain.unanswered:>11}{typos.ndcg:>8.4f}{-lost:>+6.1%}  {seconds * 1000:.0f} ms a question"
            + ("  missed" if bad else ""),
            flush=True,
        )
        rows.append({"collection": collection.name, "ndcg": plain.ndcg, "recall": plain.recall, "typos": typos.ndcg})
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 1 if missed else 0


def _asked(product: Product, collection: Collection, questions: dict[str, str]) -> tuple[Scores, float]:
    """Return the scores of all questions, and the processor seconds of each."""
    began = time.process_time()
    found = {name: product.search(text) for name, text in questions.items()}
    return scores(collection, found), (time.process_time() - began) / max(len(questions), 1)


if __name__ == "__main__":
    sys.exit(main())

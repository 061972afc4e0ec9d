"""BM25 with numpy: the same scores as Whoosh's own BM25F searcher, for all documents of a term at once.

Source:
    S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    Foundations and Trends in Information Retrieval 3 (2009) 333-389.
"""

from math import log

import numpy as np

from app.search.postings import Floats, Ints, Mask

K1 = 1.2
B = 0.75
K3 = 3.0
RECENCY = 0.02
HALF_LIFE = 730.0


def idf(documents: int, having: int) -> float:
    """Return what a term says about a document: the rarer, the more; never negative.

    Args:
        documents: how many documents there are for this reader.
        having: how many of them have the term.
    """
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def bm25(times: Floats, lengths: Floats, average: float, weight: float) -> Floats:
    """Return the score of each document for one term.

    Args:
        times: how often the term is in each document.
        lengths: how many words each document has.
        average: words in the average document, more than 0.
        weight: the term's idf, times whatever the field or the question adds.
    """
    return bm25_of(times, room(lengths, average), weight)


def room(lengths: Floats, average: float) -> Floats:
    """Return by how much the length of each document holds its scores down, whatever the term."""
    return K1 * ((1 - B) + B * lengths / average)


def bm25_of(times: Floats, rooms: Floats, weight: float) -> Floats:
    """Return the score of each document for one term, given the ``room`` of each."""
    times = times.astype(np.float64)
    return weight * (times * (K1 + 1)) / (times + rooms)


def repeated(times: int) -> float:
    """Return how much a word counts that stands ``times`` times in a question: more, but less and less so."""
    return times * (K3 + 1) / (times + K3)


def best(rank: Floats, ages: Ints, first: int) -> Ints:
    """Return the places of the ``first`` highest ``rank``; where that is equal, the least of ``ages`` first."""
    places = np.arange(len(rank))
    if first < len(rank) // 2:
        least = np.partition(rank, len(rank) - first)[len(rank) - first]
        places = np.flatnonzero(rank >= least)
    order = np.lexsort((ages[places], -rank[places]))
    return places[order][:first].astype(np.int64)


def newest(ages: Ints, docs: Ints, first: int) -> Ints:
    """Return the ``first`` newest of ``docs``, the newest first.

    Args:
        ages: the place of each document from the newest on.
        docs: in order.
        first: how many to return, at most.
    """
    old = ages[docs]
    places = np.argpartition(old, first)[:first] if first < len(docs) // 2 else np.arange(len(docs))
    return docs[places[np.argsort(old[places])][:first]]


def newest_of_many(by_age: Ints, mask: Mask, first: int) -> Ints:
    """Return the same where a mask says which documents are meant: it is done as soon as there are enough.

    Args:
        by_age: every document, the newest first.
        mask: whether each document is meant.
        first: how many to return, at most.
    """
    found, count, start, step = [], 0, 0, max(1024, 4 * first)
    while count < first and start < len(by_age):
        some = by_age[start : start + step]
        found.append(some[mask[some]])
        count, start, step = count + len(found[-1]), start + step, 2 * step
    return np.concatenate(found)[:first]


def recency(days: Ints, newest_day: int) -> Floats:
    """Return by how much to multiply scores: a fiftieth more for the newest, half of that for each two years before.

    Enough to put the newer of two equals first, too little to bring up what answers less well.
    """
    return 1 + RECENCY * np.exp2((days - newest_day) / HALF_LIFE)

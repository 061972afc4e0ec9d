"""BM25 with numpy: the same scores as Whoosh's own BM25F searcher, for all documents of a term at once.

Source:
    S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    Foundations and Trends in Information Retrieval 3 (2009) 333-389.
"""

from math import log

import numpy as np

from app.search.postings import Floats, Ints

K1 = 1.2
B = 0.75


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
    room = K1 * ((1 - B) + B * lengths / average)
    return weight * (times * (K1 + 1)) / (times + room)


def best(rank: Floats, newest: Ints, ties: Ints, first: int) -> Ints:
    """Return the places of the ``first`` highest ``rank``, newer and then higher ``ties`` first where that is equal."""
    places = np.arange(len(rank))
    if first < len(rank) // 2:
        least = np.partition(rank, len(rank) - first)[len(rank) - first]
        places = np.flatnonzero(rank >= least)
    order = np.lexsort((-ties[places], -newest[places], -rank[places]))
    return places[order][:first].astype(np.int64)

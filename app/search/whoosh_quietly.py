"""The parts of Whoosh that we use. Its 2016 source warns when Python compiles it; only here is that silenced."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import columns, fields, formats, index
    from whoosh.codec import whoosh3
    from whoosh.filedb.filestore import FileStorage
    from whoosh.lang.snowball.english import EnglishStemmer
    from whoosh.lang.stopwords import stoplists
    from whoosh.reading import SegmentReader, TermNotFound
    from whoosh.util.numeric import byte_to_length
    from whoosh.writing import SegmentWriter

__all__ = [
    "EnglishStemmer",
    "FileStorage",
    "SegmentReader",
    "SegmentWriter",
    "TermNotFound",
    "byte_to_length",
    "columns",
    "fields",
    "formats",
    "index",
    "stoplists",
    "whoosh3",
]

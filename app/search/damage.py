"""Telling a torn index from a fault of ours."""

import errno
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pickle import PickleError

from app.search.protocol import IndexDamaged
from app.search.whoosh_quietly import index

# What reading a torn file has been seen to raise; Whoosh has no error of its own for it.
_TORN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    PickleError,
    TypeError,
    ValueError,
    index.IndexError,
    struct.error,
    zlib.error,
)
_NOT_DAMAGE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENFILE}


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn what reading a torn file raises into ``IndexDamaged``. Put it around reading and little else."""
    try:
        yield
    except _TORN as error:
        if isinstance(error, OSError) and error.errno in _NOT_DAMAGE:
            raise
        msg = "The search index cannot be read. Build it again with: braid reindex"
        raise IndexDamaged(msg) from error

"""Braid's search beside stock Whoosh, SQLite FTS5 and tantivy, on the same documents."""

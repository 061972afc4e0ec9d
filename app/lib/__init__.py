"""Plain functions that know nothing of Flask, SQLAlchemy or Braid's nouns."""

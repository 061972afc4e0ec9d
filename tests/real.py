"""Real files to test on: public data in the folder ``shared`` beside the project. Where it is absent, tests say so."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

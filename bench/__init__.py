"""Measuring Braid at the size of a busy partnership. Start it with ``python -m bench``; README.md says the rest."""

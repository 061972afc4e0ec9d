"""Charts as SVG that a page can hold: drawn once, kept in a folder, coloured by the style sheet."""

from pathlib import Path

from app.charts.drawing import Charts
from app.charts.series import HALF, Bounds, Line, Mark, Note, Picture, Point

__all__ = ["HALF", "Bounds", "Charts", "Line", "Mark", "Note", "Picture", "Point", "open_charts"]


def open_charts(folder: Path) -> Charts:
    """Return the charts kept in ``folder``, which is made when the first one is drawn."""
    return Charts(folder)

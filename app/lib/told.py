"""What the plain functions ask of a figure, each as little as it can, and nothing of where it comes from."""

from decimal import Decimal
from typing import Protocol


class Stood(Protocol):
    """Where something stood in a year."""

    @property
    def year(self) -> int: ...  # noqa: D102
    @property
    def school_year(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> Decimal | None: ...  # noqa: D102
    @property
    def segment(self) -> int: ...  # noqa: D102
    @property
    def version_id(self) -> int: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


class Told(Stood, Protocol):
    """What a sentence needs: the figure in words, and which release it is of."""

    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def is_small(self) -> bool: ...  # noqa: D102
    @property
    def prior(self) -> Decimal | None: ...  # noqa: D102
    @property
    def prior_words(self) -> str: ...  # noqa: D102
    @property
    def places(self) -> int: ...  # noqa: D102
    @property
    def vintage(self) -> int: ...  # noqa: D102
    @property
    def line(self) -> str: ...  # noqa: D102


class Counted(Told, Protocol):
    """Who is behind a figure."""

    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def numerator(self) -> Decimal | None: ...  # noqa: D102
    @property
    def students(self) -> Decimal | None: ...  # noqa: D102


class Placed(Counted, Protocol):
    """Whose figure it is."""

    @property
    def district_id(self) -> int: ...  # noqa: D102
    @property
    def group_code(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def release(self) -> str: ...  # noqa: D102
    @property
    def is_latest(self) -> bool: ...  # noqa: D102
    @property
    def is_unsaid(self) -> bool: ...  # noqa: D102


def is_one_vintage(first: Told, last: Told) -> bool:
    """Say whether a change may be taken from one figure to a later one, which does not itself give the year before.

    It may not where either was restated and the other was not, nor where releases of one line restate each other.
    """
    if first.source == last.source:
        return first.vintage == last.vintage
    return first.vintage == last.vintage == 1 and not (first.line and first.line == last.line)

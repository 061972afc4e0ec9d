"""What changes so rarely that it is read once and kept: definitions, student groups, places, goals.

These are rows of no session, for reading only; whoever changes something reads it through the queries. What is kept
does not depend on who asks: a place is asked for by the number of a partnership that the caller may look at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.models import Annotation, District, Goal, Indicator, Partnership, Strand, StudentGroup
from app.models.partnership import OrganizationKind
from app.queries import annotations, figures, goals, indicators, places
from app.web import here
from app.web.kept import kept


@dataclass(frozen=True, slots=True)
class Places:
    """One partnership with its organizations by name, its open strands in order and its open goals."""

    partnership: Partnership | None
    districts: Sequence[District]
    strands: Sequence[Strand]
    goals: Sequence[Goal]

    @property
    def measured(self) -> list[District]:
        """The organizations that have students, and so figures."""
        return [place for place in self.districts if place.kind == OrganizationKind.DISTRICT]

    def goals_about(self, indicator_ids: Sequence[int]) -> list[Goal]:
        """Return the open goals about some indicators, with their targets."""
        return [goal for goal in self.goals if goal.indicator_id in indicator_ids]


def defined() -> Mapping[int, Indicator]:
    """Return every indicator by its number, in the order of lists: versions, companion and notes loaded."""
    return kept("indicators", _defined)


def groups() -> Mapping[str, StudentGroup]:
    """Return every student group by its code, in order."""
    return kept("groups", _groups)


def of_partnership(partnership_id: int | None) -> Places:
    """Return the places of a partnership; of none, none."""
    return kept(("places", partnership_id), lambda: _places(partnership_id))


def annotations_about(partnership_id: int | None, indicator_ids: Sequence[int]) -> Sequence[Annotation]:
    """Return what stands on the charts of some indicators. That nothing does is kept, and asks no statement."""
    annotated = kept(("annotated", partnership_id), lambda: annotations.annotated(here.session(), partnership_id))
    if annotated.isdisjoint({None, *indicator_ids}):
        return []
    return annotations.of(here.session(), partnership_id, indicator_ids)


def _defined() -> dict[int, Indicator]:
    with here.apart() as session:
        return {one.id: one for one in indicators.defined(session)}


def _groups() -> dict[str, StudentGroup]:
    with here.apart() as session:
        return {one.code: one for one in figures.groups(session)}


def _places(partnership_id: int | None) -> Places:
    with here.apart() as session:
        return Places(
            places.partnership(session, partnership_id),
            places.districts(session, partnership_id),
            places.strands(session, partnership_id),
            goals.open_of(session, partnership_id),
        )

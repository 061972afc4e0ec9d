"""What there is already of the figures that a file brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.orm import Session

from app.lib.figure_repeats import Key
from app.models import Observation

Numbers = tuple[str, int | None, int | None, int | None, int | None]  # status, value, parts, year before; as kept
Thing = tuple[int, int, str, int, str]  # version, place, group, year, line of releases


@dataclass(frozen=True, slots=True)
class Held:
    """One figure that is there already."""

    id: int
    source: int
    vintage: int
    is_latest: bool
    numbers: Numbers

    def says(self, numbers: Numbers) -> bool:
        """Whether a row tells nothing beyond this: what it leaves out it does not change."""
        own = self.numbers
        return own[:2] == numbers[:2] and all(
            new is None or new == old for old, new in zip(own[2:], numbers[2:], strict=True)
        )


@dataclass
class Holdings:
    """Looks up what there is."""

    session: Session
    lines: Mapping[int, tuple[str, int]]  # source: its line, and its place in it
    _had: dict[int, bool] = field(default_factory=dict)

    def of(self, keys: Sequence[Key]) -> dict[Thing, list[Held]]:
        """Return the figures there are already, of the same things and the same lines of releases."""
        asked = [key for key in keys if key[0] > 0 and key[1] > 0 and self._had_figures(key[0])]
        if not asked:
            return {}
        o = Observation
        query = select(
            o.version_id, o.district_id, o.group_code, o.school_year, o.source_id, o.id, o.vintage, o.is_latest,
            o.status, *(type_coerce(column, BigInteger) for column in (o.value, o.numerator, o.denominator, o.prior)),
        ).where(
            o.version_id.in_({key[0] for key in asked}),
            o.district_id.in_({key[1] for key in asked}),
            o.school_year.in_({key[3] for key in asked}),
            o.status != "held",
        )  # fmt: skip
        wanted = {key[:4] for key in asked}
        found: dict[Thing, list[Held]] = {}
        for version, place, group, year, source, number, vintage, is_latest, *numbers in self.session.execute(query):
            if (version, place, group, year) in wanted:
                line = self.lines[source][0]
                one = Held(number, source, vintage, bool(is_latest), tuple(numbers))
                found.setdefault((version, place, group, year, line), []).append(one)
        return found

    def _had_figures(self, version_id: int) -> bool:
        """Whether a version has figures, so that a first load need not compare row by row."""
        if version_id not in self._had:
            query = select(Observation.id).where(Observation.version_id == version_id).limit(1)
            self._had[version_id] = self.session.scalar(query) is not None
        return self._had[version_id]

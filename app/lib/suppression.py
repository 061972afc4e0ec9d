"""Leaving figures out so that no hidden one can be found by taking what is shown from a total.

Where the groups that make up a whole are all shown but one, the one is the whole less the others. So more of them stay
unsaid. A rate goes on being shown where it can: without the number of students behind it, it tells nothing about the
hidden group, as long as enough students stand behind its last decimal. A count is its own number, and is hidden whole.

The graduates of one indicator are the students of another: what one leaves out the other must not tell. So parts come
in an order that is the same for every indicator, and the first of them are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

FEWEST = 11  # students that hidden groups hold together at least, where there are as many
TOGETHER = 2  # rates whose numbers stay unsaid together at least, where there are as many
LOOSE = Decimal(2)  # students by which the numbers behind rates stay open, so that their roundings do not tell them


@dataclass(frozen=True, slots=True)
class Part:
    """One of the groups that make up a whole, once each.

    Attributes:
        students: how many are in it; None where that is hidden.
        step: how many students stand behind the last decimal of its rate; 0 where the figure is the number itself.
    """

    students: Decimal | None
    step: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What has to stay unsaid, by the places of the parts: numbers behind rates, and figures as a whole."""

    numbers: set[int] = field(default_factory=set)
    figures: set[int] = field(default_factory=set)


def unsaid(whole: Decimal, parts: Sequence[Part]) -> Unsaid:
    """Return what of the parts must stay unsaid where the whole is shown, so that no hidden part follows from it.

    Nothing has to where nothing is hidden, nor a few students left out of the parts, nor where the parts hold more than
    the whole and so overlap. Otherwise the numbers behind the first rates stay unsaid, behind ``TOGETHER`` at least.
    Where all of them together leave too little open, the smallest figures go as well, until several are hidden that
    hold ``FEWEST`` students together.
    """
    visible = {place: part.students for place, part in enumerate(parts) if part.students is not None}
    hidden = len(parts) - len(visible)
    rest = whole - sum(visible.values())
    if rest < 0 or not (hidden or 0 < rest < FEWEST):
        return Unsaid()
    found, open_ = Unsaid(), Decimal(0)
    for place in visible:
        if len(found.numbers) >= TOGETHER and open_ >= LOOSE:
            break
        if parts[place].step:
            found.numbers.add(place)
            open_ += parts[place].step
    if open_ >= LOOSE:
        return found
    hidden = max(hidden, 1)
    for place in sorted(visible, key=lambda place: (visible[place], place)):
        if hidden > 1 and rest >= FEWEST:
            break
        found.figures.add(place)
        hidden, rest = hidden + 1, rest + visible[place]
    return found

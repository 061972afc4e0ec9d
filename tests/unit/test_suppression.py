"""No hidden group can be found by taking what is shown from a whole: the machine tries, roundings and all."""

from decimal import Decimal
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.suppression import FEWEST, Part, Unsaid, unsaid

PLACES = Decimal("0.1")


class Group(NamedTuple):
    """Who reached it, of how many."""

    reached: int
    students: int

    @property
    def rate(self) -> Decimal:
        return (Decimal(100) * self.reached / self.students).quantize(PLACES)


def groups(low: int, high: int) -> st.SearchStrategy[Group]:
    return st.integers(low, high).flatmap(lambda many: st.builds(Group, st.integers(0, many), st.just(many)))


large, small = groups(FEWEST, 6000), groups(1, FEWEST - 1)
wholes = st.tuples(st.lists(large, min_size=1, max_size=5), st.lists(small, min_size=0, max_size=2))


def rates(shown: list[Group], hidden: list[Group]) -> tuple[Decimal, list[Part]]:
    """Return a whole and its parts as rates."""
    parts = [Part(Decimal(one.students), Decimal(one.students) / 1000) for one in shown]
    return Decimal(sum(one.students for one in [*shown, *hidden])), parts + [Part(None)] * len(hidden)


def told_apart(shown: list[Group], hidden: list[Group], found: Unsaid) -> set[Group]:
    """Return what the hidden groups together could be: whoever reads the whole, the rest and every rate tries all.

    Everything unsaid but one rate (or two) is given away, so that it is easier here than for any reader.
    """
    silent = sorted(found.numbers - found.figures, key=lambda place: -shown[place].students)[:2]
    told = Group(
        sum(one.reached for one in hidden) + sum(shown[place].reached for place in silent),
        sum(one.students for one in hidden) + sum(shown[place].students for place in silent),
    )
    possible = set()
    for students in range(1, (FEWEST - 1) * len(hidden) + 1):
        for reached in range(students + 1):
            rest = Group(told.reached - reached, told.students - students)
            if _fits(rest, [shown[place] for place in silent]):
                possible.add(Group(reached, students))
    return possible


def _fits(rest: Group, silent: list[Group]) -> bool:
    """Say whether the silent groups can make up the rest with the rates they are shown with."""
    if not silent:
        return rest == Group(0, 0)
    if not 0 <= rest.reached <= rest.students:
        return False
    if len(silent) == 1:
        return rest.students > 0 and rest.rate == silent[0].rate
    first, second = silent
    for off in range(-20, 21):
        many = first.students + off
        for reached in _reaching(many, first.rate):
            other = Group(rest.reached - reached, rest.students - many)
            if other.students > 0 and 0 <= other.reached <= other.students and other.rate == second.rate:
                return True
    return False


def _reaching(many: int, rate: Decimal) -> list[int]:
    middle = int(rate * many / 100)
    return [one for one in range(middle - 4, middle + 5) if 0 <= one <= many and Group(one, many).rate == rate]


@settings(max_examples=120)
@given(wholes)
def test_a_hidden_group_stays_open_whatever_is_taken_from_the_whole(drawn: tuple[list[Group], list[Group]]) -> None:
    shown, hidden = drawn
    whole, parts = rates(shown, hidden)

    found = unsaid(whole, parts)

    together = sum(one.students for one in hidden)
    if not hidden:
        assert found == Unsaid()
    elif found.figures:  # too few students for roundings to hide behind: another group is hidden whole
        gone = sum(shown[place].students for place in found.figures)
        assert together + gone >= FEWEST
    elif len(hidden) == 1 or together < FEWEST:
        assert found.numbers
        assert len(told_apart(shown, hidden, found)) > 1


@given(wholes)
def test_counts_are_hidden_until_the_hidden_hold_enough(drawn: tuple[list[Group], list[Group]]) -> None:
    shown, hidden = drawn
    parts = [Part(Decimal(one.students)) for one in shown] + [Part(None)] * len(hidden)

    found = unsaid(Decimal(sum(one.students for one in [*shown, *hidden])), parts)

    gone = len(hidden) + len(found.figures)
    students = sum(one.students for one in hidden) + sum(shown[place].students for place in found.figures)
    assert found.numbers == set()
    assert not hidden or (gone > 1 and students >= FEWEST)
    assert hidden or not found.figures


def test_the_first_rates_keep_their_numbers_to_themselves() -> None:
    """Long Beach, College/Career Indicator 2023-24: of 5,509 students, 10 are the one hidden group."""
    groups = (
        3207,
        706,
        450,
        681,
        200,
        193,
        62,
    )  # as the state publishes them; the first are Hispanic or Latino, and white
    parts = [Part(Decimal(one), Decimal(one) / 1000) for one in groups]

    assert unsaid(Decimal(5509), [*parts, Part(None)]) == Unsaid(numbers={0, 1})


def test_a_few_students_left_out_of_the_parts_are_a_hidden_group() -> None:
    parts = [Part(Decimal(2411), Decimal("2.411")), Part(Decimal(2316), Decimal("2.316"))]

    assert unsaid(Decimal(4730), parts) == Unsaid(numbers={0, 1})
    assert unsaid(Decimal(4727), parts) == Unsaid()
    assert unsaid(Decimal(4900), parts) == Unsaid()


def test_parts_that_overlap_tell_nothing() -> None:
    assert unsaid(Decimal(100), [Part(Decimal(80)), Part(Decimal(40)), Part(None)]) == Unsaid()


def test_two_hidden_groups_of_almost_nobody_take_a_third() -> None:
    counts = [Part(Decimal(60)), Part(Decimal(80)), Part(None), Part(None)]

    assert unsaid(Decimal(143), counts) == Unsaid(figures={0})

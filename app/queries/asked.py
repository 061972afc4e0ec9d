"""What somebody asks for, as an address says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.kinds import KINDS, PRACTICE_STATES
from app.models.practice import Verdict
from app.search import Order
from app.search.asking import LONGEST_QUESTION

LAST_PAGE = 1_000_000  # far beyond any; keeps what people type in an address from becoming a huge number
MOST_CHOSEN = 20  # values of one facet

FACETS = {
    "kind": "Kind",
    "strand": "Strand",
    "district": "District",
    "year": "School year",
    "state": "Where a practice is",
    "verdict": "After a trial",
    "indicator": "Indicator",
    "author": "Person",
    "tag": "Tag",
}
VERDICTS = {Verdict.ADOPT: "Adopted", Verdict.ADAPT: "Adapted", Verdict.ABANDON: "Abandoned"}

Chosen = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: words, chosen values, order and page."""

    words: str = ""
    chosen: Chosen = field(default_factory=dict)  # facet to values, in the order they were chosen
    newest: bool = False
    page: int = 1
    exact: bool = False  # as it is spelled, even if nobody writes it so

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> "Asked":
        """Read it from the names and values of an address; what makes no sense is left out."""
        words, newest, page, exact = "", False, 1, False
        chosen: dict[str, dict[str, None]] = {}
        for name, value in pairs:
            if name == "q":
                words = value.strip()[: LONGEST_QUESTION + 1]  # one more than is searched for, so that it is said
            elif name == "order":
                newest = value == Order.NEWEST
            elif name == "spelling":
                exact = value == "exact"
            elif name == "page":
                page = _page_number(value)
            elif name in FACETS and _makes_sense(name, value) and len(chosen.get(name, ())) < MOST_CHOSEN:
                chosen.setdefault(name, {}).setdefault(value.strip())
        return cls(words, {name: tuple(chosen[name]) for name in FACETS if name in chosen}, newest, page, exact)

    def pairs(self) -> dict[str, str | list[str]]:
        """Return it as an address holds it, without what goes without saying."""
        said: dict[str, str | list[str]] = {"q": self.words} if self.words else {}
        said |= {name: list(values) for name, values in self.chosen.items() if values}
        if self.newest:
            said["order"] = str(Order.NEWEST)
        if self.exact:
            said["spelling"] = "exact"
        if self.page > 1:
            said["page"] = str(self.page)
        return said

    def saying(self, words: str) -> "Asked":
        """Return the same question in other words, from its first page."""
        return replace(self, words=words, page=1)

    def without(self, name: str, value: str) -> "Asked":
        """Return the same question without one of the chosen values, from its first page."""
        kept = {
            facet: tuple(one for one in values if (facet, one) != (name, value))
            for facet, values in self.chosen.items()
        }
        return replace(self, chosen={facet: values for facet, values in kept.items() if values}, page=1)


def _makes_sense(name: str, value: str) -> bool:
    value = value.strip()
    match name:
        case "kind":
            return value in KINDS
        case "state":
            return value in set(PRACTICE_STATES)
        case "verdict":
            return value in set(VERDICTS)
        case "tag":
            return 0 < len(value) <= 40  # noqa: PLR2004
        case "year":
            return _is_number(value, 4) and 1990 <= int(value) <= 2100  # noqa: PLR2004
        case _:
            return _is_number(value, 12)


def _is_number(value: str, digits: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= digits and str(int(value)) == value


def _page_number(value: str) -> int:
    """Return the page an address names: the first for what is no number, and one past the end for what is too much."""
    if not (value.isascii() and value.isdigit()):
        return 1
    return max(1, int(value)) if len(value) <= 6 else LAST_PAGE  # noqa: PLR2004

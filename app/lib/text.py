"""Small jobs on the words of a page."""

from collections.abc import Sequence

_ELLIPSIS = "…"
# First words of the names of student groups that are written like that everywhere.
_ALWAYS_CAPITAL = frozenset({"African", "American", "Asian", "English", "Filipino", "Hispanic", "Pacific"})
_TITLES = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "prof", "prof."})


def shorten(text: str, most: int) -> str:
    """Return ``text`` on one line in at most ``most`` characters (at least 1), cut between words where it can be."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    room = most - len(_ELLIPSIS)
    cut = line[:room] if line[room] == " " else line[:room].rpartition(" ")[0] or line[:room]
    return cut.rstrip(" ,;:.–—-") + _ELLIPSIS


def initials(name: str) -> str:
    """Return one or two capital letters for ``name``, or "?" where it has none: "Dr. Ana Ruiz" is "AR"."""
    words = [word for word in name.split() if word.lower() not in _TITLES]
    letters = [letter for word in words if (letter := next((c for c in word if c.isalpha()), ""))]
    chosen = letters[:1] + letters[1:][-1:]
    return "".join(letter.upper()[0] for letter in chosen) or "?"


def inside(name: str) -> str:
    """Return a name as it is written inside a sentence: "all students", and still "English learners"."""
    return name if name.partition(" ")[0] in _ALWAYS_CAPITAL else name[:1].lower() + name[1:]


def plural(count: int, one: str, many: str) -> str:
    """Return the count with its noun: "1 practice", "2,400 practices"."""
    return f"{count:,} {one if count == 1 else many}"


def join_words(words: Sequence[str], *, last: str = "and") -> str:
    """Return a list as a sentence has it: "a, b and c"."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def names(people: Sequence[str], *, most: int = 3) -> str:
    """Return who, naming at most ``most`` (at least 1): "Ana Ruiz, Ben Ito and 4 others"."""
    if len(people) <= most:
        return join_words(people)
    return join_words([*people[:most], plural(len(people) - most, "other", "others")])

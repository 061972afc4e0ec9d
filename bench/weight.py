"""What a first visit fetches: the page and everything it names, as a proxy compresses it."""

import gzip
import re
from dataclasses import dataclass

from bench.readers import Reader

LIMIT = 150  # kilobytes
NAMED = re.compile(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="(/static/[^"#]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a visit."""

    name: str
    size: int
    compressed: int


def first_visit(reader: Reader, page: str) -> list[Part]:
    """Return the parts of a first visit to ``page``."""
    html = reader.get(page).body
    named = sorted(set(NAMED.findall(html.decode())))
    return [_part(page, html), *(_part(name.rpartition("/")[2], reader.get(name).body) for name in named)]


def table(parts: list[Part]) -> str:
    """Return them as lines, with their sum."""
    lines = [f"{'first visit to':<28}{'kB':>8}{'kB gzip':>10}"]
    lines += [f"{part.name:<28}{part.size / 1000:>8.1f}{part.compressed / 1000:>10.1f}" for part in parts]
    total = sum(part.compressed for part in parts) / 1000
    lines.append(f"{'together':<28}{sum(part.size for part in parts) / 1000:>8.1f}{total:>10.1f}")
    return "\n".join([*lines, f"{'under' if total < LIMIT else 'OVER'} {LIMIT} kB"])


def _part(name: str, body: bytes) -> Part:
    return Part(name, len(body), len(gzip.compress(body, 6)))

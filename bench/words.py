"""Texts that read a little like those people write: one word after another as the demonstration's posts have them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from config import ROOT

POSTS = ROOT / "app" / "demo" / "posts"
PLACES = (
    "Addams Addicott Ahwahnee Anthony Avalon Ayer Bakman Balderas Bancroft Barton Beach Birney Bixby Browning "
    "Bullard Bullock Burbank Burroughs Cabrillo Calwa Canyon Centennial Chavez Columbia Cooper Cubberley Del "
    "Dooley Easterby Eaton Edison Emerson Ericson Ewing Figarden Forkner Fremont Gant Garfield Gibson Gompers "
    "Grant Greenberg Hamilton Harte Heaton Herrera Hidalgo Holland Holmes Homan Hoover Hughes Jackson Jefferson "
    "Jessie Jordan Kettering King Kings Kirk Kratt Lafayette Lane Lawless Leavenworth Lincoln Lindbergh "
    "Longfellow Lowell Madison Malloch Manchester Mann Mar Marshall Mayfair McKinley McLane Millikan Muir Naples "
    "Newcomb Norseman Olmos Oropeza Poly Powers Prisk Pyle Reid Renaissance Riley Robinson Roeding Roosevelt "
    "Rowell Sato Signal Slater Smith Stanford Starr Stephens Storey Sunnyside Tenaya Terronez Thomas Tincher "
    "Turner Twain Viking Vinland Wawona Webster Whittier Willard Wilson Winchell Wishon Wolters Yokomi Yosemite"
).split()
ENDS = (".", ".", ".", ".", "?", ".", ".")
LONGEST_SENTENCE = 28


@dataclass
class Words:
    """A source of text: seeded, so that the same seed says the same."""

    random: Random
    _after: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _first: list[str] = field(default_factory=list)

    @classmethod
    def of_the_demonstration(cls, random: Random) -> "Words":
        """Learn which word follows which from the demonstration's posts."""
        made = cls(random)
        for path in sorted(POSTS.glob("*.md")):
            made._learn(_plain(path))
        return made

    def sentence(self) -> str:
        """Return one sentence; a name of a school in it now and then makes it unlike all others."""
        chance = self.random.random
        word = self._first[int(chance() * len(self._first))]
        said = [word]
        while len(said) < LONGEST_SENTENCE and (following := self._after.get(word)):
            word = following[int(chance() * len(following))]
            if word == ".":
                break
            said.append(word)
        if self.random.random() < 0.2:
            said += ["at", self.random.choice(PLACES)]
        if self.random.random() < 0.15:
            said += ["in", f"{self.random.randint(2, 60)}", "classrooms"]
        return " ".join(said).rstrip(",;:–") + self.random.choice(ENDS)

    def paragraph(self, sentences: int) -> str:
        """Return some sentences."""
        return " ".join(self.sentence() for _ in range(sentences))

    def phrase(self, most: int = 9) -> str:
        """Return the beginning of a sentence, such as a title has."""
        return " ".join(self.sentence().rstrip(".?").split()[:most]).rstrip(",;:–")

    def body(self, headings: list[str], links: list[str]) -> str:
        """Return a text of one to two kilobytes in Markdown, with lists, a table now and then, and ``links`` in it."""
        parts: list[str] = []
        for heading in headings or ["What we saw", "What we do now"]:
            parts += [f"## {heading}", self.paragraph(self.random.randint(3, 5))]
            match self.random.randrange(6):
                case 0:
                    parts.append("\n".join(f"{n}. {self.phrase(14)}" for n in range(1, 4)))
                case 1:
                    parts.append("\n".join(f"- **{self.phrase(3)}**: {self.phrase(12)}" for _ in range(3)))
                case 2:
                    rows = [f"| {self.random.choice(PLACES)} | {self.random.randint(3, 90)} |" for _ in range(4)]
                    parts.append("\n".join(["| School | Classrooms |", "| --- | ---: |", *rows]))
                case _:
                    pass
        parts += [f"{self.sentence()} See {link}." for link in links]
        return "\n\n".join(parts)

    def _learn(self, text: str) -> None:
        for sentence in re.split(r"(?<=[.?!])\s+|\n\s*\n", text):
            words = sentence.rstrip(".?!").split()
            if len(words) < 4:
                continue
            self._first.append(words[0])
            for word, following in zip(words, [*words[1:], "."], strict=True):
                self._after[word].append(following)


def _plain(path: Path) -> str:
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
    body = re.sub(r"\[@?([^\]]+)\]\([^)]*\)", r"\1", body)
    body = "\n".join(line for line in body.splitlines() if not line.startswith(("|", "#", ">", "```")))
    return re.sub(r"[*_`“”\[\]()#|]|^\s*(?:[-*]|\d+\.)\s", "", body, flags=re.MULTILINE)

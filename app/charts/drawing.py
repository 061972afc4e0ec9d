"""Drawing: a specification becomes SVG without styles or scripts, is kept by its hash, and is never drawn twice."""

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree as ET  # reads only what our own renderer wrote

from markupsafe import Markup

from app.charts import spec as saying
from app.charts.series import Picture
from app.charts.spec import Size, Spec, spec
from app.lib.memory import Memory

VERSION = 5  # raise it when the same specification should be drawn differently
KEPT = 20_000_000  # characters of drawings held in memory
SVG = "http://www.w3.org/2000/svg"
COLOURS = {
    saying.INK: "var(--chart-ink)",
    saying.GRID: "var(--chart-grid)",
    saying.MARK: "var(--chart-mark)",
    **{hue: f"var(--hue-{number})" for number, hue in enumerate(saying.HUES, 1)},
}
PAPER = {  # the same by day, for a file that leaves the page
    saying.INK: "#33414b",
    saying.GRID: "#ddd7cb",
    saying.MARK: "#6b5a2a",
    **dict(
        zip(
            saying.HUES,
            ("#14697a", "#a8481b", "#6a3f97", "#3f6b21", "#2455a4", "#8a5a00", "#a02a63", "#4d5c69"),
            strict=True,
        )
    ),
}
DROPPED = {"class", "style", "role", "pointer-events", "cursor", "font-family", "tabindex", "version"}
USUAL = {  # what an attribute says when it is left out
    ("opacity", "1"),
    ("fill-opacity", "1"),
    ("stroke-width", "1"),
    ("font-size", "12px"),  # of the whole drawing, see clean
    ("font-weight", "normal"),
    ("text-anchor", "start"),
    ("transform", "translate(0,0)"),
    ("x2", "0"),
    ("y2", "0"),
}
GROUP = f"{{{SVG}}}g"
INHERITED = ("fill", "stroke", "stroke-width", "text-anchor", "font-weight")
_DRAWING = Lock()  # the renderer is not made for two threads at once
_COLOUR = re.compile("|".join(COLOURS))
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG = re.compile(r"\d+\.\d{3,}")
_ROOM = re.compile(
    r'width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)" viewBox="0 0 (?P=width) (?P=height)"'
    r'(?P<between>[^>]*>\s*<g [^>]*?transform="translate\((?P<left>[\d.]+),(?P<top>[\d.]+)\)")'
)


class Charts:
    """Drawings by the hash of their specification, in a folder that any number of processes may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = Memory(KEPT)

    def picture(self, picture: Picture) -> Markup:
        """Return the chart twice, for wide pages and for phones; the style sheet shows one of them."""
        return self._drawn(picture, Size.WIDE) + self._drawn(picture, Size.NARROW)

    def panels(self, pictures: Sequence[Picture]) -> list[Markup]:
        """Return small charts that stand beside each other: one axis, and one room, so that their lines compare."""
        key = (tuple(pictures), Size.PANEL)
        held: list[Markup] | None = self._held.get(key)
        if held is None:
            held = level([self.svg(spec(picture, Size.PANEL)) for picture in pictures])
            self._held.put(key, held, sum(map(len, held)))
        return held

    @staticmethod
    def file(picture: Picture, kind: str, title: str, source: str) -> bytes:
        """Return the chart as an "svg" or "png" file that stands alone: a title, its own colours, its source.

        It is drawn on paper white, and its title and source go wherever the file goes.
        """
        return draw_file(spec(picture), kind, title, source)

    def svg(self, wanted: Spec) -> Markup:
        """Return the drawing of a specification. The first of a process takes a second, a kept one nothing."""
        name = digest(wanted)
        return Markup(self._kept(name, wanted))  # noqa: S704 - our own renderer's, cleaned

    def _drawn(self, picture: Picture, size: Size) -> Markup:
        held: Markup | None = self._held.get((picture, size))
        if held is None:
            held = self.svg(spec(picture, size))
            self._held.put((picture, size), held, len(held))
        return held

    def _kept(self, name: str, wanted: Spec) -> str:
        place = self.folder / name[:2] / f"{name}.svg"
        try:
            return place.read_text(encoding="utf-8")
        except FileNotFoundError:
            drawn = draw(wanted, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
            file.write(drawn)
        Path(file.name).replace(place)  # so that no other process reads half of it
        return drawn


def level(drawings: Sequence[Markup]) -> list[Markup]:
    """Return drawings of one axis with the same room around it, as much as any of them needs on each side."""
    rooms = [_room(drawing) for drawing in drawings]
    if len(rooms) <= 1:
        return list(drawings)
    left, top, right, bottom = (max(sides) for sides in zip(*rooms, strict=True))
    return [_with_room(drawing, left, top, right, bottom) for drawing in drawings]


def _room(drawing: str) -> tuple[float, float, float, float]:
    """Return where the axes cross the drawing's edges: pixels from the left and the top, to the right and below."""
    found = _found_room(drawing)
    width, height, left, top = (float(found[side]) for side in ("width", "height", "left", "top"))
    return left, top, width - left, height - top


def _with_room(drawing: Markup, left: float, top: float, right: float, bottom: float) -> Markup:
    found = _found_room(drawing)
    x, y = float(found["left"]) - left, float(found["top"]) - top
    width, height = left + right, top + bottom
    said = f'width="{width:g}" height="{height:g}" viewBox="{x:g} {y:g} {width:g} {height:g}"{found["between"]}'
    return drawing[: found.start()] + Markup(said) + drawing[found.end() :]  # noqa: S704 - numbers of our own drawing


def _found_room(drawing: str) -> re.Match[str]:
    found = _ROOM.search(drawing)
    if found is None:
        message = "a drawing must say its size and where its axes start"
        raise ValueError(message)
    return found


def digest(wanted: Spec) -> str:
    """Return the name under which a drawing is kept."""
    said = json.dumps([VERSION, wanted], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def draw(wanted: Spec, name: str) -> str:
    """Draw a specification as SVG that fits the page: its colours are the style sheet's, its ids its own."""
    import vl_convert  # noqa: PLC0415 - half a second and 100 MB that most processes never need

    with _DRAWING:
        drawn: str = vl_convert.vegalite_to_svg(wanted, vl_version="5.20", allowed_base_urls=[])
    return clean(drawn, name=name, label=wanted["description"], css_class=wanted["usermeta"]["class"])


def draw_file(wanted: Spec, kind: str, title: str, source: str) -> bytes:
    """Draw a specification as a file of its own."""
    import vl_convert  # noqa: PLC0415 - see draw

    said = json.dumps(wanted | {"background": "#ffffff", "padding": 16})
    whole = json.loads(_COLOUR.sub(lambda found: PAPER[found[0]], said))
    whole["title"] = {"text": title, "subtitle": source, "anchor": "start", "offset": 26, "subtitlePadding": 6}
    with _DRAWING:
        if kind == "png":
            png: bytes = vl_convert.vegalite_to_png(whole, vl_version="5.20", scale=2, allowed_base_urls=[])
            return png
        svg: str = vl_convert.vegalite_to_svg(whole, vl_version="5.20", allowed_base_urls=[])
    return svg.encode()


def clean(drawn: str, *, name: str, label: str, css_class: str) -> str:
    """Take out of a drawing what a strict page refuses and what would be read aloud twice."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawn)  # noqa: S314 - see the import
    _tidy(root, name[:8])
    root.attrib |= {"role": "img", "aria-label": label, "class": css_class, "font-size": "12"}
    return ET.tostring(root, encoding="unicode")


def _tidy(element: ET.Element, prefix: str) -> None:
    for key, value in list(element.attrib.items()):
        if key in DROPPED or key.startswith("aria-") or (key, value) in USUAL:
            del element.attrib[key]
        elif key == "id":
            element.attrib[key] = f"{prefix}-{value}"
        else:
            coloured = _COLOUR.sub(lambda found: COLOURS[found[0]], value)
            short = _LONG.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), coloured)
            element.attrib[key] = _REFERENCE.sub(rf"url(#{prefix}-\1)", short)
    kept: list[ET.Element] = []
    for child in element:
        if child.tag == f"{{{SVG}}}style" or (child.tag == f"{{{SVG}}}path" and _draws_nothing(child)):
            continue
        _tidy(child, prefix)
        if child.tag != GROUP or (child.attrib and len(child)):
            kept.append(child)
        else:  # a group that says nothing of its own
            kept.extend(child)
    element[:] = kept
    if element.tag == GROUP:
        _say_once(element)


def _say_once(group: ET.Element) -> None:
    """Say for the whole group what each of its parts says alike."""
    for key in INHERITED:
        said = {part.get(key) for part in group}
        if len(group) > 1 and len(said) == 1 and None not in said:
            group.set(key, said.pop() or "")
            for part in group:
                del part.attrib[key]


def _draws_nothing(path: ET.Element) -> bool:
    return path.get("class") in {"background", "foreground"} and path.get("fill") is None and path.get("stroke") is None

"""Screenshots of the main pages of the demonstration, into screenshots/: light and dark, wide and narrow.

Run it with ``make shots``, or ``python -m tests.browser.shots [FOLDER]``. What axe finds wrong is said, and ends it
with 1.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.models import Membership, Person, Post, Strand
from app.models.person import Role
from app.services import demonstration
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.living import ROOT, braid, living

LOOKS = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
TALL = 1400  # of the page is shown: enough to judge it by, and bars that stay on the screen stay at its edge


def main(folder: Path) -> None:
    """Make the demonstration, serve it, and take its pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        data = Path(kept)
        braid(data, "prepare")
        places, email, password = _what_there_is(data)
        with living(data) as braids, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            context = browser.new_context(base_url=braids.url)
            wrong = _take(context.new_page(), "sign-in", "/sign-in", folder)
            _sign_in(context, email, password)
            for name, path in places.items():
                wrong += _take(context.new_page(), name, path, folder)
            browser.close()
    if wrong:
        sys.exit(1)


def _take(page: Page, name: str, path: str, folder: Path) -> int:
    """Take a page in every look; return how much axe finds wrong."""
    wrong: list[str] = []
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": TALL})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")
        found = Axe().run(page).response["violations"]
        wrong += [f"{scheme} {width}: {one['help']} {one['nodes'][0]['html'][:120]}" for one in found]
    page.close()
    print("\n  ".join([f"{name} ({path})", *wrong]))  # noqa: T201
    return len(wrong)


def _sign_in(context: BrowserContext, email: str, password: str) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.close()


def _what_there_is(data: Path) -> tuple[Mapping[str, str], str, str]:
    """Return pages worth a picture, and the e-mail and password of a manager."""
    engine = create_engine(f"sqlite:///{data}/braid.db")
    with Session(engine) as session:
        posts = {name: f"/posts/{number}" for name, number in _longest(session)}
        strand = session.scalar(select(func.min(Strand.id)))
        manager = select(Person.email).join(Membership, Membership.person_id == Person.id)
        email = session.scalar(manager.where(Membership.role == Role.MANAGER))
        assert email
    engine.dispose()
    places = {
        "home": "/",
        **posts,
        "edit": f"{posts['meeting-note']}/edit",
        "indicator": "/indicators/1",
        "indicators": "/indicators",
        "search": "/search?q=number+talks",
        "strand": f"/strands/{strand}",
        "people": "/people",
        "practices": "/posts?kind=practice",
        "home-viewed": "/?view=viewed",
        "commitments": "/commitments",
        "commitments-of-a-strand": f"/commitments/strands/{strand}",
        "district": "/districts/1",
        "member": "/administration/people/1",
        "members": "/administration/people",
        "administration": "/administration",
        "log": "/administration/log",
    }
    return places, email, demonstration.PASSWORD


def _longest(session: Session) -> Iterator[tuple[str, int]]:
    """Yield each kind and the number of its shared post that people linked most."""
    for kind in ("practice", "meeting-note", "strand-plan"):
        shared = select(Post.id).where(Post.kind == kind, Post.shared_at.is_not(None))
        number = session.scalars(shared.order_by(func.length(Post.body).desc())).first()
        assert number
        yield kind, number


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots")

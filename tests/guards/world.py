"""A small world for guards: everybody of the cast, signed in, and one thing of every sort to walk to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.lib import tokens
from app.models import (
    Annotation,
    Commitment,
    DefinitionVersion,
    Goal,
    Invitation,
    Membership,
    Person,
    Post,
    Practice,
    SignIn,
    StrandTerm,
)
from app.services import adoptions, annotations, comments, goals, posts
from app.services.adoptions import Trial
from app.services.annotations import Said
from app.services.goals import Aim, Meant
from tests.guards import incoming
from tests.people import BEGAN, HASH, Cast, sign_in

ROLES = (
    "nobody",
    "other_partnership",
    "observer",
    "past_observer",
    "departed",
    "other_district",
    "member",
    "lead",
    "manager",
)


@dataclass
class World:
    """Who walks, and what there is."""

    app: Flask
    cast: Cast
    people: Mapping[str, Person]
    posts: Mapping[str, Post]
    values: Mapping[str, int | str]  # what else an address may name
    hanging: Mapping[str, Mapping[str, int]]  # post to what hangs on it

    def client(self, role: str) -> FlaskClient:
        """Return a browser in which somebody of that role is signed in (whoever departed was)."""
        client = self.app.test_client()
        if role in self.people:
            sign_in(client, self.people[role], self.cast.session)
        return client

    def reads(self, role: str, post: Post) -> bool:
        """Say whether the rules let that role read ``post``."""
        if role not in self.people:
            return "public" in post.audiences and not post.is_trashed
        actor = self.cast.actor(self.people[role])
        return not actor.audiences.isdisjoint(post.audiences) and not post.is_trashed

    def addresses(self, rule: Rule) -> Iterator[tuple[str, Post | None]]:
        """Return every address of ``rule`` in this world, with the post it is about."""
        names = rule.arguments
        about = names & {"post_id", "comment_id", "adoption_id", "commitment_id"}
        for name, post in self.posts.items() if about else [("", None)]:
            values: dict[str, Any] = {**self.values, **self.hanging.get(name, {})}
            if post is not None:
                values["post_id"] = post.id
            if names <= values.keys():
                built = rule.build({key: values[key] for key in names}, append_unknown=False)
                assert built is not None
                yield built[1], post


def build(app: Flask, cast: Cast, session: Session) -> World:
    """Make one thing of every sort."""
    people = {
        "other_partnership": cast.eve,
        "observer": cast.cy,
        "past_observer": _someone(cast, "Pat", "observer", ends_on=date(2026, 11, 19)),
        "departed": cast.gus,
        "other_district": cast.flo,
        "member": _someone(cast, "Hal", "member"),
        "lead": cast.ana,
        "manager": cast.dee,
    }
    shared = {
        "draft": cast.practice(by=cast.ana, title="Secret draft"),
        "district": cast.practice(by=cast.ana, title="Secret of the district", shared="district"),
        "strand": cast.note(
            by=cast.ana,
            title="Secret of the strand",
            shared="strand",
            commitments=[{"id": None, "text": "Secret promise", "owner_id": cast.ben.id}],
            decisions=[{"id": None, "text": "Secret decision"}],
        ),
        "partnership": cast.practice(by=cast.ana, title="Secret of the partnership", shared="partnership"),
        "plan": cast.plan(by=cast.ana, title="Secret plan", shared="partnership"),
        "public": cast.practice(by=cast.ana, title="Open to everyone", shared="public"),
        "trashed": cast.practice(by=cast.ana, title="Secret in the trash", shared="partnership"),
    }
    hanging: dict[str, dict[str, int]] = {}
    work = cast.work(cast.ana)
    for name, post in shared.items():
        hanging[name] = {}
        if post.is_shared:
            hanging[name]["comment_id"] = comments.add(work, post, "Secret comment").id
        if post.is_shared and isinstance(post, Practice):
            trial = Trial(cast.fresno.id, BEGAN, None, "Secret scale", "", "", None, "")
            hanging[name]["adoption_id"] = adoptions.record(work, post, trial).id
    hanging["strand"]["commitment_id"] = session.query(Commitment.id).scalar()
    posts.trash(work, shared["trashed"])
    invitation = Invitation(
        email="new@fresno.example",
        token_digest=tokens.digest("t"),
        partnership_id=cast.partnership.id,
        district_id=cast.fresno.id,
        role="member",
        invited_by_id=cast.dee.id,
        created_at=cast.now,
        expires_at=cast.now.replace(year=2027),
    )
    session.add(invitation)
    session.commit()
    term = session.query(StrandTerm).filter_by(strand_id=cast.learners.id, person_id=cast.ben.id).one()
    seen = session.query(SignIn).first()
    goal, said = _for_figures(cast)
    brought = incoming.arrive(app, cast)
    values: dict[str, int | str] = {
        "district_id": cast.fresno.id,
        "strand_id": cast.learners.id,
        "person_id": cast.ben.id,
        "indicator_id": cast.graduation.id,
        "goal_id": goal.id,
        **brought,
        "annotation_id": said.id,
        "version_id": session.query(DefinitionVersion.id).scalar(),
        "invitation_id": invitation.id,
        "term_id": term.id,
        "sign_in_id": seen.id if seen else 1,
        "number": 1,
        "kind": "svg",
        "words": "anything",
        "token": "no-such-token",
        "key": "a-key",
        "filename": "plain.css",
    }
    return World(app, cast, people, shared, values, hanging)


def _for_figures(cast: Cast) -> tuple[Goal, Annotation]:
    """Set a goal, and write on a chart."""
    districts = {cast.fresno.id, cast.long_beach.id}
    aims = [Aim(cast.fresno.id, 2027, Decimal(93))]
    meant = Meant("Secret goal", "", cast.graduation.id, "all", cast.learners.id, 1, aims)
    goal = goals.set_goal(cast.work(cast.dee), cast.partnership, meant, districts)
    said = Said("Secret words", "", BEGAN, indicator_id=cast.graduation.id)
    annotation = annotations.add(cast.work(cast.flo), said, districts)
    cast.session.commit()
    return goal, annotation


def routes(app: Flask, method: str) -> list[Rule]:
    """Return every route that answers ``method``."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())), key=lambda one: one.rule
    )


def _someone(cast: Cast, name: str, role: str, **more: Any) -> Person:
    person = Person(
        name=f"{name} Example",
        email=f"{name.lower()}@fresno.example",
        title="",
        password_hash=HASH,
        created_at=cast.now,
    )
    cast.session.add(person)
    cast.session.flush()
    cast.session.add(
        Membership(
            person_id=person.id,
            partnership_id=cast.partnership.id,
            district_id=cast.fresno.id,
            role=role,
            starts_on=BEGAN,
            **more,
        )
    )
    cast.session.commit()
    return person

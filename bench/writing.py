"""The posts of the measured partnership, and what hangs on them: written through the product's own services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.contents import Content
from app.kinds import KINDS, MEETING_NOTE, PRACTICE, STRAND_PLAN, Kind
from app.lib.school_year import SchoolYear
from app.models import Adoption, Comment, Event, Indicator, Post, Revision, StudentGroup
from app.policy import Actor, Part, Sharing
from app.services import posts
from app.services.posts import thing
from app.work import Work
from bench.people import Cast
from bench.words import Words

BATCH = 250
SHARING = [Sharing.PARTNERSHIP] * 86 + [Sharing.STRAND] * 5 + [Sharing.DISTRICT] * 4 + [Sharing.DRAFT] * 4 + [
    Sharing.PUBLIC
]  # fmt: skip
TAGS = (
    "coaching,algebra,fafsa,attendance,reading,data walk,principals,summer,families,discourse,boards,pilot,"
    "transition,intervention,advisory,budget,grade 9,tutoring,mentors,transport"
).split(",")
LONG = 40  # one post in so many is a long one, with many rows and sections


@dataclass
class Writer:
    """Writes posts, oldest first, so that numbers grow with time and a text can link to what was there."""

    work: Work
    random: Random
    words: Words
    cast: Cast
    indicators: list[int]
    groups: list[str]
    plan_years: dict[int, int]

    @classmethod
    def of(cls, work: Work, random: Random, cast: Cast) -> "Writer":
        """Return one that knows the indicators and student groups there are."""
        return cls(
            work,
            random,
            Words.of_the_demonstration(random),
            cast,
            list(work.session.scalars(select(Indicator.id).order_by(Indicator.id))),
            list(work.session.scalars(select(StudentGroup.code).order_by(StudentGroup.position))),
            dict.fromkeys(cast.strands, 2010),
        )

    def posts(self, count: int, on_progress: Callable[[int], None]) -> None:
        """Write ``count`` posts with their copies, links, mentions and events."""
        first = datetime(2009, 1, 7, 17, tzinfo=UTC)
        step = (self.work.now - first) / max(count, 1)
        for start in range(0, count, BATCH):
            made = [self._post(first + step * number, start) for number in range(start, min(start + BATCH, count))]
            posts.keep(self.work, made)
            self._earlier_copies(made)
            self._events(made)
            self.work.session.flush()
            self.work.session.expunge_all()
            on_progress(min(start + BATCH, count))

    def comments(self, count: int) -> None:
        """Write comments under shared posts, some of them answers, some that name somebody."""
        places = self._shared()
        people = sorted(self.cast.writers)
        rows: list[dict[str, Any]] = []
        last: dict[int, int] = {}
        chosen = sorted((self.random.choice(places) for _ in range(count)), key=lambda place: place[2])
        for number, (post_id, _, shared_at) in enumerate(chosen, 1):
            answers = last.get(post_id) if self.random.random() < 0.3 else None
            named = self.random.choice(people)
            body = self.words.paragraph(self.random.randint(1, 3))
            if self.random.random() < 0.1:
                body += f" [@{self.cast.names[named]}](/people/{named})"
            latest = self.work.now - shared_at
            rows.append(
                {
                    "id": number,
                    "post_id": post_id,
                    "author_id": self.random.choice(people),
                    "reply_to_id": answers,
                    "body": body,
                    "html": None,
                    "said_at": shared_at + min(timedelta(hours=self.random.randint(1, 700)), latest),
                    "removed_at": None,
                }
            )
            last[post_id] = number
        for start in range(0, len(rows), 5000):
            self.work.session.execute(insert(Comment), rows[start : start + 5000])

    def adoptions(self) -> None:
        """Record a trial or two of every second shared practice."""
        people = sorted(self.cast.writers)
        rows = []
        for post_id, kind, shared_at in self._shared():
            if kind != PRACTICE.code:
                continue
            for district in self.random.sample(self.cast.districts, k=self.random.choice((0, 0, 1, 2))):
                starts = (shared_at + timedelta(days=self.random.randint(5, 200))).date()
                verdict = self.random.choice((None, "adopt", "adapt", "abandon"))
                rows.append(
                    {
                        "post_id": post_id,
                        "district_id": district,
                        "starts_on": starts,
                        "ends_on": starts + timedelta(days=250) if verdict else None,
                        "scale": f"{self.random.randint(1, 40)} schools",
                        "adapted": self.words.sentence(),
                        "why": self.words.sentence(),
                        "verdict": verdict,
                        "happened": self.words.paragraph(2),
                        "recorded_by_id": self.random.choice(people),
                        "recorded_at": min(shared_at + timedelta(days=self.random.randint(6, 210)), self.work.now),
                    }
                )
        self.work.session.execute(insert(Adoption), rows)

    def _shared(self) -> list[tuple[int, str, datetime]]:
        query = select(Post.id, Post.kind, Post.shared_at).where(Post.shared_at.is_not(None)).order_by(Post.id)
        return [(number, kind, at) for number, kind, at in self.work.session.execute(query) if at is not None]

    def _post(self, at: datetime, known: int) -> Post:
        author = self.random.choice(sorted(self.cast.writers))
        kind = self._kind(at)
        content = posts.new_content(kind) | self._content(kind, at, author, known)
        writer = replace(self.work, actor=Actor(author), now=at)
        part = Part(self.cast.partnership_id, self.cast.writers[author], "member", is_data_office=False)
        post = posts.begin(writer, kind, content, part, created_at=at)
        post.revision = self.random.choice((1, 1, 1, 1, 2, 2, 3, 5))
        post.version = post.revision + 1
        sharing = self.random.choice(SHARING)
        if sharing == Sharing.STRAND and post.strand_id is None:
            sharing = Sharing.PARTNERSHIP
        posts.open_to(post, sharing, by=author, at=at)
        return post

    def _kind(self, at: datetime) -> Kind:
        behind = [strand for strand, year in self.plan_years.items() if year < SchoolYear.of(at.date()).start]
        if behind and self.random.random() < 0.1:
            self.plan_years[behind[0]] += 1
            return STRAND_PLAN
        return MEETING_NOTE if self.random.random() < 0.4 else PRACTICE

    def _content(self, kind: Kind, at: datetime, author: int, known: int) -> Content:
        is_long = self.random.randrange(LONG) == 0
        strand = self.random.choice(self.cast.strands) if self.random.random() < 0.95 else None
        headings = list(kind.prompts) * (8 if is_long else 1)
        if len(headings) == 1:
            headings.append("What comes next")
        content: Content = {
            "title": self.words.phrase()[:180] or "Notes",
            "body": self.words.body(headings, list(self._links(known))),
            "strand_id": strand,
            "tags": sorted(self.random.sample(TAGS, k=self.random.choice((0, 1, 2, 3)))),
            "indicator_links": list(self._indicator_links()),
        }
        rows = 12 if is_long else 3
        match kind.code:
            case PRACTICE.code:
                return content | self._practice(author)
            case MEETING_NOTE.code:
                return content | self._meeting(at, rows)
            case _:
                return content | self._plan(at, rows)

    def _practice(self, author: int) -> Content:
        state = self.random.choice(("idea", "testing", "adopted", "spreading", "retired"))
        return {
            "problem": self.words.paragraph(2),
            "serves_grades": self.random.choice(("K–5", "6–8", "9–12", "2–8", "9")),
            "student_groups": sorted(self.random.sample(self.groups, k=self.random.choice((0, 1, 1, 2)))),
            "state": state,
            "retired_reason": self.words.sentence() if state == "retired" else "",
            "conditions_time": self.words.sentence(),
            "conditions_cost": f"${self.random.randint(1, 90) * 100:,} a school.",
            "conditions_training": self.words.sentence(),
            "core": self.words.sentence(),
            "may_adapt": self.words.sentence(),
            "contacts": [author],
        }

    def _meeting(self, at: datetime, rows: int) -> Content:
        people = self.random.sample(sorted(self.cast.writers), k=2 * rows)
        states = ["done"] * 6 + ["dropped", "late", "open", "blocked"]
        recent = self.work.now - at < timedelta(days=120)
        return {
            "met_on": at.date().isoformat(),
            "meeting_kind": self.random.choice(("strand-call", "cabinet", "site-visit", "data-review")),
            "agenda": "\n".join(f"{n}. {self.words.phrase(8)}" for n in range(1, 5)),
            "attendees": [
                {"district_id": self.cast.writers[person], "person_id": person, "others": ""} for person in people
            ],
            "decisions": [{"text": self.words.sentence(), "decided_by": "Both leads"} for _ in range(rows)],
            "commitments": [
                {
                    "text": self.words.sentence(),
                    "owner_id": person,
                    "district_id": self.cast.writers[person],
                    "owed_to_id": self.random.choice(self.cast.districts),
                    "due_on": (at + timedelta(days=self.random.randint(7, 90))).date().isoformat(),
                    "state": self.random.choice(["open", *states]) if recent else self._settled(states),
                }
                for person in people[:rows]
            ],
            "questions": [{"text": self.words.sentence(), "answer": ""}],
        }

    def _settled(self, states: list[str]) -> str:
        """Nearly everything of former years is done; what is not stays owed for ever."""
        return "done" if self.random.random() < 0.97 else self.random.choice(states)

    def _plan(self, at: datetime, rows: int) -> Content:
        year = SchoolYear.of(at.date()).start
        people = self.random.sample(sorted(self.cast.writers), k=rows)
        return {
            "plan_year": year,
            "plan_problem": self.words.paragraph(2),
            "root_causes": self.words.paragraph(2),
            "theory_if": self.words.phrase(),
            "theory_then": self.words.phrase(),
            "theory_so_that": self.words.phrase(),
            "drivers": [{"text": self.words.sentence(), "kind": "primary"} for _ in range(rows)],
            "actions": [
                {"text": self.words.sentence(), "owner_id": person, "due_on": f"{year + 1}-03-15", "state": "open"}
                for person in people
            ],
            "measures": [
                {
                    "indicator_id": indicator,
                    "group_code": "all",
                    "district_id": self.random.choice(self.cast.districts),
                    "baseline_year": year - 1,
                    "baseline": "41.5",
                    "target_year": year,
                    "target": "47",
                }
                for indicator in self.random.sample(self.indicators, k=min(3, len(self.indicators)))
            ],
        }

    def _links(self, known: int) -> Iterator[str]:
        if known and self.random.random() < 0.4:
            for number in self.random.sample(range(1, known + 1), k=self.random.choice((1, 1, 2))):
                yield f"[{self.words.phrase(4)}](/posts/{number})"
        if self.random.random() < 0.15:
            person = self.random.choice(sorted(self.cast.names))
            yield f"[@{self.cast.names[person]}](/people/{person})"

    def _indicator_links(self) -> Iterator[dict[str, Any]]:
        for indicator in self.random.sample(
            self.indicators, k=min(self.random.choice((0, 1, 1, 2)), len(self.indicators))
        ):
            yield {
                "indicator_id": indicator,
                "expected": self.random.choice(("increase", "decrease", "hold")),
                "evidence": self.random.choice(("hypothesis", "practitioner_report", "tested_locally")),
                "essa_tier": "",
            }

    def _earlier_copies(self, made: list[Post]) -> None:
        """Keep what each post said before: the same, with a sentence less each time."""
        latest = select(Revision.post_id, Revision.content).where(Revision.post_id.in_([post.id for post in made]))
        self.work.session.flush()
        says: dict[int, Content] = dict(self.work.session.execute(latest).all())
        rows = [
            {
                "post_id": post.id,
                "number": number,
                "author_id": post.author_id,
                "saved_at": post.created_at + timedelta(hours=number),
                "content": says[post.id] | {"body": says[post.id]["body"].rsplit(".", post.revision - number + 1)[0]},
            }
            for post in made
            for number in range(1, post.revision)
        ]
        if rows:
            self.work.session.execute(insert(Revision), rows)

    def _events(self, made: list[Post]) -> None:
        rows = []
        for post in made:
            acts: list[tuple[str, dict[str, object]]] = [
                ("post.created", {"kind": post.kind}),
                *[("post.saved", {})] * (post.revision - 1),
            ]
            if post.is_shared:
                acts.append(("post.shared", {"before": Sharing.DRAFT, "after": posts.sharing_of(post)}))
            rows += [
                {
                    "at": post.created_at + timedelta(hours=n),
                    "partnership_id": post.partnership_id,
                    "actor_id": post.author_id,
                    "action": action,
                    "thing": thing(post),
                    "detail": detail,
                    "request_id": "",
                }
                for n, (action, detail) in enumerate(acts)
            ]
        self.work.session.execute(insert(Event), rows)


assert set(KINDS) == {PRACTICE.code, MEETING_NOTE.code, STRAND_PLAN.code}, "a new kind of post should be measured too"  # noqa: S101

"""The kinds of post, each described once: what it is called, what it asks for, which rows hang on it.

Forms, saved copies, merging, history, import and the text that search reads are all made from these descriptions.
A new kind is a model, a migration, a template and one entry here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.models import (
    Attendee,
    Base,
    Commitment,
    Decision,
    Driver,
    IndicatorLink,
    Measure,
    MeetingNote,
    OpenQuestion,
    PlanAction,
    Post,
    Practice,
    StrandPlan,
)
from app.models.indicator import EssaTier, Evidence, Expected
from app.models.meeting import CommitmentState, MeetingKind
from app.models.plan import ActionState, DriverKind
from app.models.practice import PracticeState


class Shape(StrEnum):
    """What a field holds, which decides its input, its stored form and how it is read aloud."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    SCHOOL_YEAR = "school_year"  # the year in which it starts
    EXACT = "exact"
    CHOICE = "choice"
    PERSON = "person"
    PEOPLE = "people"
    DISTRICT = "district"
    GROUP = "group"
    GROUPS = "groups"
    INDICATOR = "indicator"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for. ``name`` is the attribute of the model."""

    name: str
    label: str
    shape: Shape = Shape.TEXT
    hint: str = ""
    required: bool = False
    choices: Mapping[str, str] | None = field(default=None, hash=False)  # value to words, for a CHOICE
    longest: int = 20_000  # characters
    part: str = ""  # the heading it stands under in the form


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that hang on a post. ``name`` is the relationship; a row whose ``key`` fields are all empty is no row."""

    name: str
    label: str
    one: str
    model: type[Base]
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    hint: str = ""
    spare: int = 1  # empty rows in a form, for those without scripts


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of post."""

    code: str
    model: type[Post]
    label: str
    plural: str
    icon: str
    purpose: str
    fields: tuple[Field, ...]
    rows: tuple[Rows, ...]
    prompts: Mapping[str, str]  # headings of a new text, with the question each answers
    team_edits: bool  # whether everybody on the strand may change it, not only its author and leads

    @property
    def template(self) -> str:
        """The text a new post starts from: its headings."""
        return "\n\n".join(f"## {heading}\n" for heading in self.prompts)

    def every_rows(self) -> Iterator[Rows]:
        """Return the rows of this kind and those that every kind has."""
        yield from self.rows
        yield INDICATOR_LINKS


EXPECTED: Mapping[str, str] = {Expected.INCREASE: "go up", Expected.DECREASE: "go down", Expected.HOLD: "stay as it is"}
EVIDENCE: Mapping[str, str] = {
    Evidence.HYPOTHESIS: "Hypothesis",
    Evidence.PRACTITIONER_REPORT: "Practitioner report",
    Evidence.TESTED_LOCALLY: "Tested locally",
    Evidence.EXTERNAL_STUDY: "External study",
}
ESSA: Mapping[str, str] = {
    EssaTier.RATIONALE: "demonstrates a rationale",
    EssaTier.PROMISING: "promising",
    EssaTier.MODERATE: "moderate",
    EssaTier.STRONG: "strong",
}
PRACTICE_STATES: Mapping[str, str] = {
    PracticeState.IDEA: "Idea",
    PracticeState.TESTING: "Testing",
    PracticeState.ADOPTED: "Adopted",
    PracticeState.SPREADING: "Spreading",
    PracticeState.RETIRED: "Retired",
}
MEETING_KINDS: Mapping[str, str] = {
    MeetingKind.STRAND_CALL: "Strand call",
    MeetingKind.CABINET: "Cabinet",
    MeetingKind.SITE_VISIT: "Site visit",
    MeetingKind.DATA_REVIEW: "Data review",
}
COMMITMENT_STATES: Mapping[str, str] = {
    CommitmentState.OPEN: "Open",
    CommitmentState.LATE: "Late",
    CommitmentState.BLOCKED: "Blocked",
    CommitmentState.DONE: "Done",
    CommitmentState.DROPPED: "Dropped",
}
ACTION_STATES: Mapping[str, str] = {
    ActionState.OPEN: "Open",
    ActionState.UNDER_WAY: "Under way",
    ActionState.DONE: "Done",
    ActionState.DROPPED: "Dropped",
}
DRIVER_KINDS: Mapping[str, str] = {DriverKind.PRIMARY: "Primary", DriverKind.SECONDARY: "Secondary"}

INDICATOR_LINKS = Rows(
    "indicator_links",
    "Outcome indicators",
    "indicator",
    IndicatorLink,
    ("indicator_id",),
    (
        Field("indicator_id", "Indicator", Shape.INDICATOR),
        Field("expected", "We expect it to", Shape.CHOICE, choices=EXPECTED),
        Field("evidence", "What stands behind this", Shape.CHOICE, choices=EVIDENCE),
        Field("essa_tier", "Tier of the study", Shape.CHOICE, choices={"": "not a study", **ESSA}),
    ),
    hint="Which figures is this about, and which way should they go?",
)

PRACTICE = Kind(
    "practice",
    Practice,
    "Practice",
    "Practices",
    "sprout",
    "Something your people do, described well enough to be tried elsewhere.",
    (
        Field("problem", "The problem it answers", hint="What were you seeing, and for which students?"),
        Field("serves_grades", "Grades", Shape.LINE, hint="For example K–5", longest=80),
        Field("student_groups", "Student groups it serves", Shape.GROUPS),
        Field("state", "Where it is in its life", Shape.CHOICE, choices=PRACTICE_STATES),
        Field("retired_reason", "Why it was retired", hint="Only for a practice that has stopped."),
        Field("conditions_time", "Time it needs", part="What it takes"),
        Field("conditions_cost", "Money it needs", part="What it takes"),
        Field("conditions_training", "Training it needs", part="What it takes"),
        Field("core", "What must stay as it is", part="Trying it elsewhere"),
        Field("may_adapt", "What may be adapted", part="Trying it elsewhere"),
        Field("contacts", "Who to ask", Shape.PEOPLE, part="Trying it elsewhere"),
    ),
    (),
    {
        "What people do": "Describe it so that a colleague in another district could try it on Monday.",
        "How we know": "What have you seen change, and how sure are you?",
        "What we would do differently": "What surprised you? What failed?",
    },
    team_edits=False,
)

MEETING_NOTE = Kind(
    "meeting-note",
    MeetingNote,
    "Meeting note",
    "Meetings",
    "notebook-pen",
    "What a meeting said, decided and promised.",
    (
        Field("met_on", "When", Shape.DATE, required=True),
        Field("meeting_kind", "What sort of meeting", Shape.CHOICE, choices=MEETING_KINDS),
        Field("agenda", "Agenda"),
        Field("host", "Host", Shape.LINE, hint="The school or office you visited.", part="Site visit", longest=200),
        Field("focus", "Focus", part="Site visit"),
        Field("look_fors", "Look-fors", part="Site visit"),
        Field("take_aways", "Take-aways", part="Site visit"),
    ),
    (
        Rows(
            "attendees",
            "Who was there",
            "attendee",
            Attendee,
            ("person_id", "others"),
            (
                Field("district_id", "District", Shape.DISTRICT, required=True),
                Field("person_id", "Person", Shape.PERSON),
                Field("others", "Others", Shape.LINE, hint="For example two coaches", longest=200),
            ),
        ),
        Rows(
            "decisions",
            "Decisions",
            "decision",
            Decision,
            ("text",),
            (
                Field("text", "What was decided"),
                Field("decided_by", "Who decided", Shape.LINE, longest=200),
                Field("confirms_id", "Confirms", Shape.DECISION),
                Field("reverses_id", "Reverses", Shape.DECISION),
            ),
        ),
        Rows(
            "commitments",
            "Commitments",
            "commitment",
            Commitment,
            ("text",),
            (
                Field("text", "What was promised"),
                Field("owner_id", "Who will do it", Shape.PERSON),
                Field("district_id", "Their district", Shape.DISTRICT),
                Field("owed_to_id", "Owed to", Shape.DISTRICT),
                Field("due_on", "Due", Shape.DATE),
                Field("state", "State", Shape.CHOICE, choices=COMMITMENT_STATES),
            ),
        ),
        Rows(
            "questions",
            "Open questions",
            "question",
            OpenQuestion,
            ("text",),
            (Field("text", "Question"), Field("answer", "Answer, when there is one")),
        ),
    ),
    {"Notes": "What was said that somebody will want to know next year?"},
    team_edits=True,
)

STRAND_PLAN = Kind(
    "strand-plan",
    StrandPlan,
    "Strand plan",
    "Plans",
    "map",
    "What a strand means to achieve this school year, and why that should work.",
    (
        Field("plan_year", "School year", Shape.SCHOOL_YEAR, required=True),
        Field("plan_problem", "Problem of practice"),
        Field("root_causes", "Root causes"),
        Field("theory_if", "If we …", part="Theory of action"),
        Field("theory_then", "then …", part="Theory of action"),
        Field("theory_so_that", "so that …", part="Theory of action"),
        Field("reflection", "End-of-year reflection"),
    ),
    (
        Rows(
            "drivers",
            "Drivers",
            "driver",
            Driver,
            ("text",),
            (Field("text", "Driver"), Field("kind", "Kind", Shape.CHOICE, choices=DRIVER_KINDS)),
        ),
        Rows(
            "actions",
            "Actions",
            "action",
            PlanAction,
            ("text",),
            (
                Field("text", "What will be done"),
                Field("owner_id", "Who", Shape.PERSON),
                Field("due_on", "By when", Shape.DATE),
                Field("state", "State", Shape.CHOICE, choices=ACTION_STATES),
            ),
        ),
        Rows(
            "measures",
            "Measures",
            "measure",
            Measure,
            ("indicator_id",),
            (
                Field("indicator_id", "Indicator", Shape.INDICATOR),
                Field("group_code", "Student group", Shape.GROUP),
                Field("district_id", "District", Shape.DISTRICT, required=True),
                Field("baseline_year", "Baseline year", Shape.SCHOOL_YEAR),
                Field("baseline", "Baseline", Shape.EXACT),
                Field("target_year", "Target year", Shape.SCHOOL_YEAR),
                Field("target", "Target", Shape.EXACT),
            ),
        ),
    ),
    {"The year ahead": "What will be different by June, for whom?"},
    team_edits=True,
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (PRACTICE, MEETING_NOTE, STRAND_PLAN)}


def kind_of(post: Post) -> Kind:
    """Return the description of the kind of ``post``."""
    return KINDS[post.kind]

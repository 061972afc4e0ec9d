"""Tables. Importing this package registers every model on ``Base.metadata``."""

from app.models.account import Invitation, PasswordReset, SignIn, SignInFailure
from app.models.annotation import Annotation
from app.models.base import Base
from app.models.comment import Comment
from app.models.crosswalk import Comparison, DistrictDefinition
from app.models.event import Event, Job, Lease
from app.models.goal import Goal, Target
from app.models.indicator import (
    DefinitionNote,
    DefinitionVersion,
    FigureSource,
    ImportBatch,
    Indicator,
    IndicatorLink,
    Observation,
    StudentGroup,
)
from app.models.letter import Letter
from app.models.mark import Mark
from app.models.meeting import Attendee, Commitment, Decision, MeetingNote, OpenQuestion
from app.models.partnership import District, Partnership, PartnershipDistrict
from app.models.person import Membership, Person
from app.models.plan import Driver, Measure, PlanAction, StrandPlan
from app.models.post import Post, PostAudience, PostLink, PostMention, PostTag, Revision, WorkingCopy
from app.models.practice import Adoption, Practice, PracticeContact, PracticeGroup
from app.models.reading import Reading
from app.models.search import InboxItem, PastSearch, SavedSearch, UnfoundSearch, VocabularySet
from app.models.strand import Strand, StrandTerm
from app.models.upload import FigureUpload, SavedMapping

__all__ = [
    "Adoption",
    "Annotation",
    "Attendee",
    "Base",
    "Comment",
    "Commitment",
    "Comparison",
    "Decision",
    "DefinitionNote",
    "DefinitionVersion",
    "District",
    "DistrictDefinition",
    "Driver",
    "Event",
    "FigureSource",
    "FigureUpload",
    "Goal",
    "ImportBatch",
    "InboxItem",
    "Indicator",
    "IndicatorLink",
    "Invitation",
    "Job",
    "Lease",
    "Letter",
    "Mark",
    "Measure",
    "MeetingNote",
    "Membership",
    "Observation",
    "OpenQuestion",
    "Partnership",
    "PartnershipDistrict",
    "PasswordReset",
    "PastSearch",
    "Person",
    "PlanAction",
    "Post",
    "PostAudience",
    "PostLink",
    "PostMention",
    "PostTag",
    "Practice",
    "PracticeContact",
    "PracticeGroup",
    "Reading",
    "Revision",
    "SavedMapping",
    "SavedSearch",
    "SignIn",
    "SignInFailure",
    "Strand",
    "StrandPlan",
    "StrandTerm",
    "StudentGroup",
    "Target",
    "UnfoundSearch",
    "VocabularySet",
    "WorkingCopy",
]

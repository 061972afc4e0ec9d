"""Posts: lists of them, one to read, a new one, a changed one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app import contents
from app.kinds import KINDS, Kind, kind_of
from app.lib import tokens
from app.lib.numbers import row_number
from app.lib.school_year import SchoolYear, start_of
from app.models import MeetingNote, Post, StrandPlan
from app.models.practice import Practice
from app.policy import Action, can, require, require_writer
from app.queries import choices, comments, commitments, drafts, places, related
from app.queries import posts as found
from app.queries.posts import Cursor, Wanted
from app.queries.related import Related
from app.search import IndexBusy, IndexDamaged
from app.services import drafts as keeping
from app.services import posts, readings
from app.services.posts import Saved
from app.web import catalogue, differing, here, linked, telling
from app.web.forms import post as forms
from app.web.forms.comment import CommentForm
from app.web.frame import post_url
from app.web.gate import public, sign_in_first
from app.web.rendering import rendered, rendered_comments
from app.work import Work

bp = Blueprint("posts", __name__, url_prefix="/posts")

CARRIED = 8  # commitments of earlier meetings on a note’s page, the most urgent first; another page has all


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show shared posts, newest first, of one kind or of all."""
    actor, session = here.actor(), here.session()
    around = catalogue.of_partnership(actor.partnership_id)
    kind = KINDS.get(request.args.get("kind", ""))
    wanted = Wanted(
        partnership_id=actor.partnership_id,
        kind=kind.code if kind else None,
        strand_id=request.args.get("strand", type=row_number),
        district_id=request.args.get("district", type=row_number),
        school_year=request.args.get("year", type=start_of),
        state=request.args.get("state") or None,
        tag=request.args.get("tag") or None,
    )
    page = found.feed(session, actor, wanted, Cursor.parse(request.args.get("after")))
    return render_template(
        "posts/listing.html",
        kind=kind,
        wanted=wanted,
        page=page,
        strands=[(one.id, one.name) for one in around.strands],
        districts=[(one.id, one.name) for one in around.districts],
        years=[(year, str(SchoolYear(year))) for year in range(SchoolYear.of(here.today()).start, 2001, -1)],
        older_url=_listing_at(str(page.more)) if page.more else None,
        first_url=_listing_at(None),
    )


@bp.get("/<int:post_id>")
@bp.get("/<int:post_id>-<words>")
@public
def show(post_id: int, words: str = "") -> ResponseReturnValue:  # noqa: ARG001 — the number decides
    """Show one post. Whoever is not signed in sees what is public, and is asked to sign in for all else."""
    post = found.one(here.session(), here.actor(), post_id)
    if post is None and here.actor().person_id is None:
        return sign_in_first()
    page = page_of(post or abort(404), CommentForm(formdata=None))
    if readings.is_due(here.session(), here.actor(), post_id, here.now()):
        with here.work() as work:  # safe to repeat, and nobody waits for it: see services/readings.py
            readings.note(work, post_id)
    return page


def page_of(post: Post, form: CommentForm, status: int = 200, reply_to: int | None = None) -> ResponseReturnValue:
    """Return the page of ``post``, with ``form`` as the comment being written."""
    actor, session = here.actor(), here.session()
    earlier: Mapping[int, tuple[str, Post]] = {}
    carried: Any = []
    if isinstance(post, MeetingNote):
        pointed = {d.confirms_id for d in post.decisions} | {d.reverses_id for d in post.decisions}
        earlier = choices.decisions(session, actor, {i for i in pointed if i})
        if post.strand_id:
            carried = commitments.open_in_strand(session, actor, post.strand_id, post.met_on, limit=CARRIED + 1)
    body = rendered(post)
    page = render_template(
        f"posts/{post.kind}.html",
        post=post,
        kind=kind_of(post),
        body=body,
        comments=rendered_comments(comments.under(session, post)),
        form=form,
        reply_to=reply_to,
        earlier=earlier,
        carried=carried[:CARRIED],
        more_carried=len(carried) > CARRIED,
        groups={code: group.name for code, group in catalogue.groups().items()},
        backlinks=found.backlinks(session, actor, post.id),
        related=_related(post),
        linked=linked.for_post(post),
        measure_figures=linked.for_measures(post) if isinstance(post, StrandPlan) else {},
        measure_value=linked.in_words,
        sharing=posts.sharing_of(post),
        overdue=here.today(),
    )
    return page, status


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Choose a kind, then write; keeping it starts a draft that only its author sees."""
    kind = KINDS.get(request.args.get("kind", ""))
    actor, session = here.actor(), here.session()
    part = require_writer(actor, actor.partnership_id or 0)
    if kind is None:
        return render_template("posts/choose.html", strand=request.args.get("strand", type=row_number))
    offered = choices.for_partnership(session, actor, part.partnership_id, here.today())
    key = request.values.get("draft_key") or request.args.get("draft") or tokens.new()
    kept = drafts.kept(session, actor, key) if request.method == "GET" else None
    form = forms.filled(
        _form(kind, _first_content(kind), kept.fields if kept else None), kind, offered, today=here.today()
    )
    form.draft_key.data = key
    if request.method == "POST" and (content := forms.checked(form, kind)):

        def create(work: Work) -> Post:
            post = posts.create(work, kind, content, partnership_id=part.partnership_id, draft_key=key)
            keeping.drop(work, key)
            return post

        post = here.attempt(create)
        return _after_save(post)
    return _edit_page(form, kind, key=key, kept=kept, status=here.form_status())


@bp.route("/<int:post_id>/edit", methods=["GET", "POST"])
def edit(post_id: int) -> ResponseReturnValue:
    """Change what a post says. What others saved meanwhile is merged, or both versions are shown."""
    actor, session = here.actor(), here.session()
    post = _readable(post_id)
    require(actor, Action.EDIT, post)
    kind, key = kind_of(post), f"post-{post.id}"
    offered = choices.for_partnership(session, actor, post.partnership_id, here.today(), besides=post)
    kept = drafts.kept(session, actor, key) if request.method == "GET" else None
    form = forms.filled(
        _form(kind, contents.read(post), kept.fields if kept else None), kind, offered, today=here.today()
    )
    if not can(actor, Action.SHARE, post):
        forms.fix_strand(form, post.strand_id)
    if request.method == "GET":
        form.base.data = form.base.data if kept and form.base.data else str(post.revision)
        return _edit_page(form, kind, post=post, key=key, kept=kept)
    content = forms.checked(form, kind)
    if content is None:
        return _edit_page(form, kind, post=post, key=key, status=422)
    base = row_number(form.base.data) or post.revision

    def save(work: Work) -> Saved:
        fresh = found.one(work.session, work.actor, post_id) or abort(404)
        outcome = posts.save(work, fresh, content, base=base)
        if not outcome.conflicts:
            keeping.drop(work, key)
        return outcome

    saved = here.attempt(save)
    if saved.conflicts:
        both = differing.both(saved, content, offered)
        form.base.data = form.base.raw_data = str(saved.post.revision)
        return _edit_page(form, kind, post=saved.post, key=key, both=both, status=409)
    if saved.merged:
        telling.done("Saved, together with what others changed while you were writing.")
    return _after_save(saved.post)


@bp.post("/<int:post_id>/confirmation")
def confirm(post_id: int) -> ResponseReturnValue:
    """Say that a practice is still true today."""

    def change(work: Work) -> Post:
        post = found.one(work.session, work.actor, post_id)
        if not isinstance(post, Practice):
            abort(404)
        posts.confirm(work, post)
        return post

    post = here.attempt(change)
    telling.done("Noted: still true today.")
    return redirect(url_for("posts.show", post_id=post.id), 303)


def _related(post: Post) -> Sequence[Related]:
    """Return earlier posts like ``post``; none while the index cannot be read."""
    try:
        return related.of(here.session(), here.actor(), here.index(), post)
    except (IndexDamaged, IndexBusy):
        return []


def _listing_at(after: str | None) -> str:
    """Return the address of this list, chosen as it is, from another place on."""
    chosen: dict[str, Any] = {**request.args.to_dict(), "after": after}
    return url_for("posts.listing", **chosen)


def _readable(post_id: int) -> Post:
    return found.one(here.session(), here.actor(), post_id) or abort(404)


def _form(kind: Kind, content: contents.Content, kept: list[list[str]] | None) -> FlaskForm:
    """Return the form as it was sent, as it was kept, or as ``content`` starts it."""
    make = forms.for_kind(kind.code)
    if request.method == "POST":
        return make()
    if kept is not None:
        return make(formdata=forms.typed(kept))
    return make(formdata=None, data=forms.start(content, kind))


def _first_content(kind: Kind) -> contents.Content:
    content = posts.new_content(kind)
    strand = request.args.get("strand", type=row_number)
    if strand in {one.id for one in places.strands(here.session(), here.actor().partnership_id)}:
        content["strand_id"] = strand
    if "met_on" in content:
        content["met_on"] = here.today().isoformat()
    if "plan_year" in content:
        content["plan_year"] = SchoolYear.of(here.today()).start
    return content


def _edit_page(  # noqa: PLR0913
    form: FlaskForm,
    kind: Kind,
    *,
    key: str,
    post: Post | None = None,
    kept: Any = None,
    both: Any = None,
    status: int = 200,
) -> ResponseReturnValue:
    carried: Any = []
    if kind.code == "meeting-note" and (strand := row_number(form.strand_id.data)):
        day = form.met_on.data if isinstance(form.met_on.data, date) else here.today()
        carried = commitments.open_in_strand(here.session(), here.actor(), strand, before=day)
    page = render_template(
        "posts/edit.html",
        form=form,
        kind=kind,
        post=post,
        key=key,
        kept=kept,
        both=both,
        carried=carried,
        blank=lambda rows: forms.blank(form, rows),
        parts=_parts(kind),
        part_is_open=lambda form, names: any(form[name].data or form[name].errors for name in names),
    )
    return page, status


def _parts(kind: Kind) -> list[tuple[str, list[str]]]:
    """Return the names of the fields of a kind, under the headings they stand under."""
    parts: dict[str, list[str]] = {}
    for field in kind.fields:
        parts.setdefault(field.part, []).append(field.name)
    return list(parts.items())


def _after_save(post: Post) -> ResponseReturnValue:
    if request.form.get("then") == "share":
        return redirect(url_for("sharing.show", post_id=post.id), 303)
    if not post.is_shared:
        telling.done("Kept as a draft. Only you can see it.")
    return redirect(post_url(post), 303)

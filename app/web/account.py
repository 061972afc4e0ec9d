"""Getting in, getting out, and one's own profile."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from app.lib import text
from app.models import Person
from app.queries import accounts as known
from app.queries import people as who
from app.services import accounts, demonstration, invitations, people
from app.services.accounts import SignedIn
from app.web import browsers, filling, here
from app.web.forms.account import (
    ChangePasswordForm,
    ForgottenForm,
    JoinForm,
    NewPasswordForm,
    ProfileForm,
    SignInForm,
    time_zones,
)
from app.web.gate import public, safe_target
from app.web.here import Visitor

bp = Blueprint("account", __name__)

WRONG = "That e-mail and password do not go together. Check both, or ask for a new password below."
SENT = "If that address belongs to an account, a letter with a link is on its way. The link works for an hour."
KEPT = (
    "If that address belongs to an account, a letter with a link is written. It stays here, because no mail server is "
    "set: ask whoever runs this Braid for a link."
)
ENDED_LINK = "This link has ended or was used already."


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    if current_user.is_authenticated:
        return redirect(_next(), 303)
    return render_template("account/sign_in.html", form=SignInForm(formdata=None))


@bp.post("/sign-in")
@public
def begin() -> ResponseReturnValue:
    """Sign in, or say why not; neither answer tells whether there is such an account."""
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    email, address = form.email.data, request.remote_addr or ""
    with here.work() as work:
        wait = accounts.admit(work, email, address)
    if wait:
        return _too_soon(form, wait)
    with here.work() as work:
        signed_in = accounts.sign_in(work, email, form.password.data, browser=_browser())
    if signed_in is None:
        form.password.errors = [WRONG]
        return render_template("account/sign_in.html", form=form), 422
    _remember(signed_in, remember=form.remember.data)
    return redirect(_next(), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    with here.work() as work:
        accounts.sign_out(work, current_user.sign_in)
    session.clear()
    flash("You are signed out.", "success")
    return redirect(url_for(".sign_in"), 303)


@bp.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign every browser of this person out, this one too."""
    with here.work() as work:
        count = accounts.sign_out_everywhere(work, _me().id)
    session.clear()
    flash(f"You are signed out of {text.plural(count, 'browser', 'browsers')}.", "success")
    return redirect(url_for(".sign_in"), 303)


@bp.get("/forgotten-password")
@public
def forgotten() -> ResponseReturnValue:
    """Ask whose password was forgotten."""
    return _forgotten(ForgottenForm(formdata=None))


@bp.post("/forgotten-password")
@public
def ask_reset() -> ResponseReturnValue:
    """Promise a letter, in the same words and the same time for every address."""
    form = ForgottenForm()
    if not form.validate():
        return _forgotten(form), 422
    with here.work() as work:
        accounts.ask_reset(work, form.email.data)
    flash(SENT if _sends_mail() else KEPT, "info")
    return redirect(url_for(".sign_in"), 303)


def _forgotten(form: ForgottenForm) -> str:
    return render_template(
        "account/forgotten.html",
        form=form,
        sends_mail=_sends_mail(),
        is_shown=demonstration.is_here(here.session()),
    )


def _sends_mail() -> bool:
    return not current_app.config["BRAID"].mail_url.startswith("outbox:")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password through a link."""
    form = NewPasswordForm()
    with here.work() as work:
        asked = known.reset(work.session, token, work.now)
        if asked is None:
            return _gone("Ask for a new one.", url_for(".forgotten"), "Ask for a new link")
        email = asked.person.email
        if request.method == "GET" or not form.validate():
            return render_template("account/reset.html", form=form, email=email), filling.code()
    try:
        with here.work() as work:
            asked = known.reset(work.session, token, work.now) or abort(410)
            accounts.use_reset(work, asked, form.password.data)
    except ValueError as wrong:
        form.password.errors = [str(wrong)]
        return render_template("account/reset.html", form=form, email=email), 422
    session.clear()
    flash("Your new password works now. Sign in with it.", "success")
    return redirect(url_for(".sign_in"), 303)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Take up an invitation: with a new account, or with the one somebody has already."""
    invitation = known.invitation(here.session(), token, here.now())
    if invitation is None:
        return _gone("Ask whoever invited you to send it again.", url_for(".sign_in"), "Sign in")
    holder = known.person_called(here.session(), invitation.email)
    if holder is not None:
        return _join_with(token, holder)
    form = JoinForm()
    if request.method == "GET" or not form.validate():
        return render_template("account/join.html", form=form, invitation=invitation), filling.code()
    try:
        with here.work() as work:
            person = invitations.join(
                work, invitation, name=form.name.data, title=form.title.data or "", password=form.password.data
            )
            signed_in = accounts.begin(work, person, partnership_id=invitation.partnership_id, browser=_browser())
            lands_on = invitation.lands_on
    except ValueError as wrong:
        form.password.errors = [str(wrong)]
        invitation = known.invitation(here.session(), token, here.now())
        if invitation is None:
            return _gone("Sign in with the password that was chosen then.", url_for(".sign_in"), "Sign in")
        return render_template("account/join.html", form=form, invitation=invitation), 422
    _remember(signed_in, remember=False)
    return redirect(safe_target(lands_on), 303)


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    """Show what one says about oneself, and where one is signed in."""
    me = _me()
    form = ProfileForm(formdata=None, obj=me)
    return _profile(form, ChangePasswordForm(formdata=None))


@bp.post("/profile")
def save_profile() -> ResponseReturnValue:
    """Change what one says about oneself."""
    form = ProfileForm()
    form.time_zone.choices = time_zones()
    if not form.validate():
        return _profile(form, ChangePasswordForm(formdata=None)), 422
    with here.work() as work:
        given = people.Profile(form.name.data, form.title.data or "", form.expertise.data or "", form.time_zone.data)
        people.change_profile(work, _me(), given)
    flash("Your profile is saved.", "success")
    return redirect(url_for(".profile"), 303)


@bp.post("/profile/password")
def change_password() -> ResponseReturnValue:
    """Choose a new password; every other browser is signed out."""
    form = ChangePasswordForm()
    me = _me()
    if form.validate():
        with here.work() as work:
            waits = accounts.admit(work, me.email, request.remote_addr or "")
        if waits:
            form.old.errors = [_waiting(waits)]
            return _profile(ProfileForm(formdata=None, obj=_me()), form), 429
        with here.work() as work:
            wrong = accounts.change_password(work, _me(), form.old.data, form.new.data, but=current_user.sign_in)
        if wrong is None:
            flash("Your new password works now. Your other browsers are signed out.", "success")
            return redirect(url_for(".profile"), 303)
        (form.old if wrong == accounts.NOT_YOURS else form.new).errors = [wrong]
    return _profile(ProfileForm(formdata=None, obj=_me()), form), 422


@bp.post("/profile/browsers/<int:sign_in_id>/sign-out")
def end_browser(sign_in_id: int) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    with here.work() as work:
        mine = {row.id: row for row in known.browsers(work.session, _me().id)}
        accounts.sign_out(work, mine.get(sign_in_id) or abort(404))
    flash("That browser is signed out.", "success")
    return redirect(url_for(".profile", _anchor="browsers"), 303)


def _join_with(token: str, holder: Person) -> ResponseReturnValue:
    """Let somebody who has an account take up an invitation with it."""
    invitation = known.invitation(here.session(), token, here.now()) or abort(410)
    me = here.person()
    if request.method == "GET" or me is None or me.id != holder.id:
        return render_template("account/accept.html", invitation=invitation, holder=holder, me=me), filling.code(403)
    lands_on = invitation.lands_on
    try:
        with here.work() as work:
            invitations.accept(work, invitation, holder)
            current_user.sign_in.partnership_id = invitation.partnership_id
    except ValueError as wrong:
        flash(str(wrong), "warning")
        return redirect(url_for("home.show"), 303)
    return redirect(safe_target(lands_on), 303)


def _profile(form: ProfileForm, password: ChangePasswordForm) -> str:
    form.time_zone.choices = time_zones()
    me, actor, store = _me(), here.actor(), here.session()
    return render_template(
        "account/profile.html",
        form=form,
        password=password,
        me=me,
        parts=who.parts(store, actor, me.id),
        terms=who.terms(store, actor, me.id),
        browsers=known.browsers(store, me.id),
        this=current_user.sign_in.id,
        roles=people.ROLES,
    )


def _remember(signed_in: SignedIn, *, remember: bool) -> None:
    """Give the browser a fresh cookie: nothing from before the sign-in is carried over."""
    session.clear()
    session.permanent = remember
    login_user(Visitor(signed_in.token, signed_in.sign_in))


def _too_soon(form: SignInForm, wait: timedelta) -> ResponseReturnValue:
    form.password.errors = [_waiting(wait)]
    page = render_template("account/sign_in.html", form=form)
    return page, 429, {"Retry-After": str(_seconds(wait))}


def _waiting(wait: timedelta) -> str:
    seconds = _seconds(wait)
    minutes = -(-seconds // 60)
    said = text.plural(seconds, "second", "seconds") if seconds <= 90 else text.plural(minutes, "minute", "minutes")  # noqa: PLR2004
    return f"There were several tries that did not work. Wait {said}, then try again."


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))


def _gone(advice: str, href: str, label: str) -> ResponseReturnValue:
    return render_template("account/ended.html", sentence=f"{ENDED_LINK} {advice}", href=href, label=label), 410


def _next() -> str:
    return safe_target(request.args.get("next"))


def _me() -> Person:
    return here.person() or abort(401)


def _browser() -> str:
    return browsers.words(request.user_agent.string)

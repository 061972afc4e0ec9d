"""Inviting people, and looking after invitations that nobody used yet."""

from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models import Invitation
from app.models.person import Role
from app.queries import accounts, places
from app.services import invitations as inviting
from app.services.people import ROLES
from app.web import here
from app.web.administration.part import bp, partnership, public_url, tell
from app.web.filling import code
from app.web.forms.administration import InviteForm
from app.web.gate import safe_target


@bp.get("/invitations")
def invitations() -> ResponseReturnValue:
    """Show the invitations that nobody used yet."""
    return render_template(
        "administration/invitations.html",
        invitations=accounts.invitations(here.session(), partnership().id),
        roles=ROLES,
        now=here.now(),
    )


@bp.route("/invitations/new", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InviteForm(role=Role.MEMBER, lands_on=safe_target(request.args.get("page")))
    place = partnership()
    form.offer(place.districts)
    form.offer_strands(places.strands(here.session(), place.id))
    if request.method == "POST" and form.validate():
        invited = inviting.Invited(
            form.email.data, form.part(), form.strand_ids.data, lands_on=path_of(form.lands_on.data)
        )
        try:
            with here.work() as work:
                inviting.invite(work, place, invited, public_url())
        except ValueError as wrong:
            tell(form.email, wrong)
        else:
            flash(f"The invitation to {invited.email.strip()} is on its way.", "success")
            return redirect(url_for(".invitations"), 303)
    return render_template("administration/invite.html", form=form), code()


@bp.post("/invitations/<int:invitation_id>/withdrawal")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Make an invitation work no more."""
    with here.work() as work:
        invitation = _invitation(invitation_id)
        email = invitation.email
        inviting.withdraw(work, invitation)
    flash(f"The invitation of {email} is withdrawn.", "success")
    return redirect(url_for(".invitations"), 303)


@bp.post("/invitations/<int:invitation_id>/again")
def send_again(invitation_id: int) -> ResponseReturnValue:
    """Send a fresh link."""
    with here.work() as work:
        invitation = _invitation(invitation_id)
        email = invitation.email
        inviting.send_again(work, invitation, public_url())
    flash(f"A new link is on its way to {email}. The link before it works no more.", "success")
    return redirect(url_for(".invitations"), 303)


def path_of(written: str | None) -> str:
    """Return the path of a page of this site, from the path or from the whole address; Home for anything else."""
    parts = urlsplit((written or "").strip())
    ours = urlsplit(public_url())
    if parts.netloc and parts.netloc not in {ours.netloc, request.host}:
        return "/"
    return safe_target(parts._replace(scheme="", netloc="").geturl())


def _invitation(invitation_id: int) -> Invitation:
    return accounts.one_invitation(here.session(), partnership().id, invitation_id) or abort(404)

"""The inbox: what somebody should know, and has not seen."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.queries import saved_searches as kept
from app.services import saved_searches
from app.web import here, telling
from app.web.frame import post_url

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show what I was told, the unread first."""
    return render_template("inbox/show.html", items=kept.inbox(here.session(), here.actor()))


@bp.get("/<int:item_id>")
def follow(item_id: int) -> ResponseReturnValue:
    """Lead to what an item is about. Having opened it is having seen it; that is safe to repeat."""
    item = kept.item(here.session(), here.actor(), item_id) or abort(404)
    target = post_url(item.post)
    with here.work() as work:
        saved_searches.read(work, item)
    return redirect(target, 303)


@bp.post("/<int:item_id>/reading")
def read(item_id: int) -> ResponseReturnValue:
    """Note that I have seen an item."""
    item = kept.item(here.session(), here.actor(), item_id) or abort(404)
    with here.work() as work:
        saved_searches.read(work, item)
    return redirect(url_for(".show"), 303)


@bp.post("/reading")
def read_all() -> ResponseReturnValue:
    """Note that I have seen everything."""
    with here.work() as work:
        saved_searches.read_all(work)
    telling.done("Everything is marked as read.")
    return redirect(url_for(".show"), 303)

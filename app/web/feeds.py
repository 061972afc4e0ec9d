"""Feeds: what a saved search finds for its owner today, for a feed reader that knows the secret address."""

import re
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, abort, current_app, url_for
from flask.typing import ResponseReturnValue

from app.kinds import kind_of
from app.lib import text, tokens
from app.models import Post
from app.queries import saved_searches
from app.queries.saved_searches import Feed
from app.search import IndexBusy, IndexDamaged
from app.web import here
from app.web.frame import post_url
from app.web.gate import public

bp = Blueprint("feeds", __name__, url_prefix="/feeds")

ATOM = "http://www.w3.org/2005/Atom"
SUMMARY = 280  # characters

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@bp.get("/<token>.atom")
@public
def show(token: str) -> ResponseReturnValue:
    """Return the newest posts that a saved search finds for its owner, as an Atom feed."""
    today = here.now().date()
    try:
        feed = saved_searches.feed(here.session(), here.index(), tokens.digest(token), today)
    except (IndexDamaged, IndexBusy):
        return Response("Search is being put together again. Try again in a few minutes.", 503, mimetype="text/plain")
    if feed is None:
        abort(404)
    answer = Response(_atom(feed), content_type="application/atom+xml; charset=utf-8")
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _atom(feed: Feed) -> bytes:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _say(root, "id", f"{_public()}/searches/{feed.saved.id}")
    _say(root, "title", f"Braid: {feed.saved.name}")
    _say(root, "updated", _moment(max((_changed(post) for post in feed.posts), default=feed.saved.created_at)))
    SubElement(root, "link", {"href": f"{_public()}{url_for('search.show')}?{feed.saved.address}"})
    for post in feed.posts:
        _entry(root, post)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: Element, post: Post) -> None:
    entry = SubElement(root, "entry")
    _say(entry, "id", f"{_public()}/posts/{post.id}")
    _say(entry, "title", post.title)
    _say(entry, "updated", _moment(_changed(post)))
    SubElement(entry, "link", {"href": f"{_public()}{post_url(post)}"})
    _say(SubElement(entry, "author"), "name", f"{post.author.name}, {post.district.short_name}")
    SubElement(entry, "category", {"term": kind_of(post).label})
    _say(entry, "summary", text.shorten(post.body, SUMMARY))


def _say(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = _NOT_IN_XML.sub("", words)


def _changed(post: Post) -> datetime:
    return max(post.edited_at, post.shared_at or post.edited_at)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _public() -> str:
    root: str = current_app.config["BRAID"].public_url
    return root.rstrip("/")

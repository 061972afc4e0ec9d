"""What managers keep: people, invitations, districts, strands, the partnership, and the log of all that was done."""

from app.web.administration import departures, districts, invitations, log, members, overview, strands, terms
from app.web.administration.part import bp

__all__ = ["bp", "departures", "districts", "invitations", "log", "members", "overview", "strands", "terms"]

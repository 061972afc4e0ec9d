"""Pages for people: read the request, call a function or two, answer."""

"""Seeing it: a run as a story of ways and events, shown live in a browser or kept in one file.

``story``
    a world of a run, told stretch by stretch; ``ground``, ``tracks``, ``events`` and
    ``counters`` are its parts, ``rows`` the shape of what is sent
``session``
    the one or two worlds of a browser tab; ``levers`` moves what can be moved in them
``server``
    the page and its websocket, on this machine only
``replay``
    one HTML file that plays from disk

``docs/viewer.md`` describes the story and the messages. Looking changes no outcome.
"""

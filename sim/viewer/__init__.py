"""The viewer: a run as a story of paths and events, live in a browser or saved in one file.

``story``
    the story of a run, stretch by stretch; ``ground`` and ``tracks`` are parts of it,
    ``wire_format`` is the format in which it is sent
``session``
    the one or two worlds of a browser tab; ``levers`` are the parameters that can be moved there
``year_comparison``
    the effect of levers over many years, run in the background
``server``
    the page and its websocket, on this machine only
``replay``
    one HTML file that plays from disk

``docs/viewer.md`` describes the story and the messages. Watching a run changes no outcome.
"""

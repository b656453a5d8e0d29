"""Pages with a websocket, served to browsers: the live view and the lab are such pages.

``asking``
    what a page may ask, checked before anything is done
``page``
    an application: files, routes, and a talk with each tab
``door``
    who is let in, and what a page may load
``server``
    where it listens, and how long it waits for whom
"""

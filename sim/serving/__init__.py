"""Pages with a websocket, served to browsers: the live view and the lab.

``messages``
    messages from a page, validated before anything is done
``page``
    the application: files, routes, and a websocket for each tab
``access``
    who may open a page, and what the page may load
``server``
    the socket, timeouts and limits of connections
"""

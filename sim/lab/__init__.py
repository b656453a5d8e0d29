"""The lab: a page to start, watch and stop batches, and to read their results.

``choices``
    the scenarios that can be picked
``store_state``
    what the store holds, and the progress of its last batch
``batch_process``
    a batch as a process of its own, which an interrupt stops
``run_speed``
    how long a simulated day takes on this machine
``controller``
    the state that the page shows, and answers to its messages
``findings``
    the comparison of the store as the page shows it, its tables and the whole report
``server``
    the page, its websocket, and the comparison as HTML and files

Nothing is run or compared here: a batch is the command ``panj batch``, and the comparison that of
:mod:`sim.comparison`. ``docs/lab.md`` describes the page.
"""

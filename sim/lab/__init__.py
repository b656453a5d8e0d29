"""The lab: batches started, watched, stopped and read in a browser, on the store of `panj batch`.

``choices``
    the scenarios that can be picked
``held``
    what the store holds, and how far its last batch is, of the page or of a command line
``child``
    a batch as a process of its own, which an interrupt stops
``desk``
    what the page is told, and what it may ask
``grid``
    the cells of the matrix
``findings``
    the comparison of the store as the page shows it, its tables and the whole report
``server``
    the page, for browsers on this machine only

Nothing is run or compared here: the batch is the command, the comparison that of
:mod:`sim.comparison`. ``docs/lab.md`` describes the page.
"""

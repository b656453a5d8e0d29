"""What a scenario is, without running it.

``spec``
    the parameters, typed and frozen; ``parameters`` reads them as a flat table
``load``
    reads a TOML file into a scenario, with the source of every value
``catalogue``
    finds the shipped files, and the file that a name on the command line refers to
``values``
    flattens, compares and changes scenarios, and computes their digests

A value passes through ``read`` (one file), ``merge`` (files, defaults, overrides) and ``validate``
(``error_messages`` for one value, ``check`` between values) into a ``Scenario``.
"""

"""What a scenario is, without running it.

``spec``
    the parameters, typed and frozen; ``parameters`` reads them as a flat table
``load``
    from a TOML file to a scenario, with the source of every value
``catalogue``
    where the shipped files are, and what a name on the command line means
``vary``
    flatten, digest, compare and vary scenarios

The way of a value: ``read`` (one file) -> ``merge`` (files, defaults, overrides) -> ``validate``
(``explain`` for one value, ``check`` between values) -> ``Scenario``.
"""

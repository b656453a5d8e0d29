"""Reports made up for the tests of calibration."""

import datetime as dt

from sim.calibrate.reports import Report

DAY = dt.date(2025, 3, 1)


def report(kind="smuggling_interdiction", day=DAY, **said):
    """A report that says ``said`` and nothing else."""
    silent = dict.fromkeys(
        (
            "night", "district", "clash", "group_size", "killed_guards", "killed_intruders",
            "killed_workers", "killed_villagers", "wounded_guards", "escaped", "detained",
            "seized_kg", "cue", "delay_hours",
        )
    )  # fmt: skip
    return Report(identity="X", day=day, kind=kind, **(silent | said))


def table(folder, name, text):
    """Write a file of a user's own folder of seeds; returns the folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def toml(header, **values):
    """One table of a TOML file, its values as TOML wants them."""

    def said(value):
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list):
            return f"[{', '.join(map(said, value))}]"
        return f'"{value}"' if isinstance(value, str) else repr(value)

    lines = [f"{key} = {said(value)}" for key, value in values.items() if value is not None]
    return "\n".join([f"[{header}]", *lines, ""])

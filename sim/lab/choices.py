"""The scenarios that can be picked: shipped ones, files named by the user, those of the store."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sim.errors import PanjError
from sim.runs.catalogue import StoredScenario
from sim.scenario.catalogue import names
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import digest

_SENTENCE: Final = re.compile(r".+?[.?!](?=\s|$)")


class Choice(NamedTuple):
    """A scenario to pick.

    ``argument`` is the argument of ``panj batch`` for it; None for a scenario that only the store
    has. ``days`` is its horizon; ``digest`` stands for all its values.
    """

    name: str
    title: str
    sentence: str
    argument: str | None
    days: float
    digest: str


def load_choices(files: Iterable[str]) -> dict[str, Choice]:
    """By name: scenarios of files first, then the shipped ones with other names.

    Raises :class:`~sim.errors.PanjError` for a file that cannot be read, and for two files with
    scenarios of one name.
    """
    found: dict[str, Choice] = {}
    file_of: dict[str, str] = {}
    for file in files:
        spec = load(file)
        if file_of.setdefault(spec.name, file) != file:
            raise PanjError(
                f"{file_of[spec.name]} and {file} are scenarios of one name",
                key="name",
                value=spec.name,
                remedy='Give one of them another: name = "..." in its file.',
            )
        found[spec.name] = choice(spec, file)
    return found | {name: choice(load(name), name) for name in names() if name not in found}


def choice(spec: Scenario, argument: str | None) -> Choice:
    """A scenario as the page shows it."""
    return Choice(
        spec.name,
        spec.title or spec.name,
        sentence(spec.description),
        argument,
        spec.days,
        digest(spec),
    )


def sentence(description: str) -> str:
    """The first sentence of a description, in one line; empty without a description."""
    flat = " ".join(description.replace("`", "").split())
    found = _SENTENCE.match(flat)
    return found[0] if found else flat


def store_choices(
    store: Mapping[str, StoredScenario], offered: Mapping[str, Choice]
) -> dict[str, Choice]:
    """By name: scenarios that only the store has; variants of others are left out."""
    return {
        name: choice(held.scenario, None)
        for name, held in store.items()
        if not held.origin and (name not in offered or offered[name].digest != held.digest)
    }


def batch_arguments(
    picked: Sequence[str], known: Mapping[str, Choice], in_store: Collection[str], store: str
) -> list[str]:
    """The arguments of ``panj batch`` for the names picked; none for all scenarios ``in_store``.

    The file of a scenario that only the store has is not known. So such a scenario can only be
    run together with all others of the store. Raises :class:`~sim.errors.PanjError` for names
    that cannot be run together.
    """
    if not picked:
        raise PanjError("no scenario is picked", remedy="Pick at least one.")
    for name in picked:
        if name not in known:
            raise PanjError("is not among the scenarios offered", key="scenario", value=name)
    store_only = [name for name in picked if known[name].argument is None]
    if store_only and set(picked) != set(in_store):
        raise PanjError(
            "only the store has this scenario, so it can only be run with all others of the store",
            key="scenario",
            value=store_only[0],
            remedy="Pick exactly the scenarios of the store, or leave this one out, or name its "
            f"file: panj lab {store} FILE.toml.",
        )
    return [] if store_only else [known[name].argument or name for name in picked]

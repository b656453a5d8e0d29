"""The scenarios that can be picked: shipped ones, files that were named, those of the store."""

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

    ``given`` is what ``panj batch`` takes for it; ``None`` of one that only the store has.
    ``days`` is its horizon; ``digest`` stands for all its values.
    """

    name: str
    title: str
    sentence: str
    given: str | None
    days: float
    digest: str


def load_choices(files: Iterable[str]) -> dict[str, Choice]:
    """By name: those of files first, in sight; then the shipped ones but the namesakes of these.

    Raises :class:`~sim.errors.PanjError` for a file that cannot be read, and for two files with
    scenarios of one name.
    """
    found: dict[str, Choice] = {}
    own: dict[str, str] = {}
    for file in files:
        spec = load(file)
        if own.setdefault(spec.name, file) != file:
            raise PanjError(
                f"{own[spec.name]} and {file} are scenarios of one name",
                key="name",
                value=spec.name,
                remedy='Give one of them another: name = "..." in its file.',
            )
        found[spec.name] = choice(spec, file)
    return found | {name: choice(load(name), name) for name in names() if name not in found}


def choice(spec: Scenario, given: str | None) -> Choice:
    """A scenario as it is shown."""
    return Choice(
        spec.name,
        spec.title or spec.name,
        sentence(spec.description),
        given,
        spec.days,
        digest(spec),
    )


def sentence(description: str) -> str:
    """The first sentence of a description, in one line; empty where there is none."""
    flat = " ".join(description.replace("`", "").split())
    found = _SENTENCE.match(flat)
    return found[0] if found else flat


def store_choices(
    store: Mapping[str, StoredScenario], offered: Mapping[str, Choice]
) -> dict[str, Choice]:
    """By name: scenarios of a store that nothing offered gives; variants of others left out."""
    return {
        name: choice(held.scenario, None)
        for name, held in store.items()
        if not held.origin and (name not in offered or offered[name].digest != held.digest)
    }


def batch_arguments(
    picked: Sequence[str], known: Mapping[str, Choice], there: Collection[str], store: str
) -> list[str]:
    """What ``panj batch`` takes for the names picked; nothing for all that are ``there``.

    Of what the store alone has the file is not known, so it goes on with all of the store or not
    at all. Raises :class:`~sim.errors.PanjError` for names that cannot be run together.
    """
    if not picked:
        raise PanjError("no scenario is picked", remedy="Pick at least one.")
    for name in picked:
        if name not in known:
            raise PanjError("is not among the scenarios offered", key="scenario", value=name)
    lone = [name for name in picked if known[name].given is None]
    if lone and set(picked) != set(there):
        raise PanjError(
            "only the store has this scenario, so it goes on with all of the store or not at all",
            key="scenario",
            value=lone[0],
            remedy="Pick just the scenarios that the store holds, or leave it out, or name its "
            f"file: panj lab {store} FILE.toml.",
        )
    return [] if lone else [known[name].given or name for name in picked]

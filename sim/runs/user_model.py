"""A model of one's own in a batch: known again by its code, and sent to workers with its kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from sim import user_code
from sim.errors import PanjError
from sim.incidents.kinds import KINDS, SHIPPED
from sim.runs.replicate import Run, simulate

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.runs.replicate import Simulate
    from sim.scenario.spec import Scenario


def model_identity(model: type[BorderModel]) -> dict[str, str]:
    """What a store remembers of a model: its name, and a digest of its code.

    The code is that of the modules of the class, of those that it extends and of the functions in
    ``populations``; of what stands in a script or a notebook, of these classes and functions alone.
    Raises :class:`PanjError` for what is not a model of one's own.
    """
    from sim.model import BorderModel

    given: object = model
    if not (isinstance(given, type) and issubclass(given, BorderModel)):
        raise PanjError(
            "is not a model",
            key="model",
            value=model,
            remedy="Give a class that extends BorderModel.",
        )
    marks = "".join(dict.fromkeys(map(user_code.digest, _codes(model))))
    code = hashlib.blake2b(marks.encode(), digest_size=8).hexdigest()
    return {"name": model.__qualname__, "code": code}


def simulate_with(model: type[BorderModel], *, here: bool) -> Simulate:
    """What runs a scenario once in that model: in this process, or in any that it is sent to."""
    if here:
        return partial(simulate, model=model)
    kinds = [
        [kind for name, kind in registry.items() if name not in shipped]
        for registry, shipped in zip(KINDS, SHIPPED, strict=True)
    ]
    return partial(_simulate_sent, user_code.pack((model, kinds), _codes(model)))


def _simulate_sent(sent: bytes, scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Run a model that came as bytes once, as :func:`~sim.runs.replicate.simulate` does."""
    return simulate(scenario, seed, keep, _arrived(sent))


@lru_cache(maxsize=4)
def _arrived(sent: bytes) -> type[BorderModel]:
    """The model, once its kinds are known here."""
    model: type[BorderModel]
    model, kinds = user_code.unpack(sent)
    for registry, own in zip(KINDS, kinds, strict=True):
        for kind in own:
            if kind.name in registry:
                registry.remove(kind.name)
            registry.register(kind)
    return model


def _codes(model: type[BorderModel]) -> list[user_code.Code]:
    """The classes and functions of one's own that make a model what it is."""
    codes: list[user_code.Code] = [*model.__mro__, *model.populations]
    return [code for code in codes if not _is_ours(code)]


def _is_ours(code: user_code.Code) -> bool:
    return code.__module__.partition(".")[0] in ("sim", "mesa", "builtins", "typing", "abc")

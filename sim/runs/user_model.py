"""A user-defined model in a batch: identified by its code, and sent to workers with its kinds."""

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
    """What a store records of a model: its name, and a digest of its code.

    The code is that of the modules of the class, of the classes that it extends and of the
    functions in ``populations``. For code in a script or a notebook it is that of these classes
    and functions only. Raises :class:`PanjError` for anything but a subclass of ``BorderModel``.
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
    """A function that runs a scenario once in that model, here or in another process."""
    if here:
        return partial(simulate, model=model)
    kinds = [
        [kind for name, kind in registry.items() if name not in shipped]
        for registry, shipped in zip(KINDS, SHIPPED, strict=True)
    ]
    return partial(_simulate_sent, user_code.pack((model, kinds), _codes(model)))


def _simulate_sent(sent: bytes, scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Run a model that was sent as bytes; see :func:`~sim.runs.replicate.simulate`."""
    return simulate(scenario, seed, keep, _unpacked(sent))


@lru_cache(maxsize=4)
def _unpacked(sent: bytes) -> type[BorderModel]:
    """The model that was sent; its kinds are registered in this process."""
    model: type[BorderModel]
    model, kinds = user_code.unpack(sent)
    for registry, own in zip(KINDS, kinds, strict=True):
        for kind in own:
            if kind.name in registry:
                registry.remove(kind.name)
            registry.register(kind)
    return model


def _codes(model: type[BorderModel]) -> list[user_code.Code]:
    """The user-defined classes and functions of a model."""
    codes: list[user_code.Code] = [*model.__mro__, *model.populations]
    return [code for code in codes if not _is_ours(code)]


def _is_ours(code: user_code.Code) -> bool:
    return code.__module__.partition(".")[0] in ("sim", "mesa", "builtins", "typing", "abc")

"""User-defined classes and functions: a digest of their source, and their transfer to workers."""

import hashlib
import inspect
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import _lru_cache_wrapper, lru_cache
from typing import Any

from sim.errors import PanjError

type Code = type | Callable[..., Any]


def digest(code: Code) -> str:
    """16 hexadecimal digits that stand for the source of a class or function.

    The source is that of its whole module, if it has one. For a class in a notebook, whose source
    Python 3.12 does not find, it is that of its methods and its plain values. Raises
    :class:`PanjError` where the source cannot be read.
    """
    module = sys.modules.get(code.__module__)
    try:
        whole = module is not None and module.__name__ != "__main__"
        source = inspect.getsource(module) if whole and module is not None else _source(code)
    except (OSError, TypeError):
        raise PanjError(
            "the source of this code cannot be read, so it could not be identified later",
            value=code.__qualname__,
            remedy="Write it in a file or in a notebook.",
        ) from None
    return hashlib.blake2b(source.encode(), digest_size=8).hexdigest()


def _source(code: Code) -> str:
    try:
        return inspect.getsource(code)
    except (OSError, TypeError):
        if not isinstance(code, type):
            raise
        own = {name: value for name, value in vars(code).items() if not name.startswith("__")}
        plain = {n: value for n, value in own.items() if isinstance(value, int | float | str)}
        methods = [each for each in vars(code).values() if inspect.isfunction(each)]
        return "\n".join([code.__qualname__, repr(plain), *map(inspect.getsource, methods)])


def pack(things: object, codes: Iterable[Code]) -> bytes:
    """Objects as bytes for a worker, which need not have the source files of their code.

    Raises :class:`PanjError` without the library cloudpickle, and for objects that cannot be sent.
    """
    names = {code.__module__ for code in codes} - {"__main__", "builtins"}
    modules = [sys.modules[name] for name in names if name in sys.modules]
    try:
        import cloudpickle  # type: ignore[import-untyped]

        by_code = {*names, "__main__"}

        class Pickler(cloudpickle.CloudPickler):  # type: ignore[misc]
            """Sends a function with a cache by its code; Python would send only its name."""

            def reducer_override(self, thing: Any) -> Any:
                """The parts of an object, and the function that puts them together."""
                if isinstance(thing, _lru_cache_wrapper) and thing.__module__ in by_code:
                    return _cached, (thing.__wrapped__, thing.cache_parameters())
                return super().reducer_override(thing)

        for module in modules:
            cloudpickle.register_pickle_by_value(module)
        try:
            made = io.BytesIO()
            Pickler(made).dump(things)
        finally:
            for module in modules:
                cloudpickle.unregister_pickle_by_value(module)
    except Exception as error:  # a pickler raises whatever the object raises
        raise PanjError(
            f"your code cannot be sent to workers ({error})",
            remedy="Install cloudpickle (pip install cloudpickle), let the code hold nothing that "
            'belongs to this process, or run it here: executor="serial".',
        ) from error
    return made.getvalue()


def _cached(function: Callable[..., Any], parameters: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with a new cache."""
    found: Callable[..., Any] = lru_cache(**parameters)(function)
    return found


def unpack(sent: bytes) -> Any:
    """The objects packed by :func:`pack`."""
    import cloudpickle

    return cloudpickle.loads(sent)

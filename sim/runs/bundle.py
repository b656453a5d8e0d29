"""A study in one file: a store, its reports, and how to reproduce it elsewhere.

The file is a zip with an RO-Crate (Soiland-Reyes et al. 2022): the files, and a JSON that
describes each of them. The store in it is a store like any other.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sim.errors import StoreError
from sim.runs import catalogue
from sim.runs.export import check_new, partial_file
from sim.runs.posterior import DRAWS_FILE
from sim.runs.provenance import without_paths
from sim.runs.store import PARAMETERS, Store
from sim.runs.store_files import checksum

METADATA: Final = "ro-crate-metadata.json"
README: Final = "README.md"
STORE_FOLDER: Final = "store"
"""The folder of the store inside the bundle."""

_PROFILE: Final = "https://w3id.org/ro/crate/1.1"
_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The timestamp of every file in the zip, so that the same study gives the same bytes."""

_KINDS: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".csv": "text/csv",
}


def bundle(
    store: Store, target: Path, more_files: Mapping[str, bytes], *, force: bool = False
) -> int:
    """Write ``target``, a zip, and return how many files it holds.

    ``more_files`` are further files by their name in the bundle, such as a report. Raises
    :class:`~sim.errors.StoreError` where the store is damaged, or a batch is writing to it;
    :class:`~sim.errors.OutputError` where the target exists already or is not a ``.zip``.
    """
    check_new(target, [".zip"], "a bundle is a .zip", force=force)
    if store.in_use:
        raise StoreError(
            "a batch is writing to it", path=store.path, remedy="Wait until the batch has ended."
        )
    store.look()
    folder = STORE_FOLDER
    paths = {f"{folder}/{path.relative_to(store.path).as_posix()}": path for path in _files(store)}
    texts = {**more_files, "scenarios.json": _scenarios(store), README: _readme(store).encode()}
    sums = {name: checksum(path.read_bytes()) for name, path in paths.items()}
    sums |= {name: checksum(content) for name, content in texts.items()}
    texts[METADATA] = _metadata(store, sums)
    with partial_file(target) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name in sorted([*paths, *texts]):
            content = paths[name].read_bytes() if name in paths else texts[name]
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return len(paths) + len(texts)


def _files(store: Store) -> Iterator[Path]:
    """Every file of the store, after a check of its checksum."""
    yield store.path / catalogue.NAME
    yield store.path / PARAMETERS
    if store.manifest.draws:
        yield store.path / DRAWS_FILE
    for table in store.tables:
        checked = store.checked_files(table)
        if checked is None:
            raise StoreError(
                "a part disappeared meanwhile", path=store.path, remedy="Give the command again."
            )
        yield from checked


def _scenarios(store: Store) -> bytes:
    """Each scenario with its digest and all its values."""
    return _json(
        {
            name: {"digest": stored.digest, "values": dict(stored.values)}
            for name, stored in store.manifest.scenarios.items()
        }
    )


def _readme(store: Store) -> str:
    runs = sum(sum(store.counts(name)[:1]) for name in store.scenarios)
    made = store.manifest.made_with
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    history = store.manifest.history
    commands = dict.fromkeys(without_paths(entry.get("command")) for entry in history)
    lines = "\n".join(f"    {command or '(from Python)'}" for command in commands)
    return f"""# A study made with Panj

{len(store.scenarios)} scenarios, {runs:,} runs. The store is in `{STORE_FOLDER}/`. `scenarios.json`
has every value of every scenario. `{METADATA}` describes each file, with its SHA-256.

To read it, install panj and unpack this file:

    panj store info {STORE_FOLDER}
    panj compare {STORE_FOLDER}

To make every run again and compare every table:

    panj store verify {STORE_FOLDER} --rerun {runs}

It was made with {versions} (code {made["code"]}), by

{lines}

All rows of all tables have the digest {store.table_hash()}.
"""


def _metadata(store: Store, sums: Mapping[str, str]) -> bytes:
    """The RO-Crate's description of itself and of each file."""
    made = store.manifest.made_with
    times = [str(entry.get("finished") or entry["began"]) for entry in store.manifest.history]
    graph = [
        _entity(METADATA, "CreativeWork", about={"@id": "./"}, conformsTo={"@id": _PROFILE}),
        _entity(
            "./",
            "Dataset",
            name=f"A Panj study of {', '.join(store.scenarios)}",
            description="Simulated years under several border policies, on synthetic posts and "
            "sites; results by district, conditional on the assumptions of each scenario.",
            hasPart=[{"@id": name} for name in sorted(sums)],
            mentions={"@id": "#made"},
            datePublished=max(times)[:10],
        ),
        _entity(
            "#panj",
            "SoftwareApplication",
            name="Panj",
            version=str(made["versions"].get("panj")),
            identifier=str(made["code"]),
        ),
        _entity(
            "#made",
            "CreateAction",
            name="The batch that filled the store",
            instrument={"@id": "#panj"},
            result={"@id": f"{STORE_FOLDER}/{catalogue.NAME}"},
        ),
    ]
    for name, total in sorted(sums.items()):
        kind = _KINDS.get(Path(name).suffix, "application/octet-stream")
        short = name.rpartition("/")[2]
        graph.append(_entity(name, "File", name=short, encodingFormat=kind, sha256=total))
    context = [f"{_PROFILE}/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]
    return _json({"@context": context, "@graph": graph})


def _entity(identity: str, kind: str, **said: object) -> dict[str, object]:
    return {"@id": identity, "@type": kind, **said}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode() + b"\n"

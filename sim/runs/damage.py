"""What is wrong with the files of a store: checksums that nobody vouches for, parts gone."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.runs import files as place
from sim.runs.files import BLOCK, Block
from sim.runs.manifest import Manifest, vouched


class Damage(NamedTuple):
    """Files that belong together, of which one cannot be trusted, and what is wrong with it."""

    files: tuple[str, ...]
    file: str
    reason: str
    block: Block

    def told(self, manifest: Manifest) -> str:
        """The damage in words, with the scenario and the replicates that are concerned."""
        names = {digest: name for name, digest in manifest.digests.items()}
        first = self.block.number * BLOCK
        whose = names.get(self.block.digest, self.block.digest)
        return (
            f"{self.file} {self.reason} "
            f"({whose}, some or all of the replicates {first:,} to {first + BLOCK - 1:,})"
        )


class Findings(NamedTuple):
    """The damages of a store, and the checksum of every finished part that is sound."""

    damages: list[Damage]
    sums: dict[str, str]


def inspect(store: Path, manifest: Manifest) -> Findings:
    """Read every file of a store and compare its checksum with what is vouched for."""
    sound = vouched(store, manifest)
    damages: list[Damage] = []
    sums: dict[str, str] = {}
    for chunk in place.pending(store):
        files = [place.chunk_file(chunk, table) for table in manifest.tables]
        damage = _first_wrong(store, files, sound, chunk.block, {})
        damages += [damage] if damage else []
    finished = {block for table in manifest.tables for block in place.blocks(store, table)}
    waiting = {chunk.block for chunk in place.pending(store)}
    for block in sorted(finished):
        files = [place.part(block, table) for table in manifest.tables]
        if block in waiting and not (store / files[0]).exists():
            continue  # its first outcomes are still in chunks
        mine: dict[str, str] = {}
        damage = _first_wrong(store, files, sound, block, mine)
        if damage:
            damages.append(damage)
        else:
            sums |= mine
    damages += _gone(manifest, finished | waiting)
    return Findings(damages, sums)


def _first_wrong(
    store: Path,
    files: Sequence[str],
    sound: dict[str, set[str]],
    block: Block,
    sums: dict[str, str],
) -> Damage | None:
    for name in files:
        try:
            sums[name] = place.checksum((store / name).read_bytes())
        except FileNotFoundError:
            return Damage(tuple(files), name, "is gone", block)
        except OSError as error:
            return Damage(tuple(files), name, f"cannot be read ({error.strerror})", block)
        if sums[name] not in sound.get(name, ()):
            return Damage(tuple(files), name, "is not what panj wrote: its checksum differs", block)
    return None


def _gone(manifest: Manifest, there: set[Block]) -> list[Damage]:
    """Stretches that the manifest lists and of which nothing is left."""
    listed = {
        Block(digest, int(name.split(".")[1])): name
        for name in manifest.parts
        for digest in [name.partition("/")[2].partition(".")[0]]
        if name.startswith("outcomes/")
    }
    return [
        Damage((), name, "is gone", block)
        for block, name in sorted(listed.items())
        if block not in there
    ]

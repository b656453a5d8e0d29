"""Names of districts in other sources."""

from __future__ import annotations

import re
from typing import Final

from sim.frontier.ground import Ground
from sim.incidents.external.sheet import slug
from sim.registry import did_you_mean

_OTHER_NAMES: Final = {
    "shamsiddin_shohin": "shuroobod shuroabad shurobod shuroabod shurabad",
    "hamadoni": "moskovskiy moskovsky hamadani mirsayyidalihamadoni mirsaidalihamadoni",
    "jayhun": "qumsangir kumsangir jaihun jayhoun",
    "qubodiyon": "qabodiyon kabodiyon kobodiyon qubadiyan",
    "shahritus": "shahrituz shahrtuz shaartuz shakhrituz",
    "panj": "pyanj pyandzh pyandj pandzh",
    "farkhor": "farkhar farhor parkhar",
    "darvoz": "darvaz darwaz darwoz",
    "vanj": "vanch wanj",
    "rushon": "rushan",
    "shughnon": "shughnan shugnan shugnon",
    "ishkoshim": "ishkashim ishkoshm",
    "murghob": "murghab murgab murgob",
}
"""Former names and other spellings of districts of the shipped ground."""


def _plain(name: str) -> str:
    """Letters only, without text in brackets and without the word for a district."""
    bare = re.sub(r"\(.*?\)|\b(district|raion|rayon|nohiya)\b", "", name.casefold())
    return re.sub(r"[^a-z]", "", bare)


class DistrictNames:
    """The districts of a ground by their own and their other names."""

    def __init__(self, ground: Ground) -> None:
        self._known = tuple(ground.slugs)
        self._slugs = {_plain(name): name for name in ground.slugs}
        self._slugs |= {_plain(district.name): district.slug for district in ground.districts}
        for name, others in _OTHER_NAMES.items():
            if name in ground.slugs:
                self._slugs |= dict.fromkeys(others.split(), name)

    def slug(self, name: str) -> str | None:
        """The district of this name, if the ground has one."""
        return self._slugs.get(_plain(name))

    def guess(self, name: str) -> str:
        """A hint at a name that is similar; empty if there is none."""
        return did_you_mean(slug(name), self._known)

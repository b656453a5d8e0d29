"""Invented frontiers: the texts of a ground's files, made of a few numbers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sin
from pathlib import Path

from sim.frontier.files import TERRAINS

NAMES = ("Norte", "Centro", "Sur", "Pie de la Sierra", "Окраина")
WET_JANUARY = (2.0, 1.9, 1.6, 1.2, 0.9, 0.6, 0.4, 0.4, 0.5, 0.7, 1.0, 1.6)


def texts(
    ends: Sequence[float] = (40.0, 90.0, 120.0),
    step: float = 2.5,
    place: tuple[float, float] = (-69.0, -31.0),
    utc: float = -4.0,
    river: Sequence[float] = WET_JANUARY,
    weights: str = "[weights.smugglers]\ndistricts = { d0 = 1.0, d1 = 3.0 }\n",
) -> dict[str, str]:
    """Files of a frontier whose districts ``d0``, ``d1``, ... end at ``ends`` (km)."""
    lon, lat = place
    points = [step * i for i in range(round(ends[-1] / step) + 1)]
    line = [
        f"{km},{lon - 0.001 * km:.4f},{lat - 0.005 * km:.4f},{800 + 300 * sin(km / 9):.0f},"
        f"{2400 + 500 * sin(km / 7):.0f},{20 + km % 7},{'Cuyo' if km < 60 else 'Ribera'},"
        f"{TERRAINS[int(5 * km / (ends[-1] + 1))]}"
        for km in points
    ]
    districts = [
        f"d{i},{NAMES[i]},{'Alta' if i % 2 else 'Baja'},{west},{east},{9000 * (i + 1)},a note"
        for i, (west, east) in enumerate(pairwise([0.0, *ends]))
    ]
    head = "km,lon,lat,elevation_m,crest_m,roughness_m_per_km,opposite,terrain"
    return {
        "ground.toml": 'name = "austral"\ntitle = "An invented frontier"\n'
        f'km_0 = "the lighthouse"\nutc_offset_hours = {utc!r}\nlanguage = "es"\n{weights}',
        "line.csv": "\n".join([head, *line, ""]),
        "districts.csv": "\n".join(
            ["slug,name,region,km_from,km_to,population,note", *districts, ""]
        ),
        "river_season.csv": "\n".join(
            ["month,index", *(f"{m},{v!r}" for m, v in enumerate(river, 1)), ""]
        ),
    }


def write(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write the files of a frontier to a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (texts() if files is None else files).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder

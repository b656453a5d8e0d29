"""A comparison as text within 100 columns: the verdicts, then the figures behind them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from sim.cli.outcome_table import WIDTH
from sim.comparison.digits import about, per_cent, short
from sim.measures.registry import described

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.comparison.comparison import Comparison

Row = Mapping[str, object]

NOTHING: Final = "–"
LABEL: Final = 30
"""Greatest width of the names of outcomes; a longer one goes on in the next line."""

_INDENT: Final = 2
_GAP: Final = 2
_SHORT_JUDGEMENT: Final = {
    "practically the same": "same",
    "no difference can be measured": "no difference",
    "nothing can be said": NOTHING,
}


def as_text(found: Comparison, *, everything: bool = False) -> Iterator[str]:
    """The lines of a comparison; ``everything`` adds the districts one by one."""
    yield click.style("Verdict", bold=True)
    for verdict in found.verdicts:
        yield from textwrap.wrap(verdict, WIDTH, initial_indent="  ", subsequent_indent="    ")
    for note in found.notes:
        yield from textwrap.wrap(f"Note: {note}", WIDTH, subsequent_indent="    ")
    rows = found.table.to_pylist()
    for scenario, group in groupby(rows, key=lambda row: str(row["scenario"])):
        yield ""
        yield from _outcomes(scenario, list(group), found)
    yield from _legend(found)
    parts = (
        _displacement(found.displacement, everything),
        _cost(found),
        _ranking(found),
        uncertainty(found, everything=everything),
    )
    for part in parts:
        lines = list(part)
        if lines:
            yield from ["", *lines]


def number(value: object) -> str:
    """A figure in short, a dash where nothing can be said."""
    return short(float(value)) if isinstance(value, int | float) else NOTHING


def _share(value: object) -> str:
    return per_cent(float(value)) if isinstance(value, int | float) else NOTHING


def _span(row: Row, middle: str, low: str = "low", high: str = "high", scale: float = 1.0) -> str:
    """As in "-1.8 (-2.6 to -1.1)"."""
    values = [row[name] for name in (middle, low, high)]
    told = [number(scale * v) if isinstance(v, int | float) else None for v in values]
    if told[0] is None:
        return NOTHING
    return told[0] if None in told else f"{told[0]} ({told[1]} to {told[2]})"


def _outcomes(scenario: str, rows: Sequence[Row], found: Comparison) -> Iterator[str]:
    pairs = max((n for row in rows if isinstance(n := row["n"], int)), default=0)
    yield click.style(f"{scenario} against {found.baseline}, {pairs:,} pairs", bold=True)
    interval = f"difference ({100 * found.confidence:g} % CI)"
    head = ("", "baseline", "scenario", interval, "better", "pairing", "judgement")
    yield from columns([head, *map(_cells, rows)], left=(0, 6))


def _cells(row: Row) -> tuple[str, ...]:
    percent = 100.0 if row["unit"] == "share" else 1.0
    outcome = described(str(row["outcome"]))
    unit = "%" if percent != 1.0 else outcome.beside
    means = (row["baseline_mean"], row["mean"])
    gain = row["variance_ratio"]
    return (
        f"{outcome.named}, {unit}" if unit else outcome.named,
        *(number(percent * m) if isinstance(m, int | float) else NOTHING for m in means),
        _span(row, "difference", scale=percent),
        _share(row["p_better"]),
        f"{number(gain)}x" if gain is not None else NOTHING,
        _judgement(row),
    )


def _judgement(row: Row) -> str:
    said, more = str(row["judgement"]), row["replicates_to_settle"]
    if said == "not settled" and isinstance(more, int):
        return f"open, {'+' if more <= 1_000_000 else ''}{about(more)}"
    return "open" if said == "not settled" else _SHORT_JUDGEMENT.get(said, said)


def columns(
    rows: Sequence[Sequence[str]], left: Sequence[int] = (0,), most: int = LABEL
) -> Iterator[str]:
    """Rows as columns: those in ``left`` to the left, others to the right.

    The first wraps where it is wider than ``most``.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = WIDTH - _INDENT - sum(width + _GAP for width in widths[1:])
    widths[0] = min(widths[0], room, most)
    for row in rows:
        first, *more = textwrap.wrap(row[0], widths[0], subsequent_indent="  ") or [""]
        cells = [
            f"{cell:<{width}}" if place in left else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip([first, *row[1:]], widths, strict=True))
        ]
        yield " " * _INDENT + (" " * _GAP).join(cells).rstrip()
        yield from (" " * _INDENT + line for line in more)


def _legend(found: Comparison) -> Iterator[str]:
    words = (
        "better: share of pairs in which the scenario does better. pairing: how many times the "
        "replicates that unpaired runs would need. open, +N: not settled; N more replicates "
        "would do. same: inside the region of practical equivalence."
    )
    if found.table.num_rows:
        yield ""
        yield from textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _displacement(table: pa.Table, everything: bool) -> Iterator[str]:
    rows = table.to_pylist()
    if not rows:
        return
    from sim.comparison.displacement import EVERYWHERE
    from sim.comparison.districts import MEASURES

    yield click.style("Displacement along the line, a run", bold=True)
    totals = [row for row in rows if row["row"] == "total"]
    everywhere = [row for row in totals if row["words"] == EVERYWHERE]
    if everywhere:
        yield from _whole_line(everywhere)
    for row in totals:
        if row["words"] != EVERYWHERE:
            told = f"{row['scenario']}, {MEASURES[row['measure']]}: {_span(row, 'difference')} "
            told += f"on the whole line; {row['words']}."
            yield from textwrap.wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if not everything:
        return
    for key, group in groupby(rows, key=lambda row: (row["scenario"], row["measure"])):
        yield ""
        yield click.style(f"{key[0]}: {MEASURES[key[1]]} by district", bold=True)
        head = ("", "baseline", "scenario", "difference", "part")
        body = [
            (
                str(row["district"]),
                number(row["baseline_mean"]),
                number(row["mean"]),
                _span(row, "difference"),
                str(row["area"] or ""),
            )
            for row in group
            if row["row"] == "district"
        ]
        yield from columns([head, *body], left=(0, 4))


def _whole_line(totals: Sequence[Row]) -> Iterator[str]:
    """Policies that act everywhere leave no next door to move to: what they change in all."""
    from sim.comparison.districts import MEASURES

    measures = list(dict.fromkeys(str(row["measure"]) for row in totals))
    body = []
    for name, group in groupby(totals, key=lambda row: str(row["scenario"])):
        spans = {row["measure"]: _span(row, "difference") for row in group}
        body.append((name, *(spans.get(measure, NOTHING) for measure in measures)))
    yield "  These act on the whole line: there is no next door to move to. Change in all:"
    yield from columns([("", *(MEASURES[measure] for measure in measures)), *body])


def _cost(found: Comparison) -> Iterator[str]:
    rows = found.cost.to_pylist()
    if not rows:
        return
    harm = described(rows[0]["harm"]).named
    yield click.style(f"Cost of averting {harm}", bold=True)
    for row in rows:
        told = (
            f"{row['scenario']}: {row['words']}. "
            f"Cost {_span(row, 'cost_difference', 'cost_low', 'cost_high')}, "
            f"averted {_span(row, 'harm_averted', 'averted_low', 'averted_high')}."
        )
        yield from textwrap.wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _ranking(found: Comparison) -> Iterator[str]:
    rows = found.ranking.to_pylist()
    if not rows:
        return
    pairs = f"{rows[0]['n']:,} replicates in common"
    yield click.style(f"Ranking by {described(rows[0]['outcome']).named}, {pairs}", bold=True)
    head = ("", "mean", "probably best", "behind the best by at most", "")
    body = [
        (
            str(row["scenario"]),
            number(row["mean"]),
            _share(row["p_best"]),
            number(row["behind_at_most"]),
            "may be the best" if row["kept"] else "excluded",
        )
        for row in rows
    ]
    yield from columns([head, *body], left=(0, 4))


def uncertainty(found: Comparison, *, everything: bool = False) -> Iterator[str]:
    """What is owed to unknown parameters and what to chance; of the first outcome, or of all."""
    rows = found.uncertainty.to_pylist()
    if not rows and not found.robustness:
        return
    yield click.style("Parameters and chance", bold=True)
    harms = {row["outcome"] for row in found.ranking.to_pylist()}
    shown = [row for row in rows if everything or row["outcome"] in harms]
    head = ("", "difference", "over draws", "parameters", "a year's luck", "better in")
    for outcome, group in groupby(sorted(shown, key=_outcome_of), key=_outcome_of):
        body = [
            (
                str(row["scenario"]),
                number(row["difference"]),
                f"{number(row['low'])} to {number(row['high'])}",
                f"\u00b1{number(row['sd_parameters'])}",
                f"\u00b1{number(row['sd_chance'])}",
                _share(row["p_better"]),
            )
            for row in group
        ]
        draws = max(row["draws"] for row in shown)
        yield f"  {described(outcome).named}, {draws:,} draws of the uncertain parameters"
        yield from columns([head, *body])
    for sentence in found.robustness:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _outcome_of(row: Row) -> str:
    return str(row["outcome"])

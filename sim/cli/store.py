"""``panj store``: the contents of a store, a check of them, and tables for other programs."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import completion, options
from sim.cli.draws import draws_as_data, draws_as_text
from sim.cli.store_support import support
from sim.cli.tables import print_json, print_table

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.runs.store_tables import TableName

WRONG: Final = 1
MOST_ROWS: Final = 200
"""Greatest number of rows of an answer as text; --json and --csv print all."""


@click.group(
    epilog="""\b
Examples:
  panj store info results/policies
  panj store verify results/policies --rerun 5
  panj store sql results/policies "SELECT scenario, avg(deaths) FROM outcomes GROUP BY ALL"
  panj store export results/policies -o outcomes.csv
  panj store support results/years"""
)
def store() -> None:
    """Inspect a store: contents, checks, SQL, export."""


@store.command(
    epilog="""\b
Examples:
  panj store info results/policies
  panj store info results/policies --json"""
)
@options.store
@options.as_json
def info(folder: Path, as_json: bool) -> None:
    """Show which runs STORE holds, and which versions and draws made them."""
    from sim.runs.store import Store

    opened = Store.open(folder)
    rows = [_summary(opened, name) for name in opened.scenarios]
    if as_json:
        print_json(_as_data(opened, rows))
        return
    head = ("scenario", "replicates", "done", "failed", "digest")
    print_table(head, [[_cell(row[column]) for column in head] for row in rows])
    made = opened.manifest.made_with
    click.echo(f"\ntables: {', '.join(opened.tables)}; seed {opened.manifest.root}")
    click.echo(f"draws: {draws_as_text(opened.manifest.draws)}")
    mixed = "; later runs come from other code (--allow-mixed)" if opened.manifest.mixed else ""
    click.echo(f"made with: {_made(made)}{mixed}")
    click.echo(f"state: {_state(opened)}")


def _summary(opened: Store, name: str) -> dict[str, object]:
    ended, failed = opened.counts(name)
    return {
        "scenario": name,
        "title": opened.scenarios[name].title,
        "digest": opened.manifest.digests[name],
        "replicates": ended,
        "done": ended - failed,
        "failed": failed,
    }


def _as_data(opened: Store, rows: list[dict[str, object]]) -> dict[str, object]:
    manifest = opened.manifest
    return {
        "path": str(opened.path),
        "scenarios": rows,
        "tables": list(opened.tables),
        "seed": manifest.root,
        "draws": draws_as_data(manifest.draws),
        "made_with": manifest.made_with,
        "mixed": manifest.mixed,
        "complete": opened.complete,
        "in_use": opened.in_use,
        "history": manifest.history,
        "table_hash": opened.table_hash(),
    }


def _made(made: dict[str, object]) -> str:
    versions, commit = made.get("versions"), made.get("commit")
    parts = [f"{k} {v}" for k, v in versions.items() if v] if isinstance(versions, dict) else []
    if isinstance(commit, dict):
        parts.append(f"commit {commit.get('id')}{' with changes' if commit.get('dirty') else ''}")
    return ", ".join([*parts, f"code {made.get('code')}"])


def _state(opened: Store) -> str:
    if opened.in_use:
        return "a batch is writing to it"
    if not opened.complete:
        return (
            "the last batch was interrupted; finished runs are kept, and 'panj batch -o "
            f"{opened.path}' continues it"
        )
    return "complete"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


@store.command(
    epilog="""\b
Examples:
  panj store verify results/policies
  panj store verify results/policies --rerun 5"""
)
@options.store
@options.value(
    "--rerun",
    "K",
    "Also repeat K runs, chosen at random, and compare every number.",
    "runs",
    type=click.IntRange(0),
    default=0,
)
@options.allow_code
@options.as_json
def verify(folder: Path, runs: int, as_json: bool) -> int:
    """Check every checksum, key and seed of STORE; the exit status is 1 if one is wrong.

    The command changes nothing. 'panj batch' sets damaged files aside and repeats their runs.
    """
    from sim.runs.store import Store
    from sim.runs.verify import rerun
    from sim.runs.verify import verify as check

    opened = Store.open(folder)
    problems = check(opened)
    names = opened.manifest.names
    again = 0
    if runs and not problems:
        for (digest, replicate), unlike in rerun(opened, runs, random.Random()):
            again += 1
            if unlike:
                which = f"{names[digest]}, replicate {replicate}"
                problems.append(f"{which}: repeated, it differs in {', '.join(unlike)}")
    if as_json:
        print_json({"problems": problems, "rerun": again})
        return WRONG if problems else 0
    for problem in problems:
        click.echo(f"wrong: {problem}")
    if problems:
        click.echo(
            f"'panj batch -n N -o {folder}' sets damaged files aside and repeats their runs."
        )
        return WRONG
    also = f"; {again:,} repeated run{'s' * (again != 1)} gave the same result" if again else ""
    click.echo(f"{folder} is intact{also}\ntable hash {opened.table_hash()}")
    return 0


@store.command(
    epilog="""\b
Examples:
  panj store sql results/policies "SELECT scenario, avg(deaths) FROM outcomes GROUP BY ALL"
  panj store sql results/policies "SELECT * FROM outcomes WHERE status = 'failed'" --json"""
)
@options.store
@click.argument("statement")
@options.flag("--csv", "Print comma-separated values.", "as_csv")
@options.as_json
def sql(folder: Path, statement: str, as_csv: bool, as_json: bool) -> None:
    """Run the SQL STATEMENT on the tables of STORE.

    The tables are outcomes, parameters and, if the store keeps them, districts and incidents. The
    dialect of SQL is that of DuckDB.
    """
    from sim.runs.sql import query
    from sim.runs.store import Store

    answer = query(Store.open(folder), statement)
    if as_csv:
        import pyarrow as pa
        import pyarrow.csv as csv

        sink = pa.BufferOutputStream()
        csv.write_csv(answer, sink)
        click.echo(sink.getvalue().to_pybytes().decode(), nl=False)
        return
    if as_json:
        click.echo(json.dumps(answer.to_pylist(), ensure_ascii=False, default=str))
        return
    shown = answer.slice(0, MOST_ROWS)
    rows = zip(*(column.to_pylist() for column in shown.columns), strict=True)
    print_table(answer.column_names, [[_value(value) for value in row] for row in rows])
    if answer.num_rows > MOST_ROWS:
        click.echo(f"... and {answer.num_rows - MOST_ROWS:,} more rows; --csv prints all")


def _value(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@store.command(
    epilog="""\b
Examples:
  panj store export results/policies -o outcomes.csv
  panj store export results/policies --table districts --scenario triggered -o districts.parquet
  panj store export results/policies --ema -o results.tar.gz"""
)
@options.store
@options.output("FILE", "File to write: .csv, .parquet or .arrow; with --ema .tar.gz.", "target")
@options.choice("--table", ["outcomes", "districts", "incidents"], "Table to write.")
@options.flag("--ema", "Write draws and outcomes instead, for load_results of the EMA Workbench.")
@options.value(
    "--scenario",
    "NAME",
    "Write only this scenario; can be given more than once.",
    "names",
    multiple=True,
    shell_complete=completion.scenarios,
)
@options.force("a file")
def export(
    folder: Path, target: Path, table: TableName, ema: bool, names: tuple[str, ...], force: bool
) -> None:
    """Write a table of STORE to one file, for other programs."""
    from sim.runs.store import Store

    opened = Store.open(folder)
    if ema:
        from sim.runs.ema import export_ema

        runs = export_ema(opened, target, names or None, force=force)
        click.echo(f"{target}: {runs:,} experiments")
        return
    from sim.runs.export import export as write

    rows = write(opened, table, target, names or None, force=force)
    click.echo(f"{target}: {rows:,} rows of {table}")


store.add_command(support)

"""What a finished run leaves behind: a folder of Parquet tables and ``run.json``."""

from sim.results.folder import check_output
from sim.results.run import StoredRun, read_run, write_run
from sim.results.tables import from_table, to_table

__all__ = ["StoredRun", "check_output", "from_table", "read_run", "to_table", "write_run"]

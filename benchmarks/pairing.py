"""What common random numbers buy, in short; ``benchmarks.common_random_numbers`` tells it all."""

from collections.abc import Sequence

from benchmarks.common_random_numbers import Both, gains, medians, run_pairs, spread
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread
from sim.scenario.load import load

POLICIES = ("triggered", "harden_worksites", "surveillance")


def section(setting: Setting) -> Section:
    """Pairs of each policy and the baseline, with keyed draws and from one stream reused."""
    replicates = 4 if setting.quick else 40
    days = {"days": setting.scenario.days}
    pairs = run_pairs([load(name, days) for name in ("baseline", *POLICIES)], replicates, jobs=1)
    return Section("Replicates, over keyed draws", rows(pairs), NOTES)


def rows(pairs: Sequence[Both]) -> list[Row]:
    """How many times the replicates the two other ways of seeding need."""
    found = [gain for both in pairs for gain in gains(both)]
    ends = spread(pairs, moved=True)
    note = f"{len(pairs[0].keyed.replicates)} pairs a policy, policies: {len(pairs)}"
    return [
        Row(what, None, Spread(at, *end), note)
        for what, at, end in zip(
            ("independent seeds", "one stream, same seed"),
            medians(found, moved=True),
            ends,
            strict=True,
        )
    ]


NOTES = (
    "Replicates: how many times as many the same precision needs; medians over the outcomes that "
    "a policy changes in some pair; least and most are 5 and 95 % when pairs are drawn anew.",
)

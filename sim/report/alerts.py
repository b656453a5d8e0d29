"""How well alarms predict: every threshold, how likely an event is, and how early they come."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.number_format import per_cent, short, with_interval
from sim.comparison.terms import PLAIN, Terms, an, capital, several
from sim.explore.alerts.events import EVENTS, Event
from sim.explore.alerts.result import Alerts, RuleResult
from sim.explore.alerts.words import beats_chance, sentences, text_tables
from sim.report import layout, style
from sim.report.section import SectionContent

RESULT: Final = Alerts

_CHANCE: Final[dict[str, Any]] = {"color": style.GREY, "linewidth": 0.9, "linestyle": (0, (4, 3))}
"""The look of what alarms at random times would give."""

_ROW_PX: Final = 350.0
_HEAD_PX: Final = 42.0
_BETWEEN_PX: Final = 66.0
_FOOT_PX: Final = 10.0


def section_content(result: Alerts, terms: Terms) -> SectionContent:
    """An assessment of alert rules for the page."""
    return SectionContent(
        sentences(result, terms), text_tables(result, terms), draw_alerts(result, terms)
    )


def draw_alerts(result: Alerts, terms: Terms = PLAIN) -> Figure:
    """Draw a row of three panels for each rule."""
    event = EVENTS[result.event]
    with style.styled():
        tall = _ROW_PX + 30.0
        frame = layout.new_frame(
            len(result.rules) * tall, _headline(result, event, terms), _note(result, event)
        )
        for n, rule in enumerate(result.rules):
            top = frame.top - n * tall
            _row(frame.figure, rule, result, (top - tall, top), terms)
    return frame.figure


def _headline(result: Alerts, event: Event, terms: Terms) -> tuple[str, str]:
    good = [terms.label(rule.scenario) for rule in result.rules if beats_chance(rule)]
    who = several(good) if good else "No rule"
    does = "predict" if len(good) > 1 else "predicts"
    title = f"{who} {does} {event.many} better than alarms at random times, beyond chance"
    beneath = "; ".join(
        f"{terms.label(rule.scenario)}, {rule.level}: up for "
        f"{per_cent(rule.looking.hit_rate.value)} of {event.many} and "
        f"{per_cent(rule.looking.share_up.value)} of the time"
        for rule in result.rules
    )
    return capital(title), capital(beneath)


def _row(
    figure: Figure, rule: RuleResult, result: Alerts, between: tuple[float, float], terms: Terms
) -> None:
    foot, top = between
    left = layout.MARGIN + layout.AXIS_PX
    wide = (layout.WIDTH - layout.MARGIN - left - 2 * _BETWEEN_PX) / 3.0
    panels = [
        layout.add_panel(figure, x, foot + layout.AXIS_PX + _FOOT_PX, x + wide, top - _HEAD_PX)
        for x in (left + k * (wide + _BETWEEN_PX) for k in range(3))
    ]
    event = EVENTS[result.event]
    _curve(panels[0], rule, event)
    _chances(panels[1], rule, event, result.within)
    _leads(panels[2], rule, event)
    titles = (
        f"{terms.label(rule.scenario)}: every threshold",
        f"How likely {an(event.one)} is in {result.within:g} days",
        "How early",
    )
    for ax, title in zip(panels, titles, strict=True):
        layout.panel_title(ax, title, 8.0)


def _curve(ax: Axes, rule: RuleResult, event: Event) -> None:
    """Draw the hit rate over the share of time; the diagonal is chance, the cross the rule."""
    ax.plot([0.0, 100.0], [0.0, 100.0], **_CHANCE)
    known = [t for t in rule.thresholds if t.hit_rate.value is not None]
    shares = [100.0, *(100.0 * t.share_up for t in known), 0.0]
    hits = [100.0, *(100.0 * (t.hit_rate.value or 0.0) for t in known), 0.0]
    ax.plot(shares, hits, color=style.BLUE, linewidth=1.4, zorder=1.0)
    for t in known:
        x, y = 100.0 * t.share_up, 100.0 * (t.hit_rate.value or 0.0)
        ax.plot(
            [x], [y], marker="o", color=style.BLUE, markersize=6.0 if t.level else 3.0, zorder=1.1
        )
        if t.level:
            ax.annotate(
                f"{t.level}, {short(t.at)}", (x, y), (8.0, 2.0 if y < 12.0 else -11.0),
                textcoords="offset points", fontsize=8.5, color=style.BLUE,
                path_effects=style.halo(2.5),
            )  # fmt: skip
    seen = rule.looking
    if seen.hit_rate.value is not None and seen.share_up.value is not None:
        ax.errorbar(
            [100.0 * seen.share_up.value], [100.0 * seen.hit_rate.value],
            xerr=_error_bars(seen.share_up.value, seen.share_up.low, seen.share_up.high),
            yerr=_error_bars(seen.hit_rate.value, seen.hit_rate.low, seen.hit_rate.high),
            color=style.VERMILION, marker="X", markersize=7.0, linewidth=1.2, zorder=1.3,
        )  # fmt: skip
    area = rule.skill.area
    words = f"area {with_interval(area.value, area.low, area.high)}"
    ax.text(98.0, 3.0, words, ha="right", fontsize=8.5, color=style.INK)
    ax.set_xlim(0.0, 100.0)
    ax.set_ylim(0.0, 100.0)
    ax.set_xlabel("share of time on alarm (%)")
    ax.set_ylabel(f"{event.many} with an alarm up (%)")


def _error_bars(
    value: float, low: float | None, high: float | None
) -> Sequence[Sequence[float]] | None:
    """The lengths of an interval below and above a share, per cent."""
    if low is None or high is None:
        return None
    return [[100.0 * max(value - low, 0.0)], [100.0 * max(high - value, 0.0)]]


def _chances(ax: Axes, rule: RuleResult, event: Event, within: float) -> None:
    """Draw how often an event follows, by bin of the signal, and over all midnights."""
    base = rule.skill.base_rate
    if base.value is not None:
        ax.axhline(100.0 * base.value, **_CHANCE)
    most = 100.0 * (base.value or 0.0)
    for x, b in enumerate(rule.reliability):
        if b.chance.value is None:
            continue
        y = 100.0 * b.chance.value
        ends = _error_bars(b.chance.value, b.chance.low, b.chance.high)
        ax.bar([x], [y], width=0.7, color=style.SKY, alpha=0.6, linewidth=0)
        ax.errorbar([x], [y], yerr=ends, color=style.INK, linewidth=1.1)
        most = max(most, y, 100.0 * (b.chance.high or 0.0))
    labels = [f"{_from(b.low)}\n{per_cent(b.share)}" for b in rule.reliability]
    ax.set_xticks(range(len(labels)), labels, fontsize=8.5)
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(0.0, min(1.12 * most or 1.0, 100.0))
    layout.round_ticks(ax.yaxis)
    ax.set_xlabel("signal at midnight from, and share of midnights")
    ax.set_ylabel("followed (%)")


def _from(low: float) -> str:
    return f"≥ {low:.2g}" if low else "0"


def _leads(ax: Axes, rule: RuleResult, event: Event) -> None:
    """Draw the share of events with at least so long a warning, and what chance would give."""
    lead = rule.lead
    known = [(d, e) for d, e in zip(lead.days, lead.at_least, strict=True) if e.value is not None]
    days = [d for d, _ in known]
    low = [100.0 * (e.low or 0.0) for _, e in known]
    high = [100.0 * (e.high or 0.0) for _, e in known]
    ax.fill_between(days, low, high, color=style.BLUE, alpha=0.15, linewidth=0)
    ax.plot(days, [100.0 * (e.value or 0.0) for _, e in known], color=style.BLUE, linewidth=1.6)
    ax.plot(lead.days, [100.0 * share for share in lead.by_chance], **_CHANCE)
    ax.set_xlim(0.0, max(lead.days))
    ax.set_ylim(0.0, max([1.0, *(1.08 * end for end in high)]))
    layout.round_ticks(ax.xaxis)
    layout.round_ticks(ax.yaxis)
    ax.set_xlabel("days of warning, at least")
    ax.set_ylabel(f"{event.many} warned of (%)")


def _note(result: Alerts, event: Event) -> str:
    return (
        "All of it in years in which the rule only observes and the level stays at rest, so that "
        "no alarm prevents what it warns of. Left: an alarm by each threshold of the signal alone; "
        "named dots: thresholds of the scenario; cross: its rule, with all its levels. Dashed: "
        "alarms at random times with the same share of time (in the middle: all midnights). "
        f"Right: share of {event.many} for which an alarm had been up for so long. "
        f"{100 * result.confidence:g} % intervals over years."
    )

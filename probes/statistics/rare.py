"""A rate of what seldom happens, such as an unsafe act."""

from dataclasses import dataclass

from probes.statistics.clustered import exact_interval


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened in as many opportunities, with a 95 % interval."""

    count: int
    opportunities: int
    low: float
    high: float


def rate_of(count: int, opportunities: int) -> Rate:
    """Return the rate with the exact interval of Clopper and Pearson; none in n is a rate below 3/n.

    Raises ValueError for more than there were opportunities.
    """
    if not 0 <= count <= opportunities:
        raise ValueError(f"{count} in {opportunities} opportunities is no rate")
    if count == 0:
        return Rate(0, opportunities, 0.0, min(3 / opportunities, 1.0) if opportunities else 1.0)
    return Rate(count, opportunities, *exact_interval(count, opportunities))


def rate_words(rate: Rate) -> str:
    """Say a rate in words."""
    if not rate.opportunities:
        return "no opportunity"
    if not rate.count:
        return f"none in {rate.opportunities} opportunities: a rate below {100 * rate.high:.1f} %"
    share = 100 * rate.count / rate.opportunities
    interval = f"{100 * rate.low:.1f} to {100 * rate.high:.1f} %"
    return f"{rate.count} in {rate.opportunities} opportunities: {share:.1f} % ({interval})"

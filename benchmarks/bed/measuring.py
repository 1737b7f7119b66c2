"""What interleaved repetitions cost: wall time, and the processor time of both sides of the connection.

Other work on the machine only ever adds: a cost is the lower quartile of its repetitions.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles


@dataclass(frozen=True)
class Contender:
    """Something to measure: what to run, and the database process that works for it."""

    run: Callable[[], object]
    backend: int


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one run."""

    wall: float
    client: float
    server: float

    @property
    def cpu(self) -> float:
        """Of both sides of the connection."""
        return self.client + self.server


def measure(contenders: Mapping[str, Contender], *, repetitions: int, runs: int = 1) -> dict[str, Cost]:
    """Run each in turn, so that noise meets all alike, and give the cost of one run of each.

    runs: how many runs make one repetition; more for what takes less than a tick of the clocks.
    """
    samples: dict[str, list[Cost]] = {name: [] for name in contenders}
    for contender in contenders.values():
        contender.run()
    for _ in range(repetitions):
        for name, contender in contenders.items():
            samples[name].append(_sample(contender, runs))
    return {name: lower_quartile_of(costs) for name, costs in samples.items()}


def _sample(contender: Contender, runs: int) -> Cost:
    server, client, wall = _server_time(contender.backend), time.process_time(), time.perf_counter()
    for _ in range(runs):
        contender.run()
    wall, client = time.perf_counter() - wall, time.process_time() - client
    server = _server_time(contender.backend) - server
    return Cost(*(1000 * seconds / runs for seconds in (wall, client, server)))


def _server_time(pid: int) -> float:
    """Seconds that a process of this machine has spent on a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def lower_quartile_of(costs: Sequence[Cost]) -> Cost:
    """The lower quartile of each figure."""
    figures = ([getattr(cost, name) for cost in costs] for name in ("wall", "client", "server"))
    return Cost(*(quantiles(figure, n=4, method="inclusive")[0] for figure in figures))

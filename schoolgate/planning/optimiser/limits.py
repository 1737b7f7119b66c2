"""When the planner stops: after so many seconds, after so many steps, or when it is told to."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Limits:
    """Seconds are wall time since `started`; steps are counted the same on every machine. None: no such limit."""

    seconds: float | None = None
    steps: int | None = None
    clock: Callable[[], float] = time.monotonic
    started: float = field(default_factory=time.monotonic)
    taken: int = 0
    stopped: bool = False

    def stop(self) -> None:
        """Stop at the next opportunity; safe to call from a signal handler or another thread."""
        self.stopped = True

    def step(self) -> None:
        """Count one step."""
        self.taken += 1

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return float("inf") if self.seconds is None else self.seconds - self.elapsed

    @property
    def over(self) -> bool:
        """Is it time to stop?"""
        return self.stopped or self.left <= 0 or (self.steps is not None and self.taken >= self.steps)

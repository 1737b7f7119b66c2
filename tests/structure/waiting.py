"""Waits for what other processes do."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold within a minute; asked now and then, since asking looks at every process."""
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.25)
    return holds()

"""Compiles functions to machine code, and keeps the code where this installation can write."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def _choose_folder() -> None:
    """Beside this file where that can be written, as after set-up; else in a folder of this user's own."""
    here = Path(__file__).parent
    if "NUMBA_CACHE_DIR" not in os.environ and not os.access(here, os.W_OK):
        os.environ["NUMBA_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / f"schoolgate-compiled-{os.getuid()}")


_choose_folder()

import numba  # noqa: E402  reads the folder when it is imported


def compiled(function: Function) -> Function:
    """Compile the function when it is first called with these kinds of argument, or take what was kept."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))

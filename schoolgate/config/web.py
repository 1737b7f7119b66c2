"""Settings of the web server, gunicorn; `schoolgate serve` starts it with the listening socket ready."""

import ctypes
import os
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
PERSONA_KEYS = "demo-personas.txt"

wsgi_app = "schoolgate.config.wsgi:application"
preload_app = True
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 5
loglevel = "warning"
control_socket_disable = True
forwarder_headers = ""  # nothing in front of us may say where our addresses begin


def on_starting(server: Any) -> None:
    """Before anybody is served: refuse an unsafe database role, and say who may sign in to the demonstration."""
    _refuse_unsafe_role()
    _write_down_personas()


def post_fork(server: Any, worker: Any) -> None:
    """A killed master takes its workers along at once: they hold the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server.pid:
        os._exit(1)


def _refuse_unsafe_role() -> None:
    """End with one line when the database role could pass by the policies; hand no connection to the workers."""
    from django.db import connection

    from schoolgate.access.startup import UnsafeRole, refuse_unsafe_role

    try:
        refuse_unsafe_role()
    except UnsafeRole as error:
        sys.exit(str(error))
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


def _write_down_personas() -> None:
    """For `serve`, which prints the keys but does not load Django."""
    from django.conf import settings

    if settings.DEMO:
        from schoolgate.nonprod.personas import PERSONAS

        keys = ", ".join(persona.key for persona in PERSONAS)
        (settings.ENVIRONMENT.data / PERSONA_KEYS).write_text(keys)

"""Settings of the web server, gunicorn; `schoolgate serve` starts it with the listening socket ready."""

import sys
from typing import Any

wsgi_app = "schoolgate.config.wsgi:application"
preload_app = True
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 5
loglevel = "warning"
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuse to serve as a database role that could pass by the policies; then hand no connection to the workers."""
    from django.db import connection

    from schoolgate.access.startup import UnsafeRole, refuse_unsafe_role

    try:
        refuse_unsafe_role()
    except UnsafeRole as error:
        sys.exit(str(error))
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one

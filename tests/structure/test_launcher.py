"""The embedded database starts, stops and recovers wherever and however the product is run."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from schoolgate.config import postgres
from schoolgate.config.environment import Environment, Secrets, WrongSetting, read_environment
from schoolgate.config.postgres import (
    AlreadyRunning,
    DatabaseTrouble,
    EmbeddedPostgres,
    hold_data_folder,
    socket_folder,
)
from schoolgate.config.roles import administrator_conninfo, conninfo, prepare_database
from tests.structure.waiting import eventually

HOLD_AND_START = """
import sys, time
from schoolgate.config.database import started_database
from schoolgate.config.environment import read_environment
from schoolgate.config.postgres import hold_data_folder
environment = read_environment({"SCHOOLGATE_DATA": sys.argv[1]})
with hold_data_folder(environment.data), started_database(environment) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A short name: the folders that pytest makes are too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="sg-") as folder:
        yield Path(folder) / "data"


@contextmanager
def server_on(data: Path) -> Iterator[tuple[Environment, EmbeddedPostgres]]:
    environment = read_environment({"SCHOOLGATE_DATA": str(data)})
    server = EmbeddedPostgres(data, environment.secrets.database_passwords["postgres"])
    try:
        server.start()
        yield environment, server
    finally:
        server.stop()


def start_elsewhere(data: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a server from another process; gives that process and the server's number."""
    process = subprocess.Popen([sys.executable, "-c", HOLD_AND_START, str(data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, int(process.stdout.readline())


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}/cwd").is_dir()


def write_a_row(server: EmbeddedPostgres, number: int) -> None:
    with psycopg.connect(server.conninfo()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def rows(server: EmbeddedPostgres) -> list[int]:
    with psycopg.connect(server.conninfo()) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def test_the_data_folder_is_closed_and_so_are_its_secrets(data: Path) -> None:
    with server_on(data):
        modes = {name: stat.S_IMODE((data / name).stat().st_mode) for name in (".", "postgres", "socket", "log")}
        assert modes == dict.fromkeys(modes, 0o700)
        assert stat.S_IMODE((data / "secrets.json").stat().st_mode) == 0o600


def test_nobody_connects_without_a_password_or_over_the_network(data: Path) -> None:
    with server_on(data) as (environment, server):
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(server.conninfo(), password="")
        with psycopg.connect(server.conninfo()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_folder_with_a_long_name_gets_a_short_socket(data: Path) -> None:
    deep = data / ("school" * 20)
    with server_on(deep) as (environment, server):
        write_a_row(server, 1)
        assert not socket_folder(deep).is_relative_to(data)
        assert stat.S_IMODE(socket_folder(deep).stat().st_mode) == 0o700
    assert not socket_folder(deep).exists()


def test_a_folder_with_blanks_commas_and_quotes_in_its_name_serves(data: Path) -> None:
    with server_on(data / 'Ünser, "school\'s" data') as (environment, server):
        write_a_row(server, 1)


def test_a_short_socket_folder_that_somebody_else_opened_is_refused(data: Path) -> None:
    deep = data / ("school" * 20)
    squatted = socket_folder(deep)
    squatted.mkdir()
    squatted.chmod(0o777)
    try:
        with pytest.raises(WrongSetting, match="open to others"), server_on(deep):
            pass
    finally:
        squatted.rmdir()


@contextmanager
def without_user_namespaces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "USER_NAMESPACE", ("false",))
        yield


def test_where_user_namespaces_are_refused_it_still_starts_and_later_moves_back(data: Path) -> None:
    if os.geteuid() != 0 and not postgres._has_a_name(os.geteuid()):
        with without_user_namespaces(), pytest.raises(DatabaseTrouble, match="user with a name"), server_on(data):
            pass
        return
    with without_user_namespaces(), server_on(data) as (environment, server):
        write_a_row(server, 1)
    with server_on(data) as (environment, server):
        write_a_row(server, 2)
    with without_user_namespaces(), server_on(data) as (environment, server):
        assert rows(server) == [1, 2]


def test_a_server_that_was_killed_comes_back_with_what_was_committed(data: Path) -> None:
    with server_on(data) as (environment, server):
        write_a_row(server, 1)
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: not server.is_running())
        server.start()
        assert rows(server) == [1]


def test_the_server_does_not_outlive_a_killed_process(data: Path) -> None:
    process, pid = start_elsewhere(data)
    process.kill()
    process.wait()
    assert eventually(lambda: is_gone(pid))


def test_when_everything_was_killed_the_next_start_recovers(data: Path) -> None:
    process, pid = start_elsewhere(data)
    environment = read_environment({"SCHOOLGATE_DATA": str(data)})
    write_a_row(EmbeddedPostgres(data, environment.secrets.database_passwords["postgres"]), 1)
    os.kill(pid, signal.SIGKILL)
    process.kill()
    process.wait()
    assert (data / "postgres" / "postmaster.pid").exists()
    with server_on(data) as (environment, server):
        assert rows(server) == [1]


def test_a_lock_file_that_names_a_strangers_process_is_no_obstacle(data: Path) -> None:
    with server_on(data) as (environment, server):
        write_a_row(server, 1)
    lock = f"{os.getppid()}\n{data}/postgres\n1\n5432\n{data}/socket\n\n0 0\nready\n"
    (data / "postgres" / "postmaster.pid").write_text(lock)
    (data / "socket" / ".s.PGSQL.5432.lock").write_text(lock)
    with server_on(data) as (environment, server):
        assert rows(server) == [1]


def test_a_server_left_alive_by_an_earlier_run_is_ended_first(data: Path) -> None:
    process, left_alive = start_elsewhere(data)
    try:
        with server_on(data) as (environment, server):
            assert is_gone(left_alive)
            write_a_row(server, 1)
    finally:
        process.kill()
        process.wait()


def test_a_first_start_that_was_killed_half_way_starts_afresh(data: Path) -> None:
    (data / "postgres.part").mkdir(parents=True)
    data.chmod(0o700)
    (data / "postgres.part" / "PG_VERSION").write_text("18")
    with server_on(data) as (environment, server):
        write_a_row(server, 1)


def test_a_server_that_cannot_start_says_where_the_reason_is(data: Path) -> None:
    with server_on(data):
        pass
    (data / "postgres" / "postgresql.conf").write_text("nonsense")
    with pytest.raises(DatabaseTrouble, match=f"did not start; the reason is in {data}/log"), server_on(data):
        pass


def test_two_on_one_data_folder_get_one_clear_line(data: Path) -> None:
    refusal = pytest.raises(AlreadyRunning, match=f"already runs on {data} \\(process {os.getpid()}\\)")
    with hold_data_folder(data), refusal, hold_data_folder(data):
        pass


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SCHOOLGATE_PORT": "http"}, "SCHOOLGATE_PORT must be a number from 1 to 65535, not “http”"),
        ({"SCHOOLGATE_PORT": "65536"}, "not “65536”"),
        ({"SCHOOLGATE_PORT": "²"}, "not “²”"),
        ({"SCHOOLGATE_DATA": "~no-such-user/x"}, "home of a user who is not known"),
        ({"SCHOOLGATE_HEADS_TO": "dpo@force.example, nobody"}, "must hold e-mail addresses; “nobody” is none"),
        ({"SCHOOLGATE_DEMO": "yes"}, "must be 0 or 1"),
        ({"SCHOOLGATE_HOSTS": "https://force.example"}, "SCHOOLGATE_HOSTS must hold names such as"),
        ({"SCHOOLGATE_HOSTS": "force.example, *"}, "“*” is none"),
        ({"SCHOOLGATE_HOSTS": ","}, "“,” is none"),
        ({"SCHOOLGATE_ADDRESS": "force.example"}, "SCHOOLGATE_ADDRESS must look like https://"),
        ({"SCHOOLGATE_ADDRESS": "https://force.example/schools"}, "not “https://force.example/schools”"),
        ({"SCHOOLGATE_IDLE_MINUTES": "abc"}, "SCHOOLGATE_IDLE_MINUTES must be a number from 1 to 720, not “abc”"),
        ({"SCHOOLGATE_IDLE_MINUTES": "0"}, "not “0”"),
        ({"SCHOOLGATE_SUPPORT": "020 7946 0000\nor the desk"}, "SCHOOLGATE_SUPPORT must be one line"),
        ({"SCHOOLGATE_OIDC_SECRETS": "secret"}, 'SCHOOLGATE_OIDC_SECRETS must look like {"client id": "'),
        ({"SCHOOLGATE_OIDC_SECRETS": '["secret"]'}, "SCHOOLGATE_OIDC_SECRETS must look like"),
        ({"SCHOOLGATE_OIDC_SECRETS": '{"secret": 1}'}, "SCHOOLGATE_OIDC_SECRETS must look like"),
        ({"SCHOOLGATE_SMTP_URL": "mail.force.example"}, "SCHOOLGATE_SMTP_URL must look like smtp://"),
        ({"SCHOOLGATE_SMTP_URL": "https://me:secret@mail.example:99?from=a@b.example"}, "must look like smtp://"),
        ({"SCHOOLGATE_SMTP_URL": "smtp://me:secret@mail.example"}, "must look like smtp://"),
        ({"SCHOOLGATE_SMTP_URL": "smtp://me:secret@mail.example:post?from=a@b.example"}, "must look like smtp://"),
        ({"SCHOOLGATE_SMTP_URL": "smtp://?from=a@b.example"}, "must look like smtp://"),
        ({"DATABASE_URL": "mysql://a:secret@b/c"}, "must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://a:secret@b:port:5/%zz"}, "cannot be read"),
        ({"DATABASE_URL": "postgresql://a:secret@b"}, "must name a database for Schoolgate alone"),
        ({"DATABASE_URL": "postgresql://a:secret@b/postgres"}, "must name a database for Schoolgate alone"),
    ],
)
def test_a_wrong_setting_gets_one_clear_line_without_its_password(variables: dict[str, str], words: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read_environment(variables)
    said = str(refused.value)
    assert words in said
    assert "secret" not in said.replace('{"client id": "secret"}', "")
    assert "\n" not in str(refused.value)


def test_a_data_folder_that_others_may_enter_is_refused_unless_empty(data: Path) -> None:
    data.mkdir(mode=0o755)
    secrets = read_environment({"SCHOOLGATE_DATA": str(data)}).secrets
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    data.chmod(0o755)
    again = read_environment({"SCHOOLGATE_DATA": str(data)})
    with pytest.raises(WrongSetting, match="chmod 700"):
        _ = again.secrets
    data.chmod(0o700)
    assert again.secrets == secrets


def test_a_data_folder_that_is_a_file_is_refused(data: Path) -> None:
    data.write_text("")
    with pytest.raises(WrongSetting, match="is a file"):
        _ = read_environment({"SCHOOLGATE_DATA": str(data)}).secrets


def test_damaged_secrets_are_reported_and_left_alone(data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "secrets.json").write_text("{")
    with pytest.raises(WrongSetting, match="backup"):
        _ = read_environment({"SCHOOLGATE_DATA": str(data)}).secrets
    assert (data / "secrets.json").read_text() == "{"


def test_roles_are_made_by_an_administrator_who_is_no_superuser(data: Path) -> None:
    with server_on(data) as (environment, server):
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute("CREATE ROLE council LOGIN CREATEROLE CREATEDB PASSWORD 'council'")
        url = f"postgresql://council:council@/council_schools?host={socket_folder(data)}"
        real = read_environment({"SCHOOLGATE_DATA": str(data), "DATABASE_URL": url})
        for _ in range(2):
            prepare_database(administrator_conninfo(real), real.secrets)
        with psycopg.connect(conninfo(real, "schoolgate_owner")) as connection:
            connection.execute("CREATE TABLE made_by_the_owner ()")
            assert connection.info.dbname == "council_schools"


def test_an_administrator_who_may_not_make_roles_is_told_so(data: Path) -> None:
    with server_on(data) as (environment, server):
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
            connection.execute("CREATE DATABASE clerks OWNER clerk")
        url = f"postgresql://clerk:clerk@/clerks?host={socket_folder(data)}"
        with pytest.raises(DatabaseTrouble, match="may not do what is needed: permission denied"):
            prepare_database(url, environment.secrets)


def test_a_role_that_somebody_gave_more_power_is_refused(data: Path) -> None:
    with server_on(data) as (environment, server):
        prepare_database(administrator_conninfo(environment), environment.secrets)
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            connection.execute("ALTER ROLE schoolgate_backup BYPASSRLS")
        with pytest.raises(DatabaseTrouble, match="take them away: schoolgate_backup"):
            prepare_database(administrator_conninfo(environment), environment.secrets)


def test_a_server_that_does_not_answer_gives_one_line(data: Path) -> None:
    secrets = Secrets("", {})
    with pytest.raises(DatabaseTrouble, match="^The database cannot be prepared: [^\n]+$"):
        prepare_database(f"postgresql://a:b@/schoolgate?host={data}", secrets)

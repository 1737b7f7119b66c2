"""What the surroundings say: every setting of an installation, and the secrets kept in the data folder."""

import fcntl
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

REPOSITORY = Path(__file__).resolve().parents[2]
OWNER = "schoolgate_owner"
LOGIN = "schoolgate_login"
LOGIN_ROLES = (OWNER, LOGIN, "schoolgate_retention", "schoolgate_sealer", "schoolgate_backup")
MOST_IDLE_MINUTES = 12 * 60  # as long as a session lasts
MAIL_PORTS = {"smtp": 587, "smtps": 465}


class WrongSetting(Exception):
    """A setting that cannot be used; its text is one line for the person who set it."""


@dataclass(frozen=True)
class Secrets:
    """The generated secrets: Django's signing key and one password for each database login."""

    django_secret_key: str
    database_passwords: Mapping[str, str]


@dataclass(frozen=True)
class MailServer:
    """The server through which e-mail goes out; encrypted: from the start, else by STARTTLS where it has a login."""

    host: str
    port: int
    user: str
    password: str
    encrypted: bool
    sender: str


@dataclass(frozen=True)
class Environment:
    """The settings that differ from one installation to the next.

    address: where browsers find the product, without a stroke at the end. support: whom to ring when signing in
    fails, in words that follow "ring ". sign_in_secrets: of the schools' own sign-ins, by client id. mail: nothing
    where no e-mail goes out.
    """

    port: int
    data: Path
    database_url: str | None
    demo: bool
    heads_path: Path
    heads_to: tuple[str, ...]
    hosts: tuple[str, ...]
    address: str
    support: str
    idle_minutes: int
    sign_in_secrets: Mapping[str, str]
    mail: MailServer | None

    @property
    def seal_key_path(self) -> Path:
        """The Ed25519 key that seals the access log; made by the audit code, kept out of the database."""
        return self.data / "seal.key"

    @cached_property
    def secrets(self) -> Secrets:
        """Read the secrets, generating on first use those that are missing.

        Raises WrongSetting when the data folder cannot be made or may be entered by others.
        """
        prepare_data_folder(self.data)
        folder = os.open(self.data, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            return _read_or_make_secrets(self.data / "secrets.json", folder)
        finally:
            os.close(folder)


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read the SCHOOLGATE_… variables and DATABASE_URL; an empty value is an absent one.

    Raises WrongSetting, which names the variable and says what it should be.
    """
    data = _read_path("SCHOOLGATE_DATA", variables.get("SCHOOLGATE_DATA") or str(REPOSITORY / "var"))
    port = _read_port(variables.get("SCHOOLGATE_PORT") or "8000")
    demo = _read_demo(variables.get("SCHOOLGATE_DEMO") or "0")
    return Environment(
        port=port,
        data=data,
        database_url=_read_database_url(variables.get("DATABASE_URL") or None),
        demo=demo,
        heads_path=_read_path("SCHOOLGATE_HEADS", variables.get("SCHOOLGATE_HEADS") or str(data / "heads.log")),
        heads_to=_read_addresses(variables.get("SCHOOLGATE_HEADS_TO") or ""),
        hosts=_read_hosts(variables.get("SCHOOLGATE_HOSTS") or "127.0.0.1,localhost"),
        address=_read_address(variables.get("SCHOOLGATE_ADDRESS") or f"http://127.0.0.1:{port}"),
        support=_read_support(variables.get("SCHOOLGATE_SUPPORT") or ""),
        idle_minutes=_read_minutes(variables.get("SCHOOLGATE_IDLE_MINUTES") or "10"),
        sign_in_secrets=_read_sign_in_secrets(variables.get("SCHOOLGATE_OIDC_SECRETS") or "{}"),
        # The demonstration's people have invented addresses: nothing is ever sent to them.
        mail=None if demo else _read_mail_server(variables.get("SCHOOLGATE_SMTP_URL") or None),
    )


def prepare_data_folder(data: Path) -> None:
    """Make the data folder, closed to everybody else.

    A folder that already holds files is never changed: raises WrongSetting when others may enter it.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        open_to_others = stat.S_IMODE(data.stat().st_mode) & 0o077
        if open_to_others and not any(data.iterdir()):
            data.chmod(0o700)
        elif open_to_others:
            raise WrongSetting(f"Other users may enter the data folder {data}. Close it first: chmod 700 '{data}'")
        if not os.access(data, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
            raise WrongSetting(f"The data folder {data} cannot be written. Choose another with SCHOOLGATE_DATA.")
    except FileExistsError as error:
        raise WrongSetting(f"The data folder {data} is a file. Choose another with SCHOOLGATE_DATA.") from error
    except OSError as error:
        raise WrongSetting(f"The data folder {data} cannot be used: {error.strerror}.") from error


def _read_port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise WrongSetting(f"SCHOOLGATE_PORT must be a number from 1 to 65535, not “{value}”.")
    return int(value)


def _read_path(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError as error:
        raise WrongSetting(f"{name} begins with the home of a user who is not known: {value}") from error


def _read_database_url(value: str | None) -> str | None:
    """Never repeat the value in a message: it holds a password."""
    if value is None:
        return None
    if not value.startswith(("postgresql://", "postgres://")):
        raise WrongSetting("DATABASE_URL must look like postgresql://user:password@host:5432/schoolgate")
    try:
        name = conninfo_to_dict(value).get("dbname")
    except ProgrammingError as error:
        raise WrongSetting("DATABASE_URL cannot be read. Write special characters in it as %XX.") from error
    if name in (None, "", "postgres", "template0", "template1"):
        raise WrongSetting("DATABASE_URL must name a database for Schoolgate alone, such as …/schoolgate")
    return value


def _read_demo(value: str) -> bool:
    if value not in ("0", "1"):
        raise WrongSetting(f"SCHOOLGATE_DEMO must be 0 or 1, not “{value}”.")
    return value == "1"


def _read_addresses(value: str) -> tuple[str, ...]:
    """Those who keep the heads of the log's seals off this machine."""
    addresses = tuple(value.replace(",", " ").split())
    wrong = [address for address in addresses if not re.fullmatch(r"[^@]+@[^@]+", address)]
    if wrong:
        raise WrongSetting(f"SCHOOLGATE_HEADS_TO must hold e-mail addresses; “{wrong[0]}” is none.")
    return addresses


def _read_hosts(value: str) -> tuple[str, ...]:
    """The names under which browsers may ask for the product."""
    hosts = tuple(value.replace(",", " ").split())
    wrong = [host for host in hosts if not re.fullmatch(r"\.?[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\]", host)]
    if wrong or not hosts:
        named = wrong[0] if wrong else value
        raise WrongSetting(f"SCHOOLGATE_HOSTS must hold names such as schoolgate.force.example; “{named}” is none.")
    return hosts


def _read_address(value: str) -> str:
    address = value.rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+", address):
        raise WrongSetting(f"SCHOOLGATE_ADDRESS must look like https://schoolgate.force.example, not “{value}”.")
    return address


def _read_support(value: str) -> str:
    if not value.isprintable():
        raise WrongSetting("SCHOOLGATE_SUPPORT must be one line, such as 020 7946 0000.")
    return value


def _read_minutes(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_IDLE_MINUTES):
        raise WrongSetting(f"SCHOOLGATE_IDLE_MINUTES must be a number from 1 to {MOST_IDLE_MINUTES}, not “{value}”.")
    return int(value)


def _read_sign_in_secrets(value: str) -> Mapping[str, str]:
    """Never repeat the value in a message."""
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(secret, str) for secret in found.values()):
        raise WrongSetting('SCHOOLGATE_OIDC_SECRETS must look like {"client id": "secret"}')
    return found


def _read_mail_server(value: str | None) -> MailServer | None:
    """smtp:// (STARTTLS) or smtps:// (TLS from the start). Never repeat the value in a message: it holds a password."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usual_port, port, sender = MAIL_PORTS[parts.scheme], parts.port, parse_qs(parts.query)["from"][0]
        if not parts.hostname:
            raise ValueError("no host")
    except (ValueError, KeyError):
        raise WrongSetting(
            "SCHOOLGATE_SMTP_URL must look like smtp://user:password@host:587?from=schoolgate@force.example"
        ) from None
    return MailServer(
        host=parts.hostname,
        port=port or usual_port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encrypted=parts.scheme == "smtps",
        sender=sender,
    )


def _read_or_make_secrets(path: Path, folder: int) -> Secrets:
    """The caller holds the folder's lock, so two first starts at once make one set."""
    stored = _load_secrets(path)
    made = {login: secrets.token_urlsafe(32) for login in ("postgres", *LOGIN_ROLES)}
    passwords = made | stored.get("database_passwords", {})
    complete = {
        "django_secret_key": stored.get("django_secret_key") or secrets.token_urlsafe(50),
        "database_passwords": passwords,
    }
    if complete != stored:
        _write_private(path, json.dumps(complete, indent=2), folder)
    return Secrets(complete["django_secret_key"], passwords)


def _load_secrets(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text()) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{path} cannot be read. Put it back from the backup of the data folder.") from error
    if not isinstance(stored, dict):
        raise WrongSetting(f"{path} is damaged. Put it back from the backup of the data folder.")
    return stored


def _write_private(path: Path, text: str, folder: int) -> None:
    """Write whole or not at all: a new file, flushed to the disk, takes the old one's name."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    os.fsync(folder)

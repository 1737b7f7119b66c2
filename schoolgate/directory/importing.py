"""Imports that administrators ask for in a page: kept, run by the worker, told when they end."""

import datetime as dt
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from schoolgate.access.acting import acting
from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.directory.areas import UnknownForce
from schoolgate.directory.comparison import Entry, ImportReport
from schoolgate.directory.gias import BadRow, UnreadableRegister, Upload
from schoolgate.directory.imports import totals_of
from schoolgate.directory.models import ENDED, ImportLine, ImportPart, ImportState, RegisterImport, Stage
from schoolgate.directory.policies import may_import_schools
from schoolgate.directory.register import Progress, import_schools

RUN_IMPORT = "directory.run_import"
PAGE = "job:directory.run_import"
DATABASE_AWAY = (OperationalError, InterfaceError)  # what ends when the database is back
MOST_ATTEMPTS = 3  # a file that ends the worker each time must not do so for ever
STEPS = 20  # of each stage; after each the page can tell that the import goes on
BATCH = 1_000


def ask_for_import(*, by: Viewer, at: dt.datetime, upload: Upload, forces: Iterable[str], once: UUID) -> UUID:
    """Keep a file and have the worker import it; gives the import's id. once: the form's token, which becomes the id.

    forces: only these, by identifier. Raises PermissionDenied.
    """
    require(may_import_schools, by)
    asked = {
        "force_id": by.organisations("administrators")[0],
        "asked_by_id": by.person,
        "asked_at": at,
        "file_name": upload.name,
        "content": upload.content,
        "only_forces": list(forces),
    }
    _row, is_new = RegisterImport.objects.get_or_create(id=once, defaults=asked)
    if is_new:
        # The job's lock: imports run one after the other, and hold up nothing else.
        app.configure_task(RUN_IMPORT, lock=RUN_IMPORT).defer(asked=str(once), user=by.user)
    return once


def run_import(asked: UUID, *, user: int, at: dt.datetime) -> None:
    """Import a kept file as the account that asked; nothing happens where that import ended before.

    What the worker did before it was killed the database has undone, so that the import begins again.
    Raises OperationalError, InterfaceError while the database is away: then it is to be tried again.
    """
    if not _begin(asked, user):
        return
    try:
        _import(asked, user, at)
    except (UnknownForce, UnreadableRegister) as error:
        _fail(asked, user, str(error))
    except PermissionDenied:
        _fail(asked, user, _("Whoever asked for it is no longer a technical administrator."))
    except DATABASE_AWAY:
        raise
    except Exception:
        _fail(asked, user, _("Schoolgate has a fault; the reason is in the worker's log."))
        raise


def _begin(asked: UUID, user: int) -> bool:
    """Whether the import is still to be done."""
    with acting(user, page=PAGE):
        open_ones = RegisterImport.objects.exclude(state__in=ENDED).filter(id=asked)
        row = open_ones.only("attempts").select_for_update().first()
        if row is not None and row.attempts < MOST_ATTEMPTS:
            open_ones.update(state=ImportState.RUNNING, attempts=row.attempts + 1, stage=Stage.READING, done=0, of=0)
            return True
    if row is not None:
        _fail(asked, user, _("The worker was ended %s times while it imported this file.") % MOST_ATTEMPTS)
    return False


def _import(asked: UUID, user: int, at: dt.datetime) -> None:
    """Directory, lines and the import's end in one transaction."""
    with _telling(asked, user) as progress, acting(user, page=PAGE) as viewer:
        row = RegisterImport.objects.get(id=asked)
        upload = Upload(row.file_name, bytes(row.content or b""))
        report = import_schools(file=upload, forces=row.only_forces, by=viewer, at=at, wait=True, progress=progress)
        _keep_lines(asked, report)
        _end(asked, state=ImportState.DONE, totals=totals_of(report))


@contextmanager
def _telling(asked: UUID, user: int) -> Iterator[Progress]:
    """Write how far the import has come so that others see it: in a thread, and so a connection, of its own."""
    shown: list[tuple[Stage, int]] = []

    def show(stage: Stage, done: int, of: int) -> None:
        step = (stage, STEPS * done // of)
        if shown != [step]:
            shown[:] = [step]
            beside.submit(_write_progress, asked, user, stage=stage, done=done, of=of)

    with ThreadPoolExecutor(max_workers=1) as beside:
        yield show
        beside.submit(connection.close)


def _write_progress(asked: UUID, user: int, **progress: Any) -> None:
    with acting(user, page=PAGE):
        RegisterImport.objects.filter(id=asked, state=ImportState.RUNNING).update(**progress)


def _fail(asked: UUID, user: int, why: str) -> None:
    with acting(user, page=PAGE):
        _end(asked, state=ImportState.FAILED, why_failed=why)


def _end(asked: UUID, **values: Any) -> None:
    RegisterImport.objects.filter(id=asked).update(content=None, ended_at=Now(), **values)


def _keep_lines(asked: UUID, report: ImportReport) -> None:
    lines = (_line(asked, part, entry) for part in ImportPart for entry in getattr(report, part))
    ImportLine.objects.bulk_create(lines, batch_size=BATCH)


def _line(asked: UUID, part: ImportPart, entry: Entry | BadRow) -> ImportLine:
    if isinstance(entry, BadRow):
        told: dict[str, Any] = {"column": entry.column, "why": entry.why}
    else:
        changes = [[change.column, _plain(change.before), _plain(change.after)] for change in entry.changes]
        told = {"urn": entry.urn, "name": entry.name, "force": entry.force, "changes": changes}
    return ImportLine(register_import_id=asked, part=part, line=entry.line, **told)


def _plain(value: Any) -> Any:
    """Days and decimals as the report writes them; the rest JSON keeps as it is."""
    return value if value is None or isinstance(value, int | float) else str(value)

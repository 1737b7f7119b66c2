"""Whatever is done to the log behind the product's back is found."""

from psycopg import Connection

from schoolgate.audit.tests.log import Log, tamper


def found(log: Log) -> str:
    report = log.verify()
    return "\n".join(report.wrong)


def test_an_untouched_log_is_whole(log: Log) -> None:
    report = log.verify()
    assert report.wrong == []
    assert report.unsealed == 0
    assert report.rows > 5
    assert report.summary.startswith("The log is whole")


def test_an_altered_row_is_found(log: Log, as_superuser: Connection) -> None:
    row = as_superuser.execute("select id from audit_access where records = %s", [[log.looked_at[2]]]).fetchone()[0]
    assert tamper(as_superuser, "update audit_access set person = 1 where id = %s", row) == 1
    assert f"row {row} of audit_access was changed" in found(log)

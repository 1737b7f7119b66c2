"""The force's overview and the school's page at 2,500 schools: queries, size, processor time, ratio to a floor."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.answering import Page, answer_of, backend
from benchmarks.bed.measuring import Contender, measure
from benchmarks.bed.server import throw_away_server
from benchmarks.bed.table import print_table
from benchmarks.bed.visiting import sign_in
from schoolgate.config.steps import collect_static_when_needed

SCHOOLS = 2_500
REPETITIONS = 50
TERM_ENDS = dt.timedelta(days=35)

SIGNED_UNTIL = """
(select max(a.until) from partnership_agreement a where a.holder = o.id and a.kind = '{kind}' and exists (
    select from partnership_agreementstep s where s.holder = a.holder and s.agreement_id = a.id
        and s.kind = 'countersigned'))
"""
FLOOR = f"""
select o.id, o.name, s.phase, {SIGNED_UNTIL.format(kind="protocol")}, {SIGNED_UNTIL.format(kind="dsa")},
    exists (select from deployment_assignment where school_id = o.id),
    exists (select from directory_membership where organisation_id = o.id and role = 'spoc'),
    (select count(*) from directory_membership where organisation_id = o.id),
    (select count(*) from partnership_acknowledgement where holder = o.id)
from directory_organisation o join directory_school s on s.organisation_id = o.id
where o.force_id = %s and o.closed_on is null order by o.name, o.id limit 50
"""


def main() -> None:
    """Load, ask each page again and again, and print what it cost."""
    with throw_away_server() as server:
        collect_static_when_needed(server.environment)
        server.make("overview")
        with server.as_superuser("overview") as superuser:
            _load(superuser, dt.datetime.now(dt.UTC))
            server.turn_to("overview")
            pages = list(_pages())
            sizes = {page.name: answer_of(page) for page in pages}
            contenders = {page.name: Contender(page.ask, backend()) for page in pages}
            floor = Contender(floor_of(superuser), superuser.info.backend_pid)
            costs = measure(contenders | {"floor": floor}, repetitions=REPETITIONS)
    rows: list[list[object]] = [
        [name, size.queries, size.kib, costs[name].cpu, costs[name].cpu / costs["floor"].cpu]
        for name, size in sizes.items()
    ]
    head = ["page", "queries", "KiB", "ms CPU", "ratio to the floor of the list"]
    targets = "targets: list 8 queries, 40 KiB, 10 ms, 2.5 × the floor"
    print_table(f"One force with {SCHOOLS:,} schools ({targets})", head, rows)


def _load(connection: Connection, now: dt.datetime) -> None:
    from benchmarks.bed.agreements import load_agreements
    from benchmarks.bed.loading import indexed_afterwards, load_register
    from schoolgate.partnership.models import BriefingPage
    from schoolgate.partnership.selectors.awareness import digest_of

    connection.execute("set session_replication_role = replica")
    with connection.transaction():
        load_register(connection, SCHOOLS)
        connection.execute("update directory_term set last_day = %s", [now.date() + TERM_ENDS])
        connection.execute("update directory_school set latitude = 51 + random(), longitude = -1 - random()")
    with indexed_afterwards(connection):
        load_agreements(connection, SCHOOLS, now)
    connection.execute("select partnership_refresh_states()")  # triggers were off
    connection.execute("select partnership_refresh_awareness(%s)", [digest_of(BriefingPage.SSP)])
    connection.execute("set session_replication_role = origin")
    connection.execute("vacuum analyze")


def _pages() -> Iterator[Page]:
    from schoolgate.config.wsgi import application

    sergeant = sign_in(application, register.SERGEANT_ACCOUNT)
    officer = sign_in(application, register.OFFICER_ACCOUNT)
    school = f"/schools/{register.school(2)}/"
    for name, path in (
        ("list: all schools", "/overview/"),
        ("list: a later page", f"/overview/?after={register.school(0)}_Invented+School+5"),
        ("list: lapsed, one in ten", "/overview/?state=lapsed"),
        ("list: ended, none at all", "/overview/?state=ended"),
        ("list: a document lapses", "/overview/?lapses=yes"),
        ("list: no SPOC, none at all", "/overview/?no_spoc=yes"),
        ("list: few of the staff aware", "/overview/?low=yes"),
        ("map: all schools", "/overview/places.json"),
        ("CSV: all schools", "/overview/schools.csv"),
    ):
        yield Page(name, sergeant, partial(sergeant.get, path), path)
    yield Page("record: a school's page", officer, partial(officer.get, school), school)


def floor_of(connection: Connection) -> Callable[[], str]:
    """What renders the first page's rows as the superuser, with no rule."""
    from django.template.loader import get_template

    from schoolgate.partnership.models import AgreementKind, PartnershipState
    from schoolgate.partnership.presenters_overview import school_row
    from schoolgate.partnership.selectors.overview import SchoolStanding, Share

    def standing(row: tuple[object, ...]) -> SchoolStanding:
        pk, name, phase, protocol, dsa, officer, spoc, staff, aware = row
        until = {kind: day for kind, day in zip(AgreementKind, (protocol, dsa), strict=True) if day}
        share, state = Share("", staff, aware), PartnershipState.ACTIVE  # type: ignore[arg-type]
        return SchoolStanding(pk, name, phase, None, None, state, until, None, officer, spoc, share)  # type: ignore[arg-type]

    def floor() -> str:
        rows = [school_row(standing(row)) for row in connection.execute(FLOOR, [register.FORCE]).fetchall()]
        return get_template("partnership/overview.html").render({"rows": rows, "filter": {}})

    return floor


if __name__ == "__main__":
    main()

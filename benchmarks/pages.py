"""The product's own pages: queries, processor time, size, and what they cost as the database grows."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from uuid import uuid4

from psycopg import Connection

from benchmarks.bed import register
from benchmarks.bed.answering import Page, Size, answer_of, backend
from benchmarks.bed.arguments import read_arguments
from benchmarks.bed.measuring import Contender, Cost, lower_quartile_of, measure
from benchmarks.bed.server import Server, throw_away_server
from benchmarks.bed.table import print_table
from benchmarks.bed.visiting import sign_in
from schoolgate.config.steps import collect_static_when_needed

ROUNDS = 5  # in each of which every database has its turn

CONCERNS = "select id::text from concerns_concern where holder = %s order by id"
OPEN_SHARES = "select id::text from exchange_share where school = %s and status = 'acknowledged' order by id"


def main() -> None:
    """Measure every size in turn, several times over, and print the pages and their growth."""
    arguments = read_arguments(__doc__, repetitions=20)
    with throw_away_server() as server:
        collect_static_when_needed(server.environment)
        databases = _filled(server, arguments.sizes)
        costs, sizes = _rounds(server, databases, arguments.repetitions)
    # The floor filters by school, for which there is no index: the ratio is of the smallest database.
    smallest, largest = arguments.sizes[0], arguments.sizes[-1]
    rows: list[list[object]] = []
    for name, size in sizes.items():
        floor = costs[smallest].get(f"{name}: floor")
        ratio = costs[smallest][name].cpu / floor.cpu if floor else ""
        rows.append([name, size.queries, size.kib, costs[largest][name].cpu, ratio])
    head = ["page", "queries", "KiB", "ms CPU", f"ratio to floor at {smallest:,}"]
    targets = "targets: list 8 queries, 40 KiB, 2.5 × the floor; record 8 and form 10 queries; each 10 ms"
    print_table(f"Pages with {largest:,} concerns of other people ({targets})", head, rows)
    growth = [[name, *(costs[size][name].cpu for size in arguments.sizes), _growth(costs, name)] for name in sizes]
    head = ["page, ms CPU with concerns", *(f"{size:,}" for size in arguments.sizes), "growth"]
    print_table("The same pages for the same person as others' records grow (target: at most 1.3)", head, growth)


def _growth(costs: dict[int, dict[str, Cost]], name: str) -> float:
    of_sizes = list(costs.values())
    return of_sizes[-1][name].cpu / of_sizes[0][name].cpu


def _filled(server: Server, sizes: list[int]) -> dict[int, str]:
    from benchmarks.bed.loading import load

    databases = {size: f"size_{size}" for size in sizes}
    for size, database in databases.items():
        server.make(database)
        with server.as_superuser(database) as connection:
            load(connection, size, dt.datetime.now(dt.UTC))
    return databases


def _rounds(
    server: Server, databases: dict[int, str], repetitions: int
) -> tuple[dict[int, dict[str, Cost]], dict[str, Size]]:
    """Costs by size and page, and the size of each page's answer."""
    from benchmarks.bed.floor import floors

    samples: dict[int, list[dict[str, Cost]]] = {size: [] for size in databases}
    answers: dict[str, Size] = {}
    for _ in range(ROUNDS):
        for size, database in databases.items():
            server.turn_to(database)
            with server.as_superuser(database) as superuser:
                pages = list(_pages(superuser))
                answers = {page.name: answer_of(page) for page in pages}
                contenders = {page.name: Contender(page.ask, backend()) for page in pages}
                for path, floor in floors(superuser, dt.datetime.now(dt.UTC)).items():
                    name = next(page.name for page in pages if page.path == path)
                    contenders[f"{name}: floor"] = Contender(floor, superuser.info.backend_pid)
                samples[size].append(measure(contenders, repetitions=repetitions))
    costs = {
        size: {name: lower_quartile_of([each[name] for each in found]) for name in found[0]}
        for size, found in samples.items()
    }
    return costs, answers


def _pages(superuser: Connection) -> Iterator[Page]:
    from schoolgate.config.wsgi import application

    def ids(query: str, number: int) -> list[str]:
        return [row[0] for row in superuser.execute(query, [register.school(number)]).fetchall()]

    spoc = sign_in(application, register.SPOC_ACCOUNT)
    officer = sign_in(application, register.OFFICER_ACCOUNT)
    sergeant = sign_in(application, register.SERGEANT_ACCOUNT)
    teacher = sign_in(application, register.TEACHER_ACCOUNT)
    concerns, share = ids(CONCERNS, 0), ids(OPEN_SHARES, 0)[0]
    in_turn = cycle(concerns)

    def add_note() -> None:
        words = {"words": "An invented note: spoke with the form tutor.", "once": str(uuid4())}
        spoc.post(f"/triage/{next(in_turn)}/note/", words)

    yield Page("list: the SPOC's inbox", spoc, partial(spoc.get, "/triage/"), "/triage/")
    yield Page("list: the officer's shares", officer, partial(officer.get, "/shares/"), "/shares/")
    yield Page("list: the sergeant's shares (300 circles)", sergeant, partial(sergeant.get, "/shares/"))
    yield Page("record: a concern at triage", spoc, partial(spoc.get, f"/triage/{concerns[0]}/"))
    yield Page("record: a share that waits", officer, partial(officer.get, f"/shares/{share}/"))
    yield Page("form: a concern, empty", teacher, partial(teacher.get, "/concerns/new/"))
    yield Page("form: a concern, sent", teacher, lambda: teacher.post("/concerns/new/", _concern()))
    yield Page("form: a note, sent", spoc, add_note)
    yield Page("home: the officer's", officer, partial(officer.get, "/"))


def _concern() -> dict[str, str]:
    """What a teacher types; each a form of its own."""
    return {
        "step": "send",
        "once": str(uuid4()),
        "page": str(uuid4()),
        "version": "0",
        "about": "child",
        "in_danger": "no",
        "child_name": "Example Child",
        "seen": "An invented account of what was seen between two lessons.",
        "day": "not_exactly",
        "occurred_words": "last week",
        "place": "in_school",
        "others": "no",
    }


if __name__ == "__main__":
    main()

"""Importing the register: what is added, changed, marked and kept, in the database."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from schoolgate.access.acting import acting
from schoolgate.core.enums import Nation, Regime
from schoolgate.directory import register
from schoolgate.directory.areas import UnknownForce
from schoolgate.directory.comparison import Change, Entry, PartOnly
from schoolgate.directory.gias import UnreadableRegister
from schoolgate.directory.models import Force, Organisation, OrganisationKind, Phase, RegisterStatus, School
from schoolgate.directory.register import ImportRunning, Stage
from schoolgate.directory.tests.registers import AT, EXTRACT, HEADINGS, PLAIN, PUBLISHED, Import, Row

pytestmark = pytest.mark.django_db

OTHER = PLAIN | {"URN": "900002", "EstablishmentName": "Otterbridge Academy"}
IN_THE_CITY = PLAIN | {"URN": "900003", "EstablishmentName": "Quay School", "LA (code)": "201", "LA (name)": "City"}
CLOSED = {"EstablishmentStatus (name)": "Closed"}
ACADEMY = PLAIN | {"TypeOfEstablishment (name)": "Academy converter", "Trusts (name)": "Larkmoor Learning Trust"}


@pytest.fixture
def enter(cast: Any) -> Callable[..., None]:
    """Enter values of a school as a person does in the product's pages."""

    def enter(urn: int, **values: object) -> None:
        with acting(cast.user("admin"), page="test"):
            assert School.objects.filter(urn=urn).update(**values) == 1

    return enter


def school(urn: int) -> School:
    with acting(None, page="test"):
        return School.objects.select_related("organisation__force", "organisation__controller").get(urn=urn)


def urns() -> set[int]:
    with acting(None, page="test"):
        return set(School.objects.filter(urn__gte=100_000, la_code__in=["201", "202"]).values_list("urn", flat=True))


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.urn for entry in entries]


def many(number: int) -> list[Row]:
    return [PLAIN | {"URN": str(910_000 + each), "EstablishmentName": f"School {each}"} for each in range(number)]


def test_the_first_import_adds_schools_with_force_place_and_kind(import_: Import) -> None:
    report = import_(PUBLISHED)
    assert numbers(report.added) == [100000, 100001, 100002, 100005, 100049, 144638, 100006, 135721]
    assert report.forces_added == ["City of London", "Devon and Cornwall", "Kent", "Metropolitan Police"]
    haverstock = school(100049)
    assert haverstock.organisation.name == "Haverstock School"
    assert haverstock.organisation.force.name == "Metropolitan Police"
    assert (haverstock.phase, haverstock.pupils) == (Phase.SECONDARY, 973)
    assert (haverstock.latitude, haverstock.longitude) == (51.544833, -0.153229)


def test_a_new_force_is_a_law_enforcement_controller_of_its_own(import_: Import) -> None:
    import_(EXTRACT)
    with acting(None, page="test"):
        force = Force.objects.select_related("organisation").get(slug="south-wales")
    assert force.organisation.kind == OrganisationKind.FORCE
    assert (force.organisation.regime, force.organisation.nation) == (Regime.LAW_ENFORCEMENT, Nation.WALES)
    assert school(900005).organisation.nation == Nation.WALES


def test_a_force_that_is_there_is_not_made_again(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN))
    assert import_(file_of(PLAIN, OTHER)).forces_added == []
    assert school(900001).organisation.force_id == school(900002).organisation.force_id


def test_only_what_changed_is_told_and_written(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN | {"NumberOfPupils": "200"}, OTHER))
    changed = PLAIN | {"NumberOfPupils": "210", "EstablishmentName": "Larkmoor Primary School"}
    report = import_(file_of(changed, OTHER))
    changes = (Change("pupils", 200, 210), Change("name", "Larkmoor School", "Larkmoor Primary School"))
    assert report.changed == [Entry(2, 900001, "Larkmoor Primary School", "Metropolitan Police", changes)]
    assert report.unchanged == 1
    assert school(900001).organisation.name == "Larkmoor Primary School"


def test_what_people_entered_is_kept(import_: Import, enter: Callable[..., None], file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN))
    entered = {"keeps_own_system": True, "telephone": "01632 960 001", "closes_at": dt.time(14, 45)}
    enter(900001, **entered)
    import_(file_of(PLAIN | {"NumberOfPupils": "99"}))
    kept = school(900001)
    assert kept.pupils == 99
    assert {name: getattr(kept, name) for name in entered} == entered


def test_a_column_that_the_file_lacks_is_kept(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN | {"NumberOfPupils": "200", "Easting": "529000", "Northing": "183500"}))
    fewer = [heading for heading in HEADINGS if heading not in ("NumberOfPupils", "Easting")]
    assert import_(file_of(PLAIN, headings=fewer)).unchanged == 1
    assert school(900001).pupils == 200
    assert school(900001).latitude is not None


def test_a_value_that_the_register_withdrew_becomes_unknown(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN | {"NumberOfPupils": "200"}))
    (entry,) = import_(file_of(PLAIN)).changed
    assert entry.changes == (Change("pupils", 200, None),)


def test_a_closed_school_is_marked_and_leads_to_its_successor(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN))
    closing = PLAIN | CLOSED | {"CloseDate": "31-08-2026", "x_successor_urn": "900002"}
    report = import_(file_of(closing, OTHER))
    assert (numbers(report.closed), numbers(report.added), report.changed) == ([900001], [900002], [])
    closed = school(900001)
    assert (closed.status, closed.successor_urn) == (RegisterStatus.CLOSED, 900002)
    assert closed.organisation.closed_on == dt.date(2026, 8, 31)


def test_the_file_of_links_leads_a_closed_school_to_its_successor(
    import_: Import, file_of: Callable[..., Path], tmp_path: Path
) -> None:
    links = tmp_path / "links.csv"
    links.write_text("URN,LinkURN,LinkName,LinkType\n900001,900002,Otterbridge Academy,Successor\n")
    import_(file_of(PLAIN))
    import_(file_of(PLAIN | CLOSED, OTHER), links=links)
    assert (school(900001).successor_urn, school(900002).successor_urn) == (900002, None)


def test_a_closing_without_a_date_takes_the_day_of_the_import_and_keeps_it(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN))
    import_(file_of(PLAIN | CLOSED, OTHER))
    assert school(900001).organisation.closed_on == AT.date()
    assert import_(file_of(PLAIN | CLOSED, OTHER)).unchanged == 2


def test_a_school_that_opens_again_is_open_without_a_closing_date(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, OTHER))
    import_(file_of(PLAIN | CLOSED, OTHER))
    assert numbers(import_(file_of(PLAIN, OTHER)).changed) == [900001]
    assert (school(900001).status, school(900001).organisation.closed_on) == (RegisterStatus.OPEN, None)


def test_a_school_that_the_register_dropped_is_marked_and_kept(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN, OTHER))
    report = import_(file_of(OTHER))
    change = Change("status", RegisterStatus.OPEN, RegisterStatus.ABSENT)
    assert report.missing == [Entry(0, 900001, "Larkmoor School", "Metropolitan Police", (change,))]
    assert school(900001).status == RegisterStatus.ABSENT
    assert import_(file_of(OTHER)).missing == []
    assert numbers(import_(file_of(PLAIN, OTHER)).changed) == [900001]


def test_schools_of_a_force_that_the_file_does_not_cover_are_left_alone(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, IN_THE_CITY))
    report = import_(file_of(PLAIN))
    assert (report.missing, report.part_only, report.unchanged) == ([], [], 1)
    assert school(900003).status == RegisterStatus.OPEN


def test_a_file_that_lacks_too_many_schools_of_a_force_marks_none(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(*many(60)))
    assert len(import_(file_of(*many(54))).missing) == 6
    report = import_(file_of(*many(47)))
    assert report.missing == []
    assert report.part_only == [PartOnly("Metropolitan Police", 7, 54)]


def test_lines_that_cannot_be_read_are_told_and_then_nothing_is_marked_missing(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, OTHER))
    report = import_(file_of(OTHER, PLAIN | {"NumberOfPupils": "many"}))
    assert [(bad.line, bad.column) for bad in report.unreadable] == [(3, "NumberOfPupils")]
    assert report.missing == []
    assert school(900001).status == RegisterStatus.OPEN


def test_asked_for_one_force_only_its_schools_are_imported(import_: Import, file_of: Callable[..., Path]) -> None:
    report = import_(file_of(PLAIN, IN_THE_CITY), "City of London")
    assert (numbers(report.added), report.other_forces) == ([900003], 1)
    assert report.forces_added == ["City of London"]
    assert 900001 not in urns()


def test_asked_for_one_force_the_schools_of_others_are_not_missing(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, OTHER, IN_THE_CITY))
    assert import_(file_of(PLAIN, IN_THE_CITY), "city-of-london").missing == []


def test_an_unknown_force_imports_nothing(import_: Import, file_of: Callable[..., Path]) -> None:
    with pytest.raises(UnknownForce):
        import_(file_of(PLAIN), "Lothian")
    assert urns() == set()


def test_a_school_that_moves_to_another_authority_moves_to_its_force(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, IN_THE_CITY))
    (entry,) = import_(file_of(PLAIN | {"LA (code)": "201", "LA (name)": "City"}, IN_THE_CITY)).changed
    assert Change("force", "Metropolitan Police", "City of London") in entry.changes
    assert school(900001).organisation.force.name == "City of London"


def test_an_authority_that_nobody_polices_here_is_left_out_by_name(import_: Import) -> None:
    report = import_(EXTRACT)
    assert report.left_out == {"BSO Overseas Establishments": 1}
    assert 900006 not in numbers(report.added)


def test_a_school_stays_with_its_force_when_its_authority_is_not_known(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(PLAIN, OTHER))
    reorganised = PLAIN | {"LA (code)": "299", "LA (name)": "Inner London"}
    (entry,) = import_(file_of(reorganised, OTHER)).changed
    assert [change.column for change in entry.changes] == ["la_code", "la_name"]
    assert school(900001).organisation.force.name == "Metropolitan Police"


def test_a_school_that_closed_before_it_was_known_is_not_added(import_: Import) -> None:
    report = import_(EXTRACT)
    assert report.long_closed == 1
    assert 900003 not in urns()


def test_the_trust_that_runs_a_school_becomes_its_controller(import_: Import) -> None:
    import_(EXTRACT)
    trust = school(900002).organisation.controller
    assert (trust.name, trust.kind, trust.regime) == (
        "Larkmoor Learning Trust",
        OrganisationKind.CONTROLLER,
        Regime.UK_GDPR,
    )
    assert school(900007).organisation.controller_id == trust.pk
    assert trust.force_id == school(900002).organisation.force_id
    assert school(900001).organisation.controller is None


def test_a_school_that_joins_its_first_trust_comes_under_it(import_: Import, file_of: Callable[..., Path]) -> None:
    import_(file_of(PLAIN))
    (entry,) = import_(file_of(ACADEMY)).changed
    assert Change("controller", "", "Larkmoor Learning Trust") in entry.changes
    assert school(900001).organisation.controller.name == "Larkmoor Learning Trust"


def test_another_trust_than_people_entered_is_told_and_left_to_people(
    import_: Import, file_of: Callable[..., Path]
) -> None:
    import_(file_of(ACADEMY))
    report = import_(file_of(ACADEMY | {"Trusts (name)": "Tidewater Trust"}))
    (entry,) = report.differing
    assert entry.changes == (Change("controller", "Larkmoor Learning Trust", "Tidewater Trust"),)
    assert report.unchanged == 1
    assert school(900001).organisation.controller.name == "Larkmoor Learning Trust"


def test_the_invented_schools_are_left_alone_by_a_real_register(import_: Import, cast: Any) -> None:
    import_(PUBLISHED)
    with acting(None, page="test"):
        assert not School.objects.filter(status=RegisterStatus.ABSENT).exists()


@pytest.mark.parametrize("persona", ["teacher", "head", "sergeant", "dpo"])
def test_nobody_but_a_technical_administrator_imports(
    import_: Import, file_of: Callable[..., Path], persona: str
) -> None:
    with pytest.raises(PermissionDenied):
        import_(file_of(PLAIN), persona=persona)


def test_a_failure_half_way_leaves_nothing_behind(
    import_: Import, file_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = register._write

    def fail_at_schools(records: list[School | Organisation], fields: list[str]) -> None:
        if isinstance(records[0], School):
            raise OSError("disk full")
        write(records, fields)

    monkeypatch.setattr(register, "_write", fail_at_schools)
    with pytest.raises(OSError, match="disk full"):
        import_(file_of(PLAIN))
    with acting(None, page="test"):
        assert not Organisation.objects.filter(name__in=["Larkmoor School", "Metropolitan Police"], force=None).exists()
    assert urns() == set()


def test_two_imports_at_once_are_refused(import_: Import, file_of: Callable[..., Path]) -> None:
    elsewhere = connection.copy()
    with closing(elsewhere), elsewhere.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [register.ONLY_IMPORT_LOCK])
        with pytest.raises(ImportRunning):
            import_(file_of(PLAIN))
        cursor.execute("select pg_advisory_unlock(%s)", [register.ONLY_IMPORT_LOCK])


@pytest.mark.parametrize(
    ("rows", "why"),
    [([], "has no school in it"), ([PLAIN | {"URN": "x"}], r"No line can be read; line 2: URN “x” is not a URN\.")],
)
def test_a_file_without_one_readable_school_is_refused(
    import_: Import, file_of: Callable[..., Path], rows: list[Row], why: str
) -> None:
    with pytest.raises(UnreadableRegister, match=why):
        import_(file_of(*rows))


def test_progress_is_told_for_reading_and_saving_to_the_end(import_: Import) -> None:
    told: list[tuple[Stage, int, int]] = []
    import_(PUBLISHED, progress=lambda *step: told.append(step))
    size = PUBLISHED.stat().st_size
    assert (Stage.READING, size, size) in told
    assert told[-1] == (Stage.SAVING, 16, 16)

"""The report in words."""

from collections import Counter

from schoolgate.directory.comparison import Change, Entry, ImportReport, PartOnly
from schoolgate.directory.gias import BadRow
from schoolgate.directory.models import Phase, RegisterStatus
from schoolgate.directory.report import report_lines

MET = "Metropolitan Police"


def lines(report: ImportReport) -> list[str]:
    return list(report_lines(report))


def test_an_import_that_found_nothing_new_says_so_in_six_lines() -> None:
    assert lines(ImportReport(unchanged=25_094)) == [
        "Added: 0",
        "Changed: 0",
        "Closed: 0",
        "No longer in the register: 0",
        "Unchanged: 25,094",
        "Could not be read: 0",
    ]


def test_a_change_is_told_in_the_words_of_the_pages() -> None:
    changes = (
        Change("pupils", None, 210),
        Change("phase", Phase.PRIMARY, Phase.ALL_THROUGH),
        Change("controller", "", "Larkmoor Learning Trust"),
    )
    report = ImportReport(changed=[Entry(7, 900001, "Larkmoor School", MET, changes)])
    assert (
        "  line 7: 900001 Larkmoor School (Metropolitan Police): pupils not known → 210; phase Primary → All-through;"
        " trust not known → Larkmoor Learning Trust" in lines(report)
    )


def test_a_missing_school_has_no_line() -> None:
    change = Change("status", RegisterStatus.OPEN, RegisterStatus.ABSENT)
    report = ImportReport(missing=[Entry(0, 900001, "Larkmoor School", MET, (change,))])
    told = "  not in the file: 900001 Larkmoor School (Metropolitan Police): status Open → Not in the register"
    assert told in lines(report)


def test_a_long_list_is_told_by_force() -> None:
    added = [Entry(line, line, "School", "Kent" if line % 3 else MET, ()) for line in range(2, 302)]
    assert lines(ImportReport(added=added))[:3] == ["Added: 300", "  Kent: 200", "  Metropolitan Police: 100"]


def test_what_could_not_be_read_is_always_told_line_by_line() -> None:
    unreadable = [BadRow(line, "URN", "“x” is not a URN") for line in range(2, 302)]
    told = lines(ImportReport(unreadable=[*unreadable, BadRow(400, "", "has 2 columns where the first line has 25")]))
    assert told.count("Could not be read: 301") == 1
    assert "  line 301: URN: “x” is not a URN" in told
    assert "  line 400: has 2 columns where the first line has 25" in told
    assert told[-1] == "Because of these lines, no school was marked as no longer in the register."


def test_what_was_left_alone_is_told_with_the_reason() -> None:
    differing = Entry(9, 900001, "Larkmoor School", MET, (Change("controller", "Larkmoor Trust", "Tidewater Trust"),))
    report = ImportReport(
        part_only=[PartOnly(MET, 1_200, 3_221)],
        differing=[differing],
        other_forces=21_873,
        long_closed=24_000,
        left_out=Counter({"BSO Overseas Establishments": 120}),
    )
    assert lines(report)[6:] == [
        "Metropolitan Police: the file lacks 1,200 of 3,221 schools, so it is part of the register;"
        " none was marked as missing.",
        "The register names another trust than the directory does; a person must decide:",
        "  line 9: 900001 Larkmoor School (Metropolitan Police): trust Larkmoor Trust → Tidewater Trust",
        "Of other forces, left alone: 21,873",
        "Closed before, never known here: 24,000",
        "No police force is known for “BSO Overseas Establishments”, left out: 120",
    ]

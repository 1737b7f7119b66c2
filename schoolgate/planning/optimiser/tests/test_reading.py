"""Bad problem files: one line each, exit status 2, no plan."""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schoolgate.planning.optimiser import command
from schoolgate.planning.optimiser.reading import build_problem
from schoolgate.planning.optimiser.tests.problems import officer, problem, random_force, school

Change = Callable[[dict[str, Any]], Any]


def small() -> dict[str, Any]:
    return problem([officer("O1"), officer("O2")], [school("S1"), school("S2"), school("S3"), school("S4")])


def set_in(*path: Any, to: Any) -> Change:
    def change(content: dict[str, Any]) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = to  # type: ignore[index]

    return change


BAD: dict[str, tuple[Change, str]] = {
    "a missing field": (lambda c: c["officers"][0].pop("fte"), "officer O1: the field fte is missing"),
    "no weights": (lambda c: c.pop("weights"), "the problem: the field weights is missing"),
    "not a number": (set_in("schools", 0, "hours", to=float("nan")), "NaN is not a number"),
    "an officer of no hours": (set_in("officers", 1, "fte", to=0), "officer O2: fte must be a number above 0, is 0"),
    "a text for a number": (set_in("schools", 1, "visits", to="3"), "school S2: visits must be a number"),
    "a flag for a number": (set_in("schools", 1, "visits", to=True), "school S2: visits must be a number"),
    "a huge number": (set_in("officers", 0, "easting", to=10**400), "easting must be a number"),
    "a negative weight": (set_in("weights", "travel", to=-1), "weights: travel must be a number from 0"),
    "a pattern for nothing": (set_in("patterns", 0, to={"id": "p"}), "pattern p fits nothing"),
    "a pattern turned round": (
        set_in("patterns", 0, to={"id": "p", "other": [3, 2]}),
        "pattern p fits nothing: other is at least 3 and at most 2",
    ),
    "two officers with one id": (set_in("officers", 1, "id", to="O1"), "officers: the id 'O1' is given 2 times"),
    "no schools": (set_in("schools", to=[]), "the problem has no schools"),
    "no officers": (set_in("officers", to=[]), "the problem has no officers"),
    "schools that are no list": (set_in("schools", to={}), "the problem: schools must be a list"),
    "an unknown phase": (set_in("schools", 0, "phase", to="nursery"), "school S1: phase must be one of"),
    "an unknown officer": (set_in("fixed", to=[["O9", "S1"]]), "fixed: there is no officer 'O9'"),
    "an unknown school": (set_in("forbidden", to=[["O1", "S9"]]), "forbidden: there is no school 'S9'"),
    "an id of two lines": (set_in("officers", 0, to={"id": "O\n1"}), r"officer 'O\n1': the field easting is missing"),
    "a pair of three": (set_in("fixed", to=[["O1", "S1", "S2"]]), "must be a pair"),
    "an unknown rounding": (set_in("distance", to={"rounding": "up"}), "distance: rounding must be one of"),
    "a unit of nothing": (set_in("distance", to={"unit_m": 0}), "distance: unit_m must be a number above 0"),
}


def run(tmp_path: Path, text: str, *words: str) -> tuple[int, Path]:
    source, out = tmp_path / "problem.json", tmp_path / "plan.json"
    source.write_text(text)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([str(source), "--out", str(out), *words])), out


@pytest.mark.parametrize(("change", "line"), BAD.values(), ids=BAD)
def test_a_bad_problem_is_refused_in_one_line(
    change: Change, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = small()
    change(content)
    status, out = run(tmp_path, json.dumps(content))
    said = capsys.readouterr().err
    assert status == 2
    assert line in said
    assert said.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[1]", '"text"', "1" * 5000])
def test_what_is_no_problem_at_all_is_refused_in_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(tmp_path, text)
    assert status == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.main(parser.parse_args([str(tmp_path / "none.json"), "--out", str(tmp_path / "plan.json")])) == 2
    assert capsys.readouterr().err.endswith("none.json cannot be read: No such file or directory\n")


@pytest.mark.parametrize("out", ["", "none/plan.json", "problem.json/plan.json", "n" * 255])
def test_where_no_plan_can_be_written_none_is_made(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "problem.json"
    source.write_text(json.dumps(small()))
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.main(parser.parse_args([str(source), "--out", str(tmp_path / out)])) == 2
    said = capsys.readouterr().err
    assert "cannot be written" in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def test_the_plan_is_written_with_all_that_the_contract_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(tmp_path, json.dumps(small()), "--steps", "50")
    plan = json.loads(out.read_text())
    assert status == 0
    assert {"portfolios", "cost", "lower_bound", "seconds"} <= set(plan)
    assert plan["portfolios"][0] == {
        "officer": "O1", "pattern": "cluster",
        "assignments": plan["portfolios"][0]["assignments"],
    }  # fmt: skip
    assert "gap 0.000%" in capsys.readouterr().err


def test_optional_fields_have_the_contracts_defaults() -> None:
    built = build_problem(small())
    assert (built.unit_m, built.rounding, built.within_team, built.allow_unassigned_officers) == (
        100,
        "nearest",
        False,
        False,
    )


def test_the_command_needs_no_django_and_stops_when_it_is_told_to(tmp_path: Path) -> None:
    source, out = tmp_path / "problem.json", tmp_path / "plan.json"
    source.write_text(json.dumps(random_force(6, 30, 100)))
    code = (
        "import sys; from schoolgate.config.cli import main; "
        f"status = main(['plan', {str(source)!r}, '--out', {str(out)!r}, '--seconds', '300']); "
        "sys.exit(9 if 'django' in sys.modules else status)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "gap" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    plan = json.loads(out.read_text())
    assert plan["portfolios"]
    assert plan["lower_bound"] <= plan["cost"]

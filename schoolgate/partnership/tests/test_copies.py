"""A copy that somebody holds is checked by a page and by a command: it is found as it came, and not when altered."""

import argparse
import hashlib
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.check_agreement import main
from schoolgate.partnership.tests.doings import agree

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def signed(cast: Cast) -> UUID:
    return agree(cast)


@pytest.fixture
def pdf(cast: Cast, signed: UUID) -> bytes:
    """The PDF from the page of an agreement."""
    return signed_in(cast, "other-spoc").get(f"/agreements/{signed}/copy.pdf").content


def altered(pdf: bytes) -> bytes:
    return pdf[:1000] + bytes([pdf[1000] ^ 1]) + pdf[1001:]


def check(file: Path) -> int:
    return main(argparse.Namespace(file=file))


def test_the_same_agreement_gives_the_same_bytes(cast: Cast, signed: UUID, pdf: bytes) -> None:
    assert signed_in(cast, "sergeant").get(f"/agreements/{signed}/copy.pdf").content == pdf


def test_the_command_finds_it_and_says_how_it_stands(
    tmp_path: Path, pdf: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agreement.pdf"
    file.write_bytes(pdf)
    assert check(file) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert all(words in said for words in ("Otterbridge Academy", "Data Sharing Agreement", "In force", "unchanged"))


def test_the_command_does_not_find_it_when_a_byte_was_altered(
    tmp_path: Path, pdf: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agreement.pdf"
    file.write_bytes(altered(pdf))
    assert check(file) == 1
    assert "it was changed since" in capsys.readouterr().err


def test_a_missing_file_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path / "none.pdf") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_anybody_checks_a_copy_in_a_page_without_signing_in(pdf: bytes) -> None:
    assert "Otterbridge Academy" in posted(copy=SimpleUploadedFile("a.pdf", pdf))
    assert "Otterbridge Academy" in posted(digest=hashlib.sha256(pdf).hexdigest().upper())
    assert "not a copy that Schoolgate made" in posted(copy=SimpleUploadedFile("a.pdf", altered(pdf)))
    assert "Choose the PDF, or give its digest" in posted(digest="")
    half_a_digest = posted(digest=hashlib.sha256(pdf).hexdigest()[:32])
    assert "A digest is 64 figures and letters from a to f" in half_a_digest
    assert "not a copy that Schoolgate made" not in half_a_digest


def posted(**sent: object) -> str:
    return Client().post("/agreements/check/", sent).text

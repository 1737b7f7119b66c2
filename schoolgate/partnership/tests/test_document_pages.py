"""A force writes its documents: previewed, compared, published; and nothing that was written is lost."""

import html
import re
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from schoolgate.access.acting import acting
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import ARIAN, WEXMOOR
from schoolgate.partnership.models import Edition
from schoolgate.partnership.tests.doings import propose, record_of
from schoolgate.partnership.tests.test_faults import at_once

pytestmark = pytest.mark.usefixtures("committed_database")

WRITTEN = {
    "title": "Data Sharing Agreement", "as_at": "2026-11-01", "summary": "In short.",
    "body": "# The text\n\nBetween [[school]] and [[force]].",
}  # fmt: skip


def begin(cast: Cast, key: str = "youth-lead", force: str = WEXMOOR) -> tuple[Client, str]:
    """Somebody's browser, and the address of the edition that they begin."""
    browser = signed_in(cast, key)
    answer = browser.post(f"/documents/begin/{cast.place(force)}/dsa/")
    return browser, answer.headers["Location"].removesuffix("edit/")


def begun(answer: HttpResponse) -> dict[str, str]:
    found = dict(re.findall(r'name="(once|begun_from|draft_page|draft_version)" value="([^"]*)"', answer.text))
    assert found["begun_from"]
    return found


def version(answer: HttpResponse) -> dict[str, str]:
    """What a button of the page sends along: the version that was read."""
    return dict(re.findall(r'name="(version)" value="([^"]*)"', answer.text))


def body_of(browser: Client, address: str) -> str:
    """The text as the page's box holds it."""
    found = re.search(
        r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', browser.get(f"{address}edit/").text, re.DOTALL
    )
    assert found
    return html.unescape(found[1])


def test_the_youth_lead_writes_previews_compares_and_publishes(cast: Cast) -> None:
    writer, address = begin(cast)
    edit = f"{address}edit/"
    assert "[[school]]" in body_of(writer, address), "it begins with the edition before"
    typed = begun(writer.get(edit)) | WRITTEN
    preview = writer.post(edit, typed | {"step": "preview"})
    assert "How it looks" in preview.text
    assert preview.text.count("In short.") == 2, "the summary is looked at as well"
    assert 'formaction="#preview"' in preview.text
    assert ">The text</h2>" in preview.text
    assert WRITTEN["body"] not in writer.get(address).text, "a preview saves nothing"
    assert body_of(writer, address) == WRITTEN["body"], "nor is it lost"
    assert writer.post(edit, typed).headers["Location"] == address
    assert "Not sent yet" not in writer.get("/").text
    assert "In short." in writer.get(address).text
    assert "Compared with edition 1" in writer.get(f"{address}compare/").text
    writer.post(f"{address}publish/", version(writer.get(address)))
    assert "Change the text" not in writer.get(address).text
    assert writer.get(edit).headers["Location"] == address
    assert "Between Otterbridge Academy and Wexmoor Police." in record_of(cast, propose(cast)).body


def test_two_tabs_lose_nothing(cast: Cast) -> None:
    writer, address = begin(cast)
    other = signed_in(cast, "sergeant")
    edit = f"{address}edit/"
    mine, theirs = begun(writer.get(edit)) | WRITTEN, begun(other.get(edit)) | WRITTEN
    assert writer.post(edit, mine | {"body": "Mine."}).status_code == 302
    refused = other.post(edit, theirs | {"body": "Theirs."})
    assert "Somebody else changed this" in refused.text
    assert "Theirs." in refused.text
    assert body_of(writer, address) == "Mine."
    assert other.post(edit, begun(refused) | WRITTEN | {"body": "Theirs."}).status_code == 302
    assert body_of(writer, address) == "Theirs."


def test_bad_input_is_said_beside_the_field_and_kept(cast: Cast) -> None:
    writer, address = begin(cast)
    typed = begun(writer.get(f"{address}edit/")) | WRITTEN | {"body": "Ask [[shcool]].", "title": ""}
    answer = writer.post(f"{address}edit/", typed)
    assert "There is no field called shcool" in answer.text
    assert "Give the title" in answer.text
    assert "Ask [[shcool]]." in html.unescape(answer.text)


def test_nobody_publishes_what_they_have_not_read(cast: Cast) -> None:
    writer, address = begin(cast)
    read = version(writer.get(address))
    other = signed_in(cast, "sergeant")
    other.post(f"{address}edit/", begun(other.get(f"{address}edit/")) | WRITTEN)
    for sent in (read, {}, {"version": "x"}):
        assert "Somebody changed it meanwhile" in writer.post(f"{address}publish/", sent, follow=True).text
    writer.post(f"{address}publish/", version(writer.get(address)))
    assert "Change the text" not in writer.get(address).text


def test_whoever_begins_an_edition_at_the_same_moment_writes_the_same_one(cast: Cast) -> None:
    address = f"/documents/begin/{cast.place(WEXMOOR)}/dsa/"
    clients = [signed_in(cast, key) for key in ("youth-lead", "sergeant") for _each in range(2)]
    answers = at_once(*(partial(client.post, address) for client in clients))
    assert len({answer.headers["Location"] for answer in answers}) == 1


def test_a_long_text_and_right_to_left_names_are_kept_and_proposed(cast: Cast) -> None:
    writer, address = begin(cast)
    body = "# Long\n\nאורי כהן, عمر الفاروق\n\n" + "\n\n".join(f"Paragraph {n}. " + "word " * 40 for n in range(900))
    assert len(body) > 190_000
    writer.post(f"{address}edit/", begun(writer.get(f"{address}edit/")) | WRITTEN | {"body": body})
    writer.post(f"{address}publish/", version(writer.get(address)))
    record = record_of(cast, propose(cast))
    assert record.body == body.strip()
    shown = signed_in(cast, "other-head").get(f"/agreements/{record.id}/")
    assert "אורי כהן" in shown.text
    pdf = signed_in(cast, "other-head").get(f"/agreements/{record.id}/copy.pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize("key", ["head", "officer", "admin", "spoc", "dpo"])
def test_nobody_else_of_the_force_writes(cast: Cast, key: str) -> None:
    _writer, address = begin(cast)
    browser = signed_in(cast, key)
    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}edit/").status_code == 403
    assert browser.post(f"{address}publish/").status_code == 403
    assert browser.post(f"/documents/begin/{cast.place(WEXMOOR)}/protocol/").status_code == 403


def test_another_forces_documents_are_not_there(cast: Cast) -> None:
    _writer, address = begin(cast)
    for key in ("neighbourhood-officer", "other-force-officer"):
        assert signed_in(cast, key).get(address).status_code == 404
    assert signed_in(cast, "sergeant").post(f"/documents/begin/{cast.place(ARIAN)}/dsa/").status_code == 404


CHANGE = "update partnership_edition set body = 'x' where id = %s"
ADD = (
    "insert into partnership_edition (force_id, kind, number, title, summary, body, as_at, changed_at, version)"
    " values (%s, 'protocol', 9, 'x', 'x', 'x', now(), now(), 1)"
)


def changed(cast: Cast, key: str, statement: str, value: int) -> int:
    """How many rows a statement of the application changes for somebody; none where the database refuses it."""
    try:
        with acting(cast.user(key), page="test"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [value])
            return cursor.rowcount
    except DatabaseError:
        return 0


@pytest.mark.parametrize(
    ("key", "may"),
    [
        ("youth-lead", 1),
        ("sergeant", 1),
        ("head", 0),
        ("officer", 0),
        ("admin", 0),
        ("dpo", 0),
        ("neighbourhood-officer", 0),
    ],
)
def test_the_database_lets_youth_lead_and_sergeants_write_and_nobody_else(cast: Cast, key: str, may: int) -> None:
    _writer, address = begin(cast)
    assert changed(cast, key, CHANGE, int(address.split("/")[2])) == may
    assert changed(cast, key, ADD, cast.place(WEXMOOR)) == may


@pytest.mark.parametrize("key", ["youth-lead", "sergeant"])
def test_a_published_text_never_changes(cast: Cast, key: str) -> None:
    with acting(None, page="test"):
        published = Edition.objects.filter(force=cast.place(WEXMOOR), published_at__isnull=False).values_list(
            "pk", flat=True
        )[0]
    for what in ("body = 'x'", "published_at = null", "title = 'x'", "kind = 'dsa', number = 7"):
        assert changed(cast, key, f"update partnership_edition set {what} where id = %s", published) == 0


def test_the_list_leads_to_the_next_edition(cast: Cast) -> None:
    shown = signed_in(cast, "youth-lead").get("/documents/").text
    assert "Write the next Data Sharing Agreement of Wexmoor Police" in shown
    assert "Write the next" not in signed_in(cast, "head").get("/documents/").text

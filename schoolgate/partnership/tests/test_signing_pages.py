"""Pages on which an agreement is read, signed, declined and confirmed; and what goes wrong meanwhile."""

import datetime as dt
import html
import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.access.sign_in import LAST_FACTOR
from schoolgate.access.tests.browsing import code_of, set_up_app
from schoolgate.core.clock import now
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.places import WEXMOOR
from schoolgate.notices.models import Notice, NoticeKind
from schoolgate.notices.services import mark_all_seen
from schoolgate.partnership.models import AgreementKind, StepKind
from schoolgate.partnership.presenters import document
from schoolgate.partnership.selectors import documents
from schoolgate.partnership.services import documents as writing
from schoolgate.partnership.services import signing
from schoolgate.partnership.tests.doings import TODAY, YEAR, agree, delegate, given, propose, record_of, sign
from schoolgate.partnership.tests.test_clock import replace_head

pytestmark = pytest.mark.usefixtures("committed_database")

OF_THE_TRUST = "fiddlers-green"  # as Larkmoor School is
REAUTHENTICATE = "/account/second-factor/reauthenticate/"


def browser(cast: Cast, key: str, *, minutes_ago: int = 0) -> Client:
    """Signed in, with a second factor that was given some minutes ago."""
    client = signed_in(cast, key)
    session = client.session
    session[LAST_FACTOR] = ["totp", int(now().timestamp()) - 60 * minutes_ago]
    session.save()
    return client


def hidden(answer: HttpResponse) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="(once|digest)" value="([^"]*)">', answer.text))
    return {name: html.unescape(value) for name, value in found.items()}


def page(pk: UUID, name: str = "") -> str:
    return f"/agreements/{pk}/{name}/" if name else f"/agreements/{pk}/"


FILLED = {"name": "Percival Dock", "role": "Head teacher", "agreed": "yes"}


def test_the_head_teacher_reads_summary_and_whole_text_then_signs(cast: Cast) -> None:
    pk = propose(cast)
    head, record = browser(cast, "other-head"), record_of(cast, pk)
    shown = head.get(page(pk))
    assert shown.text.index("In short") < shown.text.index("The whole text")
    assert record.digest in shown.text
    assert head.post(page(pk, "read"), {"once": str(uuid4())}).headers["Location"] == page(pk, "sign")
    form = head.get(page(pk, "sign"))
    assert head.post(page(pk, "sign"), hidden(form) | FILLED | {"agreed": ""}).text.count("Tick to sign") == 2
    assert head.post(page(pk, "sign"), hidden(form) | FILLED).headers["Location"] == page(pk)
    after = record_of(cast, pk)
    (signature,) = after.signatures
    assert (signature.signer_name, signature.signer_role, signature.factor) == ("Percival Dock", "Head teacher", "totp")
    assert signature.digest == record.digest
    assert "I agree" in signature.statement
    assert after.came(StepKind.READ)
    assert "authenticator app" in head.get(page(pk)).text
    assert signature.statement in head.get(page(pk)).text
    assert signature.statement in str(document(after).signatures)


def test_who_can_read_it_says_each_role_once(cast: Cast) -> None:
    shown = browser(cast, "other-head").get(page(propose(cast))).text
    assert "Officer of the school</span>" in shown
    assert "Officer of the school and Officer" not in shown
    assert "and Member of staff" not in shown
    assert "Member of staff and" not in shown


def test_the_page_says_who_has_been_told(cast: Cast) -> None:
    pk = propose(cast)
    head = browser(cast, "other-head")
    shown = head.get(page(pk)).text.partition("Who has been told")[2]
    assert "The head teacher, and whoever leads the trust <" in shown
    assert "The sergeants of the police team" not in shown
    sign(cast, pk)
    assert "The sergeants of the police team" in head.get(page(pk)).text


def see_all(cast: Cast, key: str) -> None:
    """Somebody has looked at whatever came for them so far."""
    with acting(cast.user(key), page="test") as viewer:
        mark_all_seen(by=viewer, at=now())


def propose_both(cast: Cast) -> Client:
    """Both documents at once, by the page; gives the sergeant's browser."""
    sergeant = browser(cast, "sergeant")
    address = f"/agreements/propose/{cast.place('otterbridge')}/"
    with acting(cast.user("sergeant"), page="test"):
        editions = [str(row.id) for row in documents.published(cast.place(WEXMOOR)).values()]
    days = {"since": TODAY.isoformat(), "until": (TODAY + YEAR).isoformat()}
    filled = hidden(sergeant.get(address)) | days | {"editions": editions}
    for _ in range(2):  # sent twice
        assert sergeant.post(address, filled).status_code == 302
    return sergeant


def test_both_documents_proposed_together_are_one_notice_and_one_page_to_sign_from(cast: Cast) -> None:
    again = propose_both(cast).get(f"/agreements/propose/{cast.place('otterbridge')}/").text
    assert "This waits for a signature already" in again
    assert again.count("Waits for the head teacher") == 2
    see_all(cast, "sergeant")
    head = browser(cast, "other-head")
    with acting(cast.user("other-head"), page="test"):
        (notice,) = Notice.objects.filter(kind=NoticeKind.AGREEMENT_PROPOSED, seen_at=None)
    together = f"/schools/{cast.place('otterbridge')}/agreements/"
    assert notice.page == together
    shown = head.get(together).text
    assert "2 documents wait for your signature" in shown
    waiting = list(dict.fromkeys(re.findall(r'sg-action.*?href="(/agreements/[^"]+)"', shown)))
    ends = []
    for address in waiting:
        ends.append(head.post(f"{address}sign/", hidden(head.get(f"{address}sign/")) | FILLED).headers["Location"])
    assert ends == [together, waiting[1]]
    assert "for your signature" not in head.get(together).text
    with acting(cast.user("sergeant"), page="test"):
        (one,) = Notice.objects.filter(kind=NoticeKind.AGREEMENT_SIGNED, seen_at=None)
        assert one.page == together


def test_who_has_seen_that_one_was_signed_is_told_of_the_other(cast: Cast) -> None:
    for kind in AgreementKind:
        see_all(cast, "sergeant")
        sign(cast, propose(cast, kind))
        with acting(cast.user("sergeant"), page="test"):
            assert Notice.objects.filter(kind=NoticeKind.AGREEMENT_SIGNED, seen_at=None).count() == 1


def test_who_leads_the_trust_is_told_of_the_data_sharing_agreement_alone(cast: Cast) -> None:
    see_all(cast, "trust-lead")
    for kind in AgreementKind:
        pk = propose(cast, kind, school="larkmoor")
    with acting(cast.user("trust-lead"), page="test"):
        (notice,) = Notice.objects.filter(seen_at=None)
    assert (notice.kind, notice.page) == (NoticeKind.AGREEMENT_FOR_TRUST, page(pk))


def test_the_list_says_what_is_for_whoever_reads_it_to_sign(cast: Cast) -> None:
    def marked(key: str) -> int:
        return browser(cast, key).get("/agreements/").text.count("For you to sign")

    before = {key: marked(key) for key in ("sergeant", "other-head", "teacher")}
    pk = propose(cast)
    assert marked("other-head") == before["other-head"] + 1
    sign(cast, pk)
    assert {key: marked(key) for key in before} == before | {"sergeant": before["sergeant"] + 1}


def test_the_sergeant_proposes_a_renewal_from_the_page_of_the_school_and_of_the_agreement(cast: Cast) -> None:
    pk, school = agree(cast), cast.place("otterbridge")
    propose_here = f"/agreements/propose/{school}/"
    pages = (f"/schools/{school}/", page(pk))
    assert [propose_here in browser(cast, "sergeant").get(each).text for each in pages] == [True, True]
    assert [propose_here in browser(cast, "other-head").get(each).text for each in pages] == [False, False]


def test_a_form_sent_twice_signs_once(cast: Cast) -> None:
    pk = propose(cast)
    head = browser(cast, "other-head")
    filled = hidden(head.get(page(pk, "sign"))) | FILLED
    assert [head.post(page(pk, "sign"), filled).status_code for _ in range(2)] == [302, 302]
    assert len(record_of(cast, pk).signatures) == 1


@pytest.mark.parametrize("minutes", [6, 60])
def test_a_second_factor_of_more_than_five_minutes_ago_is_asked_for_afresh(cast: Cast, minutes: int) -> None:
    pk = propose(cast)
    answer = browser(cast, "other-head", minutes_ago=minutes).get(page(pk, "sign"))
    assert answer.headers["Location"].startswith(REAUTHENTICATE)
    assert browser(cast, "other-head", minutes_ago=4).get(page(pk, "sign")).status_code == 200


def test_nothing_is_signed_from_a_page_that_lay_open_too_long(cast: Cast) -> None:
    pk = propose(cast)
    filled = hidden(browser(cast, "other-head").get(page(pk, "sign"))) | FILLED
    late = browser(cast, "other-head", minutes_ago=10).post(page(pk, "sign"), filled)
    assert late.headers["Location"].startswith(REAUTHENTICATE)
    assert record_of(cast, pk).state == "proposed"


def test_the_code_of_an_app_opens_the_signature_again(cast: Cast) -> None:
    pk = propose(cast)
    head = signed_in(cast, "other-head")
    secret = set_up_app(head)
    with time_machine.travel(now() + dt.timedelta(minutes=8)):
        asked = head.get(page(pk, "sign")).headers["Location"]
        answer = head.post(asked, {"code": code_of(secret)})
        assert answer.headers["Location"] == page(pk, "sign")
        assert head.get(page(pk, "sign")).status_code == 200


def test_of_two_people_who_sign_at_once_one_signs_and_the_other_is_told(cast: Cast) -> None:
    pk = propose(cast)
    delegate(cast, pk)
    first, second = browser(cast, "other-head"), browser(cast, "other-spoc")
    forms = [hidden(each.get(page(pk, "sign"))) | FILLED for each in (first, second)]
    assert first.post(page(pk, "sign"), forms[0]).status_code == 302
    answer = second.post(page(pk, "sign"), forms[1], follow=True)
    assert "There is nothing for you to sign now" in answer.text
    assert [step.by for step in record_of(cast, pk).signatures] == ["Mr Percival Dock"]


def new_edition(cast: Cast, words: str) -> None:
    """The force publishes the next Data Sharing Agreement."""
    with acting(cast.user("sergeant"), page="test") as by:
        pk = writing.begin_edition(by=by, at=now(), force=cast.place(WEXMOOR), kind=AgreementKind.DSA, nation="england")
        shown = documents.edition(by, pk)
        writing.change_edition(
            by=by, at=now(), shown=shown, title=shown.title, summary=shown.summary,
            body=f"{shown.body}\n\n{words}", as_at=shown.as_at,
        )  # fmt: skip
        writing.publish_edition(by=by, at=now(), shown=shown, version=shown.version + 1)


def test_a_text_that_was_replaced_between_reading_and_signing_is_refused_and_the_difference_shown(cast: Cast) -> None:
    pk = propose(cast)
    head = browser(cast, "other-head")
    filled = hidden(head.get(page(pk, "sign"))) | FILLED
    new_edition(cast, "Drones are never used.")
    sergeant = browser(cast, "sergeant")
    sergeant.post(page(pk, "withdraw"), hidden(sergeant.get(page(pk, "withdraw"))) | {"words": "A new text comes."})
    other = propose(cast)
    answer = head.post(page(pk, "sign"), filled)
    assert "This text was replaced" in answer.text
    assert "Drones are never used." in answer.text
    assert page(other) in answer.text
    assert not record_of(cast, pk).signatures


def test_the_next_head_teacher_signs_what_the_last_one_left(cast: Cast, as_superuser: Connection) -> None:
    pk = propose(cast)
    replace_head(cast, as_superuser)
    assert browser(cast, "other-head").get(page(pk)).status_code == 404
    follower = browser(cast, "other-spoc")
    follower.post(page(pk, "sign"), hidden(follower.get(page(pk, "sign"))) | FILLED | {"name": "Xanthe Mallow"})
    assert record_of(cast, pk).signatures[0].signer_name == "Xanthe Mallow"


def test_a_new_head_teacher_confirms_what_was_signed(cast: Cast, as_superuser: Connection) -> None:
    pk = agree(cast)
    assert "Confirm that it holds under you" not in browser(cast, "other-head").get(page(pk)).text
    replace_head(cast, as_superuser)
    follower = browser(cast, "other-spoc")
    assert "Confirm that it holds under you" in follower.get(page(pk)).text
    follower.post(page(pk, "confirm"), {"once": str(uuid4())})
    assert "Confirm that it holds under you" not in follower.get(page(pk)).text
    assert record_of(cast, pk).came(StepKind.CONFIRMED)


def test_declining_needs_reasons_and_tells_them_to_the_sergeant(cast: Cast) -> None:
    pk = propose(cast)
    head = browser(cast, "other-head")
    form = hidden(head.get(page(pk, "decline")))
    assert "Give the reasons" in head.post(page(pk, "decline"), form | {"words": " "}).text
    head.post(page(pk, "decline"), form | {"words": "Our governors want changes."})
    assert "Our governors want changes." in browser(cast, "sergeant").get(page(pk)).text
    assert record_of(cast, pk).state == "declined"


def test_the_head_teacher_delegates_in_writing_to_a_member_of_the_slt(cast: Cast) -> None:
    pk = propose(cast)
    head, spoc = browser(cast, "other-head"), browser(cast, "other-spoc")
    assert spoc.get(page(pk, "sign")).status_code == 403
    form = head.get(page(pk, "delegate"))
    assert "Isolde Campion" not in form.text
    asked = {"person": str(cast.person("other-spoc")), "words": "I am in hospital."}
    assert head.post(page(pk, "delegate"), hidden(form) | asked).status_code == 302
    assert spoc.get(page(pk, "sign")).status_code == 200


def test_whom_a_head_teacher_asked_signs_no_longer_when_that_one_has_left(cast: Cast, as_superuser: Connection) -> None:
    pk = propose(cast)
    delegate(cast, pk)
    record = record_of(cast, pk)
    as_superuser.execute("update directory_membership set until = current_date - 1 where role = 'head'")
    client = browser(cast, "other-spoc")
    assert client.get(page(pk, "sign")).status_code == 403
    assert "for your signature" not in client.get(f"/schools/{cast.place('otterbridge')}/agreements/").text
    with acting(cast.user("other-spoc"), page="test") as spoc, pytest.raises(DatabaseError, match="not theirs to do"):
        signing.sign_agreement(
            by=spoc, at=now(), agreement=replace(record, delegates=frozenset({spoc.person})), signing=given(record),
            once=uuid4(),
        )  # fmt: skip


def test_the_trusts_leader_signs_and_the_head_teacher_still_signs(cast: Cast) -> None:
    pk = propose(cast, school="larkmoor")
    trust = browser(cast, "trust-lead")
    trust.post(page(pk, "sign"), hidden(trust.get(page(pk, "sign"))) | FILLED | {"name": "Ottilie Brook"})
    record = record_of(cast, pk)
    assert [step.kind for step in record.signatures] == [StepKind.TRUST_SIGNED]
    assert record.state == "proposed"
    sign(cast, pk, by="head")
    assert record_of(cast, pk).state == "awaits_police"
    assert "There is nothing for you to sign now" in trust.get(page(pk, "sign"), follow=True).text


def test_the_trusts_leader_signs_one_text_for_several_schools(cast: Cast) -> None:
    pk, other, elsewhere = (propose(cast, school=school) for school in ("larkmoor", OF_THE_TRUST, "otterbridge"))
    trust = browser(cast, "trust-lead")
    form = trust.get(page(pk, "sign"))
    assert str(other) in form.text
    assert str(elsewhere) not in form.text
    chosen = hidden(form) | FILLED | {"name": "Ottilie Brook", "also": [str(other)]}
    refused = trust.post(page(pk, "sign"), chosen | {"also": [str(elsewhere)]})
    assert "Choose from the list" in refused.text
    assert trust.post(page(pk, "sign"), chosen).headers["Location"] == page(pk)
    trust.post(page(pk, "sign"), chosen)
    for each in (pk, other):
        record = record_of(cast, each)
        assert [(step.kind, step.digest) for step in record.signatures] == [(StepKind.TRUST_SIGNED, record.digest)]
    assert record_of(cast, elsewhere).signatures == []


def test_of_several_that_the_trust_signs_none_is_signed_where_one_moved_on(cast: Cast) -> None:
    pk, other = (propose(cast, school=school) for school in ("larkmoor", OF_THE_TRUST))
    both = [record_of(cast, each, by="trust-lead") for each in (pk, other)]
    with acting(cast.user("sergeant"), page="test") as sergeant:
        signing.withdraw_agreement(by=sergeant, at=now(), agreement=both[1], words="A new text comes.", once=uuid4())
    with acting(cast.user("trust-lead"), page="test") as trust, pytest.raises(signing.MovedOn):
        signing.sign_for_trust(
            by=trust, at=now(), agreement=both[0], signing=given(both[0]), once=uuid4(), also=[both[1]]
        )
    assert record_of(cast, pk).signatures == []


def test_the_trust_signs_no_other_text_along_with_one(cast: Cast) -> None:
    pk, other = propose(cast, school="larkmoor"), propose(cast, AgreementKind.PROTOCOL, school=OF_THE_TRUST)
    both = [record_of(cast, each, by="trust-lead") for each in (pk, other)]
    with acting(cast.user("trust-lead"), page="test") as trust, pytest.raises(signing.AnotherText):
        signing.sign_for_trust(
            by=trust, at=now(), agreement=both[0], signing=given(both[0]), once=uuid4(), also=[both[1]]
        )
    assert record_of(cast, pk).signatures == []


def test_the_trusts_leader_signs_no_protocol(cast: Cast) -> None:
    pk = propose(cast, AgreementKind.PROTOCOL, school="larkmoor")
    answer = browser(cast, "trust-lead").get(page(pk, "sign"), follow=True)
    assert "There is nothing for you to sign now" in answer.text


@pytest.mark.parametrize("key", ["head", "other-sergeant", "other-force-officer", "yjs", "trust-lead"])
def test_outsiders_find_nothing(cast: Cast, key: str) -> None:
    pk = propose(cast)
    client = browser(cast, key)
    for name in ("", "sign", "decline", "delegate", "withdraw", "end"):
        assert client.get(page(pk, name)).status_code == 404
    assert client.get(f"{page(pk)}copy.pdf").status_code == 404

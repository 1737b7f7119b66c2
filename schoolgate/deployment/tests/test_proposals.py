"""A change is a proposal first; it goes live after head teacher and SPOC were told of exactly that."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.core.clock import now
from schoolgate.deployment.models import Assignment, AssignmentKind, Proposal, Told
from schoolgate.deployment.selectors import serving as selectors
from schoolgate.deployment.services import postings
from schoolgate.deployment.services.refusals import AlreadyAssigned, EndsBeforeStart, MovedOn, NotTheirs, NotTold
from schoolgate.deployment.tests.doings import DAY, IN_A_WEEK, NORTH, TODAY, go_live, posted, proposed, tell
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast

pytestmark = pytest.mark.usefixtures("committed_database")

INSERT = """
insert into deployment_assignment (officer_id, team_id, school_id, kind, since, proposal)
select officer, holder, school, kind, since, id from deployment_proposal where id = %s
"""


def officers(cast: Cast, school: str) -> list[int]:
    with acting(cast.user("sergeant"), page="test"):
        return [one.officer.id for one in selectors.officers_of(cast.place(school), on=IN_A_WEEK)]


def test_a_proposal_changes_nothing_until_both_were_told(cast: Cast) -> None:
    proposal = proposed(cast)
    tell(cast, proposal, Told.HEAD)
    with pytest.raises(NotTold):
        go_live(cast, proposal)
    assert officers(cast, "fiddlers-green") == []
    tell(cast, proposal, Told.SPOC)
    go_live(cast, proposal)
    assert officers(cast, "fiddlers-green") == [cast.person("unassigned-officer")]


def test_the_database_asks_for_both_tellings_too(cast: Cast) -> None:
    proposal = proposed(cast)
    tell(cast, proposal, Told.HEAD)
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="are told before"), transaction.atomic():
            cursor.execute(INSERT, [proposal])
        with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
            cursor.execute("update deployment_proposal set status = 'live' where id = %s", [proposal])


@pytest.mark.parametrize(
    "changed",
    [
        "since = since + 1",
        "kind = 'buddy'",
        "school_id = school_id + 1",
        "officer_id = {officer}",
        "half = true",
        "until = since",
    ],
)
def test_what_goes_live_is_what_was_told(cast: Cast, changed: str) -> None:
    proposal = proposed(cast)
    tell(cast, proposal)
    column, _equals, value = changed.format(officer=cast.person("officer")).partition(" = ")
    columns = {"officer_id": "officer", "team_id": "holder", "school_id": "school", "kind": "kind", "since": "since",
               "until": "until", "half": "half", "proposal": "id"}  # fmt: skip
    columns[column] = value.replace("school_id", "school")
    into, values = ", ".join(columns), ", ".join(columns.values())
    statement = f"insert into deployment_assignment ({into}) select {values} from deployment_proposal where id = %s"
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        refused = pytest.raises(IntegrityError)
        with refused, transaction.atomic():
            cursor.execute(statement, [proposal])


def test_the_database_lets_nobody_but_the_teams_sergeant_post(cast: Cast) -> None:
    proposal = proposed(cast)
    tell(cast, proposal)
    row = [
        cast.person("unassigned-officer"),
        cast.place(NORTH),
        cast.place("fiddlers-green"),
        "lead",
        IN_A_WEEK,
        proposal,
    ]
    columns = "officer_id, team_id, school_id, kind, since, proposal"
    statement = f"insert into deployment_assignment ({columns}) values (%s, %s, %s, %s, %s, %s)"
    for key in ("other-sergeant", "officer", "head", "admin", "youth-lead"):
        with acting(cast.user(key), page="test"), connection.cursor() as cursor:
            refused = pytest.raises(DatabaseError, match="row-level security")
            with refused, transaction.atomic():
                cursor.execute(statement, row)


def test_the_school_reads_what_it_was_told_and_nothing_before(cast: Cast, as_superuser: Connection) -> None:
    proposal = proposed(
        cast, school="larkmoor", kind=AssignmentKind.COVER, until=IN_A_WEEK + 20 * DAY, covers=cast.person("officer")
    )
    head = signed_in(cast, "head")
    assert head.get(reverse("deployment:proposal", args=[proposal])).status_code == 404
    telling, _spoc = tell(cast, proposal, school="larkmoor")
    answer = head.get(reverse("deployment:told", args=[telling]))
    assert "They come on Monday." in answer.text
    assert signed_in(cast, "teacher").get(reverse("deployment:told", args=[telling])).status_code == 404
    told = as_superuser.execute(
        "select person, page from notices_notice where kind = 'posting.told' and seen_at is null"
    ).fetchall()
    assert (cast.person("head"), reverse("deployment:told", args=[telling])) in told
    assert cast.person("spoc") in [person for person, _page in told]


def test_only_head_teacher_and_spoc_of_that_school_count_as_told_here(cast: Cast) -> None:
    proposal = proposed(cast)
    for who in ("teacher", "head", "sergeant"):
        with acting(cast.user("sergeant"), page="test") as sergeant, pytest.raises(NotTheirs), transaction.atomic():
            postings.record_telling(
                by=sergeant, at=now(), proposal=proposal, role=Told.HEAD, way="here", words="x",
                person=cast.person(who), name=who, once=uuid4(),
            )  # fmt: skip


def test_a_proposal_is_undone_and_whoever_was_told_hears_of_it(cast: Cast, as_superuser: Connection) -> None:
    proposal = proposed(cast)
    tell(cast, proposal)
    signed_in(cast, "sergeant").post(reverse("deployment:withdraw", args=[proposal]), follow=True)
    told = as_superuser.execute("select person from notices_notice where kind = 'posting.withdrawn'").fetchall()
    assert {row[0] for row in told} == {cast.person("fiddlers-green-head"), cast.person("fiddlers-green-spoc")}
    with pytest.raises(MovedOn):
        go_live(cast, proposal)


def test_one_takes_the_place_of_another_on_the_day(cast: Cast, as_superuser: Connection) -> None:
    before = as_superuser.execute(
        "select id from deployment_assignment where officer_id = %s and school_id = %s",
        [cast.person("officer"), cast.place("larkmoor")],
    ).fetchone()
    posted(cast, school="larkmoor", instead_of=before[0])
    rows = as_superuser.execute("select since, until from deployment_assignment where id = %s", [before[0]]).fetchone()
    assert rows[1] == IN_A_WEEK - DAY
    assert cast.person("unassigned-officer") in officers(cast, "larkmoor")
    assert cast.person("officer") not in officers(cast, "larkmoor")


def test_taking_the_place_of_somebody_who_left_before_does_not_bring_them_back(cast: Cast) -> None:
    with acting(cast.user("sergeant"), page="test"):
        before = Assignment.objects.get(school=cast.place("larkmoor"), officer=cast.person("officer")).pk
    after = proposed(cast, school="larkmoor", instead_of=before, since=IN_A_WEEK)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        about = {"posting": before, "last_day": TODAY, "reason": "Another role", "once": uuid4()}
        end = postings.propose_end(by=sergeant, at=now(), **about).pk
    for proposal in (end, after):
        tell(cast, proposal, school="larkmoor")
        go_live(cast, proposal)
    another = proposed(cast, school="larkmoor", instead_of=before, since=IN_A_WEEK + 7 * DAY)
    tell(cast, another, school="larkmoor")
    with acting(cast.user("sergeant"), page="test"), connection.cursor() as cursor:
        assert Assignment.objects.get(pk=before).until == TODAY
        assert Assignment.objects.filter(proposal=after).exists()
        longer = "update deployment_assignment set until = %s, ended_by = %s where id = %s"
        with pytest.raises(IntegrityError, match="not lengthened"), transaction.atomic():
            cursor.execute(longer, [IN_A_WEEK + 6 * DAY, another, before])


def test_nobodys_place_is_taken_before_they_began(cast: Cast) -> None:
    proposal = posted(cast, since=IN_A_WEEK)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        its = Assignment.objects.get(proposal=proposal).pk
        with pytest.raises(EndsBeforeStart):
            postings.propose_end(
                by=sergeant, at=now(), posting=its, last_day=IN_A_WEEK - DAY, reason="Too soon", once=uuid4()
            )
    with pytest.raises(EndsBeforeStart):
        proposed(cast, officer="officer", instead_of=its, since=IN_A_WEEK)


def test_a_posting_ends_only_when_that_was_told(cast: Cast, as_superuser: Connection) -> None:
    with acting(cast.user("sergeant"), page="test") as sergeant:
        its = Assignment.objects.get(officer=cast.person("officer"), school=cast.place("larkmoor"))
        with pytest.raises(IntegrityError, match="are told before"), transaction.atomic():
            Assignment.objects.filter(pk=its.pk).update(until=IN_A_WEEK)
        end = postings.propose_end(
            by=sergeant, at=now(), posting=its.pk, last_day=TODAY, reason="Moves on", once=uuid4()
        )
    tell(cast, end.pk, school="larkmoor")
    go_live(cast, end.pk)
    assert cast.person("officer") not in officers(cast, "larkmoor")


def test_an_officer_is_posted_once_to_a_school_on_the_same_days(cast: Cast) -> None:
    posted(cast)
    again = proposed(cast, since=IN_A_WEEK + DAY)
    tell(cast, again)
    with acting(cast.user("sergeant"), page="test") as sergeant:
        try:
            postings.go_live(by=sergeant, at=now(), proposal=again)
        except AlreadyAssigned:
            refused = True
    assert refused


@pytest.mark.parametrize("key", ["officer", "other-sergeant", "spoc", "head", "admin", "youth-lead"])
def test_nobody_but_the_teams_sergeant_proposes(cast: Cast, key: str) -> None:
    with pytest.raises(PermissionDenied):
        proposed(cast, by=key)


def test_the_whole_way_on_the_pages(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    typed = {"once": str(uuid4()), "officer": cast.person("unassigned-officer"), "school": cast.place("fiddlers-green")}
    typed |= {
        "kind": "lead",
        "extent": "full_time",
        "manner": "dedicated",
        "since": IN_A_WEEK.isoformat(),
        "hours": "30",
    }
    page = sergeant.post(reverse("deployment:propose"), typed, follow=True)
    assert "Tell the Head teacher in other words, or in another way" in page.text
    with acting(cast.user("sergeant"), page="test"):
        proposal = Proposal.objects.get(school=cast.place("fiddlers-green"), status="draft").pk
    for role in Told:
        address = reverse("deployment:tell", args=[proposal, role.value])
        form = sergeant.get(address)
        assert "PC Morwenna Sedge will serve Fiddlers Green Primary School" in form.text
        person = cast.person(f"fiddlers-green-{role.value}")
        told = {"once": str(uuid4()), "way": "here", "person": person, "words": "PC Sedge comes."}
        page = sergeant.post(address, told, follow=True)
    assert "Let it go live" in page.text
    page = sergeant.post(reverse("deployment:go_live", args=[proposal]), follow=True)
    assert "It is live." in page.text
    assert "Fiddlers Green" in signed_in(cast, "unassigned-officer").get(reverse("deployment:own")).text


def test_both_are_told_here_in_one_press_and_once(cast: Cast, as_superuser: Connection) -> None:
    proposal = proposed(cast)
    sergeant = signed_in(cast, "sergeant")
    assert " now</button>" in sergeant.get(reverse("deployment:proposal", args=[proposal])).text
    for _time in range(2):
        page = sergeant.post(reverse("deployment:tell_here", args=[proposal]), follow=True)
        assert "Let it go live" in page.text
    told = as_superuser.execute("select role, person, words from deployment_telling where proposal_id = %s", [proposal])
    found = {role: (person, words) for role, person, words in told.fetchall()}
    assert told.rowcount == len(Told)
    assert {found[role.value][0] for role in Told} == {cast.person(f"fiddlers-green-{role.value}") for role in Told}
    assert all("PC Morwenna Sedge will serve" in words for _person, words in found.values())


def test_who_was_told_in_another_way_is_not_told_again(cast: Cast, as_superuser: Connection) -> None:
    proposal = proposed(cast)
    tell(cast, proposal, Told.HEAD)
    signed_in(cast, "sergeant").post(reverse("deployment:tell_here", args=[proposal]))
    told = as_superuser.execute("select role from deployment_telling where proposal_id = %s", [proposal]).fetchall()
    assert sorted(told) == [("head",), ("spoc",)]


def test_the_page_of_an_officer_leads_to_each_school_and_the_sergeant_to_the_end_of_its_posting(cast: Cast) -> None:
    page = reverse("deployment:officer", args=[cast.person("officer")])
    school = reverse("deployment:school", args=[cast.place("larkmoor")])
    sergeants, own = (signed_in(cast, who).get(page).text for who in ("sergeant", "officer"))
    assert f'href="{school}"' in sergeants
    assert f'href="{school}"' in own
    assert "End this posting" in sergeants
    assert "End this posting" not in own


def test_a_form_sent_twice_makes_one_proposal(cast: Cast) -> None:
    sergeant = signed_in(cast, "sergeant")
    typed = {"once": str(uuid4()), "officer": cast.person("unassigned-officer"), "school": cast.place("fiddlers-green")}
    typed |= {"kind": "lead", "extent": "full_time", "manner": "assigned", "since": IN_A_WEEK.isoformat()}
    first, second = (sergeant.post(reverse("deployment:propose"), typed) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    other = sergeant.post(reverse("deployment:propose"), typed | {"kind": "acting"})
    assert "This form was sent already" in other.text


def test_a_short_rotation_is_warned_of(cast: Cast) -> None:
    proposal = proposed(cast, until=IN_A_WEEK + 90 * DAY)
    page = signed_in(cast, "sergeant").get(reverse("deployment:proposal", args=[proposal]))
    assert "A short rotation" in page.text


def test_a_neighbourhood_officer_is_proposed_school_by_school_of_a_ward(cast: Cast) -> None:
    proposal = proposed(cast, kind=AssignmentKind.NEIGHBOURHOOD, ward="Quayside")
    sergeant = signed_in(cast, "sergeant")
    page = sergeant.get(reverse("deployment:proposal", args=[proposal]))
    assert "Ward: Quayside" in page.text
    again = (
        f"{reverse('deployment:propose')}?officer={cast.person('unassigned-officer')}&kind=neighbourhood&ward=Quayside"
    )
    assert again in page.text.replace("&amp;", "&")
    assert 'value="Quayside"' in sergeant.get(again).text

"""The demonstration's documents and agreements, signed by both sides or not yet; and who has read the briefing."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from schoolgate.access.acting import acting
from schoolgate.core.clock import LONDON, london_day
from schoolgate.core.ids import new_id
from schoolgate.directory.models import Role
from schoolgate.nonprod.cast import Cast
from schoolgate.nonprod.personas import Persona, everybody
from schoolgate.nonprod.places import AGREED, FORCES, PROPOSED, SCHOOLS, TEAMS, DemoForce, DemoSchool
from schoolgate.notices.services import mark_all_seen
from schoolgate.partnership.models import AgreementKind, StepKind
from schoolgate.partnership.presenters import STATEMENTS
from schoolgate.partnership.selectors import agreements, awareness, documents
from schoolgate.partnership.selectors.filling import agreement_fields
from schoolgate.partnership.selectors.staff import staff_plan
from schoolgate.partnership.services import documents as writing
from schoolgate.partnership.services import signing
from schoolgate.partnership.services.awareness import acknowledge_briefing
from schoolgate.partnership.services.staff import take_staff_list
from schoolgate.partnership.staff_list import read_staff_list

JOB = "job:nonprod.agree"
MORNING = dt.time(9)
TRUST_SIGNS = "larkmoor"  # whose Data Sharing Agreement the trust signed too
FORTNIGHT = dt.timedelta(days=14)
# Who has not read the briefing yet at the school that visitors see; at the others, so many of four have.
UNREAD = {"teacher", "other-teacher", "site-manager"}
HAVE_READ = (4, 3, 4, 1, 3)
GROUPS = {"site-manager": "Site", "holiday-contact": "Office"}  # the others of the staff teach


@dataclass(frozen=True)
class Deal:
    """One document between one school and the team that serves it, and the days on which it holds."""

    kind: AgreementKind
    force: int
    school: int
    team: int
    head: str
    sergeant: str
    since: dt.date
    until: dt.date

    @property
    def proposed_at(self) -> dt.datetime:
        """A fortnight before its first day."""
        return dt.datetime.combine(self.since - FORTNIGHT, MORNING, LONDON)


def agree(cast: Cast, *, at: dt.datetime) -> None:
    """Write and publish each force's documents, then propose and sign what each school has; one waits for its head."""
    today = london_day(at)
    for force in FORCES:
        _publish(cast, force, today)
    for school in SCHOOLS:
        for deal in _deals(cast, school, today):
            pk = _propose(cast, deal)
            if school.agreed != PROPOSED:
                _sign(cast, deal, pk)
        _see_what_came(cast, school, at)


def _publish(cast: Cast, force: DemoForce, today: dt.date) -> None:
    at = dt.datetime.combine(today - dt.timedelta(days=800), MORNING, LONDON)
    with acting(cast.user(_sergeant_of(force.place)[0]), page=JOB) as by:
        for kind in AgreementKind:
            its = cast.place(force.place)
            pk = writing.begin_edition(by=by, at=at, force=its, kind=kind, nation=force.nation)
            shown = documents.edition(by, pk)
            writing.publish_edition(by=by, at=at, shown=shown, version=shown.version)


def _deals(cast: Cast, school: DemoSchool, today: dt.date) -> list[Deal]:
    head = next(p.key for p in everybody() if p.place == school.place and Role.HEAD in p.roles)
    sergeant, team = _sergeant_of(school.force)
    return [
        Deal(
            kind,
            cast.place(school.force),
            cast.place(school.place),
            cast.place(team),
            head,
            sergeant,
            today + dt.timedelta(days=span[0]),
            today + dt.timedelta(days=span[1]),
        )
        for kind, span in zip((AgreementKind.PROTOCOL, AgreementKind.DSA), AGREED[school.agreed], strict=True)
        if span
    ]


def _sergeant_of(force: str) -> tuple[str, str]:
    """The first sergeant of a force, and their team."""
    teams = {team.place for team in TEAMS if team.force == force}
    return next((p.key, p.place) for p in everybody() if p.place in teams and Role.SERGEANT in p.roles)


def _propose(cast: Cast, deal: Deal) -> UUID:
    with acting(cast.user(deal.sergeant), page=JOB) as by:
        edition = documents.published(deal.force)[deal.kind]
        fields = agreement_fields(deal.school, on=deal.since, since=deal.since, until=deal.until, number=edition.number)
        return signing.propose_agreement(
            by=by, at=deal.proposed_at, school=deal.school, team=deal.team, edition=edition.id, fields=fields,
            since=deal.since, until=deal.until, once=new_id(),
        )  # fmt: skip


def _sign(cast: Cast, deal: Deal, pk: UUID) -> None:
    """Each signs a day after the one before; for one school the trust begins."""
    signers = [
        (deal.head, StepKind.SIGNED, signing.sign_agreement, Role.HEAD.label),
        (deal.sergeant, StepKind.COUNTERSIGNED, signing.countersign_agreement, Role.SERGEANT.label),
    ]
    if deal.kind == AgreementKind.DSA and deal.school == cast.place(TRUST_SIGNS):
        signers.insert(0, ("trust-lead", StepKind.TRUST_SIGNED, signing.sign_for_trust, Role.TRUST_LEAD.label))
    for day, (key, step, sign, role) in enumerate(signers, start=1):
        with acting(cast.user(key), page=JOB) as by:
            record = agreements.agreement(by, pk, at=deal.proposed_at)
            words = (by.name, str(role), str(STATEMENTS[step]), record.digest, "demonstration")
            sign(
                by=by, at=deal.proposed_at + dt.timedelta(days=day), agreement=record,
                signing=signing.Signing(*words), once=new_id(),
            )  # fmt: skip


def brief_staff(cast: Cast, *, at: dt.datetime) -> None:
    """One head teacher brings in the staff list with its groups; most of the staff of each school read the briefing."""
    _bring_in_staff_list(cast, at)
    for number, school in enumerate(SCHOOLS):
        for seat, person in enumerate(_staff_of(school.place)):
            if _has_read(person, seat, HAVE_READ[number % len(HAVE_READ)]):
                _read_briefing(cast, person, at - dt.timedelta(days=7 * seat + number))


def _staff_of(place: str) -> list[Persona]:
    return [each for each in everybody() if each.place == place and set(each.roles) & set(awareness.STAFF_ROLES)]


def _has_read(person: Persona, seat: int, readers: int) -> bool:
    return person.key not in UNREAD if person.place == TRUST_SIGNS else seat < readers


def _read_briefing(cast: Cast, person: Persona, at: dt.datetime) -> None:
    with acting(cast.user(person.key), page=JOB) as by:
        for page in awareness.pages_for(by):
            acknowledge_briefing(
                by=by, at=at, school=cast.place(person.place), page=page, digest=awareness.digest_of(page)
            )


def _bring_in_staff_list(cast: Cast, at: dt.datetime) -> None:
    listed = [person for person in _staff_of(TRUST_SIGNS) if Role.STAFF in person.roles]
    lines = [f"{person.name},{person.email},{GROUPS.get(person.key, 'Teaching')}" for person in listed]
    given = read_staff_list("\n".join(["name,email,group", *lines]))
    with acting(cast.user("head"), page=JOB) as head:
        school = cast.place(TRUST_SIGNS)
        take_staff_list(by=head, at=at, school=school, given=given, shown=staff_plan(head, school, given).digest)


def _see_what_came(cast: Cast, school: DemoSchool, at: dt.datetime) -> None:
    """What was signed long ago waits for nobody."""
    if school.agreed == PROPOSED:
        return
    for person in everybody():
        if person.place == school.place and set(person.roles) & {Role.HEAD, Role.SPOC, Role.DSL, Role.DEPUTY_SPOC}:
            with acting(cast.user(person.key), page=JOB) as by:
                mark_all_seen(by=by, at=at)

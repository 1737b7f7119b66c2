"""What head teacher and SPOC are told of a proposal, drafted: who, from when, what it means, what to do."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from schoolgate.access.viewer import Viewer
from schoolgate.deployment.models import AssignmentKind, Change, Proposal, Told
from schoolgate.directory.selectors import names, people
from schoolgate.ui.presenters import short_day_words


def draft(proposal: Proposal, *, by: Viewer) -> dict[Told, str]:
    """The words for each of the two; the sergeant changes them before telling."""
    cards = people([proposal.officer, proposal.covers or 0])
    who = cards[proposal.officer].called if proposal.officer in cards else _("the officer")
    covered = cards[proposal.covers].called if proposal.covers in cards else ""
    school = names([proposal.school]).get(proposal.school, "")
    first = "\n".join(_facts(proposal, who, covered, school))
    closing = {
        Told.HEAD: _(
            "The protocol and the Data Sharing Agreement go on as they are. If anything speaks against this, tell me "
            "before that day: until then nothing has changed."
        ),
        Told.SPOC: _(
            "Enquiries and shares go the same way as before. What is open is handed over; the officer will arrange "
            "a first visit with you."
        ),
    }
    return {told: f"{first}\n\n{closing[told]}\n\n{by.name}" for told in Told}


def _facts(proposal: Proposal, who: str, covered: str, school: str) -> Iterator[str]:
    if proposal.change == Change.END:
        day = short_day_words(proposal.until) if proposal.until else ""
        yield _("%(who)s will serve %(school)s until %(day)s, that day included.") % {
            "who": who,
            "school": school,
            "day": day,
        }
        return
    day, kind = short_day_words(proposal.since), AssignmentKind(proposal.kind).label
    yield _("From %(day)s, %(who)s will serve %(school)s.") % {"day": day, "who": who, "school": school}
    yield _("As: %(kind)s.") % {"kind": kind}
    if covered:
        yield _("In place of %(who)s, who is on leave.") % {"who": covered}
    if proposal.half:
        yield _("The school is shared with a second officer (buddy system).")
    if proposal.until:
        yield _("Until %(day)s, that day included.") % {"day": short_day_words(proposal.until)}

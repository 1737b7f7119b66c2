"""That something waits for a person: what kind of thing and where, never what it says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.core.protected import Protected


class NoticeKind(models.TextChoices):
    """One line each, without names or content. The part before the dot is what an e-mail may say (see SUBJECTS)."""

    CONCERN_RAISED = "concern.raised", _("A concern was raised")
    CONCERN_DANGER = "concern.danger", _("A concern was raised: somebody may be in danger")
    CONCERN_UNOPENED = "concern.unopened", _("A concern was not opened in time")
    CONCERN_SPEAK = "concern.speak", _("Nobody has opened your concern yet: speak to somebody now")
    CONCERN_ASKED = "concern.asked", _("You were asked something about your concern")
    CONCERN_ADDED = "concern.added", _("Something was added to a concern")
    CONCERN_NEWS = "concern.news", _("There is news of your concern")
    CONCERN_WITH_DSL = "concern.with_dsl", _("A concern was given to the DSL")
    ALLEGATION = "allegation.raised", _("A concern about an adult was raised")
    ALLEGATION_NEWS = "allegation.news", _("There is news of what you raised about an adult")
    SHARE_SENT = "share.sent", _("A school shared something with you")
    SHARE_DANGER = "share.danger", _("A school shared something that cannot wait")
    SHARE_WITHOUT_AGREEMENT = "share.without_agreement", _("Something was shared without an agreement in date")
    SHARE_PASSED_ON = "share.passed_on", _("A share was passed on to you: it could not wait")
    SHARE_REPORTED = "share.reported", _("The officer reported back on a share")
    SHARE_CORRECTED = "share.corrected", _("A share was corrected")
    SHARE_RECALLED = "share.recalled", _("A share was recalled")
    SHARE_OVERDUE = "share.overdue", _("A share is overdue")
    CRIME_REFERENCE_OVERDUE = "share.crime_reference_overdue", _("A crime has no reference after 24 hours")
    EMERGENCY = "emergency.taken", _("Somebody took emergency access")
    ENQUIRY_SENT = "enquiry.sent", _("There is an enquiry for you")
    ENQUIRY_PASSED_ON = "enquiry.passed_on", _("An enquiry was passed on to you: nobody has answered it")
    ENQUIRY_ANSWERED = "enquiry.answered", _("Your enquiry was answered")
    ENQUIRY_OVERDUE = "enquiry.overdue", _("An enquiry is overdue")
    AGREEMENT_PROPOSED = "agreement.proposed", _("An agreement waits for the head teacher's signature")
    AGREEMENT_FOR_TRUST = "agreement.for_trust", _("A Data Sharing Agreement can be signed for the trust")
    AGREEMENT_DELEGATED = "agreement.delegated", _("You were asked to sign an agreement for the head teacher")
    AGREEMENT_SIGNED = "agreement.signed", _("An agreement waits for the signature of the police")
    AGREEMENT_IN_FORCE = "agreement.in_force", _("An agreement was signed by both sides")
    AGREEMENT_DECLINED = "agreement.declined", _("An agreement was declined")
    AGREEMENT_WITHDRAWN = "agreement.withdrawn", _("A proposed agreement was withdrawn")
    AGREEMENT_LAPSING = "agreement.lapsing", _("An agreement runs out soon")
    AGREEMENT_ENDED = "agreement.ended", _("An agreement was ended")
    AGREEMENT_TO_CONFIRM = "agreement.to_confirm", _("An agreement waits for the new head teacher to confirm it")
    SPOC_CHANGED = "spoc.changed", _("The SPOC or a deputy changed")
    SPOC_MISSING = "spoc.missing", _("A school has no SPOC")
    INVOLVEMENT_AGREED = "involvement.agreed", _("How the school and its officers work together was written down anew")
    POSTING_TOLD = "posting.told", _("Who serves your school is about to change")
    POSTING_WITHDRAWN = "posting.withdrawn", _("What you were told of your school's officers will not happen")
    POSTING_CHANGED = "posting.changed", _("Your postings have changed")
    POSTING_SUSPENDED = "posting.suspended", _("A posting to a school was suspended")
    BRIEFING_TO_READ = "briefing.to_read", _("The briefing on the Safer School Partnership waits for you")


# Danger, allegations, recalls and what is late go by e-mail at once; the rest in one digest a day.
AT_ONCE = frozenset(
    {
        NoticeKind.CONCERN_DANGER,
        NoticeKind.CONCERN_UNOPENED,
        NoticeKind.CONCERN_SPEAK,
        NoticeKind.ALLEGATION,
        NoticeKind.SHARE_DANGER,
        NoticeKind.SHARE_WITHOUT_AGREEMENT,
        NoticeKind.SHARE_PASSED_ON,
        NoticeKind.SHARE_RECALLED,
        NoticeKind.SHARE_OVERDUE,
        NoticeKind.CRIME_REFERENCE_OVERDUE,
        NoticeKind.ENQUIRY_OVERDUE,
        NoticeKind.ENQUIRY_PASSED_ON,
        NoticeKind.EMERGENCY,
        NoticeKind.SPOC_MISSING,
    }
)

SUBJECTS = {
    "concern": _("A concern"),
    "allegation": _("A concern about an adult"),
    "share": _("A share"),
    "enquiry": _("An enquiry"),
    "emergency": _("Emergency access"),
    "agreement": _("An agreement"),
    "spoc": _("The SPOC of a school"),
    "involvement": _("How a school and its officers work together"),
    "posting": _("A posting"),
    "briefing": _("The briefing"),
}


class Notice(Protected):
    """For one person, in one of the organisations that they belong to (the holder)."""

    person = models.IntegerField()
    kind = models.CharField(max_length=60)  # a NoticeKind; without choices, so that a new kind needs no migration
    at_once = models.BooleanField()
    record = models.UUIDField()
    page = models.CharField(max_length=200)
    seen_at = models.DateTimeField(null=True)


class Mail(models.Model):
    """An e-mail that went (in the demonstration: would have gone), without content. Nobody reads it from a page of
    records. Its id says what it is about, so that the same e-mail cannot be made twice.
    """

    id = models.UUIDField(primary_key=True)
    person = models.IntegerField()
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sent_at = models.DateTimeField()


class MailedNotice(models.Model):
    """Which e-mail told of a notice: one, never two."""

    notice = models.UUIDField(primary_key=True)
    mail = models.ForeignKey(Mail, models.CASCADE, related_name="notices")

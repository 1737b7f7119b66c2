"""What somebody has typed and not sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.core.ids import new_id
from schoolgate.core.protected import Protected

# An address of ours without anything that somebody typed.
LONGEST_ADDRESS = 200
ADDRESS = r"^/(?!/)[\w/-]*(\?[\w&=-]*)?$"


class DraftKind(models.TextChoices):
    """The forms whose drafts are kept."""

    CONCERN = "concern", _("Concern about a child or young person")
    ALLEGATION = "allegation", _("Concern about an adult")
    ADDITION = "addition", _("Something to add to a concern")
    DECISION = "decision", _("Decision about a concern")
    NOTE = "note", _("Note on a concern")
    ALLEGATION_STEP = "allegation_step", _("What is done about a concern about an adult")
    SHARE = "share", _("Share")
    SHARE_STEP = "share_step", _("What is done about a share")
    ENQUIRY = "enquiry", _("Enquiry")
    ADVICE = "advice", _("Question for advice")
    ANSWER = "answer", _("Answer to an enquiry")
    AGREEMENT_STEP = "agreement_step", _("What is done about an agreement")
    APPOINTMENT = "appointment", _("Appointment of a SPOC")
    INVOLVEMENT = "involvement", _("How the school and its officers work together")
    EDITION = "edition", _("A document of the force")


class Draft(Protected):
    """A form not sent yet, for its author alone; emptied when thrown away, and when sent, and then closed for good.

    once: the form's token. page: the token of the page that shows it; a page that would overwrite what another page
    saved after it was opened gets a row of its own instead. address: where the form stands; it names nobody.
    """

    kind = models.CharField(max_length=20, choices=DraftKind)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    once = models.UUIDField()
    page = models.UUIDField()
    version = models.UUIDField(default=new_id)
    content = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["once"], name="draft_once"),
            models.Index(fields=["made_by"], name="draft_open", condition=models.Q(closed_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["holder", "once", "page"], name="one_row_a_draft_page"),
            models.CheckConstraint(condition=models.Q(address__regex=ADDRESS), name="draft_stands_here"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(content={}), name="closed_draft_is_empty"
            ),
        ]

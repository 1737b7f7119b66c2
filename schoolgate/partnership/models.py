"""What was agreed and signed. Agreements get their own pages; here they are dated rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schoolgate.directory.models import School


class AgreementKind(models.TextChoices):
    PROTOCOL = "protocol", _("SSP protocol")
    DSA = "dsa", _("Data Sharing Agreement")


class Agreement(models.Model):
    """A signed SSP protocol or Data Sharing Agreement of a school with its force."""

    school = models.ForeignKey(School, models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=20, choices=AgreementKind)
    signed_by = models.IntegerField()
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="agreement_ends_after_start")
        ]

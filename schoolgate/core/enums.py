"""Words that every protected record carries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Regime(models.TextChoices):
    """Which law governs the holder: DPA 2018 Part 3, or UK GDPR."""

    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement (DPA 2018 Part 3)")
    UK_GDPR = "uk_gdpr", _("UK GDPR")


class Marking(models.TextChoices):
    """Government Security Classifications; nothing above belongs here."""

    OFFICIAL = "official", _("OFFICIAL")
    OFFICIAL_SENSITIVE = "official_sensitive", _("OFFICIAL-SENSITIVE")


class Nation(models.TextChoices):
    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")

"""The log that DPA 2018 s.62 asks for. Tables are partitioned by month and made in SQL."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from schoolgate.audit.notes import Operation


class LogRow(models.Model):
    """What the trigger sets on every row of the log: nobody supplies epoch, transaction, time or person."""

    id = models.UUIDField(primary_key=True, editable=False)
    epoch = models.IntegerField()
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    person = models.IntegerField(null=True)
    operation = models.CharField(max_length=20, choices=Operation)
    kind = models.CharField(max_length=63)
    controller = models.IntegerField()
    circles = ArrayField(models.IntegerField())
    barred = ArrayField(models.IntegerField())

    class Meta:
        abstract = True
        managed = False


class AccessEntry(LogRow):
    """Who looked at, told, linked or copied out which records, on whose behalf."""

    on_behalf_of = ArrayField(models.IntegerField())
    records = ArrayField(models.UUIDField())
    subjects = ArrayField(models.UUIDField())
    recipients = ArrayField(models.IntegerField())
    page = models.CharField(max_length=200)
    reason = models.TextField()
    refused = models.IntegerField()

    class Meta:
        managed = False
        db_table = "audit_access"


class Change(LogRow):
    """A record as it was after each change; content goes at disposal, its digest stays."""

    record = models.TextField()
    holder = models.IntegerField()
    content = models.JSONField(null=True)
    digest = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_change"

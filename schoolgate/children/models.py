"""The little that is known of a child. Each holder has its own record; a name is not an identity."""

from django.db import models

from schoolgate.core.protected import Protected


class Child(Protected):
    """A child as one holder (a school, a police team, an agency) knows them."""

    name = models.CharField(max_length=200)
    born_on = models.DateField(null=True, blank=True)
    year_group = models.CharField(max_length=40, blank=True)
    needs = models.TextField(blank=True)

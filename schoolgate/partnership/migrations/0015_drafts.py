"""What a form of the partnership makes closes the drafts of it. An edition is changed in place: its service says so."""

from django.db import migrations

from schoolgate.drafts.closing import closes_drafts


class Migration(migrations.Migration):
    dependencies = [("partnership", "0014_stays_on_staff"), ("drafts", "0003_kinds")]
    operations = [
        closes_drafts("partnership_agreementstep", typed="new.words <> ''"),
        closes_drafts("partnership_appointment"),
        closes_drafts("partnership_involvement"),
    ]

"""What is sent in the exchange closes the drafts of its form."""

from django.db import migrations

from schoolgate.drafts.closing import closes_drafts


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_legal_bases"), ("drafts", "0002_protected")]
    operations = [
        closes_drafts("exchange_share"),
        closes_drafts("exchange_sharestep", typed="new.words <> ''"),
        closes_drafts("exchange_enquiry"),
        closes_drafts("exchange_answer"),
    ]

"""A school's child record is the school circle's; a police team's is the team's."""

from django.db import migrations

from schoolgate.core.protected import protect

RULE = "school:holder team:holder agency:holder"


class Migration(migrations.Migration):
    dependencies = [("children", "0001_initial"), ("access", "0002_circles"), ("directory", "0002_register")]
    operations = [
        protect(
            "children_child",
            read=RULE,
            insert=RULE,
            update=RULE,
            mutable=["name", "born_on", "year_group", "needs"],
        )
    ]

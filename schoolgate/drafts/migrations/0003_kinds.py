from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0002_protected")]
    operations = [
        migrations.AlterField(
            model_name="draft",
            name="kind",
            field=models.CharField(
                choices=[
                    ("concern", "Concern about a child or young person"),
                    ("allegation", "Concern about an adult"),
                    ("addition", "Something to add to a concern"),
                    ("decision", "Decision about a concern"),
                    ("note", "Note on a concern"),
                    ("allegation_step", "What is done about a concern about an adult"),
                    ("share", "Share"),
                    ("share_step", "What is done about a share"),
                    ("enquiry", "Enquiry"),
                    ("advice", "Question for advice"),
                    ("answer", "Answer to an enquiry"),
                    ("agreement_step", "What is done about an agreement"),
                    ("appointment", "Appointment of a SPOC"),
                    ("involvement", "How the school and its officers work together"),
                    ("edition", "A document of the force"),
                ],
                max_length=20,
            ),
        ),
    ]

import datetime as dt
import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from schoolgate.core.clock import LONDON
from schoolgate.ui import forms
from schoolgate.ui.parsing import london_moment
from schoolgate.ui.tests.pages import read

NOW = dt.datetime(2026, 3, 3, 16, 0, tzinfo=LONDON)


class Question(forms.Form):
    """Every kind of question once."""

    once = forms.OnceField()
    what = forms.LongTextField(label="What?", hint="Facts only", missing="Say what you saw or heard", longest=10)
    where = forms.RadiosField(
        label="Where?",
        choices=[
            forms.Choice("school", "In school"),
            forms.Choice("online", "Online", hint="Any app", reveals=("app", "seen")),
        ],
        missing="Choose where it happened",
    )
    app = forms.TextField(label="Which app?", missing="Name the app")
    seen = forms.LongTextField(label="What did it say?", longest=100)
    who = forms.CheckboxesField(label="Who?", choices=[("staff", "Staff"), ("child", "Child")])
    to = forms.SelectField(label="To whom?", prompt="Choose", choices=[("officer", "The officer")])
    born = forms.DateField(label="Date of birth", not_later=True)
    by = forms.DayField(label="By when?", not_earlier=True)
    at = forms.TimeField(label="What time?")
    count = forms.IntegerField(label="How many?", least=1, most=30)
    email = forms.EmailField(label="E-mail")
    password = forms.PasswordField(label="Password")
    register = forms.FileField(label="Register", endings=(".csv",), largest=2_000_000)
    read = forms.TickField(label="I have read it")


class One(forms.Form):
    """A form of one question, given by the test."""

    def __init__(self, field: forms.Field, typed: str) -> None:
        super().__init__(QueryDict(typed), now=NOW)
        self.fields["it"] = field
        field.now = NOW


def complaint(field: forms.Field, typed: str) -> str:
    return " ".join(One(field, typed).errors.get("it", []))


def value(field: forms.Field, typed: str) -> object:
    form = One(field, typed)
    assert form.is_valid(), form.errors
    return form.cleaned_data["it"]


def page_of(form: forms.Form) -> str:
    return "".join(map(str, [form.error_summary, form.hidden, *(q.as_field_group() for q in form.questions)]))


def test_every_field_has_a_label_or_a_legend_and_every_reference_an_id() -> None:
    markup = page_of(Question(now=NOW))
    page = read(markup)
    assert page.references <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    for field in Question.base_fields.values():
        assert html.escape(str(field.label)) in markup


def test_no_field_brings_inline_script_or_style() -> None:
    assert read(page_of(Question(QueryDict(""), now=NOW))).inline == []


def test_the_error_stands_beside_the_field_and_in_the_summary_linked_to_it() -> None:
    form = Question(QueryDict("where=online"), now=NOW)
    group = str(form["what"].as_field_group())
    assert "Say what you saw or heard" in group
    assert "id_what-error" in read(group).inputs["id_what"]["aria-describedby"]
    assert '<a href="#id_what">Say what you saw or heard</a>' in form.error_summary
    assert set(re.findall(r'href="#([^"]+)"', form.error_summary)) <= set(read(page_of(form)).ids)


def test_a_form_without_errors_has_no_summary() -> None:
    assert Question(now=NOW).error_summary == ""


def test_what_was_typed_stays_after_an_error() -> None:
    typed = QueryDict(
        "what=<b>two%0D%0A  lines&where=online&app=%22Chat%22&seen=a%0A  b&born_day=31&born_month=2&born_year=2012"
        "&count=many&email=nobody&at=noon"
    )
    markup = page_of(Question(typed, now=NOW))
    inputs = read(markup).inputs
    assert "&lt;b&gt;two&#10;  lines</textarea>" in markup
    assert "a&#10;  b</textarea>" in markup
    kept = {"app": '"Chat"', "born_month": "2", "count": "many", "email": "nobody", "at": "noon"}
    assert {name: inputs[f"id_{name}"]["value"] for name in kept} == kept
    assert "checked" in inputs["id_where-2"]


def test_a_password_is_never_shown_again() -> None:
    assert "secret" not in Question(QueryDict("password=secret"), now=NOW)["password"].as_field_group()


def test_what_is_written_is_never_read_as_markup() -> None:
    form = Question(QueryDict("app=%3Cscript%3E&where=online&email=%22%3E%3Cscript%3E"), now=NOW)
    assert "<script>" not in page_of(form)


def test_a_counted_text_may_be_as_long_as_it_says_and_no_longer() -> None:
    field = forms.LongTextField(label="What?", longest=10)
    assert value(field, "it=12345%0D%0A789") == "12345\n789"
    assert complaint(field, "it=12345678901") == "Use 10 characters or fewer. You used 11."


def test_a_field_without_missing_may_be_left_empty() -> None:
    assert value(forms.TextField(label="Name"), "") == ""
    assert value(forms.DateField(label="Born"), "") is None
    assert value(forms.CheckboxesField(label="Who", choices=[]), "") == []
    assert value(forms.IntegerField(label="How many", least=1, most=2), "") is None


def test_a_revealed_field_is_asked_only_when_its_choice_is_chosen() -> None:
    assert "app" in Question(QueryDict("where=online"), now=NOW).errors
    form = Question(QueryDict("where=school&app=Chat"), now=NOW)
    assert "app" not in form.errors
    assert form.cleaned_data["app"] == ""


def test_revealed_fields_stand_once_inside_their_choice() -> None:
    form = Question(now=NOW)
    assert [question.name for question in form.questions if question.name in {"app", "seen"}] == []
    assert page_of(form).count('name="app"') == 1


def test_a_choice_that_was_not_offered_is_refused() -> None:
    assert complaint(forms.RadiosField(label="Where", choices=[("a", "A")]), "it=b") == "Choose from the list"
    assert complaint(forms.CheckboxesField(label="Who", choices=[("a", "A")]), "it=a&it=b") == "Choose from the list"
    assert complaint(forms.SelectField(label="To", prompt="Choose", choices=[("a", "A")]), "it=b")


def test_choices_may_be_given_at_run_time() -> None:
    form = Question(now=NOW)
    form.fields["to"].choices = [forms.Choice("sergeant", "The sergeant")]
    assert "The sergeant" in form["to"].as_field_group()
    assert "The sergeant" not in Question(now=NOW)["to"].as_field_group()


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("3:15 pm", dt.time(15, 15)),
        ("3.15pm", dt.time(15, 15)),
        ("15:15", dt.time(15, 15)),
        ("1515", dt.time(15, 15)),
        ("9am", dt.time(9)),
        ("12 am", dt.time(0)),
        ("12:30 p.m.", dt.time(12, 30)),
        ("0:05", dt.time(0, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, time: dt.time) -> None:
    assert value(forms.TimeField(label="Time"), f"it={typed}") == time


@pytest.mark.parametrize("typed", ["3", "25:00", "13 pm", "12:60", "soon", "0 am"])
def test_a_time_that_cannot_be_read_says_what_to_write(typed: str) -> None:
    assert complaint(forms.TimeField(label="Time"), f"it={typed}") == "Enter a time, for example 3:15 pm or 15:15"


@pytest.mark.parametrize("typed", ["it_day=31&it_month=2&it_year=2020", "it_day=1", "it_day=x&it_month=1&it_year=2020"])
def test_a_date_that_is_not_real_says_what_to_write(typed: str) -> None:
    assert complaint(forms.DateField(label="Date"), typed) == "Enter a real date, for example 27 3 2026"


def test_a_year_needs_four_figures() -> None:
    assert "four figures" in complaint(forms.DateField(label="Date"), "it_day=1&it_month=2&it_year=12")


@pytest.mark.parametrize("typed", ["2026-03-27", "27/3/2026", "27 3 2026", "27.03.2026"])
def test_a_day_is_read_from_a_calendar_or_from_typing(typed: str) -> None:
    assert value(forms.DayField(label="Day"), f"it={typed}") == dt.date(2026, 3, 27)


def test_a_date_may_be_bound_to_today() -> None:
    today, tomorrow = "it=2026-03-03", "it=2026-03-04"
    assert value(forms.DayField(label="Day", not_later=True), today)
    assert complaint(forms.DayField(label="Day", not_later=True), tomorrow) == "The date must be today or earlier"
    assert (
        complaint(forms.DayField(label="Day", not_earlier=True), "it=2026-03-02") == "The date must be today or later"
    )


def test_a_moment_is_in_london_time() -> None:
    summer = london_moment(dt.date(2025, 7, 1), dt.time(15))
    assert summer.astimezone(dt.UTC) == dt.datetime(2025, 7, 1, 14, tzinfo=dt.UTC)


def test_a_moment_in_the_hour_that_spring_skips_is_refused() -> None:
    with pytest.raises(ValidationError, match="The clocks went forward in that hour. Enter another time"):
        london_moment(dt.date(2025, 3, 30), dt.time(1, 30))


@pytest.mark.parametrize("typed", ["0", "31", "x", "1.5"])
def test_a_number_says_its_limits(typed: str) -> None:
    field = forms.IntegerField(label="How many", least=1, most=30)
    assert complaint(field, f"it={typed}") == "Enter a whole number from 1 to 30"


def test_an_address_that_is_none_says_what_one_looks_like() -> None:
    assert complaint(forms.EmailField(label="E-mail"), "it=nobody") == "Enter an e-mail address like name@example.org"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("list.xlsx", b"x"), "Choose a file that ends in .csv"),
        (SimpleUploadedFile("list.csv", b""), "The file is empty. Choose another"),
        (SimpleUploadedFile("list.csv", b"x" * 2_000_001), "Choose a file smaller than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(file: SimpleUploadedFile, message: str) -> None:
    form = Question(QueryDict(""), {"register": file}, now=NOW)
    assert form.errors["register"] == [message]


def test_every_form_carries_its_own_once_token() -> None:
    first, second = Question(now=NOW), Question(now=NOW)
    assert first.hidden != second.hidden
    assert Question(QueryDict("once=nonsense"), now=NOW).errors["once"] == ["Open this page again, then send the form"]


def test_a_draft_shows_what_was_typed_and_complains_of_nothing() -> None:
    form = Question.from_draft(QueryDict("what=abc&where=online&born_day=31&at=soon&who=child"), now=NOW)
    inputs = read(page_of(form)).inputs
    assert form.error_summary == ""
    assert inputs["id_born_day"]["value"] == "31"
    assert inputs["id_at"]["value"] == "soon"
    assert "checked" in inputs["id_where-2"]
    assert "checked" in inputs["id_who-2"]


def test_a_form_that_speaks_of_today_must_be_given_the_time() -> None:
    with pytest.raises(ValueError, match="give it now="):
        Question(QueryDict("born_day=1&born_month=2&born_year=2012")).is_valid()


@pytest.mark.parametrize("typed", ["it=1-1-" + "9" * 5000, "it=" + "9" * 5000 + "-1-1", "it=1-00001-2026"])
def test_a_number_too_long_for_a_date_is_no_date(typed: str) -> None:
    assert complaint(forms.DayField(label="Date"), typed) == "Enter a real date, for example 27 3 2026"


@pytest.mark.parametrize(("typed", "version"), [("it=12", 12), ("it=abc", -1), ("it=-1", -1), ("it=", -1)])
def test_what_is_no_version_is_out_of_date(typed: str, version: int) -> None:
    assert value(forms.VersionField(), typed) == version

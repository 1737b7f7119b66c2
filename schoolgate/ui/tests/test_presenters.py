import datetime as dt

import pytest

from schoolgate.core.clock import LONDON
from schoolgate.ui import presenters

NOW = dt.datetime(2026, 3, 3, 16, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (dt.datetime(2026, 3, 3, 15, 15, tzinfo=dt.UTC), "today at 3:15 pm"),
        (dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), "yesterday at 9 am"),
        (dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC), "tomorrow at midday"),
        (dt.datetime(2026, 2, 27, 0, 0, tzinfo=dt.UTC), "Friday 27 February 2026 at midnight"),
        (dt.datetime(2025, 7, 1, 23, 30, tzinfo=dt.UTC), "Wednesday 2 July 2025 at 12:30 am"),
    ],
)
def test_a_moment_is_said_in_london_time(moment: dt.datetime, words: str) -> None:
    assert presenters.moment_words(moment, now=NOW) == words


def test_a_day_is_said_in_full() -> None:
    assert presenters.day_words(dt.date(2026, 3, 3)) == "Tuesday 3 March 2026"
    assert presenters.short_day_words(dt.date(2012, 3, 27)) == "27 March 2012"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (dt.timedelta(seconds=59), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(minutes=59), "59 minutes"),
        (dt.timedelta(hours=1, minutes=59), "1 hour"),
        (dt.timedelta(hours=47), "1 day"),
        (dt.timedelta(days=3), "3 days"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span: dt.timedelta, words: str) -> None:
    assert presenters.span_words(span) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["Ann"], "Ann"), (["Ann", "Bob"], "Ann and Bob"), (["Ann", "Bob", "Cy"], "Ann, Bob and Cy")],
)
def test_names_are_joined_as_in_a_sentence(names: list[str], words: str) -> None:
    assert presenters.joined(names) == words

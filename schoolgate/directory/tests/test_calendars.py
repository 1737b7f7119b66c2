"""School time: hours, terms, closed days, clock changes."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schoolgate.core.clock import LONDON, london_day
from schoolgate.directory.calendars import (
    SchoolCalendar,
    SchoolHours,
    SchoolTerm,
    is_school_time,
    next_school_time,
    school_days_between,
    school_time_after,
)

HOUR = dt.timedelta(hours=1)
HOURS = SchoolHours(dt.time(8, 30), dt.time(15, 30))
AUTUMN = SchoolTerm(dt.date(2026, 9, 2), dt.date(2026, 12, 18))
SPRING = SchoolTerm(dt.date(2027, 1, 5), dt.date(2027, 3, 25))
INSET_DAY = dt.date(2027, 1, 6)
CALENDAR = SchoolCalendar(HOURS, (AUTUMN, SPRING), frozenset({INSET_DAY}))


def london(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=LONDON)


def test_an_hour_late_on_the_last_friday_of_term_ends_in_the_next_term() -> None:
    assert school_time_after(london(2026, 12, 18, 15, 10), HOUR, CALENDAR) == london(2027, 1, 5, 9, 10)


def test_an_hour_late_on_a_friday_ends_on_monday() -> None:
    assert school_time_after(london(2026, 9, 11, 15, 10), HOUR, CALENDAR) == london(2026, 9, 14, 9, 10)


def test_an_inset_day_does_not_count() -> None:
    assert school_time_after(london(2027, 1, 5, 15, 0), HOUR, CALENDAR) == london(2027, 1, 7, 9, 0)


def test_time_that_ends_with_the_day_ends_at_closing() -> None:
    assert school_time_after(london(2026, 9, 7, 14, 30), HOUR, CALENDAR) == london(2026, 9, 7, 15, 30)


def test_time_before_opening_counts_from_opening() -> None:
    assert school_time_after(london(2026, 9, 7, 3, 0), HOUR, CALENDAR) == london(2026, 9, 7, 9, 30)


def test_a_whole_week_of_school_time_ends_at_closing_on_the_fifth_day() -> None:
    assert school_time_after(london(2026, 9, 7, 8, 30), 35 * HOUR, CALENDAR) == london(2026, 9, 11, 15, 30)


def test_opening_counts_and_closing_does_not() -> None:
    assert is_school_time(london(2026, 9, 7, 8, 30), CALENDAR)
    assert not is_school_time(london(2026, 9, 7, 15, 30), CALENDAR)


@pytest.mark.parametrize("day", [dt.date(2026, 9, 12), INSET_DAY, dt.date(2026, 12, 25)])
def test_weekends_inset_days_and_holidays_are_not_school_time(day: dt.date) -> None:
    assert not is_school_time(dt.datetime.combine(day, dt.time(10), LONDON), CALENDAR)


def test_utc_is_read_as_london_time_on_both_sides_of_the_clock_change() -> None:
    """Clocks go back on Sunday 25 October 2026: school opens at 07:30 UTC on Friday and 08:30 UTC on Monday."""
    assert is_school_time(dt.datetime(2026, 10, 23, 7, 30, tzinfo=dt.UTC), CALENDAR)
    assert not is_school_time(dt.datetime(2026, 10, 26, 7, 30, tzinfo=dt.UTC), CALENDAR)
    monday = next_school_time(dt.datetime(2026, 10, 23, 14, 30, tzinfo=dt.UTC), CALENDAR)
    assert monday.astimezone(dt.UTC) == dt.datetime(2026, 10, 26, 8, 30, tzinfo=dt.UTC)


def test_after_the_last_term_entered_every_weekday_counts() -> None:
    """Nobody has entered the summer term yet; a concern must not wait until somebody does."""
    assert CALENDAR.known_until == dt.date(2027, 3, 25)
    assert next_school_time(london(2027, 3, 25, 16, 0), CALENDAR) == london(2027, 3, 26, 8, 30)


def test_before_the_first_term_it_is_holiday() -> None:
    assert next_school_time(london(2026, 8, 3, 9, 0), CALENDAR) == london(2026, 9, 2, 8, 30)


def test_without_any_term_every_weekday_counts() -> None:
    assert SchoolCalendar(HOURS).known_until is None
    assert is_school_time(london(2026, 8, 3, 9, 0), SchoolCalendar(HOURS))


def test_school_days_of_the_first_week_of_spring() -> None:
    days = school_days_between(dt.date(2027, 1, 1), dt.date(2027, 1, 10), CALENDAR)
    assert [day.day for day in days] == [5, 7, 8]


def test_no_school_days_between_dates_in_the_wrong_order() -> None:
    assert school_days_between(dt.date(2027, 1, 10), dt.date(2027, 1, 1), CALENDAR) == []


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        is_school_time(dt.datetime(2026, 9, 7, 9, 0), CALENDAR)  # noqa: DTZ001


def test_school_time_is_never_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        school_time_after(london(2026, 9, 7, 9, 0), -HOUR, CALENDAR)


def test_hours_and_terms_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="closes after"):
        SchoolHours(dt.time(15), dt.time(9))
    with pytest.raises(ValueError, match="ends after"):
        SchoolTerm(dt.date(2026, 9, 2), dt.date(2026, 9, 1))


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
DURATIONS = st.integers(1, 80 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    opens, closes = sorted(draw(st.lists(st.times().map(lambda t: t.replace(tzinfo=None)), min_size=2, max_size=2)))
    assume(minutes_between(opens, closes) > 30)
    starts = draw(st.lists(DAYS, max_size=4))
    terms = tuple(SchoolTerm(day, day + dt.timedelta(draw(st.integers(0, 90)))) for day in starts)
    return SchoolCalendar(SchoolHours(opens, closes), terms, frozenset(draw(st.sets(DAYS, max_size=20))))


def minutes_between(opens: dt.time, closes: dt.time) -> float:
    day = dt.date(2026, 1, 1)
    return (dt.datetime.combine(day, closes) - dt.datetime.combine(day, opens)).total_seconds() / 60


def time_passed(start: dt.datetime, end: dt.datetime, calendar: SchoolCalendar) -> dt.timedelta:
    """Counted day by day, another way than the product's: what of each day's opening lies in between."""
    passed = dt.timedelta()
    for day in school_days_between(london_day(start), london_day(end), calendar):
        opens = dt.datetime.combine(day, calendar.hours.opens, LONDON)
        closes = dt.datetime.combine(day, calendar.hours.closes, LONDON)
        passed += max(dt.timedelta(), min(closes, end.astimezone(LONDON)) - max(opens, start.astimezone(LONDON)))
    return passed


@given(MOMENTS, DURATIONS, calendars())
def test_exactly_the_asked_school_time_passes(
    start: dt.datetime, duration: dt.timedelta, calendar: SchoolCalendar
) -> None:
    assert time_passed(start, school_time_after(start, duration, calendar), calendar) == duration


@given(MOMENTS, DURATIONS, DURATIONS, calendars())
def test_two_waits_one_after_the_other_are_one_long_wait(
    start: dt.datetime, first: dt.timedelta, second: dt.timedelta, calendar: SchoolCalendar
) -> None:
    in_two = school_time_after(school_time_after(start, first, calendar), second, calendar)
    assert in_two == school_time_after(start, first + second, calendar)


@given(MOMENTS, calendars())
def test_the_next_school_time_is_school_time_and_nothing_before_it_is(
    at: dt.datetime, calendar: SchoolCalendar
) -> None:
    opens = next_school_time(at, calendar)
    assert is_school_time(opens, calendar)
    assert time_passed(at, opens, calendar) == dt.timedelta()
    assert opens == at or not is_school_time(at, calendar)


@given(MOMENTS, calendars())
def test_no_wait_ends_at_the_next_school_time(at: dt.datetime, calendar: SchoolCalendar) -> None:
    assert school_time_after(at, dt.timedelta(), calendar) == next_school_time(at, calendar)

"""Priority in words: the ranking, what it is made of, and what changes without deprivation and attainment."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolgate.deployment.selectors.priority import Equality, MatrixCard, Moved, Ranked, Ranking
from schoolgate.deployment.values import Given
from schoolgate.directory.models import Phase
from schoolgate.ui.presenters import joined, moment_words, short_day_words

Words = dict[str, Any]
LISTED = 200


def number_words(value: Decimal | None) -> str:
    """A figure without needless noughts."""
    if value is None:
        return _("none")
    return f"{value.normalize():,f}"


def ranking_words(found: Ranking, *, now: dt.datetime) -> Words:
    """The ranking, the decisions apart from it, and the weights."""
    return {
        "rows": [ranked_row(one, has_matrix=bool(found.matrix.number)) for one in found.schools[:LISTED]],
        "left": max(0, len(found.schools) - LISTED),
        "weights": weight_rows(found.matrix),
        "matrix": found.matrix,
        "matrix_words": matrix_words(found.matrix, now=now),
        "priority": [one.name for one in found.schools if one.is_priority],
        "without_values": sum(bool(one.missing) for one in found.schools),
    }


def matrix_words(matrix: MatrixCard, *, now: dt.datetime) -> str:
    """Which version, by whom, when and why."""
    if not matrix.number or not matrix.made_at:
        return _("No weights are set yet.")
    return _("Version %(number)s, by %(by)s, %(when)s: %(why)s") % {
        "number": matrix.number, "by": matrix.by, "when": moment_words(matrix.made_at, now=now), "why": matrix.reason,
    }  # fmt: skip


def weight_rows(matrix: MatrixCard) -> list[list[str]]:
    """Each indicator with its weight and its share of all."""
    whole = sum(weight for _kind, weight in matrix.weights) or 1
    return [[str(kind.label), str(weight), f"{weight * 100 / whole:.0f} %"] for kind, weight in matrix.weights]


def ranked_row(one: Ranked, *, has_matrix: bool) -> Words:
    """A school of the ranking; the decision stands beside the score, never in it."""
    score = _("Place %(rank)s, score %(score)s") % {"rank": one.rank, "score": one.score} if has_matrix else ""
    missing = _("No value: %s") % joined([str(kind.label) for kind in one.missing]) if one.missing else ""
    return {
        "title": one.name,
        "href": reverse("deployment:decide", args=[one.id]),
        "state": _("Priority") if one.is_priority else _("Decided: not a priority") if one.decision else "",
        "tone": "active" if one.is_priority else "plain",
        "facts": [fact for fact in (str(Phase(one.phase).label), score, missing) if fact],
    }


def part_rows(one: Ranked) -> list[Words]:
    """What a school's score is made of."""
    return [
        {
            "title": str(part.kind.label),
            "facts": [
                _("Value %s") % number_words(part.value),
                _("%(part)s %% of the highest") % {"part": part.of_highest},
                _("Weight %s") % part.weight,
                _("%s points") % part.points,
            ],
        }
        for part in one.parts
    ]


def decision_words(one: Ranked, *, now: dt.datetime) -> str:
    """The last decision, by whom, why, and what the score was on that day."""
    if one.decision is None:
        return ""
    its = one.decision
    what = _("A priority school") if its.is_priority else _("Not a priority school")
    score = _(" The score was %(score)s, place %(rank)s.") % {"score": its.score, "rank": its.rank} if its.rank else ""
    return f"{what}. {its.reasons}\n{its.by}, {moment_words(its.made_at, now=now)}.{score}"


def equality_words(found: Equality) -> Words:
    """The equality check."""
    return {
        "left_out": joined([str(kind.label) for kind in found.left_out]),
        "first": found.first,
        "drop_out": [_moved_row(one) for one in found.drop_out],
        "come_in": [_moved_row(one) for one in found.come_in],
        "moved": [_moved_row(one) for one in found.moved[:LISTED]],
        "has_matrix": bool(found.ranking.matrix.number),
    }


def _moved_row(one: Moved) -> Words:
    return {
        "title": one.school.name,
        "href": reverse("deployment:decide", args=[one.school.id]),
        "state": _("Priority") if one.school.is_priority else "",
        "tone": "active",
        "facts": [
            _("Place %(now)s, without them %(then)s") % {"now": one.school.rank, "then": one.rank_without},
            _("Score %(now)s, without them %(then)s") % {"now": one.school.score, "then": one.score_without},
        ],
    }


def preview_words(given: Given, *, as_at: dt.date) -> Words:
    """What a table would do, and the lines that cannot be taken."""
    return {
        "counts": [
            {"name": _("Indicators"), "text": joined([str(kind.label) for kind in given.kinds])},
            {"name": _("Schools"), "text": str(len({school for school, _kind in given.values}))},
            {"name": _("Values"), "text": str(len(given.values))},
            {"name": _("As at"), "text": short_day_words(as_at)},
        ],
        "bad": [[str(line.line), line.says, line.why] for line in given.bad],
    }

"""What an officer who takes over a school must know, on one page: counts and agreements, never what a record says."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404

from schoolgate.access.permissions import require
from schoolgate.access.viewer import Viewer
from schoolgate.deployment.selectors.postings import SchoolHistory, school_history
from schoolgate.exchange.models import OPEN as OPEN_SHARES
from schoolgate.exchange.models import CrimeReport, Enquiry, Share
from schoolgate.insight.policies import may_hand_over
from schoolgate.insight.selectors import Waiting
from schoolgate.partnership.selectors.school import SchoolPage, school_page


@dataclass(frozen=True)
class Handover:
    """The school's page and postings, and how much is open with it."""

    page: SchoolPage
    history: SchoolHistory
    shares: Waiting
    enquiries: Waiting
    crimes: Waiting


def handover(viewer: Viewer, school: int, *, at: dt.datetime) -> Handover:
    """The handover pack of a school. Raises Http404 for outsiders, PermissionDenied for the school's own side."""
    if not viewer.shares("partnership", school):
        raise Http404
    require(may_hand_over, viewer, school)
    late = Count("pk", Q(due_at__lt=at))
    counts = [
        Waiting(**rows.filter(school=school).aggregate(count=Count("pk"), late=late))
        for rows in (
            Share.objects.filter(status__in=OPEN_SHARES),
            Enquiry.objects.filter(answered_at=None),
            CrimeReport.objects.filter(force_reference=""),
        )
    ]
    return Handover(school_page(viewer, school, at=at), school_history(viewer, school, at=at), *counts)

"""What the clock does about things that are overdue."""

import datetime as dt

from django.db import connection, transaction
from django.urls import reverse

from schoolgate.access.viewer import Viewer
from schoolgate.core.protected import Protected
from schoolgate.exchange.models import CrimeReport, Enquiry, Share
from schoolgate.notices.models import NoticeKind
from schoolgate.notices.services import tell

RECORDS: dict[str, tuple[type[Protected], str]] = {
    NoticeKind.SHARE_OVERDUE: (Share, "exchange:share"),
    NoticeKind.ENQUIRY_OVERDUE: (Enquiry, "exchange:enquiry"),
    NoticeKind.CRIME_REFERENCE_OVERDUE: (CrimeReport, "exchange:crime"),
}


def tell_of_overdue(*, at: dt.datetime) -> int:
    """Tell the sergeants of each share, enquiry and crime reference that became overdue, once; gives how many.

    Of an enquiry, whoever was asked is told too. Runs as nobody, through a database function that knows ids only.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select kind, record, people from insight_overdue(%s)", [at])
            overdue = cursor.fetchall()
        for kind, record, people in overdue:
            table, view = RECORDS[kind]
            page = reverse(view, args=[record])
            tell(by=Viewer(), at=at, notice=NoticeKind(kind), record=table(id=record), page=page, to=people)
    return len(overdue)

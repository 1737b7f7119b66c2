"""The base of a form whose draft is kept."""

import re
from typing import Any, ClassVar

from schoolgate.core.ids import new_id
from schoolgate.drafts.models import ADDRESS, LONGEST_ADDRESS, DraftKind
from schoolgate.drafts.services import Desk
from schoolgate.ui import forms

PAGE, VERSION = "draft_page", "draft_version"


def asked_desk(kind: str, holder: int, address: str) -> Desk | None:
    """The desk that a page names when it saves; nothing where it names none of ours."""
    if kind not in DraftKind.values or len(address) > LONGEST_ADDRESS or not re.fullmatch(ADDRESS, address):
        return None
    return Desk(holder, DraftKind(kind), address)


class DraftedForm(forms.OnceForm):
    """A form that is kept while somebody types.

    desk: where it is kept; nothing where it is not, as for supply staff. draft_words: said of a draft that it shows.
    unsent: rows of the other drafts of the same form. See keeping.opened, which sets them.
    """

    draft_kind: ClassVar[DraftKind]
    draft_page = forms.HiddenField(initial=new_id)
    draft_version = forms.HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk: Desk | None = None
        self.draft_words = ""
        self.unsent: list[dict[str, Any]] = []

    def clean(self) -> dict[str, Any]:
        """The tokens of the page are the draft's business alone."""
        cleaned = super().clean() or {}
        for name in (PAGE, VERSION):
            cleaned.pop(name, None)
        return cleaned

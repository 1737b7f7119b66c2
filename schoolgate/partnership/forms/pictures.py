"""The form by which an officer puts up a picture."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from schoolgate.partnership.pictures import UnreadablePicture, as_portrait
from schoolgate.ui import forms


class PictureForm(forms.Form):
    """A file. `portrait` is what is made of it."""

    file = forms.FileField(
        label=_("Picture"),
        hint=_("A JPEG, PNG or WebP of at most 5 MB. Only its middle is kept, and nothing of where it was taken."),
        missing=_("Choose a picture"),
        endings=(".jpg", ".jpeg", ".png", ".webp"),
        largest=5_000_000,
    )
    portrait: bytes

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.portrait = as_portrait(file.read())
        except UnreadablePicture as error:
            raise forms.ValidationError(str(error)) from error
        return file

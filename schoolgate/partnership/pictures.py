"""A picture as somebody hands it in, made into one portrait: small, upright, and without what a camera writes in it."""

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

READ = ("JPEG", "PNG", "WEBP")
SIZE = (400, 500)
MOST_PIXELS = 50_000_000
WHITE = (255, 255, 255)
QUALITY = 85


class UnreadablePicture(Exception):
    """What is wrong with the file, in words."""


def as_portrait(content: bytes) -> bytes:
    """The middle of the picture as a JPEG of 400 × 500 points; nothing but its points is taken over.

    Raises UnreadablePicture for what is no JPEG, PNG or WebP, whatever its name, or is too large to be read.
    """
    try:
        with Image.open(io.BytesIO(content), formats=READ) as found:
            if found.width * found.height > MOST_PIXELS:
                raise UnreadablePicture(_("The picture has too many points. Choose one below 50 megapixels"))
            return _jpeg(ImageOps.exif_transpose(found))
    except UnreadablePicture:
        raise
    except Exception as error:  # the library does not say what else a broken file makes it raise
        raise UnreadablePicture(_("This is not a picture that can be read. Choose a JPEG, PNG or WebP")) from error


def _jpeg(found: Image.Image) -> bytes:
    seen = found.convert("RGBA")
    flat = Image.new("RGB", seen.size, WHITE)
    flat.paste(seen, mask=seen.getchannel("A"))
    portrait, out = ImageOps.fit(flat, SIZE, centering=(0.5, 0.4)), io.BytesIO()
    portrait.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()

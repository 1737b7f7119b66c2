"""An officer's picture: small and bare, seen by whoever opens the school's page, gone when it is taken down."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from PIL import Image
from psycopg import Connection

from schoolgate.access.acting import acting
from schoolgate.exchange.tests.doings import signed_in
from schoolgate.nonprod.cast import Cast
from schoolgate.partnership.pictures import SIZE, UnreadablePicture, as_portrait

pytestmark = pytest.mark.usefixtures("committed_database")
WHERE_IT_WAS_TAKEN, CAMERA, TURNED = 0x8825, 0x0110, 0x0112


def a_picture(form: str = "JPEG", size: tuple[int, int] = (900, 700)) -> bytes:
    """A picture as a telephone makes it: on its side, with the camera and the place in it."""
    exif = Image.Exif()
    exif[CAMERA], exif[TURNED] = "Invented Camera 7", 6
    exif.get_ifd(WHERE_IT_WAS_TAKEN)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, (10, 80, 100)).save(out, form, exif=exif)
    return out.getvalue()


def address(cast: Cast, name: str = "", key: str = "officer") -> str:
    return f"/officers/{cast.person(key)}/picture/{name}"


def put_up(cast: Cast, content: bytes, *, key: str = "officer", name: str = "me.jpg", of: str = "officer") -> str:
    """What the page says after somebody handed in a file."""
    sent = {"file": SimpleUploadedFile(name, content)}
    return signed_in(cast, key).post(address(cast, "change/", of), sent, follow=True).text


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_jpeg_without_place_or_camera(form: str) -> None:
    portrait = as_portrait(a_picture(form))
    with Image.open(io.BytesIO(portrait)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("JPEG", SIZE, {})
    assert b"Invented Camera" in a_picture()
    assert b"Invented Camera" not in portrait
    assert len(portrait) < 100_000


def test_what_a_camera_wrote_badly_is_complained_of_and_no_fault() -> None:
    out = io.BytesIO()
    Image.new("RGB", (50, 60)).save(out, "JPEG", exif=ODD_CAMERA)
    with pytest.raises(UnreadablePicture):
        as_portrait(out.getvalue())


def test_a_picture_of_one_colour_and_clear_places_is_taken() -> None:
    out = io.BytesIO()
    Image.new("LA", (30, 3000), (0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(as_portrait(out.getvalue()))) as made:
        assert made.getpixel((5, 5)) == (255, 255, 255)


# A camera on its side that writes its resolution as letters.
ODD_CAMERA = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x1a\x01\x02\0\x01\0\0\0A\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" + bytes(
    64
)
BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a\x01\x00\x01\x00", b"<svg onload='alert(1)'/>", b"%PDF-1.7", a_picture()[:700], BOMB],
    ids=["empty", "gif", "svg", "pdf", "cut off", "bomb"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        as_portrait(content)


def test_the_officer_puts_it_up_and_the_school_sees_it_on_its_page_and_poster(cast: Cast) -> None:
    teacher = signed_in(cast, "teacher")
    school = f"/schools/{cast.place('larkmoor')}/"
    assert ">AF</span>" in teacher.get(school).text
    assert teacher.get(address(cast)).status_code == 404
    assert "The picture is up" in put_up(cast, a_picture())
    assert f'src="{address(cast)}"' in teacher.get(school).text
    shown = teacher.get(address(cast))
    assert (shown.headers["Content-Type"], shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    with pikepdf.open(io.BytesIO(teacher.get(f"{school}poster.pdf").content)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
        assert pdf.Root.MarkInfo.Marked
    put_up(cast, a_picture("PNG"), name="me.png")
    assert teacher.get(address(cast)).content != shown.content


def test_it_is_taken_down_and_nowhere_any_more(cast: Cast, as_superuser: Connection) -> None:
    put_up(cast, a_picture())
    officer = signed_in(cast, "officer")
    assert "Take it down" in officer.get(address(cast, "change/")).text
    officer.post(address(cast, "remove/"))
    assert officer.get(address(cast)).status_code == 404
    assert as_superuser.execute("select count(*) from partnership_officerpicture").fetchone() == (0,)
    kept = "select count(*) from audit_change where kind = 'partnership_officerpicture'"
    assert as_superuser.execute(kept).fetchone() == (0,)


def test_the_administrator_does_it_for_them(cast: Cast) -> None:
    assert "The picture is up" in put_up(cast, a_picture(), key="admin")
    assert "Picture for the school" in signed_in(cast, "admin").get(f"/directory/people/{cast.person('officer')}/").text


@pytest.mark.parametrize(
    ("key", "status"), [("buddy-officer", 403), ("head", 403), ("yjs", 404), ("other-force-admin", 404)]
)
def test_nobody_else_puts_it_up_or_takes_it_down(cast: Cast, key: str, status: int) -> None:
    put_up(cast, a_picture())
    client = signed_in(cast, key)
    assert client.get(address(cast, "change/")).status_code == status
    assert client.post(address(cast, "remove/")).status_code == status
    assert signed_in(cast, "officer").get(address(cast)).status_code == 200


def test_nobody_gets_a_picture_who_is_no_officer(cast: Cast) -> None:
    for key in ("teacher", "head"):
        assert signed_in(cast, key).get(address(cast, "change/", key)).status_code == 403
    assert signed_in(cast, "admin").get(address(cast, "change/", "teacher")).status_code == 403


@pytest.mark.parametrize("key", ["unassigned-officer", "yjs", "other-force-officer", "supply", "school-dpo"])
def test_whoever_does_not_open_the_schools_page_does_not_see_it(cast: Cast, key: str) -> None:
    put_up(cast, a_picture())
    assert signed_in(cast, key).get(address(cast)).status_code == 404
    with acting(cast.user(key), page="test"), connection.cursor() as cursor:
        cursor.execute("select count(*) from partnership_officerpicture")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("key", ["buddy-officer", "head", "sergeant", "yjs"])
def test_no_statement_of_the_application_writes_it_for_somebody_else(cast: Cast, key: str) -> None:
    put_up(cast, a_picture())
    add = (
        "insert into partnership_officerpicture (id, officer_id, content, made_by, made_at)"
        f" values (gen_random_uuid(), {cast.person('south-officer')}, '\\xffd8ff', 1, now())"
    )
    with acting(cast.user(key), page="test"):
        change, remove = "update partnership_officerpicture set content = ''", "delete from partnership_officerpicture"
        for statement in (add, change, remove):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("select partnership_take_down_picture(%s)", [cast.person("officer")])
            assert cursor.fetchall() == []


def test_a_wrong_file_is_complained_of_beside_the_field(cast: Cast) -> None:
    for content, name, words in (
        (b"%PDF-1.7", "me.jpg", "This is not a picture that can be read"),
        (a_picture(), "me.gif", "Choose a file that ends in"),
        (b"x" * 5_000_001, "me.jpg", "Choose a file smaller than 5 MB"),
        (b"", "me.jpg", "The file is empty"),
    ):
        assert words in put_up(cast, content, name=name)
    assert "Choose a picture" in signed_in(cast, "officer").post(address(cast, "change/"), {}).text
    assert Client().get(address(cast)).status_code in (302, 404)

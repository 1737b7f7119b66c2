"""What a browser sends reaches the pages without what no record can keep."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from schoolgate.ui.typed import TypedMiddleware

KEPT: list[HttpRequest] = []


def answer(request: HttpRequest) -> HttpResponse:
    KEPT.append(request)
    return HttpResponse("read")


def test_nul_and_halves_of_characters_are_left_out_of_names_values_and_cookies() -> None:
    request = RequestFactory().post("/?as%00k=a%00b", {"na\0me": ["a\0b", "c"], "text": "fine"})
    request.COOKIES["sessionid"] = "a\0\ud800b"
    assert TypedMiddleware(answer)(request).content == b"read"
    assert KEPT[-1].GET.dict() == {"ask": "ab"}
    assert dict(KEPT[-1].POST.lists()) == {"name": ["ab", "c"], "text": ["fine"]}
    assert KEPT[-1].COOKIES["sessionid"] == "ab"


@pytest.mark.parametrize("mark", ["\u202e", "\u2067", "\x1b", "\x85"])
def test_marks_that_nobody_sees_are_left_out_and_letters_that_are_read_from_the_right_are_kept(mark: str) -> None:
    request = RequestFactory().post("/", {"name": f"{mark}ליאור\t\r\nAda"})
    TypedMiddleware(answer)(request)
    assert KEPT[-1].POST["name"] == "ליאור\t\r\nAda"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-7"])
def test_another_encoding_is_answered_with_a_page(encoding: str) -> None:
    sent = f"application/x-www-form-urlencoded; charset={encoding}"
    response = TypedMiddleware(answer)(RequestFactory().post("/", b"a=b", content_type=sent))
    assert response.status_code == 400
    assert "That could not be read" in response.text

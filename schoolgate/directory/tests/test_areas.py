"""Which force serves a local authority, and what a force may be called."""

import pytest

from schoolgate.core.enums import Nation
from schoolgate.directory.areas import UnknownForce, area_of, areas_called


def slug(gss_code: str = "", la_code: str = "", la_name: str = "") -> str | None:
    area = area_of(gss_code=gss_code, la_code=la_code, la_name=la_name)
    return area and area.slug


@pytest.mark.parametrize(
    "keys", [{"gss_code": "E09000007"}, {"la_code": "202"}, {"la_name": "camden"}], ids=["GSS code", "code", "name"]
)
def test_an_authority_is_found_by_either_code_or_by_name(keys: dict[str, str]) -> None:
    assert slug(**keys) == "metropolitan"


def test_the_gss_code_goes_before_the_others() -> None:
    assert slug("E09000001", "202", "Camden") == "city-of-london"


def test_an_unknown_code_leaves_it_to_the_next() -> None:
    assert slug("E99999999", "", "Isles Of Scilly") == "devon-and-cornwall"


def test_an_authority_without_codes_is_nowhere() -> None:
    assert slug() is None
    assert slug("", "702", "BSO Overseas Establishments") is None


def test_welsh_authorities_are_in_wales() -> None:
    area = area_of(gss_code="W06000015", la_code="", la_name="")
    assert area is not None
    assert (area.name, area.nation) == ("South Wales", Nation.WALES)


def test_a_force_is_called_by_name_or_identifier_in_any_case() -> None:
    assert areas_called(["metropolitan police"]) == areas_called(["METROPOLITAN"])


def test_no_names_call_no_force() -> None:
    assert areas_called([]) == frozenset()


def test_a_force_that_is_none_is_answered_with_the_nearest_if_one_is_near() -> None:
    with pytest.raises(UnknownForce, match="Wales is called “Metropolis”. Did you mean “Metropolitan Police”"):
        areas_called(["Kent", "Metropolis"])
    with pytest.raises(UnknownForce, match=r"Wales is called “Lothian”\.$"):
        areas_called(["Lothian"])

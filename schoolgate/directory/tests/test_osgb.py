"""Positions against those that Ordnance Survey publishes."""

from math import cos, degrees, hypot, radians

import pytest

from schoolgate.directory.osgb import grid_to_airy, to_grid, to_position

METRES_A_DEGREE = 111_320


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    return METRES_A_DEGREE * hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0])))


def test_the_guides_worked_example_comes_out_to_a_tenth_of_a_millisecond_of_arc() -> None:
    latitude, longitude = map(degrees, grid_to_airy(651_409.903, 313_177.270))
    assert latitude == pytest.approx(52 + 39 / 60 + 27.2531 / 3600, abs=3e-8)
    assert longitude == pytest.approx(1 + 43 / 60 + 4.5177 / 3600, abs=3e-8)


# Check points of the OSTN15 transformation: the survey's own grid and satellite coordinates.
CHECK_POINTS = {
    "Isles of Scilly": (91_492.146, 11_318.804, 49.9222639, -6.2997775),
    "The Lizard": (170_370.718, 11_572.405, 49.9600614, -5.2030461),
    "Isle of Wight": (449_816.371, 75_335.861, 50.5756367, -1.2978228),
    "Kent": (639_821.835, 169_565.858, 51.3744703, 1.4445473),
    "London": (530_624.974, 178_388.464, 51.4893656, -0.1199256),
    "Wales": (241_124.584, 220_332.641, 51.8589090, -4.3085248),
    "Norfolk": (651_409.804, 313_177.450, 52.6580078, 1.7160740),
    "Nottingham": (454_002.834, 340_834.943, 52.9621911, -1.1974766),
    "Cumbria": (339_921.145, 556_034.761, 54.8954234, -2.9382774),
    "Newcastle": (424_639.355, 565_012.703, 54.9791227, -1.6165769),
    "Shetland": (395_999.668, 1_138_728.951, 60.1330809, -2.0738282),
}


@pytest.mark.parametrize("point", CHECK_POINTS.values(), ids=CHECK_POINTS)
def test_check_points_are_met_within_five_metres(point: tuple[float, float, float, float]) -> None:
    easting, northing, latitude, longitude = point
    assert metres_between(to_position(easting, northing), (latitude, longitude)) < 5


@pytest.mark.parametrize("point", CHECK_POINTS.values(), ids=CHECK_POINTS)
def test_the_way_back_to_the_grid_ends_within_a_metre(point: tuple[float, float, float, float]) -> None:
    easting, northing = point[:2]
    back = to_grid(*to_position(easting, northing))
    assert hypot(back[0] - easting, back[1] - northing) < 1


@pytest.mark.parametrize("point", [(-1, 0), (700_000, 0), (0, -1), (0, 1_300_000), (float("nan"), 0)])
def test_a_point_outside_the_grid_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="outside the National Grid"):
        to_position(*point)

"""British National Grid to latitude and longitude, accurate to about five metres.

Formulae and constants: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes A to C. The
seven-parameter shift stands in for the survey's own grid of shifts (OSTN15), which is exact and weighs megabytes;
five metres place a school well.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from typing import NamedTuple


class Position(NamedTuple):
    """Degrees on WGS84, to six decimals (a tenth of a metre)."""

    latitude: float
    longitude: float


class _Ellipsoid(NamedTuple):
    semi_major: float
    semi_minor: float

    @property
    def eccentricity_squared(self) -> float:
        return 1 - (self.semi_minor / self.semi_major) ** 2


AIRY_1830 = _Ellipsoid(6_377_563.396, 6_356_256.909)
WGS84 = _Ellipsoid(6_378_137.0, 6_356_752.314245)

# The National Grid: its true origin, the origin's coordinates, and the scale on the central meridian.
TRUE_LATITUDE, TRUE_LONGITUDE = radians(49), radians(-2)
FALSE_EASTING, FALSE_NORTHING = 400_000.0, -100_000.0
SCALE = 0.9996012717
GRID_WIDTH, GRID_HEIGHT = 700_000, 1_300_000

# From OSGB36 to WGS84: metres, parts per million, seconds of arc.
SHIFT = (446.448, -125.157, 542.060)
SCALE_CHANGE = -20.4894e-6
ROTATION = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))

METRES_A_DEGREE = 111_320  # of latitude, nearly
ROUNDS = 8


def to_position(easting: float, northing: float) -> Position:
    """Turn metres on the National Grid (OSGB36) into WGS84 degrees.

    Raises ValueError for a point outside the grid's squares.
    """
    if not (0 <= easting < GRID_WIDTH and 0 <= northing < GRID_HEIGHT):
        raise ValueError(f"{easting}, {northing} lies outside the National Grid")
    latitude, longitude = _to_ellipsoid(*_shift(*_to_cartesian(*grid_to_airy(easting, northing))))
    return Position(round(degrees(latitude), 6), round(degrees(longitude), 6))


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Turn WGS84 degrees into metres on the National Grid: the point whose position they are, to a metre.

    Found by correcting a first guess by what its position lacks: the grid is nearly north and east, so that each
    round leaves a twentieth. Raises ValueError for a point outside the grid's squares.
    """
    easting, northing = FALSE_EASTING, FALSE_NORTHING + (latitude - 49) * METRES_A_DEGREE
    for _ in range(ROUNDS):
        at = to_position(easting, northing)
        easting += (longitude - at.longitude) * METRES_A_DEGREE * cos(radians(latitude))
        northing += (latitude - at.latitude) * METRES_A_DEGREE
    return round(easting), round(northing)


def grid_to_airy(easting: float, northing: float) -> tuple[float, float]:
    """Turn metres on the grid into radians on the Airy 1830 ellipsoid (OS guide, annexe C.2)."""
    a, e2 = AIRY_1830.semi_major * SCALE, AIRY_1830.eccentricity_squared
    foot = _latitude_at(northing)
    nu = a / sqrt(1 - e2 * sin(foot) ** 2)
    rho = a * (1 - e2) / (1 - e2 * sin(foot) ** 2) ** 1.5
    eta2 = nu / rho - 1
    t2, east, t = tan(foot) ** 2, (easting - FALSE_EASTING) / nu, tan(foot)
    latitude = foot - t * nu / rho * east**2 * (
        1 / 2
        - east**2 / 24 * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
        + east**4 / 720 * (61 + 90 * t2 + 45 * t2**2)
    )  # fmt: skip
    longitude = TRUE_LONGITUDE + east / cos(foot) * (
        1
        - east**2 / 6 * (nu / rho + 2 * t2)
        + east**4 / 120 * (5 + 28 * t2 + 24 * t2**2)
        - east**6 / 5040 * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3)
    )
    return latitude, longitude


def _latitude_at(northing: float) -> float:
    """The latitude on the central meridian whose arc reaches that northing, to a hundredth of a millimetre."""
    latitude, missing = TRUE_LATITUDE, northing - FALSE_NORTHING
    while abs(missing) >= 1e-5:
        latitude += missing / (AIRY_1830.semi_major * SCALE)
        missing = northing - FALSE_NORTHING - _meridian_arc(latitude)
    return latitude


def _meridian_arc(latitude: float) -> float:
    a, b = AIRY_1830
    n = (a - b) / (a + b)
    less, more = latitude - TRUE_LATITUDE, latitude + TRUE_LATITUDE
    return b * SCALE * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
    )  # fmt: skip


def _to_cartesian(latitude: float, longitude: float) -> tuple[float, float, float]:
    """From the surface of the Airy ellipsoid, the only height that the register knows (annexe B.1)."""
    e2 = AIRY_1830.eccentricity_squared
    nu = AIRY_1830.semi_major / sqrt(1 - e2 * sin(latitude) ** 2)
    return nu * cos(latitude) * cos(longitude), nu * cos(latitude) * sin(longitude), nu * (1 - e2) * sin(latitude)


def _shift(x: float, y: float, z: float) -> tuple[float, float, float]:
    """The Helmert transformation from OSGB36 to WGS84 (section 6.6)."""
    (dx, dy, dz), (rx, ry, rz), s = SHIFT, ROTATION, 1 + SCALE_CHANGE
    return dx + s * x - rz * y + ry * z, dy + rz * x + s * y - rx * z, dz - ry * x + rx * y + s * z


def _to_ellipsoid(x: float, y: float, z: float) -> tuple[float, float]:
    """To latitude and longitude on WGS84, refined until nothing moves by a millimetre (annexe B.2)."""
    a, e2, p = WGS84.semi_major, WGS84.eccentricity_squared, hypot(x, y)
    latitude, before = atan2(z, p * (1 - e2)), 0.0
    while abs(latitude - before) > 1e-10:
        nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude, before = atan2(z + e2 * nu * sin(latitude), p), latitude
    return latitude, atan2(y, x)

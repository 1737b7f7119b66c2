"""What every measurement takes on its command line."""

import argparse

SIZES = [1_000, 100_000, 1_000_000]


def read_arguments(description: str | None, *, repetitions: int) -> argparse.Namespace:
    """Give `sizes` (numbers of other people's concerns) and `repetitions`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="concerns in each database measured")
    parser.add_argument("--repetitions", type=int, default=repetitions, help="of which the lower quartile is taken")
    return parser.parse_args()

"""Finds every portfolio that is cheap enough at given prices of the schools: exactly, over all schools.

Given an officer, a pattern and the school that is the portfolio's centre (anchor), what each further school adds
is known, save for the balance. A school's worth counts every hour as if it were below the fair hours; what lies above
them costs twice the balance in the end. A table over schools, counts by kind and load on the grid then gives the
least that can still be added, and a search along the table finds the portfolios themselves.
The search weighs hours exactly, so a grid that rounds down costs time and no proof.

Compiled by numba; the functions take plain arrays for that reason, named as in `model.Model`.
"""

from typing import Any

import numpy as np

from schoolgate.planning.optimiser.compiling import compiled

INFINITE = 1e300
SLOPES = 5
WALK = 24  # from so many useful schools on, an anchor's neighbours are walked instead
TINY = 1e-9


@compiled
def admissible(
    p: int, central: int, options: Any, forced: Any, counts: Any, taken: Any, priority: Any, out: Any
) -> int:
    """Write the options that pattern p leaves of each school. Gives 0 where a forced school has none.

    central: 1 where the anchor is a priority school; 0 for portfolios without priority schools.
    """
    for s in range(len(options)):
        option = 0
        if taken[p, s] == 1:
            if priority[s] == 0:
                option = options[s] & 1 if counts[p, 2, 1] > 0 else 0
            elif central == 1:
                option = (options[s] & 1 if counts[p, 0, 1] > 0 else 0) | (options[s] & 2 if counts[p, 1, 1] > 0 else 0)
        out[s] = option
        if forced[s] == 1 and option == 0:
            return 0
    return 1


@compiled
def worths(options: Any, cost: Any, prices: Any, hours: Any, balance: float, whole: Any, half: Any, least: Any) -> None:
    """What holding each school adds to the reduced cost, the distance to the anchor left out.

    `least` has a row for each slope: there an hour above the fair ones and an hour below them weigh the same, which
    is never more than what the balance costs.
    """
    for s in range(len(options)):
        worth = cost[s] - prices[s] - balance * hours[s]
        whole[s] = worth if options[s] & 1 else INFINITE
        half[s] = worth / 2 if options[s] & 2 else INFINITE
        for slope in range(SLOPES):
            rise = 2 * balance * hours[s] * slope / (SLOPES - 1)
            least[slope, s] = min(whole[s] + rise, half[s] + rise / 2)


@compiled
def least_sum(values: Any, number: int, most: int) -> float:
    """The sum of the `most` least of the first values, none of which is positive. Sorts in place."""
    total = 0.0
    if number <= most:
        for i in range(number):
            total += values[i]
        return total
    for i in range(most):
        at = i
        for k in range(i + 1, number):
            if values[k] < values[at]:
                at = k
        values[i], values[at] = values[at], values[i]
        total += values[i]
    return total


@compiled
def anchor_bound(
    a: int, base: float, least: Any, floor: float, forced: Any, any_forced: bool, useful: Any, number: int, near: Any,
    order: Any, proximity: float, most: int, values: Any, last: Any,
) -> float:  # fmt: skip
    """What a portfolio around anchor a costs at least; hours and lowest counts are left out of account.

    floor: the least of `least`. near, order: distances from the anchor, and schools from the nearest on.
    Writes to last[0] the worth of the last school that would still be taken, and 0 where there is room for more.
    """
    total = base + least[a]
    found = 0
    walk = number > WALK and not any_forced
    for i in range(len(order) if walk else number):
        s = int(order[i]) if walk else useful[i]
        away = proximity * near[s]
        if walk and away + floor >= 0:
            break
        if s == a:
            continue
        value = least[s] + away
        if forced[s] == 1:
            total += value
        elif value < 0:
            values[found] = value
            found += 1
    total += least_sum(values, found, most)
    last[0] = values[most - 1] if 0 < most <= found else 0.0
    if found == most and most > 0:
        for i in range(most):
            last[0] = max(last[0], values[i])
    return total


@compiled
def common_load(number: int, item_load: Any, item_half: Any) -> int:
    """The greatest number of cells that divides all loads; at least 1."""
    common = 0
    for i in range(number):
        for part in range(2):
            if part == 1 and item_half[i] >= INFINITE:
                continue
            one, other = common, item_load[i, part]
            while other > 0:
                one, other = other, one % other
            common = one
    return max(1, common)


@compiled
def transitions(low: Any, top: Any, unlimited: Any, following: Any, complete: Any) -> int:
    """Number the states of counts by kind; write each state's follower by kind, and whether it may be the last."""
    width1, width2 = top[1] + 1, top[2] + 1
    states = (top[0] + 1) * width1 * width2
    for state in range(states):
        numbers = (state // (width1 * width2), state // width2 % width1, state % width2)
        complete[state] = 1
        for kind in range(3):
            stride = width1 * width2 if kind == 0 else (width2 if kind == 1 else 1)
            if numbers[kind] < low[kind]:
                complete[state] = 0
            if numbers[kind] < top[kind]:
                following[kind, state] = state + stride
            else:
                following[kind, state] = state if unlimited[kind] == 1 else -1
    return states


@compiled
def fill_table(
    number: int, item_kind: Any, item_whole: Any, item_half: Any, item_forced: Any, item_load: Any, states: int,
    cells: int, following: Any, complete: Any, unit: float, fair: float, balance: float, table: Any,
) -> None:  # fmt: skip
    """The least that items from i on can add, for each state of counts and each load: table[i, state, load]."""
    for state in range(states):
        for load in range(cells):
            over = load * unit - fair
            end = 2 * balance * over if over > 0 else 0.0
            table[number, state, load] = end if complete[state] == 1 else INFINITE
    for i in range(number - 1, -1, -1):
        for state in range(states):
            for load in range(cells):
                table[i, state, load] = INFINITE if item_forced[i] == 1 else table[i + 1, state, load]
            for part in range(2):
                worth = item_whole[i] if part == 0 else item_half[i]
                if worth >= INFINITE:
                    continue
                then = following[item_kind[i] + part, state]
                step = item_load[i, part]
                if then >= 0:
                    for load in range(cells - step):
                        value = table[i + 1, then, load + step] + worth
                        if value < table[i, state, load]:
                            table[i, state, load] = value


@compiled
def sort_codes(codes: Any, number: int) -> None:
    """Sort the first codes in place; there are few."""
    for i in range(1, number):
        code = codes[i]
        k = i - 1
        while k >= 0 and codes[k] > code:
            codes[k + 1] = codes[k]
            k -= 1
        codes[k + 1] = code


@compiled
def spread(codes: Any, number: int, anchor: int, distance: Any) -> float:
    """The distances of the schools of a portfolio from one of them."""
    total = 0.0
    for i in range(number):
        total += distance[anchor, codes[i] // 2]
    return total


@compiled
def is_own(
    codes: Any, number: int, a: int, p: int, priority: Any, distance: Any, counts: Any, unlimited: Any, taken: Any
) -> bool:
    """Would this portfolio be found first under this anchor and pattern? The same one under others is left out."""
    own = spread(codes, number, a, distance)
    kinds = np.zeros(3, dtype=np.int64)
    for i in range(number):
        s = codes[i] // 2
        kinds[codes[i] % 2 if priority[s] == 1 else 2] += 1
        if s != a and priority[s] == priority[a]:
            other = spread(codes, number, s, distance)
            if other < own or (other == own and s < a):
                return False
    for q in range(p):
        fits = True
        for kind in range(3):
            above = kinds[kind] > counts[q, kind, 1] and unlimited[q, kind] == 0
            if kinds[kind] < counts[q, kind, 0] or above:
                fits = False
        for i in range(number):
            if taken[q, codes[i] // 2] == 0:
                fits = False
        if fits:
            return False
    return True


@compiled
def search_table(
    limit: float, first_only: int, number: int, item_school: Any, item_kind: Any, item_whole: Any, item_half: Any,
    item_load: Any, states: int, cells: int, following: Any, table: Any, base: float, fair: float, most_hours: float,
    hours: Any, balance: float, a: int, p: int, priority: Any, distance: Any, counts: Any, unlimited: Any, taken: Any,
    item_forced: Any, found: int, out_value: Any, out_pattern: Any, out_start: Any, out_code: Any, seen: Any,
) -> int:  # fmt: skip
    """Write every portfolio of this table whose reduced cost is at most the limit.

    first_only: 1 writes the first that is met alone; 2 writes those that are each cheaper than all met before.
    Gives the number of portfolios written so far, or -1 where they no longer fit. `seen[0]` becomes 1 where any was
    met, also one that belongs to another anchor or pattern.
    """
    choice = np.zeros(number + 1, dtype=np.int64)
    state = np.zeros(number + 1, dtype=np.int64)
    load = np.zeros(number + 1, dtype=np.int64)
    exact = np.zeros(number + 1)
    value = np.zeros(number + 1)
    codes = np.zeros(number + 1, dtype=np.int64)
    value[0] = base
    i = 0
    while i >= 0:
        if i == number:
            over = exact[i] - fair
            total = value[i] + (2 * balance * over if over > 0 else 0.0)
            if exact[i] <= most_hours + TINY and total <= limit:
                seen[0] = 1
                size = 0
                for k in range(number):
                    if choice[k] == 1 or choice[k] == 2:
                        codes[size] = 2 * item_school[k] + (choice[k] - 1)
                        size += 1
                sort_codes(codes, size)
                if size > 0 and is_own(codes, size, a, p, priority, distance, counts, unlimited, taken):
                    start = out_start[found]
                    if found + 2 > len(out_start) or start + size > len(out_code):
                        return -1
                    out_value[found], out_pattern[found] = total, p
                    for k in range(size):
                        out_code[start + k] = codes[k]
                    found += 1
                    out_start[found] = start + size
                if first_only == 1:
                    return found
                if first_only == 2:
                    limit = total - TINY
            i -= 1
            continue
        choice[i] += 1
        part = choice[i] - 1
        if part < 2:
            worth = item_whole[i] if part == 0 else item_half[i]
            if worth >= INFINITE:
                continue
            then = following[item_kind[i] + part, state[i]]
            after = load[i] + item_load[i, part]
            if then < 0 or after >= cells or table[i + 1, then, after] + value[i] + worth > limit:
                continue
            weight = hours[item_school[i]] * (1.0 if part == 0 else 0.5)
            if exact[i] + weight > most_hours + TINY:
                continue
            state[i + 1], load[i + 1] = then, after
            exact[i + 1], value[i + 1] = exact[i] + weight, value[i] + worth
        elif part == 2:
            if item_forced[i] == 1 or table[i + 1, state[i], load[i]] + value[i] > limit:
                continue
            state[i + 1], load[i + 1] = state[i], load[i]
            exact[i + 1], value[i + 1] = exact[i], value[i]
        else:
            choice[i] = 0
            i -= 1
            continue
        i += 1
        choice[i] = 0
    return found


@compiled
def search_post(
    limit: float, keep: int, prices: Any, cost: Any, options: Any, forced: Any, fair: float, most_hours: float,
    distance: Any, near: Any, hours: Any, priority: Any, counts: Any, unlimited: Any, taken: Any, unit: float,
    loads: Any, proximity: float, balance: float, found: int, out_value: Any, out_pattern: Any, out_start: Any,
    out_code: Any,
) -> int:  # fmt: skip
    """Write the portfolios of one post whose reduced cost is at most the limit.

    keep: 0 writes them all. Otherwise the best of each anchor and pattern is written, and the limit falls to the
    best value found so far plus nothing, so that the least reduced cost is always among what is written.
    Gives the number of portfolios written so far, or -1 where they no longer fit.
    """
    n = len(options)
    open_options = np.zeros(n, dtype=np.uint8)
    whole, half, least = np.empty(n), np.empty(n), np.empty((SLOPES, n))
    bounds, values = np.empty(n), np.empty(n)
    slopes, lasts, last = np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(1)
    useful, numbers = np.empty((SLOPES, n), dtype=np.int64), np.zeros(SLOPES, dtype=np.int64)
    quick, bases, floors = np.zeros(SLOPES), np.zeros(SLOPES), np.zeros(SLOPES)
    any_forced = forced.max() == 1
    low, top = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    item_school, item_kind = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    item_forced = np.empty(n, dtype=np.int64)
    item_whole, item_half = np.empty(n), np.empty(n)
    item_load = np.empty((n, 2), dtype=np.int64)
    seen = np.zeros(1, dtype=np.int64)
    base = balance * fair
    for p in range(len(counts)):
        slots = counts[p, 0, 1] + counts[p, 1, 1] + counts[p, 2, 1]
        for kind in range(3):
            low[kind] = counts[p, kind, 0]
            top[kind] = low[kind] if unlimited[p, kind] == 1 else counts[p, kind, 1]
        size = (top[0] + 1) * (top[1] + 1) * (top[2] + 1)
        following = np.empty((3, size), dtype=np.int64)
        complete = np.empty(size, dtype=np.int64)
        states = transitions(low, top, unlimited[p], following, complete)
        for central in range(2):
            if central == 0 and (low[0] > 0 or low[1] > 0 or counts[p, 2, 1] == 0):
                continue
            if central == 1 and counts[p, 0, 1] + counts[p, 1, 1] == 0:
                continue
            if admissible(p, central, options, forced, counts, taken, priority, open_options) == 0:
                continue
            worths(open_options, cost, prices, hours, balance, whole, half, least)
            for slope in range(SLOPES):
                number, floors[slope] = 0, 0.0
                for s in range(n):
                    floors[slope] = min(floors[slope], least[slope, s])
                    if open_options[s] > 0 and (least[slope, s] < 0 or forced[s] == 1):
                        useful[slope, number] = s
                        values[number] = min(least[slope, s], 0.0)
                        number += 1
                numbers[slope] = number
                bases[slope] = base * (1 - 2 * slope / (SLOPES - 1))
                quick[slope] = bases[slope] + least_sum(values, number, slots - 1)
            best, best_bound = -1, INFINITE
            for a in range(n):
                bounds[a] = INFINITE
                if open_options[a] == 0 or priority[a] != central:
                    continue
                promising = True
                for slope in range(SLOPES):
                    if quick[slope] + least[slope, a] > limit:
                        promising = False
                        break
                if not promising:
                    continue
                bounds[a] = -INFINITE
                for turn in range(SLOPES):
                    slope = (turn + SLOPES // 2) % SLOPES
                    bound = anchor_bound(
                        a, bases[slope], least[slope], floors[slope], forced, any_forced, useful[slope], numbers[slope],
                        distance[a], near[a], proximity, slots - 1, values, last,
                    )  # fmt: skip
                    if bound > bounds[a]:
                        bounds[a], slopes[a], lasts[a] = bound, slope, last[0]
                    if bound > limit:
                        break
                if bounds[a] < best_bound:
                    best, best_bound = a, bounds[a]
            # The most promising anchor goes first: what it finds spares most of the others.
            for turn in range(-1, n):
                a = best if turn == -1 else turn
                if a < 0 or bounds[a] > limit or turn == best:
                    continue
                # A school that is not among the best is taken instead of the last of them, if at all.
                slack = limit - bounds[a] + lasts[a] + TINY
                slope = slopes[a]
                item_school[0], count = a, 1
                for i in range(n):
                    s = int(near[a, i])
                    away = proximity * distance[a, s]
                    if away + floors[slope] > slack and not any_forced:
                        break
                    if s != a and open_options[s] > 0 and (forced[s] == 1 or least[slope, s] + away <= slack):
                        item_school[count] = s
                        count += 1
                for i in range(count):
                    s = item_school[i]
                    away = proximity * distance[a, s]
                    item_kind[i] = 0 if priority[s] == 1 else 2
                    item_whole[i] = whole[s] + away if whole[s] < INFINITE else INFINITE
                    item_half[i] = half[s] + away if half[s] < INFINITE else INFINITE
                    item_load[i, 0], item_load[i, 1] = loads[s, 0], loads[s, 1]
                    item_forced[i] = 1 if i == 0 or forced[s] == 1 else 0
                common = common_load(count, item_load, item_half)
                for i in range(count):
                    item_load[i, 0] //= common
                    item_load[i, 1] //= common
                width = unit * common
                cells = int(most_hours / width + 1e-6) + 1
                table = np.empty((count + 1, states, cells))
                fill_table(
                    count, item_kind, item_whole, item_half, item_forced, item_load, states, cells, following,
                    complete, width, fair, balance, table,
                )  # fmt: skip
                least_value = base + table[0, 0, 0]
                if least_value > limit:
                    continue
                aim = limit if keep == 0 else min(limit, least_value + TINY)
                widen = 0.25
                first_only = 1 if keep > 0 else 0
                seen[0] = 0
                while True:
                    before = found
                    found = search_table(
                        aim, first_only, count, item_school, item_kind, item_whole, item_half, item_load,
                        states, cells, following, table, base, fair, most_hours, hours, balance, a, p, priority,
                        distance, counts, unlimited, taken, item_forced, found, out_value, out_pattern, out_start,
                        out_code, seen,
                    )  # fmt: skip
                    if found < 0:
                        return -1
                    if found > before and keep > 0 and out_value[found - 1] < limit:
                        limit = out_value[found - 1]
                    if seen[0] == 1 or aim >= limit:
                        break
                    aim = min(limit, aim + widen)
                    widen *= 2
                    # Beyond what the table promised, the first that is met need not be the cheapest.
                    first_only = 2 if keep > 0 else 0
    return found


@compiled
def search_posts(
    first: int, last: int, limits: Any, keep: int, prices: Any, cost: Any, options: Any, forced: Any, fair: Any,
    most_hours: Any, distance: Any, near: Any, hours: Any, priority: Any, counts: Any, unlimited: Any, taken: Any,
    unit: float, loads: Any, proximity: float, balance: float, out_value: Any, out_pattern: Any, out_start: Any,
    out_code: Any, out_end: Any,
) -> int:  # fmt: skip
    """Search the posts from first to before last; write where each one's portfolios end.

    Gives the post whose portfolios did not fit, or last.
    """
    found = 0
    for j in range(first, last):
        found = search_post(
            limits[j], keep, prices, cost[j], options[j], forced[j], fair[j], most_hours[j], distance, near, hours,
            priority, counts, unlimited, taken, unit, loads, proximity, balance, found, out_value, out_pattern,
            out_start, out_code,
        )  # fmt: skip
        if found < 0:
            return j
        out_end[j - first] = found
    return last

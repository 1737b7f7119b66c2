"""A first plan by moving, swapping, halving and joining schools at random, ever more choosily (simulated annealing).

Rules may be broken on the way, at a price. A portfolio is a list of codes: twice the school's number, plus one
where it is held half.
"""

from typing import Any

import numpy as np

from schoolgate.planning.optimiser.compiling import compiled

NEIGHBOURS = 40
HOT, COLD = 0.5, 0.01  # temperatures, as parts of what a school costs on average


@compiled
def misfit(size: int, codes: Any, options: Any, priority: Any, counts: Any, unlimited: Any, taken: Any) -> float:
    """By how many schools a portfolio misses the nearest pattern, with those that its officer may not hold."""
    kinds = np.zeros(3, dtype=np.int64)
    barred = 0
    for i in range(size):
        s, half = codes[i] // 2, codes[i] % 2
        kinds[half if priority[s] == 1 else 2] += 1
        if options[s] & (2 if half == 1 else 1) == 0:
            barred += 1
    nearest = 1e9
    for p in range(len(counts)):
        missed = 0
        for kind in range(3):
            if kinds[kind] < counts[p, kind, 0]:
                missed += counts[p, kind, 0] - kinds[kind]
            elif kinds[kind] > counts[p, kind, 1] and unlimited[p, kind] == 0:
                missed += kinds[kind] - counts[p, kind, 1]
        for i in range(size):
            if taken[p, codes[i] // 2] == 0:
                missed += 1
        nearest = min(nearest, missed)
    return nearest + barred


@compiled
def portfolio_cost(
    size: int, codes: Any, cost: Any, fair: float, distance: Any, hours: Any, priority: Any, proximity: float,
    balance: float,
) -> float:  # fmt: skip
    """What a portfolio costs. An empty one costs nothing."""
    if size == 0:
        return 0.0
    total, load, central = 0.0, 0.0, 0
    for i in range(size):
        s = codes[i] // 2
        share = 0.5 if codes[i] % 2 == 1 else 1.0
        total += share * cost[s]
        load += share * hours[s]
        central |= priority[s]
    nearest = 1e300
    for i in range(size):
        a = codes[i] // 2
        if priority[a] == central:
            together = 0.0
            for k in range(size):
                together += distance[a, codes[k] // 2]
            nearest = min(nearest, together)
    return total + proximity * nearest + balance * abs(load - fair)


@compiled
def judged(
    size: int, codes: Any, cost: Any, options: Any, forced: Any, must_work: bool, fair: float, most_hours: float,
    distance: Any, hours: Any, priority: Any, counts: Any, unlimited: Any, taken: Any, proximity: float, balance: float,
    penalty: float,
) -> float:  # fmt: skip
    """The cost of a portfolio and, for each school or hour by which it breaks a rule, the penalty."""
    if size == 0:
        return penalty if must_work else 0.0
    load, lacking = 0.0, 0
    for i in range(size):
        load += hours[codes[i] // 2] * (0.5 if codes[i] % 2 == 1 else 1.0)
    for at in range(forced[0]):
        s = forced[1 + at]
        lacking += 1
        for i in range(size):
            if codes[i] // 2 == s:
                lacking -= 1
    broken = misfit(size, codes, options, priority, counts, unlimited, taken) + lacking
    if load > most_hours + 1e-9:
        broken += 0.5 + (load - most_hours) / (1.0 + most_hours)
    return penalty * broken + portfolio_cost(size, codes, cost, fair, distance, hours, priority, proximity, balance)


@compiled
def without(size: int, codes: Any, code: int, out: Any) -> int:
    """Copy a portfolio without one of its codes."""
    written = 0
    for i in range(size):
        if codes[i] != code:
            out[written] = codes[i]
            written += 1
    return written


@compiled
def exchange(one: int, other: int, held: Any, sizes: Any, holders: Any) -> None:
    """Let two officers exchange their portfolios."""
    for i in range(max(sizes[one], sizes[other])):
        held[one, i], held[other, i] = held[other, i], held[one, i]
    sizes[one], sizes[other] = sizes[other], sizes[one]
    for officer in (one, other):
        for i in range(sizes[officer]):
            s = held[officer, i] // 2
            for side in range(2):
                if holders[s, side] == one + other - officer and holders[s, 1 - side] != officer:
                    holders[s, side] = officer
                    break


@compiled
def place_all(
    order: Any, post: Any, cost: Any, options: Any, forced: Any, must_work: Any, fair: Any, most_hours: Any,
    distance: Any, hours: Any, priority: Any, counts: Any, unlimited: Any, taken: Any, proximity: float,
    balance: float, penalty: float, held: Any, sizes: Any, holders: Any,
) -> None:  # fmt: skip
    """Give every code in turn to the officer whose judged cost it raises least."""
    room = held.shape[1]
    now = np.zeros(len(post))
    for k in range(len(post)):
        j = post[k]
        now[k] = judged(
            sizes[k], held[k], cost[j], options[j], forced[j], must_work[j], fair[j], most_hours[j], distance, hours,
            priority, counts, unlimited, taken, proximity, balance, penalty,
        )  # fmt: skip
    for at in range(len(order)):
        code = order[at]
        s = code // 2
        best, best_rise, best_cost = -1, 1e300, 0.0
        for k in range(len(post)):
            j = post[k]
            if sizes[k] >= room - 1 or (code % 2 == 1 and holders[s, 0] == k):
                continue
            held[k, sizes[k]] = code
            then = judged(
                sizes[k] + 1, held[k], cost[j], options[j], forced[j], must_work[j], fair[j], most_hours[j], distance,
                hours, priority, counts, unlimited, taken, proximity, balance, penalty,
            )  # fmt: skip
            if then - now[k] < best_rise:
                best, best_rise, best_cost = k, then - now[k], then
        held[best, sizes[best]] = code
        sizes[best] += 1
        now[best] = best_cost
        holders[s, 1 if holders[s, 0] >= 0 else 0] = best


@compiled
def anneal(
    turns: int, seed: int, hot: float, cold: float, post: Any, cost: Any, options: Any, forced: Any, must_work: Any,
    fair: Any, most_hours: Any, distance: Any, hours: Any, priority: Any, counts: Any, unlimited: Any, taken: Any,
    proximity: float, balance: float, penalty: float, neighbours: Any, likely: Any, held: Any, sizes: Any,
    holders: Any,
) -> float:  # fmt: skip
    """Improve the portfolios in place for a number of turns. Gives their judged cost."""
    np.random.seed(seed)
    officers, n, room = len(post), len(hours), held.shape[1]
    now = np.zeros(officers)
    total = 0.0
    for k in range(officers):
        j = post[k]
        now[k] = judged(
            sizes[k], held[k], cost[j], options[j], forced[j], must_work[j], fair[j], most_hours[j], distance, hours,
            priority, counts, unlimited, taken, proximity, balance, penalty,
        )  # fmt: skip
        total += now[k]
    give, take = np.zeros(room + 2, dtype=np.int64), np.zeros(room + 2, dtype=np.int64)
    cooling = (cold / hot) ** (1.0 / max(1, turns))
    heat = hot
    for _ in range(turns):
        heat *= cooling
        s = np.random.randint(0, n)
        part = 1 if holders[s, 1] >= 0 else 0
        side = np.random.randint(0, 2) if part == 1 else 0
        one = holders[s, side]
        # Whom to: mostly somebody who holds a school nearby, or has a base nearby, which idle officers have too.
        dice = np.random.random()
        t = neighbours[s, np.random.randint(0, neighbours.shape[1])] if dice < 0.8 else np.random.randint(0, n)
        part_t = 1 if holders[t, 1] >= 0 else 0
        side_t = np.random.randint(0, 2) if part_t == 1 else 0
        other = holders[t, side_t] if dice < 0.85 else likely[s, np.random.randint(0, likely.shape[1])]
        if other == one:
            continue
        kind = np.random.random()
        if kind < 0.06:
            j, i = post[one], post[other]
            then_one = judged(
                sizes[other], held[other], cost[j], options[j], forced[j],
                must_work[j], fair[j], most_hours[j], distance, hours, priority, counts, unlimited, taken, proximity,
                balance, penalty,
            )  # fmt: skip
            then_other = judged(
                sizes[one], held[one], cost[i], options[i], forced[i],
                must_work[i], fair[i], most_hours[i], distance, hours, priority, counts, unlimited, taken, proximity,
                balance, penalty,
            )  # fmt: skip
            rise = then_one + then_other - now[one] - now[other]
            if rise <= 0 or np.random.random() < np.exp(-rise / heat):
                exchange(one, other, held, sizes, holders)
                now[one], now[other] = then_one, then_other
                total += rise
            continue
        swap = kind < 0.55 and dice < 0.85 and t != s
        code, code_t = 2 * s + part, 2 * t + part_t
        new_code = code
        split = False
        if not swap and priority[s] == 1 and kind > 0.75:
            if part == 0:
                split, new_code = True, 2 * s + 1
            elif holders[s, 1 - side] == other:
                new_code = 2 * s
        if part == 1 and holders[s, 1 - side] == other and new_code == code:
            continue
        if swap and part_t == 1 and holders[t, 1 - side_t] == one:
            continue
        size_one = without(sizes[one], held[one], code, give)
        if split:
            give[size_one] = new_code
            size_one += 1
        size_other = sizes[other]
        if swap:
            size_other = without(sizes[other], held[other], code_t, take)
            give[size_one] = code_t
            size_one += 1
        elif part == 1 and new_code == 2 * s:
            size_other = without(sizes[other], held[other], code, take)
        else:
            for i in range(size_other):
                take[i] = held[other, i]
        take[size_other] = new_code
        size_other += 1
        if size_one > room or size_other > room:
            continue
        j = post[one]
        then_one = judged(
            size_one, give, cost[j], options[j], forced[j], must_work[j], fair[j], most_hours[j], distance, hours,
            priority, counts, unlimited, taken, proximity, balance, penalty,
        )  # fmt: skip
        j = post[other]
        then_other = judged(
            size_other, take, cost[j], options[j], forced[j], must_work[j], fair[j], most_hours[j], distance, hours,
            priority, counts, unlimited, taken, proximity, balance, penalty,
        )  # fmt: skip
        rise = then_one + then_other - now[one] - now[other]
        if rise > 0 and np.random.random() >= np.exp(-rise / heat):
            continue
        for i in range(size_one):
            held[one, i] = give[i]
        for i in range(size_other):
            held[other, i] = take[i]
        sizes[one], sizes[other] = size_one, size_other
        now[one], now[other] = then_one, then_other
        total += rise
        if split:
            holders[s, 1] = other
        elif part == 1 and new_code == 2 * s:
            holders[s, 0], holders[s, 1] = other, -1
        else:
            holders[s, side] = other
        if swap:
            holders[t, side_t] = one
    return total

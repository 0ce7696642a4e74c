"""Is a placement plan allowed? Plain arithmetic over plain dictionaries, written apart from the rules.

It shares no code with qa_service.caseload.rules: it reads only the instance and who was given what.
"""

from collections.abc import Iterator

RANK = {"LOW": 1, "MEDIUM": 2, "HIGH": 3, "VERY_HIGH": 4}


def faults(cases: list[dict], receivers: list[dict], given: dict[int, int]) -> list[str]:
    """List everything wrong with a plan; `given` maps case id to the receiver's person id."""
    by_person = {r["person"]: r for r in receivers}
    by_case = {c["id"]: c for c in cases}
    if not (given.keys() <= by_case.keys() and set(given.values()) <= by_person.keys()):
        return ["unknown case or receiver"]
    found = [fault for case, person in given.items() for fault in _misfits(by_case[case], by_person[person])]
    for person in set(given.values()):
        receiver = by_person[person]
        load = receiver["total"] + receiver["expected"]
        load += sum(by_case[case]["points"] for case, taker in given.items() if taker == person)
        if load > receiver["available"]:
            found.append(f"{person}: {load} passes 100% ({receiver['available']})")
        if receiver["cap"] is not None and load > receiver["cap"]:
            found.append(f"{person}: {load} passes the cap of {receiver['cap']}")
    return found


def _misfits(case: dict, receiver: dict) -> Iterator[str]:
    if case["level"] in {None, "VERY_HIGH"}:
        yield "very high or unknown moved by itself"
        return
    if receiver["hold"]:
        yield "on hold"
    highest = {"PSO": 2, "PQiP": 1 if receiver["months"] < 6 else 2}.get(receiver["grade"], 4)
    if RANK[case["level"]] > highest:
        yield f"{receiver['grade']} with {case['level']}"
    if receiver["new"] and case["mappa"] in {"M2", "M3"}:
        yield "newly qualified with MAPPA 2 or 3"
    if case["sexual"] and not receiver["trained"]:
        yield "not trained"
    if receiver["person"] in case["excluded"]:
        yield "excluded"

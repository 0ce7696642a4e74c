"""Tickets are SHA-256 of unambiguous fields, and keep everybody's order in subsets and supersets."""

from hashlib import sha256

import numpy as np
import pytest
from consistent_sampler import sampler, sha256_uniform
from hypothesis import given
from hypothesis import strategies as st

from sampling import Frame, PerOfficer, Unit, draw_round, ticket_numbers, ticket_prefix
from sampling.errors import DrawError

names = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=',"'), min_size=1, max_size=6
)


@pytest.mark.parametrize(
    ("arm", "pseudonym", "sha256sum"),
    [
        ("random", "p-001", "d02bb654e1f4065a914d444f3913002abb074b34fd2ca771f7cd720b5b52a60f"),
        ("random", "p-002", "352e36cb274eeafe74f19f9b8f9fb6d9dbb6b1dabe4c45eaab733dd92624094b"),
        ("targeted", "p-001", "02fc51ad60ea4b318bade3f6f5c4b331211d8a680c282d6624c917b980ef1989"),
        ("random", "M\u00f4n", "9771a98eabe5640d590e5e75457e0a45b80d61651dcec4d4309b696e29020c81"),
    ],
)
def test_tickets_are_those_of_the_sha256sum_command(arm, pseudonym, sha256sum):
    # printf 'abc\x1fqa-ticket-1\x1f2026H2\x1frandom\x1fp-001' | sha256sum   (GNU coreutils 9.1)
    prefix = ticket_prefix("abc", "2026H2", arm)

    (ticket,) = ticket_numbers(prefix, [pseudonym]).tolist()

    assert f"{ticket:016x}" == sha256sum[:16]


@pytest.mark.parametrize("fields", [("", "r", "a"), ("s", "", "a"), ("s", "r", ""), ("s", "r\x1fa", "b")])
def test_fields_that_could_be_read_two_ways_are_refused(fields):
    with pytest.raises(DrawError, match="is empty or holds the separator"):
        ticket_prefix(*fields)


@given(pool=st.sets(names, min_size=2, max_size=30), data=st.data())
def test_a_subset_keeps_everybodys_ticket(pool, data):
    kept = data.draw(st.lists(st.sampled_from(sorted(pool)), min_size=1, unique=True))
    prefix = ticket_prefix("seed", "round", "random")

    everybody = dict(zip(sorted(pool), ticket_numbers(prefix, sorted(pool)).tolist(), strict=True))

    assert ticket_numbers(prefix, kept).tolist() == [everybody[name] for name in kept]


def test_tickets_of_many_blocks_are_those_of_one_by_one():
    pseudonyms = [f"p{i}" for i in range(9001)]
    prefix = ticket_prefix("seed", "round", "random")

    together = ticket_numbers(prefix, pseudonyms)

    assert together.tolist() == [int(ticket_numbers(prefix, [name])[0]) for name in pseudonyms]
    assert ticket_numbers(prefix, []).shape == (0,)


def test_lowest_tickets_win_in_the_order_of_rivests_consistent_sampler():
    # README of consistent_sampler 1.0.10: seed 314159, take 4 -> B-2, B-3, A-3, A-2
    frame = Frame("r", tuple(Unit(name, "everybody") for name in ("A-1", "A-2", "A-3", "B-1", "B-2", "B-3")))
    theirs = {i: float(t) for t, i, _ in sampler(frame.pseudonyms, 314159, output="tuple", digits=15)}
    tickets = np.array([theirs[name] * 2**64 for name in frame.pseudonyms]).astype(np.uint64)

    picks = PerOfficer(k=4).pick(frame, tickets)

    order = [frame.pseudonyms[place] for place in picks.order.tolist()]
    assert order[: picks.n_selected[0]] == ["B-2", "B-3", "A-3", "A-2"]
    assert order == list(sampler(frame.pseudonyms, 314159, output="id"))


def test_the_same_sha256_of_abc_gives_the_ticket_of_fips_and_rivests_fraction():
    # FIPS 180-4: SHA-256("abc") = ba7816bf 8f01cfea ...; consistent_sampler 1.0.10 reverses its decimal digits
    (ticket,) = ticket_numbers(b"", ["abc"]).tolist()

    reversed_digits = str(int(sha256(b"abc").hexdigest(), 16))[::-1]
    published = "0.56998071861792858926477341561059638840106636224182943832566300809078486324348"
    assert f"{ticket:016x}" == "ba7816bf8f01cfea" == sha256(b"abc").hexdigest()[:16]
    assert sha256_uniform("abc") == f"0.{reversed_digits}" == published


def test_equal_tickets_go_by_pseudonym_and_never_by_row():
    frame = Frame("r", (Unit("p2", "o"), Unit("p1", "o"), Unit("p3", "o")))

    picks = PerOfficer().pick(frame, np.array([7, 7, 7], dtype=np.uint64))

    assert [frame.pseudonyms[place] for place in picks.order.tolist()] == ["p1", "p2", "p3"]


def test_more_officers_than_sixteen_bits_are_still_drawn_one_each():
    frame = Frame("r", tuple(Unit(f"p{i:06d}", f"o{i % 66_000}") for i in range(132_000)))

    draw = draw_round(frame, PerOfficer(), "seed")

    assert len({pick.officer for pick in draw.selected}) == len(draw.selected) == 66_000

"""What a server keeps to answer again: small responses, no more than there is room for."""

from __future__ import annotations

from govgraph.web.server.state import Shelf


def test_the_least_recently_used_make_room() -> None:
    shelf = Shelf(size=10_000, piece=5_000)
    for name in "abc":
        shelf.put(name, name, 2_000)
    assert shelf.get("a") is not None
    shelf.put("d", "d", 2_000)
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]


def test_what_is_large_is_not_kept() -> None:
    shelf = Shelf(size=10_000, piece=5_000)
    shelf.put("a", "a", 5_001)
    assert shelf.get("a") is None


def test_many_tiny_answers_take_no_more_room_than_few_large_ones() -> None:
    shelf = Shelf(size=100_000)
    for number in range(5_000):
        shelf.put(number, number, 1)
    assert sum(shelf.get(number) is not None for number in range(5_000)) <= 100

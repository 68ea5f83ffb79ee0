"""Who gets into the editor's tab, and who has to wait."""

import pytest

from assistant.door import IDLE_SECONDS, LONGEST_SECONDS, LONGEST_WAIT_SECONDS, Door
from corpus.errors import AccessError

PASSWORD = "correct horse battery"


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(PASSWORD, now=clock)


def test_the_password_gives_a_token_that_opens(door: Door) -> None:
    token = door.enter(PASSWORD)
    door.check(token)
    assert door.enter(PASSWORD) != token


@pytest.mark.parametrize("token", [None, "", "x", 0, ["x"], PASSWORD])
def test_anything_else_opens_nothing(door: Door, token: object) -> None:
    door.enter(PASSWORD)
    with pytest.raises(AccessError):
        door.check(token)


@pytest.mark.parametrize("password", ["", "x", PASSWORD + " ", PASSWORD.upper(), "\ud800"])
def test_a_wrong_password_is_refused_without_a_word_of_it(door: Door, password: str) -> None:
    with pytest.raises(AccessError, match=r"^This is not the password\.$"):
        door.enter(password)


def test_without_a_password_nobody_gets_in() -> None:
    with pytest.raises(AccessError):
        Door("").enter("")


def test_wrong_passwords_are_slowed_down_and_the_right_one_waits_too(
    door: Door, clock: Clock
) -> None:
    inside = door.enter(PASSWORD)
    for _ in range(3):
        with pytest.raises(AccessError, match="not the password"):
            door.enter("wrong")
    with pytest.raises(AccessError, match="Try again in 2 seconds"):
        door.enter(PASSWORD)
    door.check(inside)  # who is inside stays there
    waits = []
    for _ in range(12):
        clock.time = door._closed_until
        with pytest.raises(AccessError, match="not the password"):
            door.enter("wrong")
        waits.append(door._closed_until - clock.time)
    assert waits[:3] == [4, 8, 16]
    assert waits[-1] == LONGEST_WAIT_SECONDS
    clock.time = door._closed_until
    door.check(door.enter(PASSWORD))
    with pytest.raises(AccessError, match="not the password"):  # the count begins anew
        door.enter("wrong")
    door.enter(PASSWORD)


def test_a_token_ends_when_it_is_not_used_or_too_old_or_left(door: Door, clock: Clock) -> None:
    idle, used, left = (door.enter(PASSWORD) for _ in range(3))
    door.leave(left)
    with pytest.raises(AccessError):
        door.check(left)
    while clock.time < LONGEST_SECONDS - IDLE_SECONDS / 2:
        clock.time += IDLE_SECONDS / 2
        door.check(used)
    with pytest.raises(AccessError):
        door.check(idle)
    clock.time = LONGEST_SECONDS
    with pytest.raises(AccessError):
        door.check(used)

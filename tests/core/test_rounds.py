import threading

from core.rounds import Rounds


def test_who_comes_during_a_round_waits_for_nothing_and_is_served_by_one_more():
    rounds, done = Rounds(), []
    begun, go_on = threading.Event(), threading.Event()

    def once():
        done.append(threading.current_thread().name)
        begun.set()
        go_on.wait(10)

    first = threading.Thread(target=rounds.run, args=[once], name="first")
    first.start()
    assert begun.wait(10)
    for _ in range(3):
        rounds.run(once)  # returns: the first has the round in its hand
    assert done == ["first"]
    go_on.set()
    first.join(10)

    assert done == ["first", "first"]


def test_a_round_that_fails_leaves_the_way_free():
    rounds, done = Rounds(), []

    def fail():
        raise ValueError

    for once in (fail, lambda: done.append(1)):
        try:
            rounds.run(once)
        except ValueError:
            done.append(0)

    assert done == [0, 1]

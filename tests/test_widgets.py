"""explore: what is stored, what lives, and that a callback cannot break unseen."""

import pytest

from helpers import widgets
from helpers.figures.canvas import Figure
from helpers.widgets import Choice, Slider, explore, positions


def draw(k, kind="a"):
    return Figure(200, 100, "t").describe(f"k is {k} and kind is {kind}.")


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(widgets, "display", lambda thing, **_: outputs.append(thing))
    return outputs


def test_every_end_middle_and_option_is_tried():
    controls = {"k": Slider("k", -4, 4, 1), "kind": Choice("kind", ("a", "b"))}
    tried = list(positions(controls, {"k": 1, "kind": "a"}))
    assert {state["k"] for state in tried} == {-4, 0, 1, 4}
    assert {state["kind"] for state in tried} == {"a", "b"}


@pytest.mark.parametrize("bad", [-4, 0, 4])
def test_a_draw_that_fails_away_from_its_start_fails_at_once(shown, bad):
    def broken(k):
        if k == bad:
            raise ZeroDivisionError("planted")
        return draw(k)

    with pytest.raises(ZeroDivisionError, match="planted"):
        explore(broken, k=Slider("k", -4, 4, 1))
    assert not shown


def test_a_draw_without_a_description_somewhere_fails_at_once(shown):
    with pytest.raises(ValueError, match="no description"):
        explore(lambda k: draw(k) if k < 4 else Figure(10, 10, "t"), k=Slider("k", 0, 4, 1))


def test_the_stored_picture_is_the_starting_state(shown):
    explore(draw, k=Slider("k", -4, 4, 1), kind=Choice("kind", ("a", "b"), "b"))
    still, live = shown
    assert "k is 1 and kind is b." in still["text/html"] and "course-static" in still["text/html"]
    assert still["text/plain"] == "t. k is 1 and kind is b."
    assert set(live) == {widgets.VIEW}


def test_anything_but_a_control_is_refused(shown):
    with pytest.raises(TypeError, match="expected k to be a Slider or a Choice, got tuple"):
        explore(draw, k=(0, 4))


@pytest.fixture
def live(shown, monkeypatch):
    """The widgets that explore makes."""
    made, Exploration = [], widgets.Exploration
    monkeypatch.setattr(widgets, "Exploration", lambda **traits: made.append(Exploration(**traits)) or made[-1])
    return made


def test_every_control_changes_the_picture(live):
    explore(draw, k=Slider("k", -4, 4, 1), kind=Choice("kind", ("a", "b")))
    [widget] = live
    assert "k is 1 and kind is a." in widget.picture
    for k, kind in ((3, "a"), (3, "b"), (-4, "b"), (1, "a")):
        widget.values = {"k": k, "kind": kind}
        assert f"k is {k} and kind is {kind}." in widget.picture


def test_a_slider_of_fractions_gives_draw_a_float_and_one_of_integers_an_int(live):
    seen = []
    explore(lambda x, n: seen.append((x, n)) or draw(n), x=Slider("x", 0.0, 4.0, 1.0, 0.5), n=Slider("n", 0, 4, 1))
    live[0].values = {"x": 3, "n": 3}  # JSON has one kind of number
    assert [type(value) for value in seen[-1]] == [float, int] and seen[-1] == (3.0, 3)


def test_a_callback_that_fails_between_the_tried_positions_says_so_in_the_picture(live):
    explore(lambda k: draw(6 / (k - 3)), k=Slider("k", -4, 4, 1))
    live[0].values = {"k": 3}
    assert "role='alert'" in live[0].picture and "ZeroDivisionError" in live[0].picture
    live[0].values = {"k": 1}
    assert "k is -3.0" in live[0].picture

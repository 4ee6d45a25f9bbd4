"""explore: what is stored, what lives, and that a callback cannot break unseen."""

import gc
from datetime import date, time

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget_selection import _MultipleSelection, _Selection
from matplotlib.figure import Figure

from helpers.drawing import explore as module
from helpers.drawing.explore import VIEW, explore, positions, states
from helpers.drawing.picture import Picture


def draw(k, kind="a"):
    figure = Figure(figsize=(2, 1))
    figure.suptitle("t")
    return Picture(figure, f"k is {k} and kind is {kind}.")


def k(value=1, low=-4, high=4):
    return w.IntSlider(value, min=low, max=high, description="k")


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(module, "display", lambda thing, **_: outputs.append(thing))
    return outputs


@pytest.mark.parametrize(
    ("control", "tried"),
    [
        (w.IntSlider(1, min=-4, max=4), [-4, 0, 4]),
        (w.IntSlider(1, min=0, max=9, step=3), [0, 6, 9]),
        (w.FloatSlider(0.4, min=0.1, max=0.9, step=0.1), [0.1, 0.5, 0.9]),
        (w.FloatLogSlider(1.0, base=10, min=-4, max=2), [1e-4, 1e-1, 1e2]),
        (w.BoundedIntText(1, min=0, max=4), [0, 2, 4]),
        (w.BoundedFloatText(1, min=0, max=4), [0, 2, 4]),
        (w.Play(1, min=0, max=10), [0, 5, 10]),
        (w.IntRangeSlider(value=(1, 2), min=0, max=4), [(0, 0), (0, 4), (4, 4)]),
        (w.Checkbox(True), [False, True]),
        (w.ToggleButton(False), [False, True]),
        (w.Dropdown(options=["a", "b"]), ["a", "b"]),
        (w.Dropdown(options=[("one", 1), ("two", 2)]), [1, 2]),
        (w.RadioButtons(options={"one": 1, "two": 2}), [1, 2]),
        (w.SelectionSlider(options=[8, 2]), [8, 2]),
        (w.Select(options=[8, 2]), [8, 2]),
        (w.ToggleButtons(options=["a", "b"]), ["a", "b"]),
        (w.SelectMultiple(options=[8, 16], value=[8, 16]), [(), (8,), (16,)]),
        (w.SelectionRangeSlider(options=[1, 2, 4], index=(0, 1)), [(1, 1), (1, 4), (4, 4)]),
        (w.FloatRangeSlider(value=(0.2, 0.5), min=0, max=1), [(0, 0), (0, 1), (1, 1)]),
        (w.DatePicker(value=date(2026, 1, 2), min=date(2026, 1, 1)), [date(2026, 1, 1)]),
        (
            w.DatePicker(value=date(2026, 1, 2), min=date(2026, 1, 1), max=date(2026, 2, 1)),
            [date(2026, 1, 1), date(2026, 2, 1)],
        ),
        (w.TimePicker(value=time(9), min=time(8), max=time(18)), [time(8), time(18)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_end_middle_and_option_is_tried(control, tried):
    assert positions(control) == (pytest.approx(tried) if isinstance(tried[0], float) else tried)
    start = control.value
    assert next(iter(states({"c": control}))) == {"c": start} and control.value == start


@pytest.mark.parametrize(
    "control",
    [
        w.Text(value="x"), w.Textarea(value="x"), w.Password(value="x"), w.Combobox(value="x", options=["x", "y"]),
        w.IntText(value=3), w.FloatText(value=0.5), w.IntsInput(value=[1], min=0, max=4), w.FloatsInput(value=[1.0]),
        w.TagsInput(value=["x"]), w.ColorPicker(value="#336699"),
        w.DatePicker(), w.TimePicker(), w.DatetimePicker(), w.NaiveDatetimePicker(),
    ],
    ids=lambda control: type(control).__name__,
)  # fmt: skip
def test_a_control_without_ends_is_tried_where_it_stands(control):
    assert positions(control) == []
    assert list(states({"t": control})) == [{"t": control.value}]


def every_control():
    """One of each kind of ipywidgets' controls that has a value."""
    kinds = {kind for kind in vars(w).values() if isinstance(kind, type) and issubclass(kind, w.ValueWidget)}
    kinds = {kind for kind in kinds if "description" in kind.class_trait_names()}  # a film has none
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        try:
            if issubclass(kind, _Selection | _MultipleSelection):
                yield kind(options=[1, 2, 3])
            else:
                yield kind()
        except TypeError:
            continue  # what the other controls are made of


@pytest.mark.parametrize("control", [*every_control()], ids=lambda control: type(control).__name__)
def test_every_control_of_ipywidgets_can_be_shown_and_tried_everywhere(control, shown):
    explore(lambda c: draw(0), c=control)
    assert len(shown) == 2
    tried = list(states({"c": control}))
    for state in tried:
        if not isinstance(control, _Selection) or state["c"] is not None:
            control.value = state["c"]
            assert control.value == state["c"]


@pytest.mark.parametrize("bad", [-4, 0, 4])
def test_a_draw_that_fails_away_from_its_start_fails_at_once(shown, bad):
    def broken(k):
        if k == bad:
            raise ZeroDivisionError("planted")
        return draw(k)

    with pytest.raises(ZeroDivisionError, match="planted"):
        explore(broken, k=k())
    assert not shown


def test_a_draw_without_a_description_somewhere_fails_at_once(shown):
    def mute(k):
        return draw(k) if k < 4 else Figure()

    with pytest.raises(TypeError, match=r"expected mute to return a Picture, got Figure for \{'k': 4\}"):
        explore(mute, k=k())
    assert not shown


def test_anything_but_a_control_is_refused(shown):
    for bad, name in (((0, 4), "tuple"), (3, "int"), (w.HBox(), "HBox"), (w.Image(), "Image")):
        with pytest.raises(TypeError, match=f"expected k to be a control of ipywidgets, got {name}; write k=IntSlider"):
            explore(draw, k=bad)


def test_the_stored_picture_is_the_starting_state_and_says_how_to_go_on(shown):
    explore(draw, k=k(), kind=w.Dropdown(options=["a", "b"], value="b"))
    still, live = shown
    assert "k is 1 and kind is b." in still["text/html"] and "course-stored" in still["text/html"]
    assert "Run this cell" in still["text/html"] and "model not found" in still["text/html"]
    assert still["text/plain"] == "t. k is 1 and kind is b."
    assert set(live) == {VIEW}


@pytest.fixture
def live(shown, monkeypatch):
    """The HTML widget that explore makes."""
    made, HTML = [], module.HTML
    monkeypatch.setattr(module, "HTML", lambda *a: made.append(HTML(*a)) or made[-1])
    return made


def test_every_control_changes_the_picture_and_its_words(live):
    controls = {"k": k(), "kind": w.Dropdown(options=["a", "b"])}
    explore(draw, **controls)
    [picture] = live
    assert "k is 1 and kind is a." in picture.value
    for number, kind in ((3, "a"), (3, "b"), (-4, "b"), (1, "a")):
        controls["k"].value, controls["kind"].value = number, kind
        assert f"k is {number} and kind is {kind}." in picture.value


def test_every_control_has_a_name(live):
    controls = {"k": w.IntSlider(1, min=0, max=2), "kind": w.Dropdown(options=["a", "b"], description="the kind")}
    explore(draw, **controls)
    assert [control.description for control in controls.values()] == ["k", "the kind"]


def test_a_callback_that_fails_between_the_tried_positions_says_so_in_the_picture(live):
    control = k()
    explore(lambda k: draw(6 / (k - 3)), k=control)
    control.value = 3
    assert 'role="alert"' in live[0].value and "ZeroDivisionError" in live[0].value


def test_garbage_is_collected_after_a_picture_was_drawn_or_failed(live):
    seen, control = [], k()
    explore(lambda k: seen.append(gc.isenabled()) or draw(6 / (k - 3)), k=control)
    for value in (2, 3):
        control.value = value
        assert not seen[-1] and gc.isenabled()
    control.value = 1
    assert "k is -3.0" in live[0].value

"""template: a figure of one's own each time, equal to the one that was built."""

import pytest
from matplotlib.figure import Figure

from helpers.classroom.svg import difference
from helpers.drawing.picture import Picture
from helpers.drawing.template import template


@pytest.fixture
def built():
    return []


@pytest.fixture
def axes(built):
    def build(reach=1):
        """The axes."""
        built.append(reach)
        figure = Figure(figsize=(3, 2))
        figure.suptitle("t")
        figure.add_axes((0.2, 0.2, 0.7, 0.6), xlim=(-reach, reach), xlabel="x", xticks=(-reach, 0, reach))
        return figure

    return build


def picture(figure, color="C0"):
    figure.axes[0].plot([0, 1], [0, 1], color)
    return Picture(figure, "A line.").svg()


def test_the_picture_is_that_of_the_figure_itself(axes):
    begun = template(axes)
    assert begun.__doc__ == "The axes."
    for reach in (1, 2, 1):
        assert difference(picture(begun(reach), "C1"), picture(axes(reach), "C1")) == ""


def test_it_is_built_once_for_each_set_of_arguments(axes, built):
    begun = template(axes)
    for reach in (1, 2, 1, 2):
        begun(reach)
    assert built == [1, 2]


def test_what_is_drawn_on_one_is_not_on_the_next(axes):
    begun = template(axes)
    one, other = begun(), begun()
    one.axes[0].plot([0, 1], [1, 0])
    one.suptitle("changed")
    assert not other.axes[0].lines and not begun().axes[0].lines
    assert begun().get_suptitle() == "t"

"""Learning curves show what the run holds, and watching a run leaves the same outputs whatever it took."""

import asyncio
import json

import nbformat
import numpy as np
import pytest
from reading import assert_legible

from helpers.classroom import execute
from helpers.drawing.curves import Live, draw_curves
from helpers.training import Run

CURVES = {
    "loss": [2.4, 0.5, 0.25, 0.12], "test_loss": [2.5, 0.6, 0.35, 0.3],
    "accuracy": [0.1, 0.9, 0.95, 0.99], "test_accuracy": [0.08, 0.85, 0.9, 0.94],
}  # fmt: skip


def finished(*curves, **more):
    return Run(asked=3, steps=72, epochs=3, steps_an_epoch=24, **{name: CURVES[name] for name in curves}, **more)


@pytest.mark.parametrize("curves", [CURVES, ["loss"], ["loss", "test_loss"], ["loss", "accuracy"]])
def test_every_curve_is_drawn_over_its_epochs(curves):
    picture = draw_curves(finished(*curves))
    drawn = {
        (ax.get_title().split()[0], line.get_label()): np.array(line.get_data())
        for ax in picture.figure.axes
        for line in ax.lines
    }
    assert len(drawn) == len(curves)
    for name in curves:
        what, part = name.removeprefix("test_"), "test part" if "test" in name else "training part"
        epochs, values = drawn[what, part]
        assert list(epochs) == [0, 1, 2, 3]
        np.testing.assert_allclose(values, (100 if what == "accuracy" else 1) * np.array(CURVES[name]))
        first, last = CURVES[name][0], CURVES[name][-1]
        ends = f"{first:.0%} to {last:.0%}".replace("%", " %") if what == "accuracy" else f"{first:.2f} to {last:.2f}"
        assert f"the {what} of the {part} goes from {ends}" in picture.description
    assert picture.title == "Learning curves of 3 epochs" and "72 steps" in picture.description
    assert_legible(picture)


def test_why_it_stopped_is_said():
    assert draw_curves(finished("loss", stopped="interrupted after step 72")).description.endswith(
        "It was stopped: interrupted after step 72."
    )


def test_a_run_that_has_just_begun_is_drawn():
    picture = draw_curves(Run(asked=3, loss=[2.4], accuracy=[0.1]))
    ax = picture.figure.axes[0]
    assert points_of(ax) == [(0.0, 2.4)] and tuple(ax.get_xlim()) == (0, 1)


def points_of(ax):
    return [tuple(map(float, point)) for point in zip(*ax.lines[0].get_data(), strict=True)]


def test_in_a_terminal_it_is_a_bar_on_stderr(capsys):
    run, live = Run(asked=2, steps_an_epoch=3), Live()
    for run.steps in range(7):
        run.epochs = run.steps // 3
        live(run)
    out, err = capsys.readouterr()
    assert out == "" and "6/6" in err and "step/s" in err


TRAINED = """
import numpy as np
from helpers import Affine, Descent, Live, SquaredLoss, train
from helpers.drawing import curves
curves.PAUSE = 0                              # redraw after every step
x = np.array([[1.0, 2.0, 3.0]])
run = train(Affine(np.zeros((1, 1)), np.zeros((1, 1))), SquaredLoss(), x, 2 * x, {optimizer},
            epochs=5, batch=2, watch=Live({curves}))
"""


@pytest.mark.parametrize(
    ("optimizer", "curves", "said"),
    [
        ("Descent(0.05)", "", "5 epochs, 10 steps\n"),
        ("Descent(0.05)", "False", "5 epochs, 10 steps\n"),
        ("Descent(1e200)", "", "0 epochs, 1 step, stopped: step 2: the loss is inf"),
    ],
)
def test_in_a_notebook_a_line_and_the_curves_stay(optimizer, curves, said, tmp_path):
    source = TRAINED.format(optimizer=optimizer, curves=curves)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    asyncio.run(execute.execute(notebook, tmp_path))
    outputs = json.loads(execute.normalise(notebook))["cells"][0]["outputs"]
    assert outputs[0]["name"] == "stdout" and "".join(outputs[0]["text"]).startswith(said)
    pictures = [output for output in outputs[1:] if "text/html" in output["data"]]
    assert len(outputs) == 1 + len(pictures) and len(pictures) == (0 if curves else 1)

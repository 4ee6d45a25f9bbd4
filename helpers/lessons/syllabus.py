"""The lessons of the course: what each is called and what it needs. The map, the README and CI read it from here."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]  # of the course
NOTEBOOKS = ROOT / "notebooks"


class Lesson(NamedTuple):
    """One lesson: the name of its notebook without the number, its title, and the lessons it needs."""

    slug: str
    title: str
    needs: tuple = ()


SYLLABUS = {
    0: Lesson("start_here", "Start here"),
    1: Lesson("measuring_derivatives", "Measuring derivatives", (0,)),
    2: Lesson("vectors_matrices_tuples", "Vectors, matrices, tuples", (0,)),
    3: Lesson("derivatives_and_jacobians", "Derivatives and Jacobians", (1, 2)),
    4: Lesson("activation_functions", "Activation functions", (3,)),
    5: Lesson("chain_rule_along_a_path", "The chain rule along a path", (3,)),
    6: Lesson("chain_rule_composition", "The chain rule of a composition", (4, 5)),
    7: Lesson("perceptron", "The perceptron", (6,)),
    8: Lesson("derivatives_by_matrices", "Derivatives with respect to a matrix", (6,)),
    9: Lesson("dense_layer", "The dense layer", (7, 8)),
    10: Lesson("losses_and_descent", "Losses and descent", (7,)),
    11: Lesson("network_as_a_graph", "The network as a graph", (9, 10)),
    12: Lesson("parameter_gradients", "Parameter gradients", (11,)),
    13: Lesson("backpropagation", "Backpropagation", (12,)),
    14: Lesson("index_notation", "Index notation", (6,)),
    15: Lesson("two_layers_by_index", "Two layers by index", (12, 14)),
    16: Lesson("batches_channels_convolution", "Batches, channels, convolution", (13,)),
    17: Lesson("training", "Training", (16,)),
    18: Lesson("bug_hunt", "Bug hunt", (16,)),
    19: Lesson("one_gradient_many_notations", "One gradient, many notations", (15,)),
    20: Lesson("a_tape", "A tape", (16,)),
}


def notebook(number):
    """The path of a lesson's notebook, which may be still to be written."""
    return NOTEBOOKS / f"{number:02}_{SYLLABUS[number].slug}.ipynb"


def written():
    """The numbers of the lessons that are there. Scratch notebooks and copies beside them do not count."""
    return [number for number in SYLLABUS if notebook(number).is_file()]

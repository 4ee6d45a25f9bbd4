"""Lines of a table: the cells in their columns, whatever their lengths."""

from matplotlib.figure import Figure

from helpers.drawing.table import write_line


def test_cells_begin_and_end_where_their_columns_do():
    figure = Figure()
    columns = ("<8", "^7", ">6")
    first, second = (
        write_line(figure, 0.5, y, cells, columns, label="a line").get_text()
        for y, cells in ((0.2, ("name", "D", "−0.5")), (0.1, ("a", "middle", "12")))
    )
    assert first == "name       D     −0.5" and second == "a       middle     12"
    assert [text.get_position() for text in figure.texts] == [(0.5, 0.2), (0.5, 0.1)]
    assert {text.get_label() for text in figure.texts} == {"a line"}
    assert {text.get_fontname() for text in figure.texts} == {"DejaVu Sans Mono"}  # letters of one width

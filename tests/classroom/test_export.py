"""The stored notebook as seen without a kernel: its HTML export describes every figure, to the ear and to the eye."""

import base64
from html.parser import HTMLParser

import nbformat
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

PLACEHOLDER = "No description has been provided for this image"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Figures(HTMLParser):
    """All images of a page, as [alternative text, caption of their figure or None]."""

    def __init__(self, page):
        super().__init__()
        self.images, self.text = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "img":
            self.images.append([attributes.get("alt") or "", None])
        elif tag == "figcaption" and "hidden" not in attributes and "display" not in attributes.get("style", ""):
            self.text = ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "figcaption" and self.text is not None:
            self.images[-1][1], self.text = self.text, None


# Without the code of the cells, which shows no figure and takes most of the time to be coloured.
EXPORTER = HTMLExporter(exclude_input=True)


def export(notebook):
    """The page of a notebook."""
    return EXPORTER.from_notebook_node(notebook)[0]


def problems(notebook):
    """What is missing of the figures' descriptions in the export of a notebook (a NotebookNode)."""
    stored = sum(
        str(output.get("data", {}).get("text/html", "")).count("<img")
        + sum(mime.startswith("image/") for mime in output.get("data", {}))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    images = Figures(export(notebook)).images
    if len(images) != stored or not images:
        yield f"{stored} pictures are stored, {len(images)} exported"
    for alt, caption in images:
        if not alt.strip() or PLACEHOLDER in alt:
            yield f"no text alternative: {alt!r}, over {caption!r}"
        if not (caption or "").strip() or caption not in alt:
            yield f"no visible caption that says what the text alternative says: {caption!r}, {alt!r}"


def test_every_figure_is_described_in_the_export(notebook):
    assert list(problems(nbformat.read(notebook, as_version=4))) == []


def picture(html=None, **data):
    output = new_output("display_data", data=data | ({"text/html": html} if html else {}))
    return new_notebook(cells=[new_code_cell("draw()", outputs=[output], execution_count=1)])


def test_planted_faults_are_found():
    source = "data:image/png;base64," + PIXEL
    assert base64.b64decode(PIXEL).startswith(b"\x89PNG")
    bare = picture(**{"image/png": PIXEL})
    assert PLACEHOLDER in export(bare)
    assert any("no text alternative" in p for p in problems(bare))
    assert any("no text alternative" in p for p in problems(picture(f"<img src='{source}'>")))
    silent = picture(f"<figure><img alt='Three. One two.' src='{source}'></figure>")
    assert [p.split(":")[0] for p in problems(silent)] == [
        "no visible caption that says what the text alternative says"
    ]
    other = picture(f"<figure><img alt='Three.' src='{source}'><figcaption>Four.</figcaption></figure>")
    assert len(list(problems(other))) == 1
    assert list(problems(new_notebook())) == ["0 pictures are stored, 0 exported"]
    good = picture(f"<figure><img alt='A. Three.' src='{source}'><figcaption>Three.</figcaption></figure>")
    assert list(problems(good)) == []

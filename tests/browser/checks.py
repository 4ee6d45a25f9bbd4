"""What must be true of an open lesson. Each check returns the problems it finds, as sentences."""

import re
from html.parser import HTMLParser

from axe_playwright_python.sync_playwright import Axe

OURS = (".jp-MarkdownCell .jp-RenderedMarkdown", ".jp-OutputArea-output")
# What JupyterLab itself puts there: the colour of a comment, in the code of a Markdown text, is too pale for axe.
JUPYTERLABS = re.compile(r'<span class="ͼ\w+">#')

RULES = {"Light": {}, "Dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}}}

# What JupyterLab and nbconvert write where an image has no text alternative.
PLACEHOLDERS = ("", "Image", "No description has been provided for this image")

# The text that a reader sees as text: not code, not pictures, not typeset mathematics.
TEXTS = """ours => [...document.querySelectorAll(ours)].flatMap(root => {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest('pre, code, svg, style, script, mjx-container'))
      found.push(walk.currentNode.textContent);
  return found;
})"""
TYPESET = """() => jupyterapp.shell.currentWidget.content.widgets.map(cell =>
  cell.model.type === 'markdown' ? cell.node.querySelectorAll('mjx-container').length : null)"""
# A command that MathJax does not know is no error to it: it is written out in red.
MATH_ERRORS = """() => [...document.querySelectorAll('mjx-merror, merror, [data-mjx-error], mtext[mathcolor=red]')].map(
  e => e.getAttribute('data-mjx-error') ?? e.getAttribute('title') ?? e.textContent)"""
RAW = re.compile(r"\$|\\[a-zA-Z]{2,}|\\[()\[\]]")
MATH = re.compile(r"(?<!\\)\$")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def mathematics(lesson):
    """Formulas in the source are typeset, none is left as it is written, none is in error."""
    sources = [CODE.sub("", "".join(cell["source"])) for cell in lesson.stored["cells"]]
    counts = lesson.page.evaluate(TYPESET)
    for place, (source, count) in enumerate(zip(sources, counts, strict=True)):
        if count == 0 and MATH.search(source):
            yield f"cell {place}: no formula is typeset"
    for text in lesson.page.evaluate(TEXTS, ", ".join(OURS)):
        if found := RAW.search(text):
            yield f"{found[0]!r} is left in the text: {text.strip()[:80]!r}"
    for error in lesson.page.evaluate(MATH_ERRORS):
        yield f"mathematics in error: {error}"


class _Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.alts = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


def stored_descriptions(notebook, collapsed=True):
    """The alternative texts of the images in a notebook's stored outputs (its JSON), in order.

    collapsed: whether those count that stand under a prediction, which the page shows only when the cell has run.
    """
    images = _Images()
    for cell in notebook["cells"]:
        if not collapsed and cell["metadata"].get("jupyter", {}).get("outputs_hidden"):
            continue
        for output in cell.get("outputs", ()):
            images.feed("".join(output.get("data", {}).get("text/html", "")))
    return images.alts


def descriptions(lesson):
    """Every picture has its text alternative and caption, the same ones as in the stored notebook."""
    for when, pictures in ("before the run", lesson.before), ("after it", lesson.pictures()):
        stored = stored_descriptions(lesson.stored, collapsed=when == "after it")
        if (shown := [p["alt"] for p in pictures if p["kind"] != "live"]) != stored:
            yield f"{when} the page's images are described as {shown}, the stored ones as {stored}"
        for picture in pictures:
            name = f"{when}, the picture {picture['alt'][:40]!r}"
            if picture["alt"] in PLACEHOLDERS:
                yield f"{name} has no text alternative"
            if not picture["caption"].strip() or picture["caption"] not in picture["alt"]:
                yield f"{name} has the caption {picture['caption']!r}"
            if not picture["drawn"]:
                yield f"{name} cannot be drawn by the browser"


def still_and_live(lesson):
    """The picture of the starting state is seen until the living one, which starts alike, takes its place."""
    yield from (f"not visible before the run: {p['alt']!r}" for p in lesson.before if not p["visible"])
    after = lesson.pictures()
    for picture in after:
        if picture["visible"] is not (picture["kind"] != "start"):
            yield f"after the run, visible is {picture['visible']} for the {picture['kind']} picture {picture['alt']!r}"
    starts = [(p["area"], p["alt"]) for p in after if p["kind"] == "start"]
    lives = [(p["area"], p["alt"]) for p in after if p["kind"] == "live"]
    if starts != lives:
        yield f"stored starting states {starts}, living ones {lives}"


def control(lesson, control):
    """The keyboard reaches the control and moves it there and back, and its picture follows."""
    name = control["name"]
    try:
        start = lesson.reach(control)
    except LookupError as error:
        yield str(error)
        return
    if not start["outlined"]:
        yield f"{name}: nothing shows that it has the focus"
    there, back = lesson.keys(start)
    moved = lesson.press(there)
    if moved["value"] == start["value"]:
        yield f"{name}: {there} does not move it from {start['value']}"
        return
    if moved["alert"]:
        yield f"{name} at {moved['value']}: {moved['alert']}"
        return
    for part in "picture", "label", "caption":
        if moved[part] == start[part]:
            yield f"{name}: the {part} is the same at {start['value']} and at {moved['value']}"
    returned = lesson.press(back)
    if (returned["value"], returned["picture"]) != (start["value"], start["picture"]):
        yield f"{name}: {there} and {back} do not lead back to the same picture"


def accessibility(lesson, theme):
    """axe-core finds nothing in the lesson's own content. In the dark theme only the colours are new."""
    lesson.theme(theme)
    with lesson.all_in_view():
        found = Axe().run(lesson.page, context={"include": [[place] for place in OURS]}, options=RULES[theme])
    for rule in found.response["violations"]:
        for node in rule["nodes"]:
            if not (rule["id"] == "color-contrast" and JUPYTERLABS.match(node["html"])):
                yield f"{theme}: {rule['id']}: {node['html'][:200]} ({node['failureSummary']})"

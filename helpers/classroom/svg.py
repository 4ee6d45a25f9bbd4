"""Do two SVGs show the same picture? Token by token, lengths to within one pixel.

Another version of matplotlib, or of FreeType, lays text out a fraction of a pixel differently, and draws other glyphs
for the same words, "ff" as one for example. So a text is compared by its words, its font, its size and its place, which
stand beside the glyphs. Everything else is the same in all versions, and a difference in it is one in the picture. In
a legend, and in a text of several lines, the fractions add up from line to line: there it is a few pixels, but only
where the version is another than that which drew the stored pictures.
"""

import re
from itertools import zip_longest
from xml.etree import ElementTree

import matplotlib

PIXEL = 0.72  # of the page, in the units of matplotlib's SVG: 72 to the inch, where the course's figures have 100
DRAWN_WITH = "3.11"  # the matplotlib of the stored pictures
LINES = 4  # pixels allowed to another version where lines of text add up
LENGTHS = {"d", "x", "y", "width", "height", "points", "cx", "cy", "r"}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)")
TRANSLATION = re.compile(r"translate\([^)]*\)")


def difference(stored, drawn):
    """What the first difference of two SVG texts is, in words; "" where they show the same."""
    parser = lambda: ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    old, new = (ElementTree.fromstring(text, parser()) for text in (stored, drawn))
    # What is used, a mark or a frame, is compared by what it looks like and not by its name.
    defined = [{e.get("id"): e for e in root.iter() if e.get("id")} for root in (old, new)]
    return _compared(_parts(old, PIXEL), _parts(new, PIXEL), *defined)


def _compared(old, new, old_names, new_names):
    for (tag, a, allowed), (other, b, _) in zip_longest(old, new, fillvalue=("nothing", {}, 0)):
        if tag != other:
            return f"stored is a <{tag}>, drawn a <{other}>"
        if a.keys() != b.keys():
            return f"in <{tag}> stored are {', '.join(a)}, drawn {', '.join(b)}"
        for name in a:
            uses = [[one or two for one, two in REFERENCE.findall(part[name])] for part in (a, b)]
            for one, two in zip_longest(*uses):
                if one not in old_names or two not in new_names:
                    return f"{name} in <{tag}> uses what is not there: stored {one}, drawn {two}"
                parts = [_parts(names[used], PIXEL) for names, used in ((old_names, one), (new_names, two))]
                if told := _compared(*parts, old_names, new_names):
                    return told
            one, two = (REFERENCE.sub("#", part[name]) for part in (a, b))
            if one != two and not _near(name, one, two, allowed):
                return f'{name} in <{tag}>: stored "{_short(one, two)}", drawn "{_short(two, one)}"'
    return ""


def _parts(element, allowed):
    """(tag, attributes, what a length may differ by) of an element and all in it; text is an attribute."""
    if element.tag is ElementTree.Comment:  # matplotlib writes a drawn text's words into one
        yield "comment", {"text": element.text.strip()}, allowed
        return
    tag, children = _name(element), [child for child in element if _name(child) != "defs"]
    attributes = {name: value for name, value in element.attrib.items() if name != "id"}
    kind = element.get("id", "").partition("_")[0]
    if kind == "legend" or (kind == "text" and sum(_name(e) == "comment" for e in element.iter()) > 1):
        allowed = PIXEL * (1 if matplotlib.__version__.startswith(f"{DRAWN_WITH}.") else LINES)
    yield tag, attributes | {"text": (element.text or "").strip()}, allowed
    glyphs = [e.get("{http://www.w3.org/1999/xlink}href") for e in children if _name(e) == "use"]
    fonts = {glyph[1:].rpartition("-")[0] for glyph in glyphs if "DejaVu" in glyph}
    if fonts:
        yield "font", {"name": " ".join(sorted(fonts))}, allowed
        return
    for child in children:
        yield from _parts(child, allowed)


def _name(element):
    return "comment" if element.tag is ElementTree.Comment else element.tag.split("}")[-1]


def _near(name, a, b, allowed):
    if name == "transform":  # a text is moved a little; its size and its angle stay
        moved = zip_longest(TRANSLATION.findall(a), TRANSLATION.findall(b), fillvalue="")
        return TRANSLATION.sub("", a) == TRANSLATION.sub("", b) and all(_lengths_near(*pair, allowed) for pair in moved)
    return name.split("}")[-1] in LENGTHS and _lengths_near(a, b, allowed)


def _lengths_near(a, b, allowed):
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(abs(float(p) - float(q)) <= allowed for p, q in pairs)


def _short(text, other):
    """The text from just before the place where it differs from the other."""
    same = next((k for k, (p, q) in enumerate(zip(text, other, strict=False)) if p != q), min(len(text), len(other)))
    start = max(0, same - 20)
    return ("…" if start else "") + text[start : start + 60]

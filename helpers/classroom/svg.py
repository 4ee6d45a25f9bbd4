"""Do two SVGs show the same picture? Token by token, lengths to within one pixel.

matplotlib lays text out a fraction of a pixel differently in another version, with another FreeType, and numbers its
glyphs otherwise. Everything else is the same text, and a difference in it is a difference in the picture. In a legend
the fractions of its rows add up, and its box grows with them: there it is a few pixels.
"""

import re
from itertools import zip_longest
from xml.etree import ElementTree

PIXEL = 0.72  # of the page, in the units of matplotlib's SVG: 72 to the inch, where the course's figures have 100
LEGEND = 4  # pixels allowed inside a legend
GLYPH = 64  # units of a letter's outline to one of the page, before it shrinks from 100 points to its size
LENGTHS = {"d", "x", "y", "width", "height", "points", "cx", "cy", "r"}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
ID = re.compile(r"(?<=url\(#)[^)]+")
TRANSLATION = re.compile(r"translate\([^)]*\)")


def difference(stored, drawn):
    """What the first difference of two SVG texts is, in words; "" where they show the same."""
    trees = [list(_parts(text)) for text in (stored, drawn)]
    names = {}, {}
    for (tag, old, allowed), (other, new, _) in zip_longest(*trees, fillvalue=("nothing", {}, 0)):
        if tag != other:
            return f"stored is a <{tag}>, drawn a <{other}>"
        if old.keys() != new.keys():
            return f"in <{tag}> stored are {', '.join(old)}, drawn {', '.join(new)}"
        for name in old:
            # Names are compared by the order in which they appear.
            a, b = (_renamed(name, part[name], known) for part, known in zip((old, new), names, strict=True))
            if a != b and not _near(name, a, b, allowed):
                return f'{name} in <{tag}>: stored "{_short(a, b)}", drawn "{_short(b, a)}"'
    return ""


def _parts(svg):
    """(tag, attributes, what a length may differ by) of all elements and comments, in order; text is an attribute."""
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    return _inside(ElementTree.fromstring(svg, parser), PIXEL)


def _inside(element, allowed):
    if element.tag is ElementTree.Comment:  # matplotlib writes a drawn text's letters into one
        yield "comment", {"text": element.text.strip()}, allowed
        return
    tag, attributes = element.tag.split("}")[-1], element.attrib | {"text": (element.text or "").strip()}
    if attributes.get("id", "").startswith("legend_"):
        allowed = LEGEND * PIXEL
    yield tag, attributes, allowed * (GLYPH if attributes.get("transform") == f"scale({1 / GLYPH})" else 1)
    for child in element:
        yield from _inside(child, allowed)


def _renamed(name, value, known):
    if name == "id" or name.endswith("href"):
        return str(known.setdefault(value.removeprefix("#"), len(known)))
    return ID.sub(lambda found: str(known.setdefault(found[0], len(known))), value)


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

import sys

# jsonschema, which reads notebooks, asks for this package, and its import takes a second: it builds the grammar of
# international addresses, which no notebook needs. Every test process and each of their children would wait for it.
sys.modules.setdefault("rfc3987_syntax", None)

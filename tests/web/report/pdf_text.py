"""The text of a PDF as it is really drawn, read through its fonts' own tables; in the order of drawing."""

import re

import pikepdf

PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def read_text(pdf: pikepdf.Pdf) -> str:
    return " ".join(_texts(page.obj, page.obj.Resources) for page in pdf.pages)


def _texts(holder: pikepdf.Object, resources: pikepdf.Object) -> str:
    tables = {str(name): _table(font) for name, font in resources.get("/Font", {}).items()}
    found: list[str] = []
    font = ""
    for operands, operator in pikepdf.parse_content_stream(holder):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) in {"Tj", "TJ"}:
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            table = tables[font]
            found.append("".join(table.get(codes[at : at + 2], "?") for at in range(0, len(codes), 2)))
        elif str(operator) == "Do":
            inner = resources.XObject[str(operands[0])]
            if inner.Subtype == "/Form":
                found.append(_texts(inner, inner.get("/Resources", resources)))
    return " ".join(found)


def _table(font: pikepdf.Object) -> dict[bytes, str]:
    """Two-byte codes to characters, from the font's ToUnicode map."""
    found: dict[bytes, str] = {}
    cmap = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in PAIR.findall(block):
            found[bytes.fromhex(code.decode())] = _decode(text)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, text in RANGE.findall(block):
            first = _decode(text)
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[(int(low, 16) + step).to_bytes(2, "big")] = first[:-1] + chr(ord(first[-1]) + step)
    return found


def _decode(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")

"""PDF files written by hand, as word processors do it: lines, fonts, links."""

from __future__ import annotations

import zlib


def strings(text: str) -> bytes:
    """The lines of a page as operators: ``(Le bac) Tj``."""
    shown = text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)").split(b"\n")
    return b"BT /F1 11 Tf 14 TL 60 780 Td\n" + b"".join(b"(" + line + b") Tj T*\n" for line in shown) + b"ET"


def pdf(*pages: str | bytes, name: str = "", links: str = "", fonts: str = "/F1 3 0 R") -> bytes:
    """A PDF of these pages: texts, or streams of operators. ``links`` are annotations of the first page."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    numbers = [5 + 2 * rank for rank in range(len(pages))]
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{one} 0 R' for one in numbers)}] >>".encode(),
        font.encode(),
        b"<< /Title <feff" + name.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for number, page in zip(numbers, pages, strict=True):
        stream = zlib.compress(strings(page) if isinstance(page, str) else page)
        annotations = f"/Annots [{links}]" if number == numbers[0] and links else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R {annotations} "
            f"/Resources << /Font << {fonts} >> >> >>".encode(),
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """Objects numbered from 1, the catalogue first and the title fourth, with the table of their places."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}".encode()

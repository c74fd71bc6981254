"""Reports of a period: what a district tells month by month, quarter by quarter and in its white paper of the year.

`facts` measures an area at the end of a span of time beside the span before and the same one a year before; a
`Document` keeps what is told of it, numbers with their definitions, texts, tables and the data of charts, so that a
frozen report says the same whatever becomes known later.
"""

from geo.reports.document import Document, document_from, document_json, fingerprint
from geo.reports.spans import KINDS, Span, read_span, spans_before

__all__ = [
    "KINDS",
    "Document",
    "Span",
    "document_from",
    "document_json",
    "fingerprint",
    "read_span",
    "spans_before",
]

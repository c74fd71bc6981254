"""The shortlist: units somebody has picked, with notes, in an address that can be sent; as a page, XLSX and PDF."""

"""Paper: pure functions from a dataclass to the bytes of a PDF. Same input, same bytes.

`appeal.letter_pdf`, `statement.statement_pdf` and `refund.refund_pdf` set tagged Letter pages with
typst; `cms1500.claim_pdf` and `cms1500.copy_pdf` place characters on the paper claim by a table.
"""

"""The form a respondent fills in: built from the instrument, read back from what was sent. Used by the respondent's
own page, by the handed-over device and by the page where staff enter a paper rating.
"""

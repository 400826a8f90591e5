"""Two pages for somebody who decides: one claim a chart, the spread over worlds first, a table as a budget office has.

`content` says what they say, `page` and `document` put it on paper.
"""

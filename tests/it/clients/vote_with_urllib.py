"""Votes as a page says, with urllib: from the list to the results, for the last choice.

python3 vote_with_urllib.py http://127.0.0.1:8000/
"""

import sys
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Page(HTMLParser):
    """The links, and the one form in <main>, of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.action, self.choices, self.inside = [], None, [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.inside = self.inside or tag == "main"
        if not self.inside:
            return
        if tag == "a":
            self.links.append(attributes["href"])
        elif tag == "form":
            self.action = attributes["action"]
        elif tag == "input" and attributes.get("name") == "choice":
            self.choices.append(attributes["value"])

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "main"


opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
url = sys.argv[1]


def visit(link, data=None):
    global url
    with opener.open(urllib.parse.urljoin(url, link), data, timeout=30) as answer:
        assert answer.status == 200, answer.status
        url = answer.geturl()
        return answer.read().decode(answer.headers.get_content_charset())


index = Page(visit("polls/"))
detail = Page(visit(index.links[0]))
form = urllib.parse.urlencode({"choice": detail.choices[-1]}).encode()
# The redirect is followed, with GET.
results = visit(detail.action, form)
assert url.endswith("/results/"), url
assert "1 vote<" in results, results

try:
    visit("../nothing/")
    raise AssertionError("a page that is not there was there")
except urllib.error.HTTPError as error:
    assert error.code == 404 and "site-header" in error.read().decode(), error
print("voted")

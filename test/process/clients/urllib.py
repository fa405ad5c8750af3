"""Sends the request that standard input describes, by Python's own urllib, and writes the answer."""

import json
import sys
import urllib.error
import urllib.request

given = json.load(sys.stdin)
body = given.get("body")
request = urllib.request.Request(
    given["url"],
    method=given["method"],
    headers=given["headers"],
    data=None if body is None else body.encode("utf-8"),
)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    answer = opener.open(request, timeout=20)
except urllib.error.HTTPError as error:  # Anything but a 2xx is raised.
    answer = error
with answer:
    json.dump(
        {"status": answer.status, "headers": answer.headers.items(), "text": answer.read().decode("utf-8")},
        sys.stdout,
    )

"""Votes with http.client: several requests on one connection, a multipart form, HEAD, a chunked body.

python3 vote_with_http_client.py 127.0.0.1:8000 /polls/1/ CHOICE
"""

import http.client
import sys

host, detail, choice = sys.argv[1:]
connection = http.client.HTTPConnection(host, timeout=30)


def ask(method, path, body=None, headers=None, **how):
    connection.request(method, path, body, headers or {}, **how)
    answer = connection.getresponse()
    return answer, answer.read().decode()


answer, page = ask("GET", detail)
assert answer.status == 200 and f'value="{choice}"' in page, (answer.status, page)
assert answer.getheader("Content-Type") == "text/html; charset=utf-8"

answer, nothing = ask("HEAD", detail)
assert answer.status == 200 and nothing == ""

answer, nothing = ask("GET", detail, headers={"If-None-Match": answer.getheader("ETag")})
assert answer.status == 304 and nothing == ""

multipart = (
    f'--frontier\r\nContent-Disposition: form-data; name="choice"\r\n\r\n{choice}\r\n--frontier--\r\n'
).encode()
answer, _ = ask("POST", detail + "vote/", multipart, {"Content-Type": "multipart/form-data; boundary=frontier"})
assert answer.status == 303 and answer.getheader("Location") == detail + "results/", answer.status

form = {"Content-Type": "application/x-www-form-urlencoded"}
parts = [b"choice", b"=", choice.encode()]
answer, _ = ask("POST", detail + "vote/", iter(parts), form, encode_chunked=True)
assert answer.status == 303, answer.status

answer, page = ask("GET", detail + "results/")
assert answer.status == 200 and "2 votes<" in page, page
print("voted")

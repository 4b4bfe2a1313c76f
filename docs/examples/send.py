"""Takes a scan the whole way: sends it, waits until it was read, approves it as it was
read, waits for the seal, fetches the sealed PDF, and has it verified.

    SOHOA=http://127.0.0.1:8417 KEY=sohoa_… python3 send.py H48.01-261123-0001 don.jpg

Python 3.8 or newer, nothing else. A person should look before anything is approved:
leave out approve() where one does so on the screens.
"""
import hashlib, json, os, sys, time, urllib.error, urllib.parse, urllib.request

API, KEY = os.environ["SOHOA"] + "/api/v1", os.environ["KEY"]


def call(method, path, body=None, **headers):
    headers = {"Authorization": "Bearer " + KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None and not isinstance(body, bytes):
        body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    request = urllib.request.Request(API + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            data = answer.read()
            return json.loads(data) if answer.headers.get_content_type() == "application/json" else data
    except urllib.error.HTTPError as refused:  # application/problem+json: which reason, and what to do
        problem = json.load(refused)
        if refused.code == 503:  # a part of the service starts anew
            time.sleep(int(refused.headers.get("Retry-After", "5")))
            return call(method, path, body, **headers)
        sys.exit(f"{problem['reason']}: {problem['title']} {problem.get('detail', '')}")


def dossier_of(code):
    held = call("GET", "/dossiers?code=" + urllib.parse.quote(code))["items"]
    return (held[0] if held else call("POST", "/dossiers", {"code": code, "title": code}))["id"]


def send(dossier, path):
    with open(path, "rb") as f:
        scan = f.read()
    name = urllib.parse.quote(os.path.basename(path))
    # The same key with the same bytes gives the same receipt, however often it is sent.
    key = hashlib.sha256(dossier.encode() + scan).hexdigest()
    return call("POST", f"/dossiers/{dossier}/documents?name={name}", scan, Idempotency_Key=key, Content_Type="application/octet-stream")["document"]


def wait(document, status):
    while True:
        now = call("GET", f"/documents/{document}")
        if now["status"] in (status, "sealed"):
            return now
        if now["status"] in ("set-aside", "rejected", "withdrawn", "superseded"):
            sys.exit(f"{document} is {now['status']}: {now.get('reason', '')}")
        time.sleep(1)


def approve(document):
    seen = call("GET", f"/documents/{document}/fields")
    call("POST", f"/documents/{document}/decision", {"approve": True, "archival": seen["archival"], "fields": seen["digest"]})


code, scan = sys.argv[1:]
document = send(dossier_of(code), scan)
if wait(document, "in-review")["status"] != "sealed":
    approve(document)
wait(document, "sealed")
with open(document + ".pdf", "wb") as f:
    f.write(call("GET", f"/documents/{document}/content/sealed"))
print(document + ".pdf", call("GET", f"/verify/{document}")["verdict"])

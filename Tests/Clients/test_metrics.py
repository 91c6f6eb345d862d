"""GET /metrics: Prometheus' text format, by its own checker, and its conventions."""

import json
import re
import shutil
import subprocess

from clients import check_error, http_request
from tokens import ADMIN, SECRET, token

SERIES = re.compile(r'([a-z_][a-z0-9_]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (\S+)')


def metrics(server, **options):
    """Each series and its value."""
    status, headers, body = http_request(server, "GET /metrics", token=ADMIN, **options)
    assert status == 200
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    series = {}
    for line in body.decode().splitlines():
        if not line.startswith("#"):
            found = SERIES.fullmatch(line)
            assert found, line
            name = found[1] + (found[2] or "")
            assert name not in series
            series[name] = float(found[3])
    return series


def total(server, pattern, **options):
    """The sum of the series whose name and labels match."""
    found = [value for name, value in metrics(server, **options).items()
             if re.search(pattern, name)]
    assert found, pattern
    return sum(found)


def families(server):
    """name: (type, help) of each family; every one has both, before its series."""
    text = http_request(server, "GET /metrics", token=ADMIN)[2].decode()
    helped = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.M))
    typed = dict(re.findall(r"^# TYPE (\S+) (counter|gauge|histogram|summary)$", text, re.M))
    assert set(helped) == set(typed)
    return {name: (typed[name], helped[name]) for name in typed}


def test_promtool_has_nothing_to_say(own, connect):
    promtool = shutil.which("promtool")
    assert promtool, "Debian's package prometheus is missing"
    clients = [connect(own, path, token=token("1"))
               for path in ("/ws/red", "/api/ws", "/ws/realtime", "/echo")]
    body = http_request(own, "GET /metrics", token=ADMIN)[2]
    said = subprocess.run([promtool, "check", "metrics"], input=body, capture_output=True,
                          timeout=30, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, b""), clients


def test_names_and_units(own):
    """Our prefix, base units, `_total` on counters and on nothing else."""
    found = families(own)
    assert found
    for name, (kind, _) in found.items():
        assert name.startswith(("martlet_", "process_")), name
        assert name.endswith("_total") == (kind == "counter"), name
        assert not re.search(r"_(ms|milliseconds|minutes|kb|kilobytes|percent)(_|$)", name), name
    assert any("_bytes" in name for name in found)
    assert any("_seconds" in name for name in found)


def test_every_series_has_its_family(own):
    known = families(own)
    for name in metrics(own):
        base = re.sub(r"\{.*", "", name)
        assert base in known or re.sub(r"_(bucket|sum|count)$", "", base) in known, name


def test_counts_follow_what_happens(own, connect):
    before = metrics(own)
    client = connect(own, "/ws/red", token=token("1"))
    client.waiting()
    for _ in range(20):
        client.ask(type="ping")
    after = metrics(own)
    assert all(after[name] >= value for name, value in before.items() if "_total" in name)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    for pattern, growth in [(r"messages.*(in|received)", 21), ("connections", 1), ("rooms", 1)]:
        assert any(value == growth for name, value in grown.items()
                   if re.search(pattern, name)), grown


def test_no_secret_and_no_user_is_a_label(own, connect):
    """Labels have few values; no token, user or room is one."""
    clients = [connect(own, "/ws/a-secret-room", token=token("a-secret-user")) for _ in range(3)]
    text = http_request(own, "GET /metrics", token=ADMIN)[2].decode()
    assert "secret" not in text, clients
    assert len(metrics(own)) < 500


def test_whom_it_is_for(gate, start):
    check_error(http_request(gate, "GET /metrics"), 401)
    check_error(http_request(gate, "GET /metrics", token=token("1")), 403)
    public = start(JWT_SECRET=SECRET, METRICS_PUBLIC="true")
    assert http_request(public, "GET /metrics")[0] == 200
    assert json.loads(check_stats(public))["error"]


def check_stats(server):
    """METRICS_PUBLIC opens nothing else."""
    response = http_request(server, "GET /ws/stats")
    check_error(response, 401)
    return response[2]

"""PROTOCOL section 4: every message, member, action, error and timeout of a step session."""

import math
import re
import struct
import time
import uuid

import pytest
from clients import Closed

STAMP = re.compile(r"\d{10}\.\d{3}")
SAMPLE = {"accel_x": 0.1, "accel_y": -0.2, "accel_z": 9.8,
          "gyro_x": 0.01, "gyro_y": 0.0, "gyro_z": -0.03}
AXES = list(SAMPLE)
ROW = list(SAMPLE.values())
WALK_RATE = 50


def walk(seconds=12, frequency=1.8):
    """Rows of a steady walk: more than enough steps to be sure of some."""
    return [[0, 0, 9.80665 + 3 * math.cos(2 * math.pi * frequency * n / WALK_RATE), 0, 0, 0]
            for n in range(seconds * WALK_RATE)]


def is_now(stamp):
    return STAMP.fullmatch(stamp) and abs(float(stamp) - time.time()) < 60


def binary(rows):
    return b"".join(struct.pack("<6f", *row) for row in rows)


def send_walk(session):
    """A walk in binary frames of the default message size; the last answer."""
    rows = walk()
    for low in range(0, len(rows), 21):
        session.send(binary(rows[low:low + 21]))
        answer = session.receive()
    return answer


def test_session_started(session):
    started = session.started
    assert started["type"] == "session_started"
    assert uuid.UUID(started["session_id"]).version == 4
    assert started["message"] == "Step detection session initialized successfully"
    assert is_now(started["timestamp"])
    assert set(started) == {"type", "session_id", "message", "timestamp"}


def test_each_connection_has_its_own_session(server, connect):
    one, other = connect(server).receive(), connect(server).receive()
    assert one["session_id"] != other["session_id"]


def test_answer_has_every_member(session):
    answer = session.ask(**SAMPLE)
    assert set(answer) == {"type", "session_id", "step_detected", "prediction", "total_steps",
                           "total_predictions", "buffer_size", "timestamp"}
    assert answer["type"] == "step_detection"
    assert answer["session_id"] == session.started["session_id"]
    assert answer["step_detected"] is False
    assert (answer["total_steps"], answer["total_predictions"]) == (0, 1)
    assert isinstance(answer["buffer_size"], int)
    assert is_now(answer["timestamp"])


def test_prediction_has_every_member(session):
    prediction = session.ask(**SAMPLE)["prediction"]
    assert set(prediction) == {
        "confidence", "start_probability", "end_probability", "no_step_probability",
        "predicted_class", "movement_magnitude", "step_start", "step_end"}
    assert 0 <= prediction["confidence"] <= 1
    total = sum(prediction[f"{name}_probability"] for name in ("start", "end", "no_step"))
    assert total == pytest.approx(1, abs=1e-3)
    assert prediction["predicted_class"] == 0
    assert prediction["movement_magnitude"] == pytest.approx(math.hypot(0.1, 0.2, 9.8), abs=1e-3)
    assert (prediction["step_start"], prediction["step_end"]) == (False, False)


def test_one_answer_a_sample(session):
    for _ in range(50):
        session.say(**SAMPLE)
    counts = [session.receive()["total_predictions"] for _ in range(50)]
    assert counts == list(range(1, 51))


@pytest.mark.parametrize("stamp", [12.5, "12.5", 1700000000, "1700000000.123"])
def test_timestamp_of_the_sensor(session, stamp):
    assert session.ask(**SAMPLE, timestamp=stamp)["type"] == "step_detection"


def test_unknown_members_are_ignored(session):
    answer = session.ask(**SAMPLE, device={"name": "watch", "tags": [1, None, "{"]})
    assert answer["type"] == "step_detection"


def test_a_walk_is_counted_sample_by_sample(session):
    session.ask(action="configure", rate=WALK_RATE)
    steps = 0
    for row in walk(seconds=8):
        answer = session.ask(**dict(zip(AXES, row)))
        steps += answer["step_detected"]
        prediction = answer["prediction"]
        if answer["step_detected"]:
            assert prediction["predicted_class"] in (1, 2)
            assert prediction["step_start"] or prediction["step_end"]
            assert prediction["confidence"] > 0
        assert answer["total_steps"] == steps
    assert 12 <= steps <= 16


def test_batch(session):
    answer = session.ask(samples=[ROW] * 3, rate=50, t0=100.0)
    assert set(answer) == {"type", "session_id", "steps", "total_steps", "total_predictions",
                           "timestamp"}
    assert (answer["type"], answer["steps"]) == ("step_batch", [])
    assert (answer["total_steps"], answer["total_predictions"]) == (0, 3)
    assert is_now(answer["timestamp"])


def test_binary_batch_counts_a_walk(session):
    session.ask(action="configure", rate=WALK_RATE)
    answer = send_walk(session)
    assert answer["type"] == "step_batch"
    assert answer["total_predictions"] == len(walk())
    assert 19 <= answer["total_steps"] <= 23


def test_json_and_binary_batches_agree(start, connect):
    server = start(WEBSOCKET_MAX_MESSAGE_SIZE="4k")
    json_session, binary_session = connect(server), connect(server)
    rows = walk()
    for session in (json_session, binary_session):
        session.receive()
        session.ask(action="configure", rate=WALK_RATE)
    for low in range(0, len(rows), 21):
        part = rows[low:low + 21]
        by_json = json_session.ask(samples=part)
        binary_session.send(binary(part))
        by_binary = binary_session.receive()
        assert by_json["steps"] == by_binary["steps"]
        assert all(0 <= index < len(part) for index in by_json["steps"])


@pytest.mark.parametrize("size", [1, 23, 25, 47])
def test_binary_frame_of_part_of_a_sample(session, size):
    session.send(bytes(size))
    assert session.receive()["type"] == "error"
    assert session.ask(**SAMPLE)["total_predictions"] == 1


@pytest.mark.parametrize("settings", [
    {"rate": 100}, {"reply": "steps"}, {"reply": "every"}, {"units": "g"}, {"units": "m/s2"},
    {"gyro": False}, {"rate": 12.5, "reply": "steps", "units": "g", "gyro": False}, {},
])
def test_configure_answers_with_what_is_in_force(session, settings):
    answer = session.ask(action="configure", **settings)
    assert answer["type"] == "configure_response"
    for name, value in settings.items():
        assert answer[name] == value
    assert {"rate", "reply", "units", "gyro"} <= set(answer)


@pytest.mark.parametrize("settings", [
    {"rate": 11.9}, {"rate": 401}, {"rate": "fast"}, {"rate": -50}, {"reply": "never"},
    {"units": "furlongs"}, {"gyro": "no"},
])
def test_configure_refuses_what_it_cannot_do(session, settings):
    before = session.ask(action="configure")
    assert session.ask(action="configure", **settings)["type"] == "error"
    after = session.ask(action="configure")
    assert {**after, "timestamp": 0} == {**before, "timestamp": 0}


def test_without_gyroscope(session):
    session.ask(action="configure", gyro=False)
    answer = session.ask(accel_x=0, accel_y=0, accel_z=9.8)
    assert answer["type"] == "step_detection"


def test_reply_steps_answers_steps_alone(session):
    session.ask(action="configure", rate=WALK_RATE, reply="steps")
    rows = walk()
    for row in rows:
        session.say(**dict(zip(AXES, row)))
    session.say(action="stats")
    answers = []
    while (answer := session.receive())["type"] != "stats_response":
        answers.append(answer)
    assert all(answer["step_detected"] for answer in answers)
    assert [answer["total_steps"] for answer in answers] == list(range(1, len(answers) + 1))
    assert 19 <= len(answers) <= 23


def test_units_g(session):
    session.ask(action="configure", rate=WALK_RATE, units="g")
    rows = [[value / 9.80665 for value in row] for row in walk()]
    for low in range(0, len(rows), 21):
        session.send(binary(rows[low:low + 21]))
        answer = session.receive()
    assert 19 <= answer["total_steps"] <= 23


def test_gravity_free_data_is_said_once(session):
    session.ask(action="configure", rate=WALK_RATE, reply="steps")
    for n in range(4 * WALK_RATE):
        session.say(**{**SAMPLE, "accel_x": 0.01 * (n % 3), "accel_y": 0, "accel_z": 0})
    session.say(action="stats")
    kinds = []
    while (kind := session.receive()["type"]) != "stats_response":
        kinds.append(kind)
    assert kinds == ["error"]


def test_stop(session):
    session.ask(**SAMPLE)
    answer = session.ask(action="stop")
    statistics = answer.pop("session_stats")
    assert is_now(answer.pop("timestamp"))
    assert answer == {
        "type": "stop_response", "status": "success",
        "session_id": session.started["session_id"],
        "message": "Step detection stopped. WebSocket connection will be closed."}
    assert set(statistics) == {"duration", "total_requests"}
    assert 0 <= statistics["duration"] < 60
    assert statistics["total_requests"] == 2
    assert session.closing_code() == 1000


def test_reset(session):
    session.ask(action="configure", rate=WALK_RATE)
    assert send_walk(session)["total_steps"] > 0
    answer = session.ask(action="reset")
    assert is_now(answer.pop("timestamp"))
    assert answer == {"type": "reset_response", "status": "success", "total_steps": 0,
                      "message": "Step counter has been reset"}
    assert session.ask(**SAMPLE)["total_steps"] == 0


def test_reset_clears_the_filters(session):
    session.ask(action="configure", rate=WALK_RATE)
    first = send_walk(session)["total_steps"]
    session.ask(action="reset")
    assert send_walk(session)["total_steps"] == first


def test_stats(session):
    session.ask(**SAMPLE)
    answer = session.ask(action="stats")
    assert set(answer) == {"type", "status", "session_id", "user_stats", "server_stats",
                           "timestamp"}
    assert (answer["type"], answer["status"]) == ("stats_response", "success")
    assert answer["session_id"] == session.started["session_id"]
    assert set(answer["user_stats"]) == {"session_duration", "total_requests", "last_activity"}
    assert answer["user_stats"]["total_requests"] == 2
    assert set(answer["server_stats"]) == {"active_sessions", "total_server_requests"}
    assert answer["server_stats"]["active_sessions"] >= 1
    assert answer["server_stats"]["total_server_requests"] >= 2
    assert is_now(answer["timestamp"])


def test_active_sessions_are_counted(start, connect):
    server = start()
    first, second = connect(server), connect(server)
    first.receive(), second.receive()
    assert first.ask(action="stats")["server_stats"]["active_sessions"] == 2
    second.say(action="stop")
    assert second.closing_code() == 1000
    assert first.ask(action="stats")["server_stats"]["active_sessions"] == 1


@pytest.mark.parametrize("missing", AXES)
def test_missing_member(session, missing):
    sample = {name: value for name, value in SAMPLE.items() if name != missing}
    answer = session.ask(**sample)
    assert (answer["type"], answer["error"]) == ("error", "Missing sensor data fields")
    assert answer["session_id"] == session.started["session_id"]
    assert set(answer["required_fields"]) == set(AXES)
    assert session.ask(**SAMPLE)["total_predictions"] == 1


@pytest.mark.parametrize("field", ["accel_x", "gyro_z"])
@pytest.mark.parametrize("value", ["2000.01", "-2001", "1e400", '"1"', "null", "true", "[1]"])
def test_invalid_value(session, field, value):
    text = "{" + ",".join(
        f'"{name}":{value if name == field else number}' for name, number in SAMPLE.items()) + "}"
    session.send(text)
    answer = session.receive()
    assert (answer["type"], answer["error"]) == ("error", "Invalid sensor value")
    assert answer["field"] == field
    assert session.ask(**SAMPLE)["total_predictions"] == 1


@pytest.mark.parametrize("value", [2000, -2000, 0, 1e-300, -0.0])
def test_valid_limits(session, value):
    assert session.ask(**{**SAMPLE, "accel_x": value})["type"] == "step_detection"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 2000.5])
def test_invalid_binary_value(session, number):
    session.send(binary([ROW, [number, *ROW[1:]]]))
    assert session.receive()["type"] == "error"
    assert session.ask(**SAMPLE)["total_predictions"] == 1


@pytest.mark.parametrize("text", [
    "", "{", "[]", "1", '"text"', "null", "{}", '{"action":', '{"action":"dance"}',
    '{"action":1}', '{"samples":[[1,2,3]]}', '{"samples":[1]}', '{"samples":{}}',
    '{"samples":[],"rate":1}', '{"accel_x":1e}', "{'a':1}", "\ufeff{}", '{"a":"\\x"}',
    "[" * 200, '{"a":' * 60,
])
def test_malformed_message(session, text):
    session.send(text)
    assert session.receive()["type"] == "error"
    assert session.ask(**SAMPLE)["total_predictions"] == 1


def test_idle_timeout(start, connect):
    session = connect(start(STEP_IDLE_TIMEOUT="1s"))
    session.receive()
    began = time.monotonic()
    answer = session.receive()
    assert 0.8 < time.monotonic() - began < 4
    assert is_now(answer.pop("timestamp"))
    assert (answer["type"], answer["status"]) == ("timeout_response", "timeout")
    assert answer["message"].startswith("Connection closed due to ")
    assert answer["message"].endswith(" of inactivity")
    with pytest.raises(Closed) as closed:
        session.receive()
    assert closed.value.code == 1001


def test_messages_put_the_timeout_off(start, connect):
    session = connect(start(STEP_IDLE_TIMEOUT="2s"))
    session.receive()
    for _ in range(4):
        time.sleep(0.8)
        assert session.ask(**SAMPLE)["type"] == "step_detection"

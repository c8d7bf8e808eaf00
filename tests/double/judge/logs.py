"""Holds the double's Amazon CloudWatch Logs against two judges: the model of the service in botocore, and moto.

    logs.py URL

Every answer of the double at URL must be an answer by the model: no member that it does not have, none of another type, no
error that the operation does not name. Then the same calls are made of moto, and both must say the same. Where they
may differ, EXCUSED says why.
"""

import json
import sys
import time

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

# Errors of the protocol itself, which no operation names.
COMMON = {"ThrottlingException", "AccessDeniedException", "ExpiredTokenException"}

# What moto answers otherwise than the service, by the name of the step.
EXCUSED = {
    "read without a stream": "the service says that it is the stream which does not exist",
    "a time range": "by the model, an event at endTime is not included",
    "too old": "by the model, the index is that of the first event which is not too old",
}

GROUP, STREAM = "/judge", "stream"


def client(service, url=None):
    session = botocore.session.get_session()
    session.set_credentials("id", "secret")
    # Every answer is the first one: a retry would hide what was said.
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=True)
    return session.create_client(service, region_name="us-east-1", endpoint_url=url, config=config)


def faults(shape, value, where):
    """What of a JSON value is not as the model has it."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{where} is no structure"]
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        missing = [f"{where}.{name} is missing" for name in shape.required_members if name not in value]
        strange = [f"{where}.{name} is not in the model" for name in value if name not in names]
        inner = [faults(names[name], each, f"{where}.{name}") for name, each in value.items() if name in names]
        return missing + strange + sum(inner, [])
    if kind == "list":
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return sum((faults(shape.member, each, f"{where}[]") for each in value), [])
    types = {"string": str, "boolean": bool, "integer": int, "long": int, "map": dict, "timestamp": (int, float)}
    return [] if isinstance(value, types[kind]) else [f"{where} is no {kind}: {value!r}"]


def judged(logs, found):
    """Reads the body of every answer before botocore does, which passes over what it does not know."""

    def look(response_dict, operation_name=None, **kwargs):
        model = kwargs["operation_model"]
        body = json.loads(response_dict["body"])
        if "x-amzn-requestid" not in {name.lower() for name in response_dict["headers"]}:
            found.append(f"{model.name}: no request id")
        if response_dict["status_code"] == 200:
            if model.output_shape is None:
                found.extend([f"{model.name}: {body} where nothing is expected"] if body else [])
            else:
                found.extend(f"{model.name}: {fault}" for fault in faults(model.output_shape, body, ""))
            return
        named = {shape.name for shape in model.error_shapes} | COMMON
        code = body.get("__type", "").split("#")[-1]
        if code not in named:
            found.append(f"{model.name}: the model names no {code}")

    logs.meta.events.register("before-parse.logs.*", look)
    return logs


def steps(logs):
    """The script: each step with what was said, without what cannot be the same twice."""
    now = int(time.time() * 1000)
    place = {"logGroupName": GROUP, "logStreamName": STREAM}

    def events(first, last):
        return [{"timestamp": now - 60_000 + n, "message": f"line {n}"} for n in range(first, last)]

    def call(operation, **members):
        try:
            answer = getattr(logs, operation)(**members)
            answer.pop("ResponseMetadata")
            return answer
        except ClientError as error:
            return {"refused": error.response["Error"]["Code"], "text": error.response["Error"]["Message"]}

    def page(**members):
        members.setdefault("startFromHead", True)
        return call("get_log_events", **place, **members)

    def lines(answer):
        return [event["message"] for event in answer["events"]] if "events" in answer else answer

    yield "read without a group", page()
    yield "stream without a group", call("create_log_stream", **place)
    yield "group", call("create_log_group", logGroupName=GROUP)
    yield "group again", call("create_log_group", logGroupName=GROUP)["refused"]
    yield "read without a stream", page()
    yield "put without a stream", call("put_log_events", **place, logEvents=events(0, 1))
    yield "stream", call("create_log_stream", **place)
    yield "stream again", call("create_log_stream", **place)["refused"]
    yield "read nothing", lines(page())
    put = call("put_log_events", **place, logEvents=events(0, 5))
    yield "put", "rejectedLogEventsInfo" in put or "refused" in put
    yield "read", lines(page())
    first = page(limit=2)
    yield "first page", lines(first)
    second = page(limit=2, nextToken=first["nextForwardToken"])
    yield "second page", lines(second)
    third = page(limit=2, nextToken=second["nextForwardToken"])
    yield "third page", lines(third)
    end = page(limit=2, nextToken=third["nextForwardToken"])
    yield "end", [lines(end), end["nextForwardToken"] == third["nextForwardToken"]]
    call("put_log_events", **place, logEvents=events(5, 7))
    yield "what is new behind the end", lines(page(nextToken=end["nextForwardToken"]))
    latest = page(startFromHead=False, limit=3)
    yield "the latest", lines(latest)
    yield "before the latest", lines(page(startFromHead=False, limit=3, nextToken=latest["nextBackwardToken"]))
    yield "a time range", lines(page(startTime=now - 60_000 + 2, endTime=now - 60_000 + 4))
    yield "a token of nobody", page(nextToken="x").get("refused")
    old = [{"timestamp": now - 15 * 24 * 3600 * 1000, "message": "old"}]
    yield "too old", call("put_log_events", **place, logEvents=old).get("rejectedLogEventsInfo")


def main(url):
    found = []
    ours = dict(steps(judged(client("logs", url), found)))
    with mock_aws():
        theirs = dict(steps(client("logs")))
    for name, said in ours.items():
        if said != theirs[name] and name not in EXCUSED:
            found.append(f"{name}: the double says {said}, moto {theirs[name]}")
    for name, reason in EXCUSED.items():
        if ours[name] == theirs[name]:
            found.append(f"{name}: no excuse is needed any more ({reason})")
    print(f"{len(ours)} steps, {len(EXCUSED)} excused", *found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

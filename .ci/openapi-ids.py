#!/usr/bin/env python3
"""Writes the API's document with the ids that a running local world really has.

    openapi-ids.py BASE TOKEN

Each place that takes an id takes, beside what the document says, one of these; so half
of what a generator sends gets past "there is no such thing".
"""
import json
import sys
import urllib.error
import urllib.request

base, token = sys.argv[1:]


def get(path):
    request = urllib.request.Request(base + path, headers={"Authorization": "Bearer " + token})
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError:
        return {}


def ids(things):
    return [thing["id"] for thing in things or []]


document = get("/api/openapi.json")
threads, alerts = [], []
for box in "conversations", "owner_inbox", "billing":
    page = get("/api/messages/threads?limit=100&box=" + box)
    threads += [i for i in ids(page.get("threads")) if i not in threads]
    alerts += ids(page.get("alerts"))
events = [i for thread in threads[:6] for i in ids(get("/api/messages/threads/" + thread).get("events"))]
world = get("/local/world")
people = {name: ids(world.get(name)) for name in ("clients", "sitters", "numbers", "bookings")}
phones = [phone for client in world["clients"] for phone in client["phones"]]
known = {
    "/api/messages/threads/": threads, "/api/messages/events/": events, "/api/messages/alerts/": alerts, "/api/bookings/": people["bookings"],
    "/api/clients/": people["clients"], "/api/sitters/": people["sitters"], "/api/numbers/": people["numbers"],
}
fields = {
    "threadId": threads, "clientId": people["clients"], "sitterId": people["sitters"], "bookingId": people["bookings"],
    "phone": phones, "from": phones, "to": [world["org"]["frontDesk"]],
}


def also(schema, values):
    if not values:
        return schema
    return {"anyOf": [{"enum": values[:20]}, schema]}


def bodies(schema):
    for name, values in fields.items():
        if name in schema.get("properties", {}):
            schema["properties"][name] = also(schema["properties"][name], values)


for path, operations in document["paths"].items():
    for operation in operations.values():
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path" and parameter["name"] == "id":
                for prefix, values in known.items():
                    if path.startswith(prefix):
                        parameter["schema"] = also(parameter["schema"], values)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            bodies(content.get("schema", {}))
json.dump(document, sys.stdout, indent=1)

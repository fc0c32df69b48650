"""Compares YAML documents as Nodepool reads them, with PyYAML's safe loader.

A line on standard input is two documents in hex. The answer is `same`, `error` when the first is none
that Nodepool could read, or what differs.
"""

import sys

import yaml


def load(word):
    return yaml.safe_load(bytes.fromhex(word[1:]).decode())


def answer(first, second):
    try:
        first = load(first)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        return "error"
    try:
        second = load(second)
    except Exception as error:
        return f"the second is broken: {error}".replace("\n", " ")
    # The text has types in it: 1, True and 1.0 are equal to Python.
    if repr(first) == repr(second):
        return "same"
    return f"{first!r} became {second!r}"


def main():
    for line in sys.stdin:
        print(answer(*line.split()).encode("ascii", "backslashreplace").decode(), flush=True)


main()

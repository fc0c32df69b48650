"""Asks a real kube-apiserver what it makes of cases.json, and writes answers.json.

The definition of crds/ has to be installed; nothing is created (`--dry-run=server`):

    kubectl apply -f crds/ && python3 tests/corpus/ask.py

An answer is {"accepted": SPEC as it would be stored} or {"refused": [[FIELD, MESSAGE], …]}.
"""

import json
import os
import re
import subprocess

FOLDER = os.path.dirname(os.path.abspath(__file__))


def causes(text):
    """The API server's list of causes: `The Zuul "z" is invalid: \n* spec.web.count: Invalid value: …`."""
    text = text.strip()
    listed = re.findall(r"^\* ([^\n]*(?:\n(?!\* )[^\n]*)*)", text, re.M)
    found = listed or [text.split(" is invalid: ", 1)[-1]]
    pairs = []
    for cause in found:
        field, _, message = cause.partition(": ")
        pairs.append([field, message])
    return pairs


def ask(case):
    zuul = {"apiVersion": "zuul-ci.org/v1alpha1", "kind": "Zuul", "metadata": {"name": "z"}, "spec": case["spec"]}
    kubectl = ["kubectl", "create", "--dry-run=server", "--validate=false", "-n", "default", "-o", "json", "-f", "-"]
    done = subprocess.run(kubectl, input=json.dumps(zuul), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return {"accepted": json.loads(done.stdout).get("spec")}
    return {"refused": causes(done.stderr)}


def main():
    with open(os.path.join(FOLDER, "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)
    answers = {case["name"]: ask(case) for case in cases}
    with open(os.path.join(FOLDER, "answers.json"), "w", encoding="utf-8") as file:
        json.dump(answers, file, indent=1)
        file.write("\n")


main()

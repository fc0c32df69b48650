"""Loads rendered files as each of Zuul's services does, with Zuul's own code.

Called with a folder that has COMPONENT/zuul.conf for each component. Prints one JSON object:
{COMPONENT: {"connections": {NAME: {"class": …, ATTRIBUTE: VALUE}}, "sections": {…}, "error": null or text}}. Values
keep their types; what JSON has no words for is its `repr`.
"""

import contextlib
import io
import json
import math
import os
import sys
import traceback

from zuul.cmd import ZuulApp
from zuul.lib.auth import AuthenticatorRegistry

# What each service asks of the registry: `configure_connections` in zuul/cmd/*.py.
ASKS = {
    "scheduler": {"database": True, "sources": True, "triggers": True, "reporters": True, "providers": True},
    "web": {"database": True, "sources": True, "triggers": True, "reporters": True, "providers": True},
    "executor": {"sources": True},
    "merger": {"sources": True},
    "launcher": {"providers": True},
    "fingergw": None,
}


class App(ZuulApp):
    app_name = "test"
    app_description = "test"


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return f"<{type(value).__name__}>"


def load(folder, component):
    app = App()
    app.parseArguments(["-c", os.path.join(folder, component, "zuul.conf")])
    app.readConfig()
    sections = {name: dict(app.config.items(name)) for name in app.config.sections()}
    answer = {"sections": sections, "connections": {}, "error": None}
    try:
        if ASKS[component] is not None:
            app.configure_connections(**ASKS[component])
            for name, connection in app.connections.connections.items():
                attributes = {key: plain(value) for key, value in vars(connection).items()}
                answer["connections"][name] = {"class": type(connection).__name__, **attributes}
        if component == "web":
            registry = AuthenticatorRegistry()
            registry.configure(app.config)
            answer["authenticators"] = {
                name: {"class": type(it).__name__, **{key: plain(value) for key, value in vars(it).items()}}
                for name, it in registry.authenticators.items()
            }
    except BaseException:  # noqa: B902 - a service would die of any
        answer["error"] = traceback.format_exc()
    return answer


def main():
    folder = sys.argv[1]
    noise = io.StringIO()
    with contextlib.redirect_stdout(noise):
        answers = {component: load(folder, component) for component in ASKS if os.path.isdir(os.path.join(folder, component))}
    print(json.dumps(answers))
    # Some drivers leave threads behind that nothing ends here.
    sys.stdout.flush()
    os._exit(0)


main()

"""Every option of zuul.conf that Zuul's own source reads, from its syntax trees.

Prints one JSON object: {"SECTION OPTION": [files]}, where SECTION is a section's name, `connection:DRIVER`,
`auth`, or `?EXPRESSION` where the source works it out at run time.
"""

import ast
import json
import os

import zuul

ROOT = os.path.dirname(zuul.__file__)
# A component's name is its section's, wherever a variable stands for it.
DAEMONS = ["scheduler", "web", "executor", "merger", "fingergw", "launcher"]
OF_CONFIG = {"get", "getint", "getfloat", "getboolean", "has_option"}


# `get_default` itself.
HELPERS = os.path.join("lib", "config.py")
# `setup_logging`, whose callers name the option.
APP = os.path.join("cmd", "__init__.py")


def literal(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return "?" + ast.unparse(node)


def last(node):
    return ast.unparse(node).split(".")[-1]


def of_driver(path):
    parts = path.split(os.sep)
    return "connection:" + parts[1] if parts[0] == "driver" else "connection:*"


def reads_of(tree, path):
    """Pairs of section and option."""
    # `config = self.connection_config` in a driver.
    aliases = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith("connection_config")
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def is_connection(node):
        return last(node) == "connection_config" or (isinstance(node, ast.Name) and node.id in aliases)

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = last(node.func)
            if name == "get_default" and len(node.args) >= 3 and path != HELPERS:
                yield literal(node.args[1]), literal(node.args[2])
            elif name == "has_option" and path == APP:
                pass
            elif name == "setup_logging" and len(node.args) == 2:
                yield literal(node.args[0]), literal(node.args[1])
            elif name in OF_CONFIG and isinstance(node.func, ast.Attribute) and node.args:
                base = node.func.value
                if is_connection(base):
                    yield of_driver(path), literal(node.args[0])
                elif (last(base), path) in AUTH:
                    yield "auth", literal(node.args[0])
                elif last(base) in ("config", "conf") and len(node.args) >= 2:
                    section, option = literal(node.args[0]), literal(node.args[1])
                    # `dict.get(key, default)` of pipelines, jobs and so on: no section has such a name.
                    if section in SECTIONS or (section, None) in KNOWN:
                        yield section, option
        elif isinstance(node, ast.Subscript):
            if is_connection(node.value):
                yield of_driver(path), literal(node.slice)
            elif isinstance(node.value, ast.Subscript) and last(node.value.value) == "config":
                section = literal(node.value.slice)
                if section in SECTIONS:
                    yield section, literal(node.slice)
        elif isinstance(node, ast.Compare) and is_connection(node.comparators[0]):
            yield of_driver(path), literal(node.left)


SECTIONS = set(
    DAEMONS
    + ["zookeeper", "keystore", "database", "oidc", "statsd", "tracing", "webclient", "zuul", "auth"]
)
# What stands for a section or option in the source, and what it is.
KNOWN = {
    ("?self.app_name", None): DAEMONS,
    ("?section", None): DAEMONS,
    ("?component", None): ["merger", "executor"],
    ("?auth_section", None): ["auth"],
}
PREFIXES = {
    ("executor", "?'%s_ro_paths' % opt_prefix"): ["trusted_ro_paths", "untrusted_ro_paths"],
    ("executor", "?'%s_rw_paths' % opt_prefix"): ["trusted_rw_paths", "untrusted_rw_paths"],
}
# Authenticators get their section as a dictionary.
AUTH = {("conf", os.path.join("driver", "auth", "jwt.py")), ("auth_config", os.path.join("lib", "auth.py"))}
# Programs of their own, which no component runs: Ansible's version file, and so on.
NOT_ZUUL_CONF = {os.path.join("lib", "ansible.py")}


def main():
    found = {}
    for folder, _, files in os.walk(ROOT):
        for file in files:
            path = os.path.relpath(os.path.join(folder, file), ROOT)
            if not file.endswith(".py") or path in NOT_ZUUL_CONF:
                continue
            with open(os.path.join(folder, file), encoding="utf-8") as source:
                tree = ast.parse(source.read())
            for section, option in reads_of(tree, path):
                if section.startswith("?") and option.startswith("?"):
                    continue
                for name in KNOWN.get((section, None), [section]):
                    for word in PREFIXES.get((name, option), [option]):
                        found.setdefault(f"{name} {word}", set()).add(path)
    print(json.dumps({read: sorted(paths) for read, paths in sorted(found.items())}))


main()

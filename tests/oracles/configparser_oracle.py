"""Reads files as Zuul reads its zuul.conf: see zuul.cmd.ZuulApp.readConfig and
zuul.lib.connections.ConnectionRegistry.configure.

A line on standard input is a file's bytes in hex. The answer is `ok` and, of every section, its name,
the number of its options, their names and values, all in hex; or `error` and the exception's name.
"""

import configparser
import os
import sys
import tempfile


def read_config(path):
    safe_env = {k: v for k, v in os.environ.items() if k.startswith("ZUUL_")}
    config = configparser.ConfigParser(safe_env)
    config.read(os.path.expanduser(path))
    return config


def answer(path):
    config = read_config(path)
    words = ["ok"]
    for section_name in config.sections():
        options = dict(config.items(section_name))
        for default in config.defaults():
            if default.startswith("zuul_"):
                del options[default]
        words += [section_name.encode().hex(), str(len(options))]
        for key, value in sorted(options.items()):
            words += [key.encode().hex(), "=" + value.encode().hex()]
    return " ".join(words)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "zuul.conf")
        for line in sys.stdin:
            with open(path, "wb") as file:
                file.write(bytes.fromhex(line.strip()))
            try:
                print(answer(path), flush=True)
            except (configparser.Error, UnicodeError) as error:
                print("error", type(error).__name__, flush=True)


main()

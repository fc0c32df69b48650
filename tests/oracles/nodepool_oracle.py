"""Says whether Nodepool 11 takes a configuration, by its own schemas and by what its launcher does with it.

A line on standard input is a nodepool.yaml as JSON in hex. The answer is `ok`, or `error` and why. Of openstack, whose
launcher reads clouds.yaml first, the references are followed by hand.
"""

import json
import logging
import sys

from nodepool.cmd.config_validator import ConfigValidator
from nodepool.config import Config, get_provider_config
from nodepool.driver import Drivers, ProviderConfig


def follow(config, provider):
    for image in provider.get("diskimages", []):
        config.diskimages[image["name"]]
    clouds = {image["name"]: image for image in provider.get("cloud-images", [])}
    for pool in provider.get("pools", []):
        pool["name"]
        for label in pool.get("labels", []):
            config.labels[label["name"]]
            if label.get("diskimage"):
                config.diskimages[label["diskimage"]]
            else:
                clouds[label["cloud-image"]]


def load(config):
    ConfigValidator.getSchema()(config)
    for provider in config.get("providers", []):
        schema = get_provider_config(provider).getSchema()
        schema.extend(ProviderConfig.getCommonSchemaDict())(provider)
    loaded = Config()
    loaded.setDiskImages(config.get("diskimages"))
    loaded.setLabels(config.get("labels"))
    for provider in config.get("providers", []):
        if provider["driver"] == "openstack":
            follow(loaded, provider)
        else:
            get_provider_config(provider).load(loaded)


def main():
    for line in sys.stdin:
        try:
            load(json.loads(bytes.fromhex(line)))
            answer = "ok"
        except Exception as error:
            answer = " ".join(f"error {type(error).__name__} {error}".split())
        print(answer.encode("ascii", "backslashreplace").decode(), flush=True)


logging.disable(logging.CRITICAL)
Drivers.load()
main()

"""Loads provider configuration as Zuul does, with Zuul's own loader, parsers, inheritance, schemas and providers.

A line on standard input is JSON in hex: `yaml`, the text of a file in a config project, and `connections`, the
options of each connection. The answer says what Zuul made of it, `ok 2 images, …`, or why it refuses, `error …`.
With `values`, paths to attributes of providers, it says what these are.
What a tenant would do is done here by hand, in the order of `TenantParser._addLayoutItems`; only what would talk to
a cloud is left out.
"""

import json
import sys

import zuul.version
from zuul import configloader, model
from zuul.driver.aws import AwsDriver
from zuul.driver.azure import AzureDriver
from zuul.driver.kubernetes import KubernetesDriver
from zuul.driver.openstack import OpenstackDriver
from zuul.driver.static import StaticDriver

KINDS = ("images", "flavors", "labels", "sections", "providers")
DRIVERS = {driver.name: driver for driver in (AwsDriver, AzureDriver, KubernetesDriver, OpenstackDriver, StaticDriver)}
PARSERS = {
    "images": (configloader.ImageParser, model.Layout.addImage),
    "flavors": (configloader.FlavorParser, model.Layout.addFlavor),
    "labels": (configloader.LabelParser, model.Layout.addLabel),
    "sections": (configloader.SectionParser, model.Layout.addSection),
    "providers": (configloader.ProviderParser, model.Layout.addProviderConfig),
}


class Endpoint:
    """Of a cloud; openstack asks its clouds.yaml for the format of images."""

    def getImageFormat(self):
        return "qcow2"


def connection(name, options):
    options = {key: str(value) for key, value in options.items()}
    driver = DRIVERS[options["driver"]]()
    if driver.name == "openstack":
        driver._getEndpoint = lambda *_: Endpoint()
    return driver.getConnection(name, options)


def value(provider, *path):
    """What zuul-launcher finds at a provider: an attribute, or one of an image, a label and its flavor."""
    if len(path) == 1:
        return getattr(provider, path[0])
    kind, name, attribute = path
    return getattr(getattr(provider, kind)[name], attribute)


def load(question):
    connections = {name: connection(name, options) for name, options in question["connections"].items()}
    context = model.SourceContext("example.org/config", "config", "git", "main", "zuul.d/providers.yaml")
    unparsed = model.UnparsedConfig()
    unparsed.extend(configloader.safe_load_yaml(question["yaml"], context))
    layout = model.Layout(model.Tenant("tenant"))
    for kind, (parser, add) in PARSERS.items():
        for conf in getattr(unparsed, kind):
            add(layout, parser(None).fromYaml(conf))
    for label in layout.labels.values():
        label.validateReferences(layout)
    for config in layout.provider_configs.values():
        flat = config.flattenConfig(layout, connections)
        used = connections[flat["connection"]]
        layout.addProvider(
            used.driver.getProvider(None, used, "tenant", config.canonical_name, flat, "system"))
    served = {name for provider in layout.providers.values() for name in provider.labels}
    if set(layout.labels) != served:
        raise ValueError(f"labels that no provider has: {sorted(set(layout.labels) - served)}")
    if "values" in question:
        return json.dumps([value(layout.providers[name], *path) for name, *path in question["values"]])
    counts = (len(getattr(layout, kind)) for kind in KINDS)
    nodes = sum(len(provider.nodes) for provider in layout.providers.values())
    return ", ".join(f"{count} {kind}" for count, kind in zip(counts, KINDS)) + f", {nodes} static nodes"


def main():
    for line in sys.stdin:
        try:
            answer = "ok " + load(json.loads(bytes.fromhex(line)))
        except Exception as error:
            answer = f"error {type(error).__name__} {error}"
        answer = " ".join(answer.split())
        print(answer.encode("ascii", "backslashreplace").decode(), flush=True)


if not zuul.version.release_string.startswith("14.3."):
    sys.exit(f"this is Zuul {zuul.version.release_string}, and the draft is for 14.3")
main()

#!/usr/bin/env python3
"""Cuts every file of the corpus and asks PyYAML and Nodepool themselves about the result.

    oracle.py CUT [FILES] [--random N] [--mutants N] [--gaps]

CUT is the built example `cut`. Needs Nodepool 11 (and cachetools, which its wheel forgets).
--random makes N files at random, --mutants changes those of the corpus N times; --gaps lists
the mutants of which Nodepool and the findings think differently.
"""

import argparse
import copy
import logging
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml
from nodepool.cmd.config_validator import ConfigValidator
from nodepool.config import loadConfig

CORPUS = pathlib.Path(__file__).parent.parent / 'corpus'
BUILDER_ONLY = {'images-dir', 'elements-dir', 'build-log-dir', 'build-log-retention'}
OURS = {'zookeeper-servers', 'zookeeper-tls'}
PARTS = {'providers', 'labels', 'diskimages'}
IMAGE_KEYS = ['username', 'python-path', 'formats', 'shell-type']
SERVERS = [{'host': 'zookeeper.example.com', 'port': 2281, 'chroot': '/zuul'}]
TLS = {'cert': '/etc/zookeeper-tls/tls.crt', 'key': '/etc/zookeeper-tls/tls.key',
       'ca': '/etc/zookeeper-tls/ca.crt'}
IMAGES_DIR = '/var/lib/nodepool/images'


def typed(value):
    """The value with all types in it: 1 is not True, nor 1.0, and NaN is itself."""
    if isinstance(value, dict):
        return ('dict', sorted((typed(k), typed(v)) for k, v in value.items()))
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [typed(item) for item in value])
    if isinstance(value, float) and math.isnan(value):
        return ('float', 'nan')
    return (type(value).__name__, repr(sorted(value) if isinstance(value, set) else value))


def load(text):
    """By both of PyYAML's loaders: Nodepool uses one to run and the other to validate."""
    slow, fast = yaml.load(text, yaml.SafeLoader), yaml.load(text, yaml.CSafeLoader)
    assert typed(slow) == typed(fast), 'the two loaders differ'
    return slow


def cut(binary, text, by='provider'):
    """Shards, builder or None, findings."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([binary, by, folder], input=text.encode(), capture_output=True, check=True,
                              timeout=60)
        folder = pathlib.Path(folder)
        shards = [path.read_text() for path in sorted(folder.glob('[0-9]*.yaml'), key=lambda p: int(p.stem))]
        builder = folder / 'builder.yaml'
        return shards, builder.read_text() if builder.exists() else None, done.stderr.decode()


def labels_of(provider):
    for pool in provider.get('pools', []):
        for label in pool.get('labels', []):
            yield label['name']
        for node in pool.get('nodes', []):
            yield from node['labels'].split() if isinstance(node['labels'], str) else node['labels']


def images_of(provider):
    yield from (image['name'] for image in provider.get('diskimages', []))
    for pool in provider.get('pools', []):
        yield from (label['diskimage'] for label in pool.get('labels', []) if 'diskimage' in label)


def launched(image, images):
    """What a launcher is to see of it, with what its parents say."""
    result = {'name': image['name']}
    for key in IMAGE_KEYS:
        generation = image
        while generation and not generation.get(key):
            generation = images.get(generation.get('parent'))
        if generation:
            result[key] = generation[key]
    return result


def expected_shared(user):
    shared = {key: value for key, value in user.items() if key not in OURS}
    shared.update({'zookeeper-servers': SERVERS, 'zookeeper-tls': TLS})
    if isinstance(shared.get('zookeeper-timeout'), int):
        shared['zookeeper-timeout'] = float(shared['zookeeper-timeout'])
    return shared


def expected_shards(user, groups):
    """The shards by the rules, from what PyYAML makes of the user's file."""
    ready = set()
    images = {image['name']: image for image in user.get('diskimages') or []}
    for providers in groups:
        served = {label for provider in providers for label in labels_of(provider)}
        used = {image for provider in providers for image in images_of(provider)}
        shard = {key: value for key, value in expected_shared(user).items() if key not in BUILDER_ONLY | PARTS}
        labels = copy.deepcopy([label for label in user.get('labels') or [] if label['name'] in served])
        for label in labels:
            if label['name'] in ready and 'min-ready' in label:
                label['min-ready'] = 0
            ready.add(label['name'])
        if labels:
            shard['labels'] = labels
        if used:
            shard['diskimages'] = [launched(image, images) for name, image in images.items() if name in used]
        shard['providers'] = providers
        yield shard


def by_region(user):
    groups = {}
    for provider in user['providers']:
        driver = 'fake' if provider['name'].startswith('fake') else provider.get('driver', 'openstack')
        region = provider.get('region-name') or provider.get('region') or provider.get('location')
        groups.setdefault((driver, provider.get('cloud'), region), []).append(provider)
    return list(groups.values())


def validate(text):
    """Nodepool's own verdict: 0 is well."""
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as file:
        file.write(text)
        file.flush()
        return ConfigValidator(file.name).validate(env={})


def launcher(text):
    """What a launcher makes of the file, or how it dies: labels with pools, images as it sees them."""
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as file:
        file.write(text)
        file.flush()
        config = loadConfig(file.name, env={})
    labels = {name: len(label.pools) for name, label in config.labels.items() if label.pools}
    images = {name: (image.username, image.python_path, image.shell_type)
              for name, image in config.diskimages.items()}
    return set(config.providers), labels, images


def check_launchers(text, shards, builder):
    """Every launcher loads, and all together serve what one launcher would have served."""
    providers, labels, images = launcher(text)
    together, pools = set(), {}
    for shard in shards:
        own, served, seen = launcher(shard)
        assert not own & together, f'{own & together} has two launchers'
        together |= own
        for label, count in served.items():
            pools[label] = pools.get(label, 0) + count
        assert all(images[name] == image for name, image in seen.items()), f'{seen}, not {images}'
    assert (providers, labels) == (together, pools), f'{labels}, not {pools}'
    assert builder is None or launcher(builder) == (providers, labels, images), 'the builder differs'


def check(binary, text, nodepool=True):
    """Everything that is to be true of a file without errors."""
    user = load(text)
    for by, groups in (('provider', [[one] for one in user['providers']]), ('provider-region', by_region(user))):
        shards, builder, findings = cut(binary, text, by)
        assert 'Severity::Error' not in findings, findings
        expected = list(expected_shards(user, groups))
        assert len(shards) == len(expected), f'{len(shards)} shards, not {len(expected)}'
        for at, (shard, wanted) in enumerate(zip(shards, expected)):
            assert typed(load(shard)) == typed(wanted), f'{by} shard {at}:\n{load(shard)}\n{wanted}'
        union = [provider['name'] for shard in shards for provider in load(shard)['providers']]
        assert sorted(union) == sorted(one['name'] for one in user['providers']), 'providers are not shared out'
        if user.get('diskimages'):
            wanted = {**expected_shared(user), 'images-dir': IMAGES_DIR}
            assert typed(load(builder)) == typed(wanted), f'builder:\n{load(builder)}\n{wanted}'
        else:
            assert builder is None, 'a builder without diskimages'
        for name, file in [*enumerate(shards), *([('builder', builder)] if builder else [])]:
            assert not nodepool or validate(file) == 0, f'nodepool refuses {by} {name}'
        if nodepool:
            check_launchers(text, shards, builder)


# --- mistakes, which the oracle or Nodepool must see ---------------------------------------------


def must_fail(what, function, *arguments):
    try:
        result = function(*arguments)
    except Exception:
        return
    assert result not in (0, None), f'not seen: {what}'


def plant(binary):
    """That the oracle can fail: each mistake in a shard, and Nodepool's verdict on some."""
    text = (CORPUS / 'openstack.yaml').read_text()
    user = load(text)
    shards, _, _ = cut(binary, text)
    wanted = list(expected_shards(user, [[one] for one in user['providers']]))

    def differs(old, new, at=0):
        assert old in shards[at], f'{old} is not in shard {at}'
        return typed(load(shards[at].replace(old, new, 1))) == typed(wanted[at])

    edits = [('console-log: on', "console-log: 'on'", 0), ('min-ready: 2', 'min-ready: 0', 0),
             ('min-ready: 0', 'min-ready: 2', 1), ('10.0', '10', 0), ('max-servers: 20', 'max-servers: 20.0', 0),
             ('python-path: auto', 'python-path: 1', 1), ('[ls, -l]', '[ls, l]', 0)]
    for old, new, at in edits:
        assert not differs(old, new, at), f'not seen: {new}'
    for old, new in [('zookeeper-timeout: 10.0', 'zookeeper-timeout: 10'), ('max-servers: 20', 'max-servers: x'),
                     ('max-hold-age', 'max-holdage'), ('console-log: on', 'console-log: 1'),
                     ('diskimage: ubuntu-noble', 'diskimage: none'), ('      - name: ubuntu', '      - game: ubuntu')]:
        assert old in shards[0], old
        must_fail(new, validate, shards[0].replace(old, new, 1))


# --- random files --------------------------------------------------------------------------------

SCALARS = ['no', "'no'", '"no"', '0777', '1e3', '1.0e+3', '1:30', '~', 'null', "''", '"\\u2028"', '"a\\tb"',
           "' x '", '" x "', 'a b', 'a#b', 'a:b', '"a: b"', "'a #b'", '2026-07-01', '0x1F', '.inf', '!!str 1',
           '!!int "3"', '"=" ', "'<<'", 'zuul-secret-1-placeholder', '-1', '1_000', '"\\\\ \\" \\x07"', 'é', '😀']
BLOCKS = ['|', '|-', '|+', '>', '>-', '>+', '|2', '>2-']
LINES = ['a', '  b', ' c', '', '', 'd: e', '- f', '# g', 'x  ', '\tt', '---', "it's", '"q"', '%']


def random_value(dice, level, indent):
    """What may follow `key:`, as text that ends its line."""
    kind = dice.random()
    pad = ' ' * indent
    if kind < 0.15:
        lines = [dice.choice(LINES) for _ in range(dice.randint(1, 6))]
        return f' {dice.choice(["|2", "|2-", "|2+", ">2", ">2-", ">2+"])}\n' + ''.join(
            f'{pad}  {line}\n' if line else '\n' for line in lines)
    if kind < 0.25:
        words = [dice.choice(['a', 'b c', "d", 'e.f', '1', 'no']) for _ in range(dice.randint(2, 5))]
        quote = dice.choice(['', '"', "'"])
        breaks = [dice.choice([' ', f'\n{pad}   ', f'\n\n{pad}   ']) for _ in words[1:]] + ['']
        return f' {quote}' + ''.join(word + gap for word, gap in zip(words, breaks)) + f'{quote}\n'
    if level > 3 or kind < 0.6:
        return f' {dice.choice(SCALARS)}\n'
    if kind < 0.7:
        return f' [{", ".join(dice.choice(SCALARS) for _ in range(dice.randint(0, 4)))}]\n'
    if kind < 0.8:
        return f' {{{", ".join(f"k{n}: {dice.choice(SCALARS)}" for n in range(dice.randint(0, 4)))}}}\n'
    if kind < 0.9:
        return '\n' + ''.join(f'{pad}  -{random_value(dice, level + 1, indent + 2)}' for _ in range(dice.randint(1, 3)))
    return '\n' + ''.join(f'{pad}  k{n}:{random_value(dice, level + 1, indent + 2)}' for n in range(dice.randint(1, 3)))


def random_file(dice):
    providers = ''.join(
        f'- name: p{n}\n  driver: static\n  pools: []\n  odd:{random_value(dice, 0, 2)}  &a{n} k: &v{n} v{n}\n'
        + (f'  <<: {{m{n}: {dice.choice(SCALARS)}, odd: x}}\n' if dice.random() < 0.5 else '')
        + (f'  alias: *v{n - 1}\n' if n else '')
        for n in range(dice.randint(1, 3)))
    return f'more:{random_value(dice, 0, 0)}other:{random_value(dice, 0, 0)}providers:\n{providers}'


def randomly(binary, count):
    """Files at random: where PyYAML reads the whole, it must read the same of the shards."""
    passed = skipped = 0
    for seed in range(count):
        text = random_file(random.Random(seed))
        try:
            load(text)
        except Exception:
            skipped += 1
            continue
        try:
            check(binary, text, nodepool=False)
        except Exception as problem:
            raise AssertionError(f'seed {seed}: {problem}\n{text}') from problem
        passed += 1
    assert passed > skipped, f'{skipped} of {count} random files are not YAML'
    return passed


PIECES = ['name: a', '- ', ': ', ':', '? ', '\n', '\n  ', '\n    ', '[', ']', '{', '}', ', ', '&a ', '<<: ', '!!str ',
          '%', '---', '|', '>-', "'", '"', '\\', '#', ' #', 'no', '0777', '-1', 'x', ' ', '1', '~', '\t', '']


def mutant(dice, corpus):
    text = dice.choice(corpus)
    for _ in range(dice.randint(1, 2)):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(PIECES) + text[at + dice.randint(0, 8):]
    return text


def mutants(binary, count, gaps):
    """The corpus with mistakes: what is cut at all must be what PyYAML reads."""
    corpus = [path.read_text() for path in sorted(CORPUS.glob('*.yaml'))]
    cut_well = 0
    for seed in range(count):
        text = mutant(random.Random(seed), corpus)
        findings = cut(binary, text)[2]
        refused = 'Severity::Error' in findings
        try:
            launcher(text)
            # Where the two loaders of PyYAML differ, nobody can be right.
            load(text)
            dies = None
        except Exception as problem:
            dies = f'{type(problem).__name__}: {problem}'.split('\n')[0]
        if gaps and refused != bool(dies):
            print(f'gap  {seed}: {findings.strip() if refused else dies}')
        if refused or dies:
            continue
        try:
            check(binary, text, nodepool=False)
            shards, builder, _ = cut(binary, text)
            check_launchers(text, shards, builder)
        except Exception as problem:
            raise AssertionError(f'seed {seed}: {problem}') from problem
        cut_well += 1
    assert cut_well > count / 10, f'only {cut_well} of {count} mutants are sound'


CLOUDS = 'clouds: {%s}\n' % ', '.join(
    f'{name}: {{auth: {{auth_url: "http://x", username: u, password: p, project_name: q}}}}' for name in 'ac')


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('cut')
    arguments.add_argument('files', nargs='*', type=pathlib.Path)
    arguments.add_argument('--random', type=int, default=0)
    arguments.add_argument('--mutants', type=int, default=0)
    arguments.add_argument('--gaps', action='store_true')
    arguments = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    cases = [(path.name, lambda path=path: check(arguments.cut, path.read_text()))
             for path in arguments.files or sorted(CORPUS.glob('*.yaml'))]
    cases.append(('planted mistakes', lambda: plant(arguments.cut)))
    if arguments.random:
        cases.append((f'{arguments.random} random files', lambda: randomly(arguments.cut, arguments.random)))
    if arguments.mutants:
        cases.append((f'{arguments.mutants} mutants', lambda: mutants(arguments.cut, arguments.mutants, arguments.gaps)))
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as clouds:
        clouds.write(CLOUDS)
        clouds.flush()
        # Nodepool's openstack driver reads it when a provider is loaded.
        os.environ['OS_CLIENT_CONFIG_FILE'] = clouds.name
        return run(cases)


def run(cases):
    failed = 0
    for name, case in cases:
        try:
            case()
            print(f'ok   {name}')
        except Exception as problem:
            failed += 1
            print(f'FAIL {name}: {type(problem).__name__}: {problem}')
    print(f'{len(cases) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

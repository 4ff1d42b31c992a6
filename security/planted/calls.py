"""Faults on purpose: calls that open a door."""

import pickle

# ruleid: other-door
import requests

# ruleid: other-door
from urllib.request import urlopen

import yaml


def load(data):
    # ruleid: unsafe-load
    first = pickle.loads(data)
    # ruleid: unsafe-load
    second = yaml.load(data, Loader=yaml.Loader)
    return first, second, yaml.safe_load(data)


def convert(name):
    # ruleid: shell
    subprocess.run(f"convert {name}", shell=True)
    # ruleid: shell
    os.system("convert " + name)
    subprocess.run(["convert", name])


def reckon(formula):
    # ruleid: eval-exec
    exec(formula)
    # ruleid: eval-exec
    return eval(formula)


def fetch(url):
    # ruleid: unverified-tls
    requests.get(url, verify=False)
    # ruleid: unverified-tls
    ssl._create_unverified_context()

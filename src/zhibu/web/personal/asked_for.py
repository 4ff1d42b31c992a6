"""Forms ask for nothing that is not in the register (GB/T 22239-2019 level 3: only what is needed)."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import yaml
from django import forms
from django.apps import apps
from django.urls import get_resolver

from zhibu.web.personal.register import FOLDER, fields


def form_classes() -> list[type[forms.BaseForm]]:
    """Every form of our apps: those in modules of that name, and those beside a view."""
    _ = get_resolver().url_patterns  # the views are loaded
    for config in apps.get_app_configs():
        if config.name.startswith("zhibu.web."):
            for file in Path(config.path).rglob("*.py"):
                if "forms" in file.parts or file.stem in ("forms", "samples"):
                    words = file.relative_to(config.path).with_suffix("").parts
                    importlib.import_module(".".join([config.name, *(word for word in words if word != "__init__")]))
    return [
        one for one in _below(forms.BaseForm) if ".tests." not in one.__module__ and getattr(one, "base_fields", None)
    ]


def _below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


def name_of(form: type[forms.BaseForm]) -> str:
    return f"{form.__module__}.{form.__qualname__}"


def faults() -> Iterator[str]:
    """Forms and form fields that the register doesn't know, and the other way round, as sentences."""
    told = yaml.safe_load((FOLDER / "forms.yaml").read_text("utf-8"))
    ours = {name_of(one): one for one in form_classes() if one.__module__.startswith("zhibu.web.")}
    yield from (f"{name}: not in forms.yaml" for name in sorted(set(ours) - set(told)))
    gone = {name for name in told if name.startswith("zhibu.web.")} - set(ours)
    yield from (f"{name}: in forms.yaml, and no such form" for name in sorted(gone))
    for name, form in ours.items():
        given = told.get(name, {})
        for field in form.base_fields:
            to = given.get(field, given.get("*"))
            if to is None:
                yield f"{name}.{field}: say in forms.yaml where it goes, or `-`"
            elif to != "-" and to not in fields():
                yield f"{name}.{field}: {to} is not in the register"
        yield from (f"{name}.{field}: no such form field" for field in set(given) - set(form.base_fields) - {"*"})

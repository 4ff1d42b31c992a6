"""Plugins of every test."""

pytest_plugins = ["zhibu.web.core.browser"]

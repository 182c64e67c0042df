"""What is built installs elsewhere, whole, and brings nothing along that it should not."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.install.installing import ROOT, run

pytestmark = pytest.mark.install


@pytest.fixture(scope="module")
def environment(new_environment) -> Path:
    """A new virtual environment with the wheel installed; its folder of programs."""
    return new_environment()


def test_the_wheel_holds_the_core_and_the_plugins_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"crm_core", *(folder.parent.name for folder in (ROOT / "plugins").glob("*/__init__.py"))}
    assert "crm_thankyou/templates/thank-you.txt" in names
    assert "crm_core/py.typed" in names
    topics = (ROOT / "crm_core/cli/topics").glob("*.md")
    assert {f"crm_core/cli/topics/{path.name}" for path in topics} <= set(names)


def test_an_installed_crm_runs_its_demo_and_finds_its_plugins(environment, tmp_path):
    env = {"CRM_HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    demo = run(environment / "crm", "demo", env=env, cwd=tmp_path)
    plugins = run(environment / "crm", "plugins", env=env, cwd=tmp_path)

    assert "crm --demo" in demo.stdout
    assert "last friday" in run(environment / "crm", "help", "dates", env=env, cwd=tmp_path).stdout
    assert plugins.stdout.count("loaded") == len(list((ROOT / "plugins").glob("*/__init__.py")))


def test_uninstalling_leaves_the_book_whole(environment, tmp_path):
    """A foreign plugin is installed, keeps a record, is uninstalled: its table stays, and is there when it is back."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "crm_pets.py").write_text(PETS, "utf-8")
    (source / "pyproject.toml").write_text(PETS_PROJECT, "utf-8")
    env = {"CRM_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    install = (environment / "pip", "install", "--quiet", "--no-deps", source)

    run(*install)
    run(environment / "crm", "pet", "Rex", env=env)
    stored = [line for line in (tmp_path / "home/book.json").read_bytes().splitlines() if b"crm_pets.pets" in line]
    run(environment / "pip", "uninstall", "--quiet", "--yes", "crm-pets")
    run(environment / "crm", "company", "add", "Acme", env=env)
    kept = [line for line in (tmp_path / "home/book.json").read_bytes().splitlines() if line.startswith(b'"crm_pets')]
    run(*install)
    again = run(environment / "crm", "pet", "Bello", env=env)
    run(environment / "pip", "uninstall", "--quiet", "--yes", "crm-pets")

    assert kept[0].rstrip(b",") == stored[0].rstrip(b",")
    assert again.stdout.split() == ["Rex", "Bello"]


PETS = '''
"""A foreign plugin that keeps a record of its own."""

import click

from crm_core import Record, RecordKind, hookimpl, pass_book


class Pet(Record, frozen=True, kw_only=True):
    name: str


@click.command(epilog="Example: crm pet Rex")
@click.argument("name")
@pass_book
def pet(book, name):
    """Keep a pet."""
    with book.change("a pet"):
        book.table(Pet).add(Pet(name=name))
    for kept in book.table(Pet):
        click.echo(kept.name)


@hookimpl
def crm_records():
    yield RecordKind(type=Pet, prefix="pet", label="pet", plural="pets", table="crm_pets.pets")


@hookimpl
def crm_commands():
    yield pet
'''

PETS_PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "crm-pets"
version = "0.1"

[project.entry-points.crm_core]
crm_pets = "crm_pets"

[tool.hatch.build.targets.wheel]
only-include = ["crm_pets.py"]
"""

"""Virtual environments and distributions for tests that install for real."""

from __future__ import annotations

import os
import subprocess
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: object, check: bool = True, **options) -> subprocess.CompletedProcess[str]:
    """A program's run, which by default must end well."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def make_environment(folder: Path, wheel: Path, *more: str) -> Path:
    """A virtual environment with the core's wheel and more packages; its folder of programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, *more)
    return programs


def make_wheel(folder: Path, name: str, source: str, *, module: str, requires: str = "") -> Path:
    """A distribution of one module that is the plugin `name`, as pip installs it."""
    path = folder / f"{module}-1.0-py3-none-any.whl"
    info = f"{module}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n"
    files = {
        f"{module}.py": source,
        f"{info}/METADATA": metadata + (f"Requires-Dist: crm-core{requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[crm_core]\n{name} = {module}\n",
    }
    record = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return path

"""Reading an answer in a process of its own, which can be ended: a parser that hangs or grows can't be, in a thread.

`python -m crm_research.child SECONDS` is that process: an answer comes in by stdin, what was read goes out by stdout.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import msgspec

from crm_research.fetching import Answer, FetchError
from crm_research.parsing import Reading, read_feed

MEMORY: Final = 1_000_000_000


def read_safely(answer: Answer, seconds: float) -> Reading:
    """What an answer turns out to be, read in so much time or not at all.

    Args:
        answer: With a body.
        seconds: The most that reading may take.

    Raises:
        FetchError: It takes longer, or more memory than a feed should.
    """
    import subprocess

    # The process must find what this one found, and nothing in the folder where it happens to run.
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "crm_research.child", str(int(seconds) + 1)]
    try:
        ended = subprocess.run(  # noqa: S603 (our own module, and a number)
            command, input=msgspec.msgpack.encode(answer), capture_output=True, timeout=seconds, env=environ, check=True
        )
        return msgspec.msgpack.decode(ended.stdout, type=Reading)
    except subprocess.TimeoutExpired:
        raise FetchError(f"reading it took longer than {seconds:g} s") from None
    except (subprocess.CalledProcessError, msgspec.DecodeError):
        raise FetchError("it can't be read") from None


def limit_this_process(seconds: int) -> None:
    """End this process when it has computed for so long, and refuse it more memory than a feed can need."""
    try:
        import resource
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, MEMORY)):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    limit_this_process(int(sys.argv[1]))
    found = read_feed(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Answer))
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))

"""Another package's numbers, which its own interpreter computes and this repository keeps."""

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Any

from claims import HERE

#: Where each peer's side of a comparison and its numbers stand.
PEERS = HERE / "peers"


def kept(name: str) -> Any:
    """The numbers of a peer as committed."""
    return json.loads((PEERS / f"{name}.json").read_text(encoding="utf-8"))


def keep(name: str, numbers: dict[str, Any]) -> None:
    """Write numbers of a peer to its file, a line for each of their names."""
    lines = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in numbers.items())
    text = "{\n" + ",\n".join(lines) + "\n}"
    (PEERS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def run(variable: str, script: str, arguments: Sequence[str] = (), asked: object = None) -> Any:
    """What a peer's side prints, run by the interpreter that an environment variable names."""
    done = subprocess.run(
        [os.environ[variable], "-W", "ignore", str(PEERS / script), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        input=json.dumps(asked),
        text=True,
        # The peer reads its own packages, not ours.
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def there(*variables: str) -> bool:
    """Whether the peer can be run; else say that its committed numbers stand."""
    absent = [name for name in variables if not os.environ.get(name)]
    if absent:
        print(f"{', '.join(absent)} not set: the peer's numbers stand as committed")
    return not absent

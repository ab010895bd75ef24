"""Options of a command from a specification's keys, so that neither says them twice."""

import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Protocol, TypeVar

import typer

Command = TypeVar("Command", bound=Callable[..., Any])


class _Flag(Protocol):
    help: str
    kind: Any
    name: str


class Specification(Protocol):
    """What says which keys it has (`credit_ml.studies.TableAudit`)."""

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Any]]:
        """Yield every key with its option."""


def with_flags(spec: type[Specification]) -> Callable[[Command], Command]:
    """Give a command, in place of ``**options``, an option for each key of a specification.

    Options that were not given do not reach the command, so that a file or a default holds.
    """

    def dress(command: Command) -> Command:
        def dressed(*args: Any, **options: Any) -> Any:
            left_out = {key for key, _ in flags if options.get(key) in (None, [], ())}
            return command(*args, **{k: v for k, v in options.items() if k not in left_out})

        flags = list(spec.flags())
        own = [
            each
            for each in inspect.signature(command).parameters.values()
            if each.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        more = [_parameter(key, flag) for key, flag in flags]
        dressed.__signature__ = inspect.Signature([*own, *more])  # type: ignore[attr-defined]
        dressed.__annotations__ = {each.name: each.annotation for each in (*own, *more)}
        dressed.__name__, dressed.__doc__ = command.__name__, command.__doc__
        return dressed  # type: ignore[return-value]

    return dress


def _parameter(key: str, flag: _Flag) -> inspect.Parameter:
    option = typer.Option(*([flag.name] if flag.name else []), help=flag.help, show_default=False)
    return inspect.Parameter(
        key,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[flag.kind | None, option],
    )

"""Packages that some calls need."""


def needed(name: str, what: str):
    try:
        return __import__(name)
    except ImportError as error:
        raise ImportError(f"{what} needs {name}: pip install 'flowgauge[{name}]'") from error

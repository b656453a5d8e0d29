"""The option that freezes the golden runs again."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/model/test_golden.py --update-golden`` after a change that was meant."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden.json again: only after an intended change of the model",
    )

"""One embedded night for all acceptance tests; they share a process so that it is run once."""

import pytest

from tests.acceptance.house import House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "acceptance" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("acceptance"))


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give a house after its first night, for looking only."""
    house = House(tmp_path_factory.mktemp("home"))
    for done in house.night():
        assert done.returncode == 0, done.stdout + done.stderr
    return house

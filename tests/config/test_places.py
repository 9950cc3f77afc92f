"""Where the config and the data are: the first named place wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import ConfigError
from config.approval import approve, is_approved
from config.load import parse_config
from config.places import find_config, find_data, find_markdown, shared_data, user_config

ROOT = Path(__file__).resolve().parents[2]
CWD = Path("/home/ada/news")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


def test_the_option_wins_over_the_environment() -> None:
    environ = {"BROADSHEET_CONFIG": "/etc/b.toml"}
    assert find_config("my.toml", environ, CWD) == Path("/home/ada/news/my.toml")


def test_the_environment_wins_over_the_current_folder(tmp_path: Path) -> None:
    written(tmp_path / "broadsheet.toml")
    assert find_config(None, {"BROADSHEET_CONFIG": "/etc/b.toml"}, tmp_path) == Path("/etc/b.toml")


def test_the_current_folder_wins_over_the_user_s_own(home: Path) -> None:
    written(home / "config" / "broadsheet" / "broadsheet.toml")
    here = written(home / "broadsheet.toml")
    assert find_config(None, {"BROADSHEET_CONFIG": ""}, home) == here


def test_the_user_s_own_config_is_found_from_anywhere(home: Path) -> None:
    kept = written(home / "config" / "broadsheet" / "broadsheet.toml")
    assert find_config(None, {}, CWD) == kept


def test_init_writes_where_the_config_is_looked_for(home: Path) -> None:
    assert user_config() == home / "config" / "broadsheet" / "broadsheet.toml"


def test_without_any_config_there_is_none(home: Path) -> None:
    assert find_config(None, {}, home) is None


def test_the_data_option_wins() -> None:
    environ = {"BROADSHEET_DATA": "/srv/b"}
    assert find_data("d", environ, None, None, CWD) == Path("/home/ada/news/d")


def test_the_environment_names_the_data_over_the_config() -> None:
    config = parse_config('[archive]\ndir = "x"\n', name="b.toml")
    environ = {"BROADSHEET_DATA": "/srv/b"}
    assert find_data(None, environ, config.archive.dir, Path("/etc/b.toml"), CWD) == Path("/srv/b")


def test_the_archive_s_folder_is_relative_to_the_config_file() -> None:
    config = parse_config('[archive]\ndir = "news"\n', name="b.toml")
    assert find_data(None, {}, config.archive.dir, Path("/etc/b/b.toml"), CWD) == Path(
        "/etc/b/news"
    )


def test_a_checkout_keeps_its_data_inside() -> None:
    assert find_data(None, {}, None, None, CWD) == ROOT / "data"


@pytest.mark.parametrize("where", ["x.toml", "tests/x.toml"])
def test_a_config_in_the_checkout_has_its_data_there(where: str) -> None:
    assert find_data(None, {}, None, ROOT / where, CWD) == ROOT / "data"


def test_a_config_elsewhere_has_its_data_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    written(checkout / "scrapy.cfg")
    monkeypatch.setattr("config.places._CHECKOUT", checkout)
    config = tmp_path / "news" / "broadsheet.toml"
    assert find_data(None, {}, None, config, CWD) == tmp_path / "news" / "data"
    (checkout / "data").mkdir()  # an archive of an earlier release: it is not lost sight of
    assert find_data(None, {}, None, config, CWD) == checkout / "data"
    assert f"`mkdir {tmp_path}/news/data`" in shared_data(config, checkout / "data")
    assert shared_data(checkout / "x.toml", checkout / "data") == ""
    (tmp_path / "news" / "data").mkdir(parents=True)
    assert find_data(None, {}, None, config, CWD) == tmp_path / "news" / "data"


def test_an_installed_program_keeps_its_data_in_the_user_s_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.places._CHECKOUT", home)  # no scrapy.cfg here
    assert find_data(None, {}, None, None, CWD) == home / "data" / "broadsheet"


def test_markdown_goes_beside_the_config_when_it_says_so() -> None:
    config = parse_config('[markdown]\ndir = "../blog/_posts"\n', name="b.toml")
    folder = find_markdown(config.markdown.dir, Path("/srv/b/b.toml"), Path("/srv/data"))
    assert folder == Path("/srv/b/../blog/_posts")


def test_markdown_goes_into_the_data_folder_by_default() -> None:
    assert find_markdown(None, None, Path("/srv/data")) == Path("/srv/data/articles")


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system doesn't know, such as a container's bare number."""

    def unknown(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("homeless")
def test_who_has_no_home_has_no_config_of_his_own_and_none_is_kept_as_valid(tmp_path: Path) -> None:
    assert find_config(None, {}, tmp_path) is None
    path = written(tmp_path / "broadsheet.toml")
    assert find_config(None, {}, tmp_path) == path
    approve(path, "")
    assert not is_approved(path, "")
    with pytest.raises(ConfigError, match="Name a file with --config"):
        user_config()


@pytest.mark.usefixtures("homeless")
def test_who_has_no_home_is_told_to_name_a_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.places._CHECKOUT", tmp_path)  # no scrapy.cfg here
    assert find_data("d", {}, None, None, CWD) == CWD / "d"
    with pytest.raises(ConfigError, match="Name one with --data"):
        find_data(None, {}, None, None, CWD)

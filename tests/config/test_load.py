"""TOML to Config, or every problem at once."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from archive.errors import ConfigError
from config.load import load_config, parse_config
from config.model import Config
from config.tables import shipped_text, write_initial_config

SOURCE = '[[source]]\nid = "stcn"\nname = "证券时报"\nurl = "https://www.stcn.com/rss"\n'


def problems(text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, name="b.toml", environ=environ)
    return caught.value.problems


def test_a_source_of_three_keys_gets_the_documented_defaults() -> None:
    (source,) = parse_config(SOURCE, name="b.toml").source
    assert (source.kind, source.category, source.since) == (None, "金融", timedelta(days=30))
    assert (source.max_owed, source.pages, source.full_content) == (5000, 1, "auto")


def test_without_a_file_the_shipped_defaults_hold() -> None:
    config = load_config(None)
    assert config.schedule.interval == timedelta(minutes=15)
    assert config.crawl.retry[-1] == timedelta(days=3)
    assert config.source == ()


def test_the_shipped_defaults_are_those_of_the_model() -> None:
    assert load_config(None) == Config()


def test_a_key_of_the_user_leaves_the_other_defaults_of_its_section() -> None:
    crawl = parse_config("[crawl]\nper_host = 2\n", name="b.toml").crawl
    assert (crawl.per_host, crawl.concurrency, crawl.download_delay_s) == (2, 32, 1.0)


def test_a_whole_number_will_do_where_a_fraction_may_stand() -> None:
    crawl = parse_config("[crawl]\ndownload_delay_s = 2\n", name="b.toml").crawl
    assert crawl.download_delay_s == 2.0


def test_networks_are_read_as_networks() -> None:
    crawl = parse_config('[crawl]\nallow_networks = ["127.0.0.0/8"]', name="b.toml").crawl
    assert crawl.allow_networks == (IPv4Network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"30d"', timedelta(days=30)),
        ('"2024-01-31"', date(2024, 1, 31)),
        ("2024-01-31", date(2024, 1, 31)),
        ("2024-01-31T08:00:00Z", datetime(2024, 1, 31, 8, tzinfo=UTC)),
        ('"2024-01-31T08:00+08:00"', datetime(2024, 1, 31, tzinfo=UTC)),
        ('"all"', "all"),
    ],
)
def test_since_is_a_duration_a_date_a_time_or_all(written: str, read: object) -> None:
    (source,) = parse_config(f"{SOURCE}since = {written}\n", name="b.toml").source
    assert source.since == read


def test_every_problem_is_reported_at_once_with_line_path_and_near_spelling() -> None:
    text = """\
[crawl]
concurency = 4
per_host = 99
obey_robots = "yes"

[markdown]
body = "pdf"

[[source]]
id = "caixin"
name = "财新"
url = "caixin.com"

[[source]]
id = "stcn"
name = ""
url = "https://www.stcn.com/"
since = "soon"

[source.list]
itmes = "li"
"""
    since = (
        'must be a date such as "2024-01-31", a time with its zone such as '
        '"2024-01-31T08:00+08:00", a duration back from now such as "30d", or "all"'
    )
    assert problems(text) == (
        "b.toml:2: crawl.concurency: unknown key, did you mean concurrency?",
        "b.toml:3: crawl.per_host: must be less than or equal to 8",
        "b.toml:4: crawl.obey_robots: must be true or false",
        "b.toml:7: markdown.body: must be 'markdown' or 'html'",
        "b.toml:12: source[1] (caixin).url: must be an address beginning with http:// or https://",
        "b.toml:16: source[2] (stcn).name: must not be empty",
        f"b.toml:18: source[2] (stcn).since: {since}",
        "b.toml:21: source[2] (stcn).list.itmes: unknown key, did you mean items?",
    )


def test_the_error_reads_as_a_whole_report() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config("[crawl]\nspeed = 1\n[page]\n", name="b.toml")
    assert str(caught.value) == (
        "The configuration has 2 problems:\n"
        "  b.toml:2: crawl.speed: unknown key\n"
        "  b.toml:3: page: unknown key, did you mean pages?\n"
        "Mend this and run the command again; nothing was changed."
    )


@pytest.mark.parametrize(
    ("table", "key", "meant"),
    [
        ("health", "silent_atfer", "silent_after"),
        ("daemon", "stop_timout", "stop_timeout"),
        ("websub", "calback", "callback"),
        ("schedule", "max_intervall", "max_interval"),
    ],
)
def test_every_table_knows_near_spellings(table: str, key: str, meant: str) -> None:
    expected = f"b.toml:2: {table}.{key}: unknown key, did you mean {meant}?"
    assert problems(f"[{table}]\n{key} = 1\n") == (expected,)


def test_a_key_in_the_wrong_table_is_sent_to_the_right_one() -> None:
    assert problems('[crawl]\nmax_interval = "1h"\n') == (
        "b.toml:2: crawl.max_interval: unknown key, it belongs in [schedule]",
    )


def test_a_key_that_is_missing_is_reported_at_its_table() -> None:
    assert problems('\n[[source]]\nid = "a"\nname = "A"\n') == (
        "b.toml:2: source[1] (a).url: missing: every source needs id, name and url",
    )


def test_an_id_used_twice_is_reported_beside_other_problems() -> None:
    assert problems(f"{SOURCE}pages = 0\n{SOURCE}") == (
        "b.toml:5: source[1] (stcn).pages: must be greater than or equal to 1",
        'b.toml:7: source[2] (stcn).id: "stcn" is the id of source[1] too',
    )


def test_single_brackets_around_source_are_explained() -> None:
    assert problems('[source]\nid = "a"\n') == (
        "b.toml:1: source: must be [[source]], in double brackets",
    )


def test_two_clocks_exclude_each_other() -> None:
    assert problems(f'{SOURCE}interval = "5m"\ncron = "0 9 * * *"\n') == (
        "b.toml:6: source[1] (stcn).cron: excludes interval: keep one of them",
    )


def test_a_longest_interval_below_the_shortest_is_reported() -> None:
    assert problems('[schedule]\nmin_interval = "12h"\n') == (
        "b.toml:1: schedule.max_interval: shorter than min_interval",
    )


def test_a_bad_cron_line_is_reported_at_load() -> None:
    (problem,) = problems(f'{SOURCE}cron = "0 25 * * *"\n')
    assert problem.startswith("b.toml:5: source[1] (stcn).cron: not a crontab line such as")


@pytest.mark.parametrize(
    ("kind", "rule", "words"),
    [
        ("listing", "li[", "not a CSS selector: "),
        ("listing", "//a[", "not an XPath expression: "),
        ("json", "data.list[", "not a JMESPath expression: "),
    ],
)
def test_a_rule_that_does_not_compile_is_reported(kind: str, rule: str, words: str) -> None:
    text = f'{SOURCE}kind = "{kind}"\n[source.list]\nitems = "{rule}"\n'
    (problem,) = problems(text)
    assert problem.startswith(f"b.toml:7: source[1] (stcn).list.items: {words}")


def test_a_regular_expression_that_does_not_compile_is_reported() -> None:
    (problem,) = problems(f'{SOURCE}exclude = ["/video/", "("]\n')
    assert problem.startswith("b.toml:5: source[1] (stcn).exclude[2]: not a regular expression: ")


def test_a_syntax_error_names_its_line() -> None:
    assert problems("[crawl]\nper_host 2\n") == (
        "b.toml:2: not valid TOML: Expected '=' after a key in a key/value pair (column 10)",
    )


def test_a_text_that_ends_too_early_names_its_last_line() -> None:
    assert problems("[crawl]\nretry = [\n") == ("b.toml:3: not valid TOML: Invalid value",)


def test_a_password_in_an_address_is_refused_without_repeating_it() -> None:
    text = SOURCE.replace("https://", "https://me:hunter2@")
    (problem,) = problems(text)
    assert "no user name or password here" in problem
    assert "hunter2" not in problem


def test_secrets_come_from_the_environment() -> None:
    text = f'[crawl]\nproxy = "env:PROXY"\n{SOURCE}headers = {{ Authorization = "env:TOKEN" }}\n'
    environ = {"PROXY": "http://me:hunter2@proxy:8080", "TOKEN": "Bearer hunter2\n"}
    config = parse_config(text, name="b.toml", environ=environ)
    assert config.crawl.proxy == "http://me:hunter2@proxy:8080"
    assert config.source[0].headers == {"Authorization": "Bearer hunter2"}


def test_secrets_do_not_show_in_the_config_s_repr() -> None:
    text = f'[crawl]\nproxy = "http://hunter2@p"\n{SOURCE}cookies = {{ sid = "hunter2" }}\n'
    config = parse_config(text, name="b.toml")
    assert "hunter2" not in repr(config) + str(config)


def test_a_variable_that_is_not_set_is_a_problem_at_its_line() -> None:
    text = f'{SOURCE}[source.cookies]\nsid = "env:STCN_SID"\n'
    assert problems(text, {"STCN_SID": " "}) == (
        "b.toml:6: source[1] (stcn).cookies.sid: the environment variable STCN_SID is not set",
    )


def test_commands_that_fetch_nothing_need_no_secrets() -> None:
    text = f'{SOURCE}headers = {{ Authorization = "env:TOKEN" }}\n'
    (source,) = parse_config(text, name="b.toml", environ=None).source
    assert source.headers == {"Authorization": "env:TOKEN"}


def test_a_header_value_with_a_line_break_is_refused_without_repeating_it() -> None:
    assert problems(f'{SOURCE}headers = {{ X-Key = "hunter2\\r\\nX-Evil: 1" }}\n') == (
        "b.toml:5: source[1] (stcn).headers: the value of X-Key contains a line break",
    )


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.problems == (f"{path}: no such file",)
    assert f"`broadsheet --config {path} init` writes one" in str(caught.value)


def test_a_folder_in_place_of_the_file_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        load_config(tmp_path)


def test_a_file_in_another_encoding_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_bytes('[crawl]\ncontact = "财新"\n'.encode("gbk"))
    with pytest.raises(ConfigError, match="byte 19 is not UTF-8"):
        load_config(path)


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_bytes(b"\xef\xbb\xbf[crawl]\r\nper_host = 3\r\n")
    assert load_config(path).crawl.per_host == 3


def test_the_initial_config_sets_nothing_and_names_every_section(tmp_path: Path) -> None:
    path = tmp_path / "new" / "broadsheet.toml"
    write_initial_config(path)
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {
        "archive": {},
        "crawl": {},
        "schedule": {},
        "markdown": {},
        "pages": {},
        "images": {},
        "daemon": {},
        "health": {},
        "websub": {},
        "web": {},
    }
    assert load_config(path) == load_config(None)


def test_the_initial_config_s_samples_are_valid_when_uncommented() -> None:
    _, _, samples = shipped_text().partition("# Sources:")
    rows = [row[1:] for row in samples.splitlines() if row.startswith("#") and row[1:2] != " "]
    text = "\n".join(rows)
    config = parse_config(text, name="b.toml")
    assert [source.id for source in config.source] == ["example", "example-list", "example-json"]
    assert config.source[1].body.remove == ("div.related", "p.disclaimer")


def test_an_existing_config_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "broadsheet.toml"
    path.write_text("# mine\n")
    with pytest.raises(ConfigError, match="exists already; it was not touched"):
        write_initial_config(path)
    assert path.read_text() == "# mine\n"


def test_the_shipped_defaults_name_every_key() -> None:
    text = shipped_text()
    sections = ("archive", "crawl", "schedule", "markdown", "pages")
    models = {name: Config.model_fields[name].default for name in sections}
    for name, model in models.items():
        part = text.partition(f"[{name}]\n")[2].partition("\n\n")[0]
        keys = [row.lstrip("#").split(" = ")[0] for row in part.splitlines() if " = " in row]
        assert keys == list(type(model).model_fields)


def test_an_address_to_notify_may_come_from_the_environment() -> None:
    text = '[health]\nnotify = ["json://localhost", "env:CHAT"]\n'
    config = parse_config(text, name="b.toml", environ={"CHAT": "slack://token"})
    assert config.health.notify == ("json://localhost", "slack://token")


@pytest.mark.parametrize("text", ["9180", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999"])
def test_a_place_to_listen_is_an_address_and_a_port(text: str) -> None:
    with pytest.raises(ConfigError, match=r"daemon\.status: must be .address:port"):
        parse_config(f'[daemon]\nstatus = "{text}"\n', name="b.toml")


@pytest.mark.parametrize("text", ["https://news.example/?to=websub", "https://news.example/#x"])
def test_a_callback_is_an_address_that_paths_can_be_added_to(text: str) -> None:
    with pytest.raises(ConfigError, match=r"websub\.callback: must have no"):
        parse_config(f'[websub]\ncallback = "{text}"\n', name="b.toml")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1.5", "must be less than or equal to 1"),
        ("-0.1", "must be greater than or equal to 0"),
        ('"0.5"', "must be a number, without quotes"),
    ],
)
def test_a_confidence_is_between_none_and_all(value: str, words: str) -> None:
    told = problems(f"[crawl]\nhold_below = {value}\n")
    assert told == (f"b.toml:2: crawl.hold_below: {words}",)
    assert parse_config("[crawl]\nhold_below = 1\n", name="b.toml").crawl.hold_below == 1.0

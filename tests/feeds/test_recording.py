import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from core.errors import RecordingError, SourceError
from core.polls import Validators
from feeds.answer import Document, Fetch, Unmodified
from feeds.guard import guarded_transport
from feeds.http import fetcher, open_client
from feeds.recording import INDEX, RecordTransport, ReplayTransport
from tests.feeds.desk import NOW
from tests.servers.web import Scripted, Web

LOOPBACK = httpx.HTTPTransport()
BODY = "<p>Ein Känguru auf dem Dach</p>".encode()


def through(transport: httpx.BaseTransport) -> Fetch:
    return fetcher(open_client("", transport), lambda: NOW)


def record(folder: Path, *urls: str) -> list[object]:
    with open_client("", RecordTransport(folder, guarded_transport(["127.0.0.1"]))) as client:
        return [asked(fetcher(client, lambda: NOW), url) for url in urls]


def asked(fetch: Fetch, url: str) -> object:
    try:
        return fetch(url, Validators())
    except SourceError as error:
        return type(error), str(error)


def write(folder: Path, *lines: object) -> Path:
    (folder / "body").write_bytes(BODY)
    (folder / INDEX).write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return folder


def line(**changed: object) -> dict[str, object]:
    url = "https://lantern.example/feed"
    return {"method": "GET", "url": url, "status": 200, "headers": {"etag": '"1"'}, "file": "body"} | changed


def test_replay_gives_the_recorded_answers(web: Web, tmp_path: Path) -> None:
    urls = [
        web.says("/feed?b=2&a=1", BODY, etag='"caf\xe9"', last_modified="never", content_type="text/x"),
        web.says("/busy", b"", 429, retry_after="60", date="Fri, 14 Mar 2031 05:30:00 GMT"),
        web.says("/gone", b"", 410),
        web.says("/moved", b"", 301, location="/feed?b=2&a=1"),
        web.url("/nowhere"),
    ]
    recorded = record(tmp_path / "night", *urls)
    replay = through(ReplayTransport(tmp_path / "night"))
    assert [asked(replay, url) for url in urls] == recorded
    assert len({str(answer) for answer in recorded}) == len(urls)


def test_compressed_body_is_replayed(web: Web, tmp_path: Path) -> None:
    url = web.says("/feed", gzip.compress(BODY), content_encoding="gzip")
    recorded = record(tmp_path / "night", url)
    assert [through(ReplayTransport(tmp_path / "night"))(url, Validators())] == recorded
    assert isinstance(recorded[0], Document)
    assert recorded[0].body == BODY


def test_header_with_a_line_separator_is_replayed(web: Web, tmp_path: Path) -> None:
    url = web.says("/feed", BODY, x_note="one\x85two", etag='"\xe2\x80\xa8"')
    recorded = record(tmp_path / "night", url)
    assert [asked(through(ReplayTransport(tmp_path / "night")), url)] == recorded


def test_matching_etag_is_answered_304(web: Web, tmp_path: Path) -> None:
    url = web.says("/feed", BODY, etag='W/"caf\xe9"')
    record(tmp_path / "night", url)
    answer = through(ReplayTransport(tmp_path / "night"))(url, Validators('W/"caf\xe9"'))
    assert answer == Unmodified(url, by_server=True, validators=Validators('W/"caf\xe9"'))


def test_other_etag_is_answered_in_full(tmp_path: Path) -> None:
    replay = through(ReplayTransport(write(tmp_path, line())))
    assert isinstance(replay("https://lantern.example/feed", Validators('"0"')), Document)


@pytest.mark.parametrize("path", ["/other", "/feed?page=2", "/feed/"])
def test_unrecorded_address_is_a_source_error(tmp_path: Path, path: str) -> None:
    replay = through(ReplayTransport(write(tmp_path, line())))
    with pytest.raises(SourceError, match="the recording holds no answer"):
        replay(f"https://lantern.example{path}", Validators())


def test_unrecorded_address_asks_no_server(web: Web, tmp_path: Path) -> None:
    url = web.says("/feed", BODY)
    with pytest.raises(SourceError):
        through(ReplayTransport(write(tmp_path, line())))(url, Validators())
    assert web.asked == []


def test_time_is_that_of_the_last_answer(tmp_path: Path) -> None:
    dates = ["Fri, 14 Mar 2031 05:30:00 GMT", "Fri, 14 Mar 2031 05:31:00 GMT", "nonsense"]
    lines = [line(url=f"https://lantern.example/{n}", headers={"Date": date}) for n, date in enumerate(dates)]
    assert ReplayTransport(write(tmp_path, *lines)).time == datetime(2031, 3, 14, 5, 31, tzinfo=UTC)


def test_time_is_unknown_without_dates(tmp_path: Path) -> None:
    assert ReplayTransport(write(tmp_path, line())).time is None


def test_empty_lines_are_skipped(tmp_path: Path) -> None:
    ReplayTransport(write(tmp_path, "", line(), "  "))


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nowhere is not a recording: cannot read recording\.jsonl"):
        ReplayTransport(tmp_path / "nowhere")


def test_index_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordingError, match="is not a recording"):
        ReplayTransport(tmp_path)


MALFORMED: dict[str, tuple[object, str]] = {
    "no JSON": ("{no", "not JSON"),
    "no object": ([1], "not an object"),
    "null": (None, "not an object"),
    "no status": ({k: v for k, v in line().items() if k != "status"}, "the key 'status' is missing"),
    "no file": ({k: v for k, v in line().items() if k != "file"}, "the key 'file' is missing"),
    "missing body": (line(file="bodies/lost"), "the body bodies/lost is missing"),
    "folder as body": (line(file="."), "is missing"),
    "number as file": (line(file=7), "not an object with"),
    "word as status": (line(status="fine"), "fine"),
    "list as headers": (line(headers=[]), "not an object with"),
    "header beyond a byte": (line(headers={"etag": "—"}), "codec"),
    "number as address": (line(url=7), "not an object with"),
    "impossible address": (line(url="https://\x00/"), "Invalid"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_line_is_named_with_file_and_line(tmp_path: Path, name: str) -> None:
    wrong, why = MALFORMED[name]
    with pytest.raises(RecordingError, match=rf"{INDEX}, line 2: .*{why}"):
        ReplayTransport(write(tmp_path, line(), wrong))


def test_record_refuses_a_folder_with_a_recording(web: Web, tmp_path: Path) -> None:
    record(tmp_path, web.says("/feed", BODY))
    with pytest.raises(RecordingError, match="holds a recording already"):
        RecordTransport(tmp_path, LOOPBACK)
    assert isinstance(asked(through(ReplayTransport(tmp_path)), web.url("/feed")), Document)


def test_record_refuses_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="cannot write a recording"):
        RecordTransport(tmp_path / "file" / "night", LOOPBACK)


def test_cookies_are_not_recorded(web: Web, tmp_path: Path) -> None:
    cookies = (("Set-Cookie", "visitor=17"), ("Set-Cookie", "secret=lamp"), ("X-Kept", "yes"))
    web.answers["/feed"] = Scripted(BODY, headers=cookies)
    record(tmp_path, web.url("/feed"))
    index = (tmp_path / INDEX).read_text("utf-8")
    assert "visitor" not in index
    assert "secret" not in index
    assert json.loads(index)["headers"]["x-kept"] == "yes"


def test_every_answer_is_on_disk_at_once(web: Web, tmp_path: Path) -> None:
    transport = RecordTransport(tmp_path, LOOPBACK)
    through(transport)(web.says("/feed", BODY), Validators())
    assert isinstance(asked(through(ReplayTransport(tmp_path)), web.url("/feed")), Document)
    transport.close()


def test_failed_connection_is_not_recorded(web: Web, tmp_path: Path) -> None:
    web.answers["/cut"] = Scripted(BODY, cut=True)
    record(tmp_path, web.url("/cut"))
    assert (tmp_path / INDEX).read_text("utf-8") == ""

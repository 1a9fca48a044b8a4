"""The commands. Each loads what it needs when it is called, so that ``--help`` loads nothing."""

import atexit
import gc
import os
import sys
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from core.errors import NightdeskError

app = typer.Typer(
    name="nightdesk",
    help="Reads what came in overnight and sorts, filters, summarises and remembers it for a research team.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
_sources = typer.Typer(rich_markup_mode=None)
app.add_typer(_sources, name="sources")
_digest = typer.Typer(rich_markup_mode=None)
app.add_typer(_digest, name="digest")


class _ModelOrCommand(TyperGroup):
    """``probe MODEL`` is ``probe run MODEL``: what is no command's name is a model's."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named or not args else ["run", *args])


class _WithMinus(TyperCommand):
    """``search owls -barn`` needs no ``--``: no option has one minus, so that a word with one is the query's."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        words = [arg for arg in args[:end] if _has_one_minus(arg)]
        rest = [arg for arg in args[:end] if not _has_one_minus(arg)]
        return super().parse_args(ctx, [*rest, "--", *words, *args[end + 1 :]])


def _has_one_minus(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--")


_probe = typer.Typer(cls=_ModelOrCommand, rich_markup_mode=None, no_args_is_help=True)
app.add_typer(_probe, name="probe")
_questions = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(_questions, name="questions")

Config = Annotated[
    Path | None, typer.Option("--config", help="The configuration; else nightdesk.toml here, else the user's own.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
Recording = Annotated[
    Path | None, typer.Option("--recording", metavar="DIR", help="Replay a recording in place of the network.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be added, and add nothing.")]
Subject = Annotated[str | None, typer.Option("--subject", metavar="SLUG", help="Only this subject.")]
Kind = Annotated[Literal["paper", "post", "release"] | None, typer.Option("--kind", help="Only this kind of item.")]
Source = Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only what this source told.")]
Author = Annotated[str | None, typer.Option("--author", metavar="NAME", help="Only by this author.")]
Decided = Annotated[
    Literal["kept", "dropped"] | None, typer.Option("--decision", help="Only what was once decided so.")
]
Since = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], metavar="DATE", help="Published from this day on.")
]
Until = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Published up to this day.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most this many.")]
Stacks = Annotated[
    list[str] | None, typer.Option("--stack", metavar="NAME", help="Of this stack; may be repeated. Else all of ours.")
]
Domains = Annotated[
    list[str] | None, typer.Option("--domain", metavar="NAME", help="Only this domain; may be repeated.")
]
Tier = Annotated[Literal["smoke", "full"], typer.Option("--tier", help="A quick look, or every question.")]
ReportForm = Annotated[
    Literal["terminal", "markdown", "html", "json"], typer.Option("--format", help="How it is told.")
]
ReportFile = Annotated[Path | None, typer.Option("--out", "--output", metavar="FILE", help="Write it there.")]
ReportQuestion = Annotated[
    str | None, typer.Option("--question", metavar="ID", help="Show this one's transcripts, else the most telling.")
]
ProbeName = Annotated[str, typer.Argument(metavar="RUN", help="The run's name, or how it begins.")]
NightDate = Annotated[
    datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], metavar="DATE", help="A night, such as 2026-06-12.")
]


def main() -> None:
    """Run the command line; the text of an error is one line on stderr, its exit code 2."""
    # What the libraries load lives as long as the command: looking through it for garbage takes a sixth of its time.
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
    # None is used: looking for one opens what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        _asked_for(sys.argv[1:2])()
    except NightdeskError as error:
        _stop(str(error))
    except UnicodeEncodeError:
        _stop("what was typed holds bytes that are no text in UTF-8")
    except OSError as error:
        # A full disk or a folder without rights is no fault of the program, wherever it is met.
        _stop(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        _stop("stopped; run the same command again and it goes on where it was", code=130)


def _asked_for(named: list[str]) -> typer.Typer:
    """Return the command of that name as if it were the only one: Typer reads the signatures of all that there are."""
    alone = copy(app)
    alone.registered_commands = [
        one for one in app.registered_commands if (one.name or getattr(one.callback, "__name__", "")) in named
    ]
    alone.registered_groups = [one for one in app.registered_groups if one.name in named]
    return alone if alone.registered_commands or alone.registered_groups else app


def _stop(line: str, code: int = 2) -> NoReturn:
    typer.echo(f"nightdesk: {line}", err=True)
    raise SystemExit(code)


def _multiply_alone() -> None:
    """Let one thread multiply matrices: several wait for one another longer than a question's few products take."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _at_terminal() -> bool:
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        from importlib.metadata import version

        typer.echo(f"nightdesk {version('nightdesk')}")
        raise typer.Exit


@app.callback()
def _all_commands(
    context: typer.Context,
    config: Config = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    context.obj = config


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("nightdesk.toml"),
) -> None:
    """Write a configuration to start from.

    It is annotated and works as it is: AI-research subjects and live public sources.
    """
    from nightdesk.commands import setup

    setup.init(path)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo keeps its files.")] = Path("nightdesk-demo"),
) -> None:
    """Live through a bundled night: no key needed.

    It replays a recording, so that no network is needed either, and leaves a knowledge base to search.
    """
    from nightdesk.commands import setup

    setup.demo(folder)


@app.command()
def run(
    context: typer.Context,
    config: Config = None,
    night: NightDate = None,
    since: Annotated[
        str, typer.Option("--since", metavar="DURATION", help="How far before its day a night's window opens.")
    ] = "24h",
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Do only what is due: the night, and letters at their hour.")
    ] = False,
    recording: Recording = None,
    no_deliver: Annotated[bool, typer.Option("--no-deliver", help="Compose the digest, but post it nowhere.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run one night now.

    Safe to repeat and to kill: the same command goes on where it was, and tells nothing twice.
    """
    from nightdesk.commands import night as nights

    request = nights.Request(night and night.date(), since, recording, if_due, no_deliver)
    raise typer.Exit(nights.run(config or context.obj, request, as_json=as_json))


@app.command()
def serve(context: typer.Context, config: Config = None) -> None:
    """Run every night at its hour, deliver at each reader's, and watch for model releases, until stopped."""
    from nightdesk.commands import serve as serving

    raise typer.Exit(serving.serve(config or context.obj))


@app.command()
def record(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the recording.")],
    config: Config = None,
    night: NightDate = None,
) -> None:
    """Save what every source answers now.

    The folder can be given to `run --recording`.
    """
    from nightdesk.commands import night as nights

    raise typer.Exit(nights.record(config or context.obj, folder, night and night.date()))


@app.command(cls=_WithMinus)
def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY", help='What to look for: words, "a phrase" that must occur, -word to leave out.'
        ),
    ] = None,
    config: Config = None,
    subject: Subject = None,
    kind: Kind = None,
    source: Source = None,
    author: Author = None,
    decision: Decided = None,
    since: Since = None,
    until: Until = None,
    similar: Annotated[
        str | None, typer.Option("--similar", metavar="ITEM", help="What is most like this item, by id or address.")
    ] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Search the knowledge base by words and meaning.

    In a terminal, without a query: a list that is searched while you type.
    """
    _multiply_alone()
    from kb.filters import Filter
    from nightdesk.commands import searching

    query = " ".join(words) if words else None
    wanted = Filter(subject, kind, since and since.date(), until and until.date(), source, author, decision)
    if not (query or similar or as_json) and _at_terminal():
        from nightdesk.commands import search_list

        search_list.open_list(config or context.obj, wanted)
        return
    searching.search(config or context.obj, query, similar, wanted, limit=limit, as_json=as_json)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    config: Config = None,
    subject: Subject = None,
    kind: Kind = None,
    source: Source = None,
    author: Author = None,
    decision: Decided = None,
    since: Since = None,
    until: Until = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Extract the answer; ask no model.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the knowledge base.

    Every sentence names what it rests on. Where the evidence is thin, it says that the answer is not in the base.
    """
    _multiply_alone()
    from kb.filters import Filter
    from nightdesk.commands import asking

    wanted = Filter(subject, kind, since and since.date(), until and until.date(), source, author, decision)
    asking.ask(config or context.obj, asking.Request(question, wanted, no_model), as_json=as_json)


@app.command()
def reindex(context: typer.Context, config: Config = None, as_json: AsJson = False) -> None:
    """Make the search index whole.

    Every item gets a vector of the configured model. Safe to stop: the same command goes on where it was.
    """
    from nightdesk.commands import reindexing

    reindexing.reindex(config or context.obj, as_json=as_json)


@app.command()
def items(
    context: typer.Context,
    config: Config = None,
    night: NightDate = None,
    everything: Annotated[bool, typer.Option("--all", help="All nights, and the background too.")] = False,
    subject: Subject = None,
    kind: Kind = None,
    decision: Decided = None,
    saved: Annotated[bool, typer.Option("--saved", help="What you saved for later in Slack, of all nights.")] = False,
    voter: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Whose list it is; else yours.")] = None,
    as_json: AsJson = False,
) -> None:
    """List a night's items, with the reasons.

    Without --night, the latest night.
    """
    from nightdesk.commands import reading
    from nightdesk.machine import person

    if saved:
        reading.saved(config or context.obj, voter or person(), as_json=as_json)
        return
    wanted = reading.ItemFilter(night and night.date(), everything, subject, kind, decision)
    reading.items(config or context.obj, wanted, as_json=as_json)


@app.command()
def why(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="Its id, or its address.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what was decided on an item, and why."""
    from nightdesk.commands import why as reasons

    reasons.why(config or context.obj, item, as_json=as_json)


@app.command()
def analyse(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="Its id, or its address.")],
    config: Config = None,
    turns: Annotated[int, typer.Option("--turns", min=1, max=100, help="At most this many turns of the model.")] = 40,
    recording: Recording = None,
    as_json: AsJson = False,
) -> None:
    """Let the analyst look into an item's story.

    It needs a configured model. Its thoughts and tools are shown on stderr while it works.
    """
    from nightdesk.commands import analyse as analysing

    request = analysing.Request(item, turns, recording)
    raise typer.Exit(analysing.analyse(config or context.obj, request, as_json=as_json))


@app.command()
def feedback(
    context: typer.Context,
    item: Annotated[str | None, typer.Argument(help="Its id, or its address.")] = None,
    opinion: Annotated[
        Literal["up", "down", "wrong"] | None, typer.Argument(help="Useful, not useful, or of another subject.")
    ] = None,
    config: Config = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="SLUG", help="Under this subject; else under all it is of.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="A word on why.")] = "",
    voter: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Whose vote it is; else yours.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take your vote back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what you think of an item; the next night learns from it.

    Without an item, list the votes.
    """
    from nightdesk.ballots import Ballot
    from nightdesk.commands import feedback as votes

    path = config or context.obj
    if item is None:
        votes.votes(path, subject, as_json=as_json)
        return
    if (opinion is None) != withdraw:
        raise typer.BadParameter("say up, down or wrong, or --withdraw what you said", param_hint="opinion")
    ballot = Ballot(item, opinion or "", subject, voter, note)
    act = votes.withdraw if withdraw else votes.give
    act(path, ballot, as_json=as_json)


@app.command()
def read(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="Its id, or its address.")],
    config: Config = None,
    recording: Recording = None,
    as_json: AsJson = False,
) -> None:
    """Print the whole text of an item.

    It is fetched once and kept; where it cannot be had, what the source told is shown.
    """
    from nightdesk.commands import reading_item

    raise typer.Exit(reading_item.read(config or context.obj, item, recording, as_json=as_json))


@app.command("import")
def import_works(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="BibTeX, RIS, JSON Lines, or a list of arXiv ids.")],
    config: Config = None,
    recording: Recording = None,
    as_json: AsJson = False,
) -> None:
    """Take works that you kept elsewhere into the knowledge base.

    They are background: searched and compared with, but told by no digest.
    """
    from nightdesk.commands import exchange

    raise typer.Exit(exchange.import_file(config or context.obj, file, recording, as_json=as_json))


@app.command("export")
def export_items(
    context: typer.Context,
    config: Config = None,
    form: Annotated[Literal["jsonl", "bibtex", "markdown"], typer.Option("--format")] = "jsonl",
    to: Annotated[Path | None, typer.Option("--to", metavar="PATH", help="A file, or for Markdown a folder.")] = None,
    night: NightDate = None,
    subject: Subject = None,
    kind: Kind = None,
    decision: Annotated[Literal["kept", "dropped", "backlog"] | None, typer.Option("--decision")] = None,
) -> None:
    """Write the knowledge base for other tools.

    JSON Lines and BibTeX can be imported again; Markdown is a folder of notes.
    """
    from nightdesk.commands import exchange, reading

    wanted = reading.ItemFilter(night and night.date(), night is None, subject, kind, decision)
    exchange.export(config or context.obj, exchange.Wish(wanted, form, to))


@_digest.callback(invoke_without_command=True)
def digest(
    context: typer.Context,
    config: Config = None,
    night: NightDate = None,
    subject: Subject = None,
    form: Annotated[
        Literal["terminal", "markdown", "html", "json", "slack-json", "atom", "mail"], typer.Option("--format")
    ] = "terminal",
    as_json: AsJson = False,
) -> None:
    """Show a stored digest.

    Without --night, the latest one. `digest deliver` brings it to its readers.
    """
    context.obj = config or context.obj
    if context.invoked_subcommand is not None:
        return
    from nightdesk.commands import reading

    reading.digest(context.obj, night and night.date(), subject, "json" if as_json else form)


@_digest.command("deliver")
def deliver_digest(
    context: typer.Context,
    config: Config = None,
    night: NightDate = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also what may have arrived already, and nobody can tell: mail.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring digests to their readers: what is pending of the latest night and the week before it.

    Safe to repeat and to kill: nobody is told twice.
    """
    from nightdesk.commands import delivery

    errand = delivery.Errand(night and night.date(), again)
    raise typer.Exit(delivery.deliver(config or context.obj, errand, as_json=as_json))


@app.command()
def runs(context: typer.Context, config: Config = None, limit: Limit = 14, as_json: AsJson = False) -> None:
    """List the latest runs, and how far each digest has come to its readers."""
    from nightdesk.commands import delivery

    delivery.runs(config or context.obj, limit, as_json=as_json)


@_sources.callback(invoke_without_command=True)
def sources(context: typer.Context, config: Config = None, as_json: AsJson = False) -> None:
    """List the sources, their last outcomes and how they have been.

    The commands below check one, and follow more.
    """
    context.obj = config or context.obj
    if context.invoked_subcommand is None:
        from nightdesk.commands import sources as listing

        listing.sources(context.obj, as_json=as_json)


@_sources.command("check")
def check_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The source: its name, in any case, or how it begins.")],
    config: Config = None,
    recording: Recording = None,
    as_json: AsJson = False,
) -> None:
    """Poll one source now and explain what came.

    Nothing is stored.
    """
    from nightdesk.commands import source_check

    raise typer.Exit(source_check.check(config or context.obj, name, recording, as_json=as_json))


@_sources.command("add")
def add_source(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed, or a page whose feed is to be found.")],
    config: Config = None,
    name: Annotated[str | None, typer.Option("--name", help="What to call it; else what it calls itself.")] = None,
    subject: Annotated[
        list[str] | None, typer.Option("--subject", metavar="SLUG", help="A subject it speaks for; may be repeated.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Find the feed behind a page and follow it.

    It is added to the end of the configuration; the rest of the file stays as it is.
    """
    from nightdesk.commands import source_changes

    wish = source_changes.Wish(url, name, tuple(dict.fromkeys(subject or ())), dry_run)
    raise typer.Exit(source_changes.add(config or context.obj, wish, as_json=as_json))


@_sources.command("import")
def import_sources(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A subscription list (OPML).")],
    config: Config = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Follow the feeds of a subscription list.

    Those that are followed already are left out; folders that are called like a subject become its hints.
    """
    from nightdesk.commands import source_changes

    source_changes.import_opml(config or context.obj, file, dry_run=dry_run, as_json=as_json)


@_sources.command("export")
def export_sources(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE.opml", help="Where to write it; else stdout.")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Write the feeds that are followed as OPML.

    Any feed reader can read it.
    """
    from nightdesk.commands import source_changes

    source_changes.export_opml(config or context.obj, file, as_json=as_json)


@app.command()
def subjects(context: typer.Context, config: Config = None, as_json: AsJson = False) -> None:
    """List the subjects and their numbers."""
    from nightdesk.commands import reading

    reading.subjects(config or context.obj, as_json=as_json)


@app.command()
def usage(context: typer.Context, config: Config = None, night: NightDate = None, as_json: AsJson = False) -> None:
    """Show what models were asked and what that cost.

    By night, stage and model.
    """
    from nightdesk.commands import usage as spending

    spending.usage(config or context.obj, night and night.date(), as_json=as_json)


@app.command()
def graph(
    name: Annotated[Literal["night", "brief", "analyst"], typer.Argument(help="Which graph.")] = "night",
    as_json: AsJson = False,
) -> None:
    """Print a graph of the agent as Mermaid, drawn from the code."""
    from nightdesk.commands import graphs

    graphs.graph(name, as_json=as_json)


@app.command()
def doctor(
    context: typer.Context,
    config: Config = None,
    wire: Annotated[
        bool, typer.Option("--wire", help="Also ask the configured model a few small things; that costs a little.")
    ] = False,
    slack: Annotated[
        bool, typer.Option("--slack", help="Also ask Slack: tokens, scopes, channels, people, clock.")
    ] = False,
    post: Annotated[bool, typer.Option("--post", help="With --slack, post a test message to everybody.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check that everything is in place.

    Where it is not, say what to do.
    """
    from nightdesk.commands import doctor as checks

    asked = checks.Asked(wire, slack or post, post)
    raise typer.Exit(checks.run(config or context.obj, asked, as_json=as_json))


@_probe.callback()
def probe(context: typer.Context, config: Config = None) -> None:
    """Ask a model the question stack: `nightdesk probe MODEL`.

    The other commands below read what came of it.
    """
    context.obj = config or context.obj


@_probe.command("run")
def probe_model(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The model, or the endpoint, by name.")],
    config: Config = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", metavar="NAME", help="Ask it here: the [[endpoint]] of that name.")
    ] = None,
    stack: Stacks = None,
    domain: Domains = None,
    tier: Tier = "full",
    epochs: Annotated[int, typer.Option("--epochs", min=0, max=100, help="How often; else 5, or 2 for smoke.")] = 0,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Draws the instances; else the month, so that models can be compared.")
    ] = None,
    max_usd: Annotated[float | None, typer.Option("--max-usd", min=0, help="Never spend more than this.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew where an earlier run is not finished.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a model the question stack.

    Safe to kill: the same command goes on where it was. What it will take is told before it begins.
    """
    from nightdesk.commands import probe as probing

    wish = probing.Request(
        model, endpoint, tuple(stack or ()), tuple(domain or ()), tier, epochs, seed, max_usd, is_fresh=fresh
    )
    raise typer.Exit(probing.run(config or context.obj, wish, as_json=as_json))


@_probe.command("list")
def list_probes(context: typer.Context, config: Config = None, as_json: AsJson = False) -> None:
    """List what was probed."""
    from nightdesk.commands import probe as probing

    probing.runs(config or context.obj, as_json=as_json)


@_probe.command("report")
def report_probe(
    context: typer.Context,
    run: ProbeName,
    config: Config = None,
    form: ReportForm = "terminal",
    out: ReportFile = None,
    question: ReportQuestion = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a run came to.

    It is computed anew from the run's journal, without the model.
    """
    from nightdesk.commands import probe_report

    wanted = probe_report.Form("json" if as_json else form, out, question)
    probe_report.report(config or context.obj, [run], wanted)


@_probe.command("compare")
def compare_probes(
    context: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Two or more, by name or how it begins.")],
    config: Config = None,
    form: ReportForm = "terminal",
    out: ReportFile = None,
    question: ReportQuestion = None,
    judge: Annotated[str | None, typer.Option(help="An endpoint whose model judges reports and open answers.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare models on the questions that they were all asked.

    What cannot be told apart is called so, and nobody is ranked by fewer than 30 questions.
    """
    from nightdesk.commands import probe_report

    wanted = probe_report.Form("json" if as_json else form, out, question)
    probe_report.report(config or context.obj, runs, wanted, judge)


@_probe.command("show")
def show_probe(
    context: typer.Context,
    run: ProbeName,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="Its id.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show every attempt at a question, word by word."""
    from nightdesk.commands import probe as probing

    raise typer.Exit(probing.show(config or context.obj, run, question, as_json=as_json))


@_questions.callback()
def questions(context: typer.Context, config: Config = None) -> None:
    """List, check and add the questions that probes ask."""
    context.obj = config or context.obj


@_questions.command("list")
def list_questions(
    context: typer.Context,
    config: Config = None,
    stack: Stacks = None,
    domain: Domains = None,
    tier: Tier = "full",
    as_json: AsJson = False,
) -> None:
    """List the questions."""
    from nightdesk.commands import questions as asked
    from probes.stack import DEFAULT, Selection

    chosen = Selection(tuple(stack or DEFAULT), tuple(domain or ()), tier)
    asked.questions(config or context.obj, chosen, as_json=as_json)


@_questions.command("check")
def check_questions(
    context: typer.Context, config: Config = None, stack: Stacks = None, as_json: AsJson = False
) -> None:
    """Try every question.

    Its reference has to pass, its wrong answer to fail, and no two may ask the same.
    """
    from nightdesk.commands import questions as asked

    raise typer.Exit(asked.check(config or context.obj, tuple(stack or ()), as_json=as_json))


@_questions.command("add")
def add_question(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="What to call it: words joined by hyphens.")],
    prompt: Annotated[str, typer.Option("--prompt", prompt=True, help="What to ask.")],
    answer: Annotated[str, typer.Option("--answer", prompt=True, help="The right answer.")],
    wrong: Annotated[str, typer.Option("--wrong", prompt=True, help="A plausible wrong one.")],
    config: Config = None,
    domain: Annotated[str, typer.Option("--domain", metavar="NAME")] = "logic",
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="Its idea; else its own.")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", metavar="DIR", help="The stack; else your first.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a question with a short answer, and try it."""
    from nightdesk.commands import questions as asked

    draft = asked.Draft(name, domain, family or name, prompt, answer, wrong, folder)
    raise typer.Exit(asked.add(config or context.obj, draft, as_json=as_json))

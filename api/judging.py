"""Asking a judge about links from the command line: what it would cost, whether to go on, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from api.console import counting, say
from api.output import counted
from graph.settings import read_settings
from ingest.errors import BadJudge

if TYPE_CHECKING:
    from api.jobs import Failures
    from graph.records import DocumentRecord
    from ingest.continuity.links import Linker
    from ingest.continuity.judge import Judge, Outcome, Prepared
    from ingest.continuity.judged import Changes, Judged

ESTIMATE = "estimated: a token for each Chinese character and for four others, {answer} for the answer on each candidate"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about a judge; without `url` none is asked."""

    url: str | None = None
    model: str | None = None
    candidates: int = 6
    parallel: int = 4
    timeout: float = 120.0
    fresh: bool = False
    yes: bool = False

    def judge(self) -> Judge | None:
        """The judge to ask, None for none. Raises BadJudge where half of it is given."""
        if self.url is None:
            if replace(self, yes=False) != Options():
                raise BadJudge("options of a judge are given, but no judge: add --judge URL, the address of an OpenAI-compatible endpoint")
            return None
        if self.model is None:
            raise BadJudge("--judge needs --judge-model NAME, the name by which the endpoint knows the model")
        from ingest.continuity.judge import Judge

        return Judge(self.url, self.model, read_settings().judge_key, self.candidates, self.parallel, self.timeout, self.fresh)


def ask_about(records: Iterable[DocumentRecord], linker: Linker, judge: Judge, yes: bool, failures: Failures) -> Judged:
    """The judge's answers on the tasks of some plans. Says on stderr what will be sent before anything is, and what came of it.

    Requests without an answer are failures, so that a script sees that asking again helps; answers that cannot be used
    are warnings, as the same model would most likely give them again.
    """
    from ingest.continuity.judge import ask, iter_questions, prepare

    prepared = prepare(judge, iter_questions(records, linker, judge.candidates))
    _announce(judge, prepared)
    if prepared.open and not yes and sys.stdin.isatty() and not _confirmed():
        say("nothing was sent, nothing was changed")
        raise typer.Exit(1)
    try:
        with counting("asking", "requests") as advance:
            outcome = ask(judge, prepared, advance)
    except KeyboardInterrupt:
        say("interrupted: the answers so far are kept, and the same command goes on from them; nothing was changed")
        raise
    _report(outcome, failures)
    return outcome.judged


def _confirmed() -> bool:
    """What `typer.confirm` would ask, which puts a space on stdout, where the links go."""
    typer.echo("Send them? [y/N] ", nl=False, err=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _announce(judge: Judge, prepared: Prepared) -> None:
    from ingest.continuity.chat_endpoint import address_of, is_local, shown
    from ingest.continuity.judge_prompt import ANSWER_TOKENS

    questions = [question for question, _ in prepared.cached] + prepared.open
    tasks = len({question.task.id for question in questions})
    candidates = sum(len(question.places) for question in questions)
    say(f"judge {judge.model} at {shown(address_of(judge.url))}: {counted(tasks, 'later task')} with {counted(candidates, 'candidate')}, "
        f"{counted(len(questions), 'request')}, {len(prepared.cached)} of them answered already (cache)")
    if not prepared.open:
        return
    say(f"to send: {counted(len(prepared.open), 'request')}, {judge.parallel} at a time, about {prepared.tokens_in:,} tokens in and {prepared.tokens_out:,} out "
        f"({ESTIMATE.format(answer=ANSWER_TOKENS)}; an answer that cannot be used is asked for once more)")
    if not is_local(judge.url):
        say("the words of these tasks leave this machine" + ("; without https they, and the key, can be read on the way" if judge.url.startswith("http:") else ""))


def _report(outcome: Outcome, failures: Failures) -> None:
    told = [f"{outcome.asked} asked", f"{outcome.cached} from the cache"]
    told += [f"{outcome.twice} asked once more"] if outcome.twice else []
    told += [f"{len(outcome.failed)} failed"] if outcome.failed else []
    told += [f"{outcome.left} not asked"] if outcome.left else []
    tokens = f"; tokens as it counted them: {outcome.tokens_in:,} in, {outcome.tokens_out:,} out" if outcome.asked and outcome.counted else ""
    say(f"judge: {', '.join(told)}{tokens}")
    if outcome.invalid:
        failures.warnings.append(f"judge: no answer that can be used on {counted(outcome.invalid, 'candidate')}, asked twice; the score of the rules stays")
    if outcome.failed:
        rest = f"; given up, as {outcome.given_up}" if outcome.given_up else ""
        failures.errors.append(f"judge: {counted(len(outcome.failed), 'request')} failed{rest}; their candidates keep the score of the rules. "
                               f"Run the command again to ask only for what is missing. The last one: {outcome.failed[-1]}")


def told_changes(changes: Changes) -> str:
    """What a judge decided, as the end of a summary; empty where there is nothing."""
    return f"; {changes.judged} by the judge: {changes.added} that the rules have below the cut, {changes.taken} taken from theirs" if changes.judged else ""

"""Every error that a user can meet, each with its HTTP status and its exit status.

A message says what was found, where, what was expected and what to do. `api` turns any of these into
one line on the command line or one problem document over HTTP; nothing else is caught.
"""


class PolicygraphError(Exception):
    """The root. `status` is the HTTP status, `exit_code` that of the command line."""

    status = 500
    exit_code = 1
    title = "policygraph could not answer"


# --- store ------------------------------------------------------------------------------------------

class StoreError(PolicygraphError):
    """The graph cannot be used; nothing of it was changed."""

    status = 503
    title = "The graph cannot be used"


class StoreMissing(StoreError):
    status = 503

    def __init__(self, url):
        super().__init__(f"{url}: there is no graph here; make one with `policygraph ingest FOLDER --store {url}`")


class StoreLocked(StoreError):
    def __init__(self, url, holder):
        super().__init__(f"{url}: {holder} is writing to this graph; wait until it has finished, or stop it, and try again")


class GraphRead(StoreError):
    def __init__(self, url, seconds):
        super().__init__(f"{url}: somebody has been reading this graph for {seconds:.0f} seconds, and its last write was broken off and has to be ended before it can be opened; try again when that has ended")


class QueryTooSlow(StoreError):
    def __init__(self):
        super().__init__("the query took longer than a query may; narrow it, or ask on the command line, where there is no limit")


class QueryTooLarge(StoreError):
    def __init__(self):
        super().__init__("the query takes more memory than the graph's buffer pool has; narrow it, to a year, a plan or fewer columns")


class StoreBusy(StoreError):
    def __init__(self, url, seconds):
        super().__init__(f"{url}: the graph gave no answer within {seconds:g} seconds; try again when less is asked of it")


class StoreUnreadable(StoreError):
    def __init__(self, url, reason):
        super().__init__(f"{url}: this is no graph that policygraph can open ({reason})")


class StoreOutdated(StoreError):
    def __init__(self, url, found, expected):
        which = "a newer policygraph made it: use that one" if found is not None and found > expected else "an older policygraph made it: keep it for that one"
        super().__init__(
            f"{url}: the graph has schema {found}, this version of policygraph needs {expected}; {which}, or make a graph anew from the same files with "
            "`policygraph ingest FOLDER --store NEW`")


class StoreNotWritable(StoreError):
    def __init__(self, url, reason):
        super().__init__(f"{url}: the graph may be read here, not written ({reason}); copy it to a folder that you may write to, or name one with --store")


class StoreUnrecovered(StoreError):
    def __init__(self, url, reason):
        super().__init__(
            f"{url}: the last write was broken off and has to be ended before the graph can be opened, which failed ({reason[:160]}); "
            "make room on the disk, or copy the graph with all files beside it to a folder that you may write to")


class StoreUnreachable(StoreError):
    def __init__(self, url, reason):
        super().__init__(f"{url}: no Neo4j answers here ({reason}); start it or correct the address")


class StoreRefused(StoreError):
    def __init__(self, url, user):
        super().__init__(
            f"{url}: Neo4j refused the password of user {user}; set POLICYGRAPH_NEO4J_USER and POLICYGRAPH_NEO4J_PASSWORD")


class WriteFailed(StoreError):
    def __init__(self, url, reason):
        super().__init__(f"{url}: writing failed ({reason}); the transaction was undone")


class DiskFull(StoreError):
    def __init__(self, url):
        super().__init__(f"{url}: the disk took no more (it is full, or a limit on sizes is reached); the graph holds whole documents only: make room and run the command again")


class VersionNotWritten(StoreError):
    """The graph itself is written."""

    def __init__(self, path, reason):
        super().__init__(f"{path}: cannot be written ({reason}); what is in the graph stays: make room and run the command again")


class CommitUnknown(StoreError):
    def __init__(self, url):
        super().__init__(
            f"{url}: the connection broke off while Neo4j was told to commit, and whether it did is not known; whole documents only are in the graph: "
            "run the command again, what is there is not loaded twice")


class WriteMiscounted(StoreError):
    def __init__(self, what, written, found):
        super().__init__(f"{what}: {written} were written but {found} are in the graph; the transaction was undone")


class UnknownScheme(StoreError):
    def __init__(self, url):
        super().__init__(f"{url}: not an address of a graph; give a file path, or bolt://, bolt+s://, neo4j:// or neo4j+s://")


class PasswordInAddress(StoreError):
    """An address is printed, logged and told to clients."""

    def __init__(self, scheme, host):
        super().__init__(f"{scheme}://…@{host}: an address holds no user and no password; give {scheme}://{host} and set POLICYGRAPH_NEO4J_USER and POLICYGRAPH_NEO4J_PASSWORD")


class CannotWriteFile(PolicygraphError):
    title = "The file cannot be written"

    def __init__(self, path, reason):
        super().__init__(f"{path}: cannot be written ({reason}); name a file in a folder that is there")


class NoRecords(PolicygraphError):
    title = "The file holds something else"

    def __init__(self, path, line):
        super().__init__(f"{path}:{line}: this is no record as `policygraph extract` writes it, so nothing is added; name another file")


class CannotWriteFolder(PolicygraphError):
    title = "The folder cannot be written"

    def __init__(self, path, reason):
        super().__init__(f"{path}: cannot be written ({reason}); name a new folder, in one that you may write to")


class FolderTaken(PolicygraphError):
    title = "The folder is not empty"

    def __init__(self, path, name):
        super().__init__(f"{path}: {name} is in this folder and no part of an export; name a new folder, or move it away")


class GraphChanged(StoreError):
    def __init__(self, url):
        super().__init__(f"{url}: somebody wrote to the graph while it was exported; nothing was exported, do it again")


class ExportMiscounted(StoreError):
    def __init__(self, what, written, found):
        super().__init__(f"{what}: {written} were read but {found} are in the graph; nothing was exported, please report it")


class ProcessDied(PolicygraphError):
    title = "A process died"

    def __init__(self, exit_code):
        how = "could not start" if exit_code is None else f"was killed by signal {-exit_code}" if exit_code < 0 else f"ended with status {exit_code}"
        super().__init__(f"the process that worked on this {how}, most often because memory ran out; try again with --jobs 1")


class CannotListen(PolicygraphError):
    title = "The port cannot be used"

    def __init__(self, host, port, reason):
        super().__init__(f"{host}:{port}: cannot listen here ({reason}); choose another --port")


class PackageMissing(PolicygraphError):
    """An extra that a command needs is not installed."""

    def __init__(self, what, package, requirement):
        super().__init__(f"{what} needs the package {package}: pip install '{requirement}'")


class NoCluster(PolicygraphError):
    title = "The cluster cannot be used"

    def __init__(self, address, reason):
        super().__init__(f"{address}: {reason}; start `dask scheduler` there and `dask worker {address} --nthreads 1` on each machine")


class OtherWorker(PolicygraphError):
    title = "The cluster cannot be used"

    def __init__(self, worker, found, expected):
        super().__init__(f"{worker}: this worker has {found}, expected policygraph {expected} as here; install the same version on every worker, and start it again")


class ClusterLost(PolicygraphError):
    title = "The cluster went away"

    def __init__(self, address, done, of):
        super().__init__(f"{address}: the scheduler went away after {done} of {of} partitions; the same command goes on")


class Unfinished(PolicygraphError):
    title = "The records are not complete"

    def __init__(self, folder, reason, command):
        super().__init__(f"{folder}: {reason}; run `policygraph {command}` to its end first")


class NothingToRemove(PolicygraphError):
    status = 404
    title = "Not in the graph"

    def __init__(self, what, sources):
        known = f"; the graph holds {', '.join(sources[:5])}{' …' if len(sources) > 5 else ''}" if sources else "; the graph is empty"
        super().__init__(f"{what}: no document of the graph came from this file or has this id or title{known}")


# --- questions --------------------------------------------------------------------------------------

class UsageError(PolicygraphError):
    """The question was put wrongly: exit status 2."""

    status = 400
    exit_code = 2
    title = "The question cannot be put like this"


def did_you_mean(word, known):
    """A hint for a misspelt word, empty where nothing known is near."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _known(word, known):
    return did_you_mean(word, known) or f"; known are {', '.join(sorted(known))}"


class BadSetting(UsageError):
    title = "A setting is wrong"

    def __init__(self, name, value, wanted):
        super().__init__(f"{name}={value}: wanted is {wanted}")


class UnknownQuestion(UsageError):
    status = 404
    title = "No such question"

    def __init__(self, name, known):
        super().__init__(f"there is no question '{name}'{_known(name, known)}")


class UnknownParameter(UsageError):
    def __init__(self, question, name, known):
        super().__init__(f"{question} takes no parameter '{name}'{_known(name, known) if known else '; it takes none'}")


class MissingParameter(UsageError):
    def __init__(self, question, name):
        super().__init__(f"{question} needs the parameter '{name}'")


class BadParameter(UsageError):
    def __init__(self, question, name, value, expected):
        super().__init__(f"{question}: {name} is {value!r}, expected {expected}")


class AmbiguousParameter(UsageError):
    def __init__(self, question, name, value, matches):
        listed = "; ".join(matches[:10]) + (" …" if len(matches) > 10 else "")
        super().__init__(f"{question}: {name} {value!r} means {len(matches)} things, give the id of one: {listed}")


class UnknownThing(UsageError):
    status = 404
    title = "Not in the graph"

    def __init__(self, kind, value, near=()):
        hint = f"; the nearest are {'; '.join(near)}" if near else ""
        super().__init__(f"the graph holds no {kind} {value!r}{hint}")


class UnknownCode(UsageError):
    status = 404
    title = "Not in the graph"

    def __init__(self, code, known):
        told = f"known are {', '.join(known)}; (none) means tasks without any" if known else "no task has any: write codes.csv beside the plans and ingest them again"
        super().__init__(f"no task of the graph has the code {code!r}{did_you_mean(code, known)}; {told}")


class CannotRule(UsageError):
    """A verdict on two tasks between which no link can stand."""

    def __init__(self, problem):
        super().__init__(f"no verdict was written: {problem}")


class NotByCode(UsageError):
    def __init__(self, question, has_column, known):
        why = "has a row for each code anyway" if has_column else "is not about tasks with codes"
        super().__init__(f"{question} {why}; by_code goes with {', '.join(known)}")


class TooManyTasks(UsageError):
    def __init__(self, question, found, limit):
        super().__init__(f"{question}: {found:,} tasks, more than the {limit:,} that it takes; choose fewer by scope, year, since and until, plan or code")


class NoPlanOnSide(UsageError):
    status = 404
    title = "Not in the graph"

    def __init__(self, side, year, scope, years, on_both):
        asked = (f"covers {year}" if year is not None else "is what was asked for") + (f" and is of {scope}" if scope else "")
        both = f" but what covers both years ({', '.join(f'《{title}》' for title in on_both[:3])}{' …' if on_both[3:] else ''}), and that is neither earlier nor later" if on_both else ""
        known = f"; there are plans for {', '.join(years)}" if years else "; there is no plan with a year"
        super().__init__(f"no plan of the graph {asked}, as the {side} side has to{both}{known}")


class NotCompared(UsageError):
    def __init__(self, earlier, later, turned):
        told = " and ".join(", ".join(side[:3]) + (" …" if side[3:] else "") for side in (earlier, later))
        if turned:
            super().__init__(f"{told} cannot be compared in this order: 《{turned}》 is the later plan, or the lower of two of one year; name them the other way round")
        else:
            super().__init__(f"{told} were not linked: they are of bodies of which neither is above the other, or nothing says which is later; "
                             "`policygraph link --across` links bodies of one level")


class BadQuestionFile(PolicygraphError):
    """A question file whose header and body do not agree; raised when it is loaded."""

    title = "A question file is wrong"

    def __init__(self, path, line, problem):
        super().__init__(f"{path}:{line}: {problem}")


class NotReading(UsageError):
    status = 403

    def __init__(self, reason):
        super().__init__(f"only reading queries are run here: {reason}")
        self.reason = reason


class BadCypher(UsageError):
    def __init__(self, reason):
        super().__init__(f"the query cannot be run: {reason}")

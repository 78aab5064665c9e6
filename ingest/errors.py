"""What can be wrong with the files that go in: documents, sheets by hand, annotations; and with the judge of links."""

from graph.errors import PolicygraphError, UsageError


# --- input ------------------------------------------------------------------------------------------

class InputError(PolicygraphError):
    """A file that cannot be read; the others of the same run are still done."""

    status = 422
    title = "The file cannot be read"


class MissingFile(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: no such file or folder; check the path")


class NoFiles(InputError):
    def __init__(self, paths, known):
        super().__init__(f"{', '.join(map(str, paths))}: no file to read in here; files ending in {', '.join(known)} are")


class EmptyFile(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: the file is empty; download it again")


class UnknownFormat(InputError):
    def __init__(self, path, suffix, known):
        super().__init__(f"{path}: files ending in {suffix or 'nothing'} are not read; convert it to one of {', '.join(known)}")


class NotText(InputError):
    def __init__(self, path, offset):
        super().__init__(f"{path}: byte {offset:,} is zero, so this is no text file; save the text of the document as UTF-8")


class WrongEncoding(InputError):
    def __init__(self, path, offset):
        super().__init__(f"{path}: byte {offset:,} is neither UTF-8 nor GB18030; save the file as UTF-8")


class UnreadableFile(InputError):
    def __init__(self, path, reason):
        super().__init__(f"{path}: cannot be read ({reason}); check its permissions")


class NoRegularFile(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: is a pipe, a socket or a device, which may never end; give the file itself")


class OldFormat(InputError):
    def __init__(self, path, advice):
        super().__init__(f"{path}: this format is not read; {advice}")


class ScannedPdf(InputError):
    def __init__(self, path, found):
        super().__init__(
            f"{path}: {found}, so there are no words to read; recognise them with `ocrmypdf -l chi_sim --force-ocr IN.pdf OUT.pdf` "
            "and read OUT.pdf")


class EncryptedFile(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: the file is locked with a password; open it, save it without one and read that")


class DamagedFile(InputError):
    def __init__(self, path, expected, reason):
        super().__init__(f"{path}: this is no {expected} that can be opened ({reason}); download it again, or open it and save it anew")


class FileTooLarge(InputError):
    def __init__(self, path, found, limit):
        super().__init__(f"{path}: {found}, more than the {limit} that are read; split it into several files")


class BadArchive(InputError):
    def __init__(self, path, reason):
        super().__init__(f"{path}: the archive cannot be read ({reason}); unpack it and give the folder")


class ArchiveTooLarge(InputError):
    def __init__(self, path, found, limit):
        super().__init__(f"{path}: {found}, more than the {limit} that are read of an archive; unpack it, if you trust it, and give the folder")


class BadGazetteer(InputError):
    def __init__(self, path, problem):
        super().__init__(f"{path}: {problem}")


class BadSheet(InputError):
    """corpus.csv, corrections.csv, codes.csv, verdicts.csv or a coding sheet."""

    title = "The sheet cannot be used"

    def __init__(self, path, line, problem):
        super().__init__(f"{path}:{line}: {problem}")


class CannotCorrect(InputError):
    def __init__(self, reason):
        super().__init__(f"nothing was corrected: {reason}")


# --- validation -------------------------------------------------------------------------------------

class BadAnnotation(InputError):
    title = "The annotation cannot be used"

    def __init__(self, path, problem):
        super().__init__(f"{path}: {problem}")


class NoAnnotations(InputError):
    def __init__(self, folder):
        super().__init__(
            f"{folder}: no annotations in here; a folder of NN.json, one a document, was expected, or a coding sheet as `policygraph sample` writes it")


class BadCoding(InputError):
    """Cells of a coding sheet that cannot be read, all of them at once: a sheet is mended in one go."""

    title = "The coding sheet cannot be used"

    def __init__(self, path, mistakes):
        told = [f"{path}:{line}: {problem}" for line, problem in mistakes]
        head = [f"{path}: {len(told)} cells to put right; nothing was counted"] if len(told) > 1 else []
        super().__init__("\n".join(head + told))


class SheetThere(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: this file is there already and may hold somebody's coding; name another with -o, or move it away")


class NothingToDraw(InputError):
    def __init__(self, where, others):
        hint = f"; --all-documents draws from what was not taken for one ({others})" if others else ""
        super().__init__(f"{where}: no plan to draw passages from{hint}")


class NothingToCompare(InputError):
    def __init__(self, where):
        super().__init__(f"{where}: no two plans with tasks that are compared; such plans have a year, and are of one body or place, or of a body and one above it")


class NoKey(InputError):
    def __init__(self, path, folders):
        super().__init__(
            f"{path}: its .key is in none of {', '.join(folders)}; `policygraph sample --links` wrote it beside the sheet when that was drawn, and it alone says "
            "how often each kind of pair was drawn: put it into one of these folders")


class NothingCoded(InputError):
    def __init__(self, path):
        super().__init__(f"{path}: no row is filled in; the instructions beside the sheet say how")


# --- the judge of links -----------------------------------------------------------------------------

class BadJudge(UsageError):
    title = "The judge cannot be asked like this"

    def __init__(self, problem):
        super().__init__(problem)


class JudgeSilent(PolicygraphError):
    """One request to the judge failed; the others are still sent."""

    status = 502
    title = "The judge gave no answer"

    def __init__(self, url, problem, tries):
        super().__init__(f"{url}: {problem}{f', after {tries} tries' if tries > 1 else ''}")


class JudgeRefused(PolicygraphError):
    """The judge answered in a way that it would answer every other request."""

    status = 502
    title = "The judge refuses"

    def __init__(self, url, problem, code, with_key):
        if code in (401, 403):
            advice = "check POLICYGRAPH_JUDGE_KEY" if with_key else "set POLICYGRAPH_JUDGE_KEY to the endpoint's key"
        elif 300 <= code < 400:
            advice = "the address redirects elsewhere; give the one that it leads to with --judge"
        else:
            advice = "check --judge, which mostly ends in /v1, and --judge-model"
        super().__init__(f"{url}: {problem}; {advice}")

"""The pages of the API reference on the commands of ``mixgrade``.

What a command does, its options and their defaults come from the command itself.  What it printed
in the examples stands in ``book/reference/examples``; ``reference_examples`` runs them again.
"""

from importlib import import_module

from mixgrade.commands import Mixgrade
from mixgrade.sandbox import Sandbox
from reference_examples import EXAMPLES
from reference_markdown import page, sentences, table

STOPPED = "It could not be done; one line that begins with `error:` says why, and what to do."
EXIT_CODES = {
    "grade": {
        0: "Every submission was graded, in this run or before.",
        1: "Some submission or assignment could not be graded, and the output says which; or "
        "nothing could be done, and one line that begins with `error:` says why.",
        130: "Stopped with Ctrl-C. What was graded is kept.",
    },
    "report": {0: "The pages are written.", 1: STOPPED},
    "export": {0: "The file is written.", 1: STOPPED},
    "check": {
        0: "All visible checks passed.",
        1: "A visible check failed; or the notebook could not be read, and one line says why.",
    },
}
SETTINGS = [
    "Each of these can also stand in `nbgrader_config.py`, as `c.Sandbox.cell_seconds = 10`.",
]
# What the common options do; they are nbgrader's, as are their names.
COMMON = {
    "log-level": "How much is said on the way: 10 for everything, 30 for warnings only.",
    "course-dir": "Folder of the course.",
    "db": "Address of the gradebook.",
}


def command(name):
    """Return the class of a command."""
    found = Mixgrade.subcommands[name][0]
    if isinstance(found, str):
        folder, _, last = found.rpartition(".")
        found = getattr(import_module(folder), last)
    return found


def default(trait):
    """Return the default value of an option as one would type it."""
    value = trait.default()
    return "" if value in (None, "", []) else f"`{value}`"


def options(name):
    """Return the options of a command as rows: how it is written, its default, what it does."""
    found = command(name)
    own = {alias: path for alias, path in found.aliases.items() if alias not in COMMON}
    for alias, path in own.items():
        trait = found.class_traits()[path.split(".")[1]]
        yield f"`--{alias}=`", default(trait), trait.help
    for flag, (_, text) in sorted(found.flags.items(), reverse=True):
        yield f"`--{flag}`", "", f"{text[0].upper()}{text[1:]}."
    for alias in (a for a in found.aliases if a in COMMON):
        yield f"`--{alias}=`", "", COMMON[alias]


def settings(owner, *, without=()):
    """Return the settings of a class as rows, as they are written on the command line."""
    for attribute, trait in sorted(owner.class_own_traits(config=True).items()):
        if attribute not in without:
            yield f"`--{owner.__name__}.{attribute}=`", default(trait), trait.help


def command_page(name):
    """Return the page of a command."""
    found = command(name)
    says, _, more = found.description.partition("\n")
    says, _, usage = says.partition(": ")
    body = [f"{says}.", "", "```text", usage, "```", ""]
    body += [*sentences(more), ""] if more else []
    body += ["## Examples", ""]
    for example in EXAMPLES:
        if example.command == name:
            body += [example.about, "", "```{literalinclude} ../examples/" + f"{example.name}.txt"]
            body += [":language: console", "```", ""]
    header = ["option", "default", "what it does"]
    body += ["## Options", "", *table(header, options(name)), ""]
    aliased = {path.split(".")[1] for path in found.aliases.values()}
    further = [*settings(found, without={*aliased, *found.flags})]
    if name == "grade":
        further += settings(Sandbox)
    if further:
        body += ["## Settings", "", *SETTINGS, "", *table(header, further), ""]
    codes = {**EXIT_CODES[name], 2: "The command line could not be understood."}
    rows = [(str(code), text) for code, text in sorted(codes.items())]
    body += ["## Exit codes", "", *table(["code", "what it means"], rows)]
    return page(f"mixgrade {name}", f"mixgrade {name}: {says}.", body)


def pages():
    """Return {path relative to book/reference: text} of all pages."""
    found = {f"mixgrade/{name}.md": command_page(name) for name in Mixgrade.subcommands}
    rows = [
        [f"{{doc}}`/book/reference/mixgrade/{name}`", says]
        for name, (_, says) in Mixgrade.subcommands.items()
    ]
    body = [
        "`mixgrade` grades notebooks: students' code runs in a sandbox, the checks outside of it.",
        "The page {doc}`/book/instructors` says how the commands work together.",
        "",
        *table(["command", "what it does"], rows),
        "",
        "`mixgrade COMMAND --help` prints the options of a command.",
    ]
    description = "The commands of mixgrade, which grades the notebooks of the course."
    return found | {"mixgrade.md": page("The commands of mixgrade", description, body)}

"""Write the pages of the API reference, ``book/reference/``.

Usage: ``python scripts/reference.py``.  A page of ``mixcore`` names an object, whose docstring
Sphinx sets; a page of ``mixgrade`` is made by ``reference_commands``.  A test compares the pages
with what this would write.
"""

import importlib
import inspect
import shutil

import mixcore
import reference_commands
from reference_markdown import first_paragraph, page, table
from release import ROOT

FOLDER = ROOT / "book" / "reference"

# Each module of the package: its title here, and the chapters that derive what it holds.
TOPICS = {
    "gaussian": ("The Gaussian distribution", ["gaussian-mixtures"]),
    "gaussian_mixture": ("Gaussian mixtures", ["gaussian-mixtures"]),
    "duality": ("Constrained optimisation", ["constrained-optimisation"]),
    "kmeans": ("k-means", ["kmeans"]),
    "em": ("EM for any mixture", ["em-one-dimension"]),
    "gaussian_mixture_em": ("EM for Gaussian mixtures", ["em-gaussian-mixtures"]),
    "matching": ("Matching of components", ["em-gaussian-mixtures"]),
    "information_criteria": ("Information criteria", ["how-many-components"]),
    "model_selection": ("The number of components", ["how-many-components"]),
    "bernoulli_mixture": ("Mixtures of Bernoullis", ["bernoulli-mixtures"]),
    "bernoulli_mixture_em": ("EM for mixtures of Bernoullis", ["bernoulli-mixtures"]),
    "langevin": ("Langevin samplers", ["langevin-and-mala"]),
    "two_sample": ("A test for two samples", ["langevin-and-mala"]),
    "contrastive": (
        "Likelihood by sampling",
        ["maximum-likelihood-by-sampling", "contrastive-divergence"],
    ),
    "contrastive_study": ("A study of these fits", ["contrastive-divergence"]),
    "noise_contrastive": ("Noise-contrastive estimation", ["noise-contrastive-estimation"]),
    "noise_contrastive_study": ("A study of NCE", ["how-many-samples-nce"]),
    "datasets": ("Data sets", []),
    "plotting": ("Figures", []),
}


def names(topic):
    """Return the public names of a module, each as it is reached from ``mixcore``."""
    if inspect.ismodule(getattr(mixcore, topic, None)) and topic in mixcore.__all__:
        return [f"{topic}.{name}" for name in getattr(mixcore, topic).__all__]
    return sorted(n for n in mixcore.__all__ if mixcore._MODULE_OF.get(n, n) == topic)


def value(name):
    """Return what a public name stands for."""
    found = mixcore
    for part in name.split("."):
        found = getattr(found, part)
    return found


def kind(name):
    """Return autodoc's word for what a public name stands for."""
    found = value(name)
    if inspect.isclass(found):
        return "exception" if issubclass(found, Exception) else "class"
    return "function" if callable(found) else "data"


def page_name(name):
    """Return the name of a page without its folder; some file systems take A and a for one."""
    last = name.split(".")[-1]
    return f"{last}-class" if last == "Player" else last


def summary(name):
    """Return the first sentence on a name, in Markdown."""
    if kind(name) == "data":
        return "Colours of the components in every figure."
    return first_paragraph(inspect.getdoc(value(name)))


def derivation(topic):
    """Return where the course derives what a module holds, as lines."""
    links = [f"{{doc}}`/book/{chapter}`" for chapter in TOPICS[topic][1]]
    return [f"Derived in {' and in '.join(links)}."] if links else []


def contents(topic):
    """Return the public names of a module as a table with links."""
    rows = [[f"{{py:obj}}`~mixcore.{name}`", summary(name)] for name in names(topic)]
    return [*table(["name", "what it is"], rows), ""]


def topic_page(topic):
    """Return the page of a module."""
    title, docstring = TOPICS[topic][0], importlib.import_module(f"mixcore.{topic}").__doc__
    # The function kmeans has taken this name in Sphinx's index, as it has in the package.
    hidden = ["   :no-index:"] if topic == "kmeans" else []
    body = [f"The module `mixcore.{topic}`.", *derivation(topic), "", *contents(topic)]
    body += ["## About the module", "", "```{eval-rst}", f".. automodule:: mixcore.{topic}"]
    description = f"mixcore.{topic}: {first_paragraph(docstring)}"
    return page(title, description, [*body, *hidden, "```"])


def name_page(topic, name):
    """Return the page of a public name."""
    what = kind(name)
    options = {"class": ["   :members:"], "data": ["   :no-value:"]}.get(what, [])
    body = ["```{eval-rst}", f".. auto{what}:: mixcore.{name}", *options, "```", ""]
    link = f"{{doc}}`mixcore.{topic} </book/reference/mixcore/{topic}>`"
    body += [f"The page of the module {link} gives the full references."]
    return page(name, f"mixcore.{name}: {summary(name)}", [*body, *derivation(topic)])


def overview():
    """Return the page of the package."""
    body = [
        "Every algorithm of the course is in the package `mixcore`, in the form of the equations.",
        "These pages are made from the docstrings of the package.",
        "",
    ]
    for topic, (title, _) in TOPICS.items():
        about = f"Module {{doc}}`mixcore.{topic} </book/reference/mixcore/{topic}>`."
        body += [f"## {title}", "", about, *derivation(topic), "", *contents(topic)]
    description = "Every public function and class of mixcore, by topic."
    return page("The package mixcore", description, body[:-1])


def pages():
    """Return {path relative to book/reference: text} of all pages."""
    found = {"mixcore.md": overview()}
    for topic in TOPICS:
        found[f"mixcore/{topic}.md"] = topic_page(topic)
        for name in names(topic):
            found[f"mixcore/{topic}/{page_name(name)}.md"] = name_page(topic, name)
    return found | reference_commands.pages()


def main():
    """Write the pages, and nothing else into their folders."""
    for folder in ("mixcore", "mixgrade"):
        shutil.rmtree(FOLDER / folder, ignore_errors=True)
    for path, text in pages().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

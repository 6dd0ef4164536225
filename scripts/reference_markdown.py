"""The form of the pages of the API reference."""

import re


def page(title, description, body):
    """Return a page with its description for search engines."""
    plain = description.replace("`", "").replace('"', "'")
    head = ["---", "myst:", "  html_meta:", f'    description: "{plain}"', "---", "", f"# {title}"]
    return "\n".join([*head, "", *body]) + "\n"


def table(header, rows):
    """Return the lines of a table."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines]


def first_paragraph(docstring):
    """Return the first paragraph of a docstring in Markdown."""
    text = " ".join(docstring.split("\n\n")[0].split())
    text = re.sub(r":math:`(.*?)`", r"$\1$", text)
    text = re.sub(r":\w+:`(.*?)`", r"`\1`", text)
    return text.replace("``", "`")


def sentences(text):
    """Return the sentences of a text."""
    return re.split(r"(?<=\.) (?=[A-Z])", " ".join(text.split()))

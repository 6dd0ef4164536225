"""HTML of a finished page as Markdown that JupyterLab and Colab show.

References, numbers and citations are resolved in the HTML, whichever extension made them.  What is
left to do is little: formulas go between dollars, boxes become block quotes, folded solutions stay
folded, and links get whole addresses.
"""

import re
from html import escape
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

CELLS = {"td", "th"}


class PlainMarkdown(MarkdownConverter):
    """Convert elements of a page.

    Parameters
    ----------
    url : str
        Address of the page, which links are relative to.
    """

    def __init__(self, url):
        super().__init__(heading_style="atx", bullets="-", escape_misc=False)
        self.url = url

    def markdown(self, element):
        """Return the Markdown of an element, without empty lines around it."""
        return self.process_tag(element, parent_tags=set()).strip()

    def escape(self, text, parent_tags):
        """Escape what would start a tag or a formula, beside emphasis."""
        return super().escape(text, parent_tags).replace("<", "&lt;").replace("$", r"\$")

    def convert_a(self, el, text, parent_tags):
        """Give a link its whole address; leave out the marks beside headings."""
        if "headerlink" in el.get("class", ()) or not text.strip():
            return ""
        before = " " * text[0].isspace()  # some themes put the space into the link
        return f"{before}[{text.strip()}]({urljoin(self.url, el['href'])})"

    def convert_code(self, el, text, parent_tags):
        """Keep a bar in the code of a table from ending its cell; words are no code."""
        if "download" in el.get("class", ()):
            return text
        code = super().convert_code(el, text, parent_tags)
        return code.replace("|", r"\|") if CELLS & parent_tags else code

    def convert_span(self, el, text, parent_tags):
        """Turn an inline formula."""
        if "math" not in el.get("class", ()):
            return text
        return f"${_formula(el, parent_tags)}$"

    def convert_div(self, el, text, parent_tags):
        """Turn displayed formulas, code, boxes and folded solutions."""
        classes = set(el.get("class", ()))
        if "math" in classes:
            number = el.find(class_="eqno")
            tag = rf" \tag{{{number.get_text().strip('()# ¶')}}}" if number else ""
            return f"\n\n$${_formula(el, parent_tags)}{tag}$$\n\n"
        language = next((c[10:] for c in classes if c.startswith("highlight-")), None)
        if language:
            return f"\n\n```{language}\n{el.get_text().rstrip()}\n```\n\n"
        if "code-block-caption" in classes:
            number = el.find(class_="caption-number")
            if number:
                text = text.strip().removeprefix(number.get_text().strip())
                text = f"**{number.get_text().strip()}**{text}"
            return f"\n\n{text.strip()}\n\n"
        if "solution" in classes:
            title = el.find(class_="admonition-title")
            words = re.sub(r"\\\((.*?)\\\)", r"$\1$", escape(title.get_text().strip()))
            rest = (self.process_element(e, parent_tags) for e in el.children if e is not title)
            inner = re.sub(r"\n{3,}", "\n\n", "".join(rest)).strip()
            return f"\n\n<details>\n<summary><b>{words}</b></summary>\n\n{inner}\n\n</details>\n\n"
        if "admonition" in classes:
            quoted = self.convert_blockquote(el, text, parent_tags)
            return f"\n\n{quoted.strip()}\n\n"
        return f"\n\n{text.strip()}\n\n"

    def convert_p(self, el, text, parent_tags):
        """Make the title of a box bold."""
        if "admonition-title" in el.get("class", ()):
            return f"\n\n**{re.sub(' +', ' ', text.strip())}**\n\n"
        return super().convert_p(el, text, parent_tags)


def _formula(el, parent_tags):
    """Return TeX as it stands between dollars."""
    tex = el.get_text()
    number = el.find(class_="eqno")
    if number:
        tex = tex.strip().removeprefix(number.get_text())
    tex = re.sub(r"^\s*\\[(\[]\s*|\s*\\[)\]]\s*$", "", tex)
    # Sphinx puts this around all that has more than one line.
    aligned = re.fullmatch(r"\\begin{split}\s*(\\begin{aligned}.*)\s*\\end{split}", tex, re.DOTALL)
    tex = aligned[1].rstrip() if aligned else tex
    if CELLS & parent_tags:
        tex = tex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    # On one line inside of other things: in a block quote each further line would begin with ">".
    nested = el.find_parent(["li", "td", "th"]) or el.find_parent(class_="admonition")
    if el.name == "span" or nested:
        return re.sub(r"\s+", " ", tex)
    return tex


def soup(html):
    """Return parsed HTML."""
    return BeautifulSoup(html, "html.parser")

# SPDX-License-Identifier: GPL-2.0-only
"""The documents: reStructuredText for Sphinx, read by docutils alone, and what they say of the tree."""

import re
from functools import cache

from docutils import io, nodes
from docutils.core import Publisher
from docutils.parsers.rst import Directive, directives, roles

from report import TOP, output

FOLDER = TOP / "Documentation"
COLUMNS = 80
# Beside those in FOLDER.
OTHERS = ("CONTRIBUTING.rst", "CHANGELOG.rst", "SECURITY.rst", "findings/README.rst")
# A literal that begins so is a file's path; * and NAME stand for some.
PATH = re.compile(r"(?:core|mm|irq|backend|controller|selftests|findings|tools|scripts|include|packaging|Documentation)/"
                  r"[\w.*/-]*")
TARGET = re.compile(r"make ([a-z][a-z-]*)\b")
FUNCTION = re.compile(r"(\w+)\(\)")
MEMBER = re.compile(r"(\w+)::(\w+)")


def glossary_terms(lines):
    """The words that a glossary's lines, which begin at the left, explain."""
    return [line for line in lines if line and not line.startswith((" ", ":", ".."))]


def role_term(_name, rawtext, text, lineno, inliner, _options=None, _content=None):
    """A word of the glossary, "term" or "words <term>"."""
    term = re.sub(r".*<(.*)>", r"\1", text, flags=re.S)
    page = [line.removeprefix("   ") for line in (FOLDER / "glossary.rst").read_text().splitlines()]
    if term.lower() not in map(str.lower, glossary_terms(page)):
        message = inliner.reporter.error(f"no word of the glossary: {term}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    return [nodes.emphasis(rawtext, text)], []


class Glossary(Directive):
    """Sphinx's list of terms: a definition list here, in the order of the alphabet."""

    has_content = True
    option_spec = {"sorted": directives.flag}

    def run(self):
        terms = glossary_terms(self.content)
        if "sorted" not in self.options and terms != sorted(terms, key=str.lower):
            raise self.error("the terms are not in order")
        block = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, block)
        return block.children


class Toctree(Directive):
    """Sphinx's list of contents: here only whether each document is there."""

    has_content = True
    option_spec = {"maxdepth": int, "caption": str}

    def run(self):
        there = {path.stem for path in FOLDER.glob("*.rst")} - {"index"}
        listed = {line.strip() for line in self.content if line.strip()}
        wrong = sorted(there ^ listed)
        if wrong:
            raise self.error(f"not both a document and in the list of contents: {', '.join(wrong)}")
        return []


roles.register_local_role("term", role_term)
directives.register_directive("glossary", Glossary)
directives.register_directive("toctree", Toctree)


def documents():
    """Every document in reStructuredText."""
    return sorted(FOLDER.glob("**/*.rst")) + [TOP / name for name in OTHERS if (TOP / name).exists()]


@cache
def parsed(path):
    """(tree of nodes, complaints) of a document."""
    publisher = Publisher(source_class=io.StringInput, destination_class=io.StringOutput)
    publisher.set_components("standalone", "restructuredtext", "null")
    publisher.process_programmatic_settings(None, {"report_level": 1, "halt_level": 5, "warning_stream": False,
                                                   "file_insertion_enabled": False}, None)
    publisher.set_source(path.read_text(), str(path))
    publisher.publish()
    tree = publisher.document
    return tree, [message.astext() for message in tree.parse_messages + tree.transform_messages]


def syntax():
    """What docutils complains of."""
    return [line for path in documents() for line in parsed(path)[1]]


def columns():
    """Lines that are too long; the output of programs is what it is."""
    wrong = []
    for path in documents():
        shown = {line.strip() for block in parsed(path)[0].findall(nodes.literal_block)
                 for line in block.astext().splitlines()}
        wrong += [f"{path.relative_to(TOP)}:{number}: {len(line)} columns"
                  for number, line in enumerate(path.read_text().splitlines(), 1)
                  if len(line) > COLUMNS and line.strip() not in shown]
    return wrong + [f"README.md:{number}: {len(line)} columns"
                    for number, line in enumerate((TOP / "README.md").read_text().splitlines(), 1)
                    if len(line) > COLUMNS]


@cache
def words():
    """Every word of the sources."""
    _, files = output("git", "ls-files", ":!Documentation", ":!*.rst", ":!*.md")
    text = "\n".join((TOP / name).read_text(errors="replace") for name in files if (TOP / name).is_file())
    return frozenset(re.findall(r"\w+", text)), frozenset(name.rsplit("/", 1)[-1] for name in files)


def missing(literal):
    """Why what a literal names is not there; None when it is, or names nothing."""
    known, _ = words()
    if PATH.fullmatch(literal):
        return None if any(TOP.glob(literal.rstrip("/").replace("NAME", "*"))) else "there is no such file"
    target = TARGET.match(literal)
    if target:
        rule = re.compile(rf"^{target[1]}:", re.M)
        return None if rule.search((TOP / "Makefile").read_text()) else "there is no such target"
    match = FUNCTION.fullmatch(literal) or MEMBER.fullmatch(literal)
    if match and not known.issuperset(match.groups()):
        return "no source has this name"
    return None


def names():
    """Literals that name a file, a target, a function or a member that is not there; MAINTAINERS' files."""
    wrong = []
    for path in documents():
        for literal in parsed(path)[0].findall(nodes.literal):
            text = " ".join(literal.astext().split())
            if missing(text):
                wrong.append(f"{path.relative_to(TOP)}: {text}: {missing(text)}")
        wrong += [f"{path.relative_to(TOP)}: there is no {name}"
                  for name in re.findall(r"\bDocumentation/[\w./-]+\w", path.read_text())
                  if not (TOP / name).exists()]
    patterns = re.findall(r"^F:\s+(\S+)", (TOP / "MAINTAINERS").read_text(), re.M)
    wrong += [f"README.md: there is no {name}"
              for name in re.findall(r"\]\(([^)]+)\)", (TOP / "README.md").read_text())
              if not (TOP / name).exists()]
    return wrong + [f"MAINTAINERS: {pattern} matches nothing" for pattern in patterns
                    if not any(TOP.glob(pattern.rstrip("/")))]

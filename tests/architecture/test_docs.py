"""What the documentation points to exists, and what it tells people to type works."""

import re

import pytest

from gaitlab.cli.app import COMMANDS

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^gaitlab ([a-z-]+)", re.MULTILINE)


def pages(project):
    top = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    folders = ("docs", "benchmarks", "recordings")
    return [project / name for name in top] + [
        page for folder in folders for page in sorted((project / folder).glob("*.md"))
    ]


def anchors(text):
    """Headings as they are addressed: lower case, words joined by a dash."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text))
    return {title.strip().replace(" ", "-") for title in titles}


def broken_links(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        found = file.exists()
        if not found or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            yield target


def test_every_link_leads_somewhere(project):
    broken = {page.name: list(broken_links(page)) for page in pages(project)}
    assert not {name: links for name, links in broken.items() if links}


def test_the_link_check_sees_a_broken_link(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title\n[a](nowhere.md) [b](#another) [c](#a-title)")
    assert list(broken_links(page)) == ["nowhere.md", "#another"]


def test_every_command_in_the_pages_exists(project):
    typed = {
        command
        for page in pages(project)
        for block in FENCED.findall(page.read_text(encoding="utf-8"))
        for command in TYPED.findall(block)
    }
    assert typed
    assert typed <= set(COMMANDS)


@pytest.mark.parametrize("target", ["demo", "test", "check", "notebooks"])
def test_make_knows_what_the_pages_tell_people_to_make(project, target):
    assert f"\n{target}: " in (project / "Makefile").read_text(encoding="utf-8")

#!/usr/bin/env python3
"""Writes THIRD-PARTY-NOTICES.txt: every crate that can become a part of the program, on any system, with
the license it is used under and the text that it ships.

    cargo fetch --locked && python3 .ci/notices.py

A test of tests/architecture.rs fails where Cargo.lock and the notices name other crates. Needs Python 3.11
and the standard library alone.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "THIRD-PARTY-NOTICES.txt"
RULE = "-" * 100
# Of several licenses to choose from, the first of these is taken.
PREFERRED = ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "BSL-1.0", "Unlicense", "CC0-1.0"]
TEXT_FILE = re.compile(r"^(licen[cs]e|copying|notice|unlicense|copyright)", re.IGNORECASE)


def packages():
    """The crates reached from ours without development dependencies, by name and version."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    metadata = json.loads(subprocess.check_output(command, cwd=ROOT))
    by_id = {package["id"]: package for package in metadata["packages"]}
    needs = {
        node["id"]: [
            dependency["pkg"]
            for dependency in node["deps"]
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
        ]
        for node in metadata["resolve"]["nodes"]
    }
    seen, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        for found in needs[waiting.pop()]:
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return sorted((by_id[found] for found in seen), key=lambda package: (package["name"], package["version"]))


def chosen(expression):
    """The license that is made use of, as SPDX writes it."""
    if not expression:
        return None
    alternatives = [part.strip(" ()") for part in re.split(r"\bOR\b|/", expression)]
    if "AND" in expression:
        return expression
    return next((license for license in PREFERRED if license in alternatives), alternatives[0])


def texts(package, license):
    """The texts that a crate ships for a license: those named after it, or all, and every notice."""
    folder = Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and TEXT_FILE.match(path.name))
    if not files:
        # Fonts and the like lie deeper, with their licenses beside them.
        files = sorted(path for path in folder.rglob("*.txt") if re.search(r"licen[cs]e|OFL|UFL", path.name))
    if package["license_file"] and (named := folder / package["license_file"]).is_file():
        files.append(named)
    word = (license or "").split("-")[0].lower()
    of_license = [path for path in files if word and word in path.name.lower()]
    notices = [path for path in files if path.name.lower().startswith("notice")]
    for path in dict.fromkeys((of_license or files) + notices):
        yield path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()


def main():
    by_text, without, lines = {}, [], []
    found = packages()
    for package in found:
        license = chosen(package["license"])
        name = f"{package['name']} {package['version']}"
        lines.append(f"{name} ({license or 'see its text'})")
        shipped = list(texts(package, license))
        for text in shipped:
            by_text.setdefault(re.sub(r"\s+", " ", text), (text, []))[1].append(name)
        if not shipped:
            authors = ", ".join(package["authors"]) or "its authors"
            without.append(f"{name}, {license}, copyright {authors}, {package['repository'] or ''}")
    parts = [
        "Third-party notices of Vastavirta",
        "",
        "Vastavirta is made with the crates listed here, each under the license named beside it; their texts follow.",
        "The fonts of the program are in assets/fonts with their licenses beside them, its data in assets/README.md.",
        "Written by .ci/notices.py; not to be changed by hand.",
        "",
        *lines,
    ]
    if without:
        parts += ["", RULE, "Without a text of their own in the crate; the standard text of the license applies:", "", *without]
    for text, names in sorted(by_text.values(), key=lambda entry: entry[1]):
        parts += ["", RULE, ", ".join(names), "", text]
    OUT.write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(found)} crates, {len(by_text)} texts, {len(without)} without one")


if __name__ == "__main__":
    sys.exit(main())

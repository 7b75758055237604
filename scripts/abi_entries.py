# SPDX-License-Identifier: GPL-2.0-only
"""Documentation/ABI: does each attribute in the sources have an entry, and each entry an attribute?"""

import re

from report import BUILD, TOP, problems

FOLDER = TOP / "Documentation" / "ABI"
CLASS = "/sys/class/covirt/"
ENCLAVE = CLASS + "<name>/"
STATS = ENCLAVE + "stats/"
FIELDS = ("What", "Date", "KernelVersion", "Contact", "Description")
DATE = re.compile(r"(January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d")
# How the sources make an attribute: pattern of its name, where it appears, and how it may be used.
MAKERS = (
    (r"^static CLASS_ATTR_(?P<mode>RO|RW|WO)\((?P<name>\w+)\)", CLASS),
    (r"struct class_attribute class_attr_\w+ =\s+__ATTR\((?P<name>\w+), 0[04]{3}, \w+, NULL\)", CLASS),
    (r"^static SETTING\((?P<name>\w+), 0644\b", ENCLAVE),
    (r"^static SETTING_RO\((?P<name>\w+),", ENCLAVE),
    (r"__BIN_ATTR\((?P<name>\w+), 0[04]{3}, \w+, NULL,", ENCLAVE),
    (r"^\tCOUNTER\((?P<name>(?!name)\w+), count_", STATS),
    (r"^static DEVICE_ATTR_RO\((?P<name>\w+)\)", ENCLAVE),
    (r"^module_param\w*\((?P<name>\w+),", "/sys/module/covirt/parameters/"),
    (r"^(?P<name>MODULE_VERSION)\(", ""),
)
# Attributes that are made in any other way match this.
SUSPECT = re.compile(r"\b(?:\w*ATTR\w*|SETTING\w*)\((\w+)")


def sources():
    return [path for folder in ("controller", "core", "include") for path in (TOP / folder).rglob("*.[ch]")]


def x_macro(name):
    """The names in the list of an X-macro."""
    for path in sources():
        match = re.search(rf"#define {name}\(X\)((?:.*\\\n)*.*)", path.read_text())
        if match:
            return [words.split(",")[-1].strip() for words in re.findall(r"X\(([^)]*)\)", match[1])]
    return []


def attributes():
    """Path of each attribute in the sources -> RO, RW or WO."""
    found = {STATS + name: "RO" for name in x_macro("COVIRT_COUNTERS")} | {STATS + "exits_<reason>": "RO"}
    for path in sources():
        for pattern, place in MAKERS:
            for match in re.finditer(pattern, path.read_text(), re.M):
                mode = match.groupdict().get("mode") or ("RW" if "SETTING\\(" in pattern else "RO")
                name = "/sys/module/covirt/version" if match["name"] == "MODULE_VERSION" else match["name"]
                found[(STATS if path.name == "stats.c" else place) + name] = mode
    return found


def entries():
    """The entries: a list of (field, text) each."""
    for path in sorted(FOLDER.iterdir()):
        for text in re.split(r"\n\n(?=What:)", path.read_text().rstrip("\n")):
            yield [(name, words.strip()) for name, words in
                   re.findall(r"^(\w+):((?:.*\n?)(?:^(?:\t.*)?\n?)*)", text, re.M)]


def described():
    """Path of each attribute that is described -> RO, RW, WO, or nothing."""
    found = {}
    for fields in entries():
        mode = re.match(r"\((RO|RW|WO)\)", dict(fields).get("Description", ""))
        found |= {words: mode and mode[1] for name, words in fields if name == "What"}
    return found


def entry_problems(fields):
    what = fields[0][1]
    names = [name for name, _ in fields]
    found = [f"{what}: no {name}" for name in FIELDS if not dict(fields).get(name)]
    if list(dict.fromkeys(names)) != list(FIELDS):
        found.append(f"{what}: its fields are {', '.join(names)}")
    if not DATE.fullmatch(dict(fields).get("Date", "")):
        found.append(f"{what}: Date is a month and a year")
    return found


def complete():
    """Fields that an entry lacks, and what the kernel's own reader complains of."""
    return sum(map(entry_problems, entries()), []) + \
        problems("perl", BUILD / "src" / "linux-6.1" / "scripts" / "get_abi.pl", "validate", "--dir", FOLDER)


def unknown_makers():
    """Attributes that the sources make in a way that MAKERS does not know."""
    known = {path.rsplit("/", 1)[-1] for path in attributes()} | {"name"}
    return [f"{path.relative_to(TOP)}: {name} is an attribute of an unknown kind" for path in sources()
            for name in SUSPECT.findall(path.read_text()) if name not in known]


def same():
    """Attributes without an entry, entries without an attribute, other rights, unknown words."""
    code, pages = attributes(), described()
    files = {what: mode for what, mode in pages.items() if mode}
    text = "\n".join(dict(fields)["Description"] for fields in entries())
    verbs = {verb for path in sources()
             for verb in re.findall(r"#define (COVIRT_IOC_\w+)\s+_IO[WR]*\(", path.read_text())}
    return [f"{what} has no entry" for what in sorted(set(code) - set(files))] + \
        [f"{what} is not in the sources" for what in sorted(set(files) - set(code))] + \
        [f"{what} is {code[what]}, its entry says {files[what]}" for what in sorted(set(code) & set(files))
         if code[what] != files[what]] + \
        [f"{word} is not described" for word in sorted({*x_macro("COVIRT_EXIT_REASONS"), *verbs})
         if not re.search(rf"\b{word}\b", text)] + unknown_makers()

"""Checks the PowerShell scripts without PowerShell: their syntax, and the calls of functions that they define. Checks the
syntax of the other scripts in this repository and of the examples in the README and in docs too.

Usage: lint.py (needs the packages tree-sitter and tree-sitter-pwsh). Prints each problem, and fails if there are any.
"""

import pathlib
import sys

import tree_sitter
import tree_sitter_pwsh

FOLDER = pathlib.Path(__file__).parent
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_pwsh.language()))
COMMON = {"verbose", "debug", "erroraction", "errorvariable", "whatif", "confirm"}


def nodes(node, kind):
    """Returns the nodes of a kind below a node."""
    if node.type == kind:
        yield node
    for child in node.children:
        yield from nodes(child, kind)


def broken(node):
    """Returns the places that the grammar cannot read."""
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from broken(child)


def text(node):
    return node.text.decode()


def parameters(function):
    """Returns the names and aliases of the parameters of a function, in lower case."""
    block = next(nodes(function, "param_block"), None)
    found = set()
    # The grammar takes the parameter after a default value as a part of that value, so all variables count.
    for variable in nodes(block, "variable") if block else ():
        found.add(text(variable).removeprefix("$").lower())
    for attribute in nodes(block, "attribute") if block else ():
        if text(attribute).startswith("[Alias("):
            found.update(part.lower() for part in text(attribute).split("'")[1::2])
    return found


def examples(page):
    """Returns the PowerShell in a page, with an empty line for each other line."""
    lines, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line == "```powershell"
            line = ""
        lines.append(line if inside else "")
    return "\n".join(lines).encode()


def main():
    # A grammar that accepts everything would check nothing.
    assert PARSER.parse(b"function Get-X { if ($a -eq 1 { 2 } }").root_node.has_error
    files = sorted(path for path in FOLDER.rglob("*.ps*1") if path.suffix != ".ps1xml")
    assert len(files) > 8, files
    files.extend(sorted((FOLDER.parent / "crates").rglob("*.ps1")))
    trees = {path: PARSER.parse(path.read_bytes()).root_node for path in files}
    pages = [FOLDER.parent / "README.md", *sorted((FOLDER.parent / "docs").glob("*.md"))]
    trees |= {page: PARSER.parse(examples(page)).root_node for page in pages}
    problems = []
    defined = {}
    for path, tree in trees.items():
        for node in broken(tree):
            problems.append((path, node, f"cannot read {text(node)[:60]!r}"))
        if path in files and any(byte > 127 for byte in path.read_bytes()):
            problems.append((path, tree, "Windows PowerShell reads characters outside ASCII as another encoding"))
        for function in nodes(tree, "function_statement"):
            name = text(next(child for child in function.children if child.type == "function_name"))
            defined[name.lower()] = parameters(function)
    calls = 0
    for path, tree in trees.items():
        for command in nodes(tree, "command"):
            name = text(command.children[0])
            known = defined.get(name.lower())
            if known is None:
                if "-PC" in name:
                    problems.append((path, command, f"{name} is not defined"))
                continue
            calls += 1
            for part in nodes(command, "command_parameter"):
                # Parameters of commands inside an argument belong to those.
                owner = part.parent
                while owner.type != "command":
                    owner = owner.parent
                parameter = text(part).removeprefix("-").split(":")[0].lower()
                if owner == command and parameter not in known | COMMON:
                    problems.append((path, part, f"{name} has no parameter -{parameter}"))
    assert calls > 100 and all(defined[name] for name in ("import-pcdevice", "invoke-pccommand")), (calls, defined)
    for path, node, problem in problems:
        print(f"{path.relative_to(FOLDER.parent)}:{node.start_point[0] + 1}: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f"{len(files)} scripts, {len(defined)} functions and {calls} calls: no problems found")


main()

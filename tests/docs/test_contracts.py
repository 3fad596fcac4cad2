"""Every rule of a contract is carried by a test, and every test's rule is in a contract."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.docs.documents import ROOT, named, table_rows

_RULE = re.compile(r"\b[FS]-[A-Z]+-\d{2}\b")


def rules() -> Counter[str]:
    """How often the contracts define each rule."""
    found: Counter[str] = Counter()
    for document in sorted((ROOT / "docs" / "contracts").glob("*.md")):
        for row in table_rows(document.read_text()):
            found.update(_RULE.findall(row[0]))
    return found


def marks() -> Iterator[tuple[str, str]]:
    """Each rule that a test names, and where; read from the sources, nothing is imported."""
    for source in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
                place = f"{named(source)}:{node.lineno}"
                for argument in node.args:
                    assert isinstance(argument, ast.Constant), f"{place}: not the id itself"
                    yield str(argument.value), place


def test_there_are_rules() -> None:
    assert {rule[0] for rule in rules()} == {"F", "S"}


def test_no_rule_is_defined_twice() -> None:
    assert [rule for rule, times in rules().items() if times > 1] == []


def test_every_rule_has_a_test() -> None:
    carried = {rule for rule, _ in marks()}
    without = [rule for rule in rules() if rule not in carried]
    assert not without, f"{len(without)} rules without a test: {' '.join(without)}"


def test_every_marked_rule_exists() -> None:
    known = rules()
    assert [f"{place}: {rule}" for rule, place in marks() if rule not in known] == []

"""diff: what it shows."""

from conftest import ROOT


def test_simple_output_has_a_line_for_each_object(run, demo):
    spec = ["-f", str(ROOT / "examples" / "smallest" / "helmfile.yaml"), *demo.options]
    text = run("diff", *spec).stdout
    simple = run("diff", "-o", "simple", *spec).stdout

    assert simple.splitlines()[0] == text.splitlines()[0]
    added = [line.removesuffix(" has been added:") for line in text.splitlines()
             if line.endswith(" has been added:")]
    assert added
    assert [line.removesuffix(" to be added") for line in simple.splitlines()[1:] if line] == added

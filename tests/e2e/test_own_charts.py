"""The charts of tests/conformance/own, small ones with all that was found to matter: each with its values
files and sets of options, held against what helm has said, and where helm is on the PATH against helm."""

import glob
import os
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT

CHARTS = ROOT / "tests" / "conformance" / "own"


def compare(relfile, folders, report, *options):
    done = subprocess.run([sys.executable, ROOT / "tests" / "conformance" / "charts", "--relfile", relfile,
                           "--report", report, "--limit", "30", *options, *folders],
                          capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_own_charts_render_as_helm_has_rendered_them(relfile, tmp_path):
    compare(relfile, [CHARTS], tmp_path, "--variants", "2", "--goldens", f"{CHARTS}.jsonl")


@pytest.mark.skipif(not shutil.which("helm"), reason="there is no helm")
def test_own_charts_render_as_helm_renders_them(relfile, tmp_path):
    compare(relfile, [CHARTS], tmp_path)


@pytest.mark.skipif(not shutil.which("helm"), reason="there is no helm")
def test_charts_in_packages_of_this_machine_render_as_helm_renders_them(relfile, tmp_path):
    found = [os.path.dirname(path) for path in glob.glob("/usr/share/**/Chart.yaml", recursive=True)]
    if not found:
        pytest.skip("no package has charts here")
    compare(relfile, found, tmp_path, "--variants", "1")

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from checks.model.errors import InputError
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.render import site
from reports.render.site import Report, build_site
from reports.store.records import AuditedService, RunRecord

STYLE = Path(site.__file__).parent / "static" / "toise.css"


def _seen(evidence, service):
    return f"{evidence.url} {service}"


def _report(service="a", evidence=_seen):
    rule = Rule(
        id="https",
        version=1,
        since="0.1.0",
        status=Status.ACTIVE,
        title="HTTPS",
        page="Une page.",
        judge=lambda: Finding(reason="ok"),
        outcomes={"ok": Outcome.PASSED},
        messages={"ok": "Tout va bien."},
    )
    seen = Evidence(url="https://a.example/", capture="<urn:uuid:00000000-0000-4000-8000-000000000001>")
    verdict = Verdict(
        run="r", service=service, rule="https", version=1, outcome=Outcome.PASSED, reason="ok", at="", evidence=(seen,)
    )
    audited = AuditedService(
        service=Service(id=service, name=service), group=PhaseGroup.CONSTRUCTION, verdicts=(verdict,)
    )
    run = RunRecord(
        id="r", started_at="2026-11-23T06:00:00Z", as_of="2026-11-23", registry_digest="a", ruleset="b", state={}
    )
    return Report(
        run=run,
        figures=(),
        registry_figures=(),
        by_phase=(),
        by_incubator=(),
        by_sponsor=(),
        services=[audited],
        bare_services=[audited],
        rules={"https": rule},
        evidence=evidence,
    )


def test_a_new_site_replaces_the_old_one_whole(tmp_path):
    output = tmp_path / "deep" / "site"
    index = build_site(_report("ancien"), output)
    assert index == output / "index.html"
    assert build_site(_report("nouveau"), output) == index
    assert {path.name for path in (output / "services").iterdir()} == {"index.html", "nouveau.html"}
    assert [path.name for path in output.parent.iterdir()] == ["site"]


def test_an_empty_folder_may_be_filled_and_a_link_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    build_site(_report(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").is_file()


def test_a_failure_leaves_the_previous_site_whole(tmp_path):
    output = tmp_path / "site"
    build_site(_report("ancien"), output)

    def fails(evidence, service):
        raise OSError("disque plein")

    with pytest.raises(OSError, match="disque plein"):
        build_site(_report("nouveau", fails), output)
    assert (output / "services" / "ancien.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_swap_that_fails_half_way_is_undone(tmp_path, monkeypatch):
    output = tmp_path / "site"
    build_site(_report("ancien"), output)
    rename = Path.rename

    def refuses(path, target):
        if path.name.endswith(".part"):
            raise PermissionError(13, "refusé")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(PermissionError):
        build_site(_report("nouveau"), output)
    assert (output / "services" / "ancien.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_not_a_site_of_ours_is_refused_and_kept(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "ete.jpg").write_bytes(b"...")
    with pytest.raises(InputError, match=r"photos existe et n'est pas un site de Toise .*\.toise-site"):
        build_site(_report(), tmp_path / "photos")
    with pytest.raises(InputError, match=r"ete\.jpg est un fichier"):
        build_site(_report(), tmp_path / "photos" / "ete.jpg")
    with pytest.raises(InputError, match="Impossible d'écrire"):
        build_site(_report(), tmp_path / "photos" / "ete.jpg" / "site")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["ete.jpg"]


def test_a_mount_point_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "is_mount", lambda path: path == tmp_path / "volume")
    (tmp_path / "volume").mkdir()
    with pytest.raises(InputError, match="point de montage"):
        build_site(_report(), tmp_path / "volume")
    build_site(_report(), tmp_path / "volume" / "site")


def test_what_a_killed_process_of_the_same_number_left_is_no_obstacle(tmp_path):
    """In a container each build has the same number."""
    for kind in ("part", "old"):
        (tmp_path / f".site.{os.getpid()}.{kind}" / "services").mkdir(parents=True)
    build_site(_report("ancien"), tmp_path / "site")
    build_site(_report("nouveau"), tmp_path / "site")
    assert (tmp_path / "site" / "services" / "nouveau.html").is_file()


def _schemes():
    """The colours of the light and of the dark scheme; those of paper come last."""
    light, dark, _ = re.findall(r":root \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL)
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in (light, dark)]


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", _schemes(), ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "raised", "alert"])
@pytest.mark.parametrize("text", ["text", "quiet", "link", "passed", "failed", "cantTell"])
def test_text_has_the_contrast_that_wcag_asks(scheme, ground, text):
    dark, light = sorted((_luminance(scheme[ground]), _luminance(scheme[text])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("scheme", _schemes(), ids=["light", "dark"])
@pytest.mark.parametrize("outcome", ["passed", "failed", "cantTell"])
def test_a_cell_of_a_verdict_has_it_too(scheme, outcome):
    dark, light = sorted((_luminance(scheme[f"{outcome}ground"]), _luminance(scheme[outcome])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_script_is_small_and_writes_only_text():
    script = STYLE.with_name("toise.js").read_text("utf-8")
    assert len(script.encode()) < 8_000
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|https?:|import", script
    )


def test_the_style_is_small_and_ours():
    style = STYLE.read_text("utf-8")
    assert len(style.encode()) < 30_000
    assert "url(" not in style
    assert "@import" not in style

"""The scorer beside the project, `../shared/tools/score.py`, and the series it scores."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.children import BASE

SHARED = BASE.parent / "shared"
INJECTOR = SHARED / "tools/inject.py"
PROFILES = ("standard", "reward_low_FP_rate", "reward_low_FN_rate")


@dataclass(frozen=True)
class Scorer:
    rules: Any  # the scorer's module: no part of the project, so nothing is known of its types
    corpus: Any
    labels: dict[str, Any]
    data: Path

    @classmethod
    def here(cls) -> Scorer | None:
        tool, nab = SHARED / "tools/score.py", SHARED / "data/nab"
        if not (tool.is_file() and nab.is_dir()):
            return None
        spec = importlib.util.spec_from_file_location("score", tool)
        if spec is None or spec.loader is None:
            return None
        rules = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(rules)
        labels = json.loads((nab / "labels.json").read_text())
        return cls(rules, rules.Corpus(str(nab / "data"), labels), labels, nab / "data")

    def of(self, folder: Path) -> Scorer:
        """For what the injector made there."""
        labels = json.loads((folder / "labels.json").read_text())
        data = folder / "data"
        return Scorer(self.rules, self.rules.Corpus(str(data), labels), labels, data)

    def judge(self, detector: str) -> tuple[dict[str, Any], float]:
        """The scores of each file, and the processor's microseconds a reading."""
        scores, microseconds, _count = self.rules.run_detector(self.corpus, detector)
        return scores, microseconds

    def evaluate(
        self, scores: dict[str, Any], thresholds: dict[str, float] | None = None
    ) -> dict[str, Any]:
        """With the best threshold of these files for each profile, or with those given."""
        return dict(self.corpus.evaluate(scores, thresholds))

    def across(self, scores: dict[str, Any]) -> dict[str, float]:
        """Each group of related files judged with the threshold that is best for all the others.

        A profile's score is linear in the points won, so the groups' points may be added up.
        """
        won, best, least = dict.fromkeys(PROFILES, 0.0), 0.0, dict.fromkeys(PROFILES, 0.0)
        for group in sorted({_group(name) for name in self.labels}):
            inside, outside = self._part(group, inside=True), self._part(group, inside=False)
            limits = outside.evaluate({name: scores[name] for name in outside.files})
            mine = {name: scores[name] for name in inside.files}
            best += inside.n_windows
            flat = inside.flat(mine)
            for profile, (hit, false, missed) in self.rules.PROFILES.items():
                bars, points, nothing = inside.sweep(flat, hit, false, missed)
                reached = (bars >= limits[profile]["threshold"]).nonzero()[0]
                won[profile] += float(points[reached[-1]])
                least[profile] += float(nothing)
        return {name: 100 * (won[name] - least[name]) / (best - least[name]) for name in PROFILES}

    def _part(self, group: str, *, inside: bool) -> Any:
        labels = {
            name: windows
            for name, windows in self.labels.items()
            if (_group(name) == group) is inside
        }
        return self.rules.Corpus(str(self.data), labels)

    def series(self) -> Iterator[tuple[str, list[tuple[datetime, float]]]]:
        for name in self.corpus.files:
            moments, values = self.corpus.series[name]
            yield name, list(zip(moments, values.tolist(), strict=True))


def found(alarms: dict[str, Any]) -> tuple[str, str]:
    return (
        f"{alarms['found']} of {alarms['windows']}, {alarms['fp_episodes']}",
        f"precision {alarms['precision']:.2f}",
    )


def _group(name: str) -> str:
    """Files of one folder come from one source; both artificial folders from one hand."""
    folder = name.split("/", maxsplit=1)[0]
    return "artificial" if folder.startswith("artificial") else folder

"""The figures of docs/triage.md once more: how well triage works on real messages, by the commands a city uses itself.

    python -m benchmarks.triage [classify] [curve] [near] [replies] [same] [hot] [--json] [--pictures]

Without a name all parts run; `same` and `hot` take minutes each, the others seconds to a minute. The data is no part
of the project: it is looked for in ../shared/data beside it; a part whose files are not there measures nothing and
says so. `curve` learns from the first 0, 50, 100 … messages of one shuffle; with --pictures
it draws what it measured into docs/pictures.

A floor is what was reached, less what another cut of the data may take away; what the method should reach one day is in
docs/triage.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import tell
from benchmarks.picture import write

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PICTURES = ROOT / "docs" / "pictures"
TEDDY, BOSTON, HOT = DATA / "teddy", DATA / "boston311", DATA / "teddy_hot"
EVALUATE = (
    "evaluate", "--train", TEDDY / "teddy_train.csv", "--test", TEDDY / "teddy_dev.csv",
    "--tree", TEDDY / "label_tree.csv",
)  # fmt: skip
NEAR = (
    "near", "--requests", BOSTON / "boston_open311.parquet", "--queries", BOSTON / "dup_pairs_open.csv",
    "--train-pairs", BOSTON / "dup_pairs_open.csv",
)  # fmt: skip
REPLIES = ("replies", "--messages", DATA / "teddy_replies" / "replies.csv")
GROUPS = ("--messages", HOT / "messages_hot.csv", "--train-groups", HOT / "hot_gold_open.csv")
PARTS = {
    "classify": EVALUATE,
    "near": NEAR,
    "replies": REPLIES,
    "same": ("same", *GROUPS),
    "hot": ("hot", *GROUPS),
}
EXAMPLES = (0, 50, 100, 200, 500, 1000, 2000, None)  # None: all
DRAWN = {
    "macro_f1": "Macro-F1 by examples learned from · 学习样本数与宏平均 F1",
    "automatic": "Share that can stand without a clerk, 98 % of it right · 可自动办理的比例（正确率 98%）",
}
BELOW = "closed matters learned from · 学习的已办结事项数"

FLOORS = {
    "classify_macro_f1": ("at least", 0.93),
    "classify_automatic": ("at least", 0.76),
    "classify_ece": ("at most", 0.03),
    "classify_us_per_message": ("at most", 300.0),
    "classify_model_mb": ("at most", 8.0),
    "classify_train_s": ("at most", 30.0),
    "curve_0_macro_f1": ("at least", 0.84),
    "curve_0_ece": ("at most", 0.03),
    "curve_100_macro_f1": ("at least", 0.85),
    "curve_500_macro_f1": ("at least", 0.89),
    "near_recall_at_1": ("at least", 0.70),
    "near_recall_at_5": ("at least", 0.90),
    "replies_own_question_auc": ("at least", 0.90),
    "same_recall_at_1": ("at least", 0.95),
    "same_recall_at_5": ("at least", 0.985),
    "same_pair_f1": ("at least", 0.80),
    "same_recall_at_precision_95": ("at least", 0.55),
    "hot_pair_f1": ("at least", 0.84),
    "hot_pair_f1_without_giants": ("at least", 0.81),
    "hot_best_match_jaccard": ("at least", 0.85),
}


def ran(*words: object) -> dict[str, Any]:
    """What `onedoor triage …` measured, in one thread; nothing where a file that it is to read is not there."""
    missing = [word for word in words if isinstance(word, Path) and not word.exists()]
    if missing:
        print(f"{words[0]}: not measured, {missing[0]} is not here", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder:
        written = ["--predictions", f"{folder}/predictions.csv", "--json"]
        command = [str(Path(sys.executable).with_name("onedoor")), "triage", *map(str, words), *written]
        quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | quiet)
    return dict(json.loads(next(line for line in told.stdout.splitlines() if line.startswith("{"))))


def curve() -> dict[str, dict[str, Any]]:
    """By how many examples were learned from, what was measured."""
    made = {}
    for most in EXAMPLES:
        found = ran(*EVALUATE, *([] if most is None else ["--limit", most]))
        if found:
            made["all" if most is None else str(most)] = found
    return made


def draw(made: dict[str, dict[str, Any]]) -> None:
    """The learning curves as pictures."""
    for figure, title in DRAWN.items():
        points = [{"label": examples, "share": found[figure]} for examples, found in made.items()]
        write(PICTURES / f"triage-{figure.replace('_', '-')}.svg", title, BELOW, points)


def measure(parts: list[str]) -> dict[str, float]:
    """The figures of these parts, by part and name."""
    made: dict[str, float] = {}
    for part in parts:
        if part == "curve":
            by_examples = curve()
            if by_examples and "--pictures" in sys.argv:
                draw(by_examples)
            found = {f"{most}_{name}": n for most, held in by_examples.items() for name, n in held.items()}
        else:
            found = ran(*PARTS[part])
        made |= {f"{part}_{name}": n for name, n in found.items() if isinstance(n, int | float)}
    return made


def main() -> None:
    """Prints the figures, each beside its floor."""
    known = [*PARTS, "curve"]
    tell(measure([word for word in sys.argv[1:] if word in known] or known), FLOORS)


if __name__ == "__main__":
    main()

"""A classifier as bytes and back: one compressed archive of plain arrays (numpy's npz). Nothing in it can run.

about      JSON: the form, the fallback, the nodes, a digest of the words, the choices that were learned
kept, idf  the runs that count and their weights
n.mix, n.weights, n.steps, n.bias   of the n-th choice
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import astuple
from typing import Any
from zipfile import BadZipFile

import numpy as np

from onedoor.triage.calibrate import Mix
from onedoor.triage.classify import Choice, Classifier
from onedoor.triage.features import Features
from onedoor.triage.tree import Node, Prior, Tree

FORM = 2  # raised whenever older bytes would be read wrongly


def dumps(model: Classifier) -> bytes:
    """The classifier as bytes."""
    arrays: dict[str, Any] = {"kept": model.features.kept.astype(np.uint32)}
    arrays["idf"] = model.features.idf.astype(np.float16)
    for number, choice in enumerate(model.choices.values()):
        arrays[f"{number}.mix"] = np.array([choice.mix.words, *choice.mix.lean])
        arrays[f"{number}.weights"] = choice.weights
        arrays[f"{number}.steps"], arrays[f"{number}.bias"] = choice.steps, choice.bias
    about = {
        "form": FORM,
        "fallback": model.fallback,
        "nodes": [astuple(node) for node in model.tree.nodes.values()],
        "words": digest(model.prior),
        "choices": list(model.choices),
    }
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def loads(body: bytes) -> Classifier:
    """The classifier out of its bytes.

    Raises ValueError where they are none, of another form, or learned with another lexicon than this version's.
    """
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            if about["form"] != FORM:
                raise ValueError(f"form {about['form']}, not {FORM}")
            nodes = [
                Node(code, parent, name, tuple(words), filed)
                for code, parent, name, words, filed in about["nodes"]
            ]
            tree = Tree(nodes)
            prior = Prior(tree)
            if about["words"] != digest(prior):
                raise ValueError("learned with another lexicon: train anew")
            seen = Features(prior, held["kept"].astype(np.int64), held["idf"].astype(np.float32))
            choices = {at: _choice(held, number) for number, at in enumerate(about["choices"])}
    except (OSError, KeyError, EOFError, TypeError, BadZipFile) as error:
        raise ValueError(f"no classifier: {error}") from error
    return Classifier(tree, prior, seen, choices, about["fallback"])


def _choice(held: Any, number: int) -> Choice:
    mix = held[f"{number}.mix"]
    return Choice(
        Mix(float(mix[0]), mix[1:]),
        held[f"{number}.weights"], held[f"{number}.steps"], held[f"{number}.bias"],
    )  # fmt: skip


def digest(prior: Prior) -> str:
    """What the words and their groups come to: weights are only read with the words they were learned with."""
    said = "\n".join(prior.words).encode() + prior.groups.tobytes()
    return hashlib.sha256(said).hexdigest()[:16]

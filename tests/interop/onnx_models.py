"""Runs exported ONNX models in onnxruntime, and compares them with what the program predicts.

Each argument is a folder with model.onnx and cases.json: batches of inputs and the outputs that belong
to them, or the raw rows of a CSV with the lines that `predict` wrote. Says what disagrees and exits
with 1 if anything does.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-5


def batches(n, sizes=(1, 7)):
    """Which rows make up each batch: rows are repeated where there are too few."""
    for size in sizes:
        for start in range(0, min(n, 70), size):
            yield [row % n for row in range(start, start + size)]


def number(text):
    return float(text.replace(",", ".")) if text.strip() not in ("", "?", "NA") else float("nan")


def columns_of(session, name):
    return json.loads(session.get_modelmeta().custom_metadata_map[f"columns of {name}"])


def raw_input(session, put, table, rows, n_steps):
    """An input from the cells of the file: [N, columns], or [N, T, columns] for windows."""
    columns = columns_of(session, put.name)
    is_text = put.type == "tensor(string)"
    take = (lambda row, c: table[row][c]) if is_text else (lambda row, c: number(table[row][c]))
    if len(put.shape) == 2:
        # One value a window is its newest.
        cells = [[take(row + n_steps - 1, c) for c in columns] for row in rows]
    else:
        cells = [[[take(row + step, c) for c in columns] for step in range(n_steps)] for row in rows]
    return np.array(cells, dtype=object if is_text else np.float32)


def predicted(path, delimiter):
    """What the program predicts: name of a column -> list of cells, by its place among the rows."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def disagreement(place, found, expected):
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if found.shape != expected.shape:
        return f"{place}: shape {found.shape}, expected {expected.shape}"
    if not np.array_equal(np.isfinite(found), np.isfinite(expected)):
        return f"{place}: not finite at other places"
    error = np.abs(np.where(np.isfinite(expected), found - expected, 0.0)).max(initial=0.0)
    largest = max(1.0, np.abs(expected[np.isfinite(expected)]).max(initial=0.0))
    return f"{place}: off by {error:.3e}" if error > TOLERANCE * largest else None


def compare_rows(session, case, folder):
    delimiter, n_steps = case["delimiter"], case["n_steps"]
    with open(folder / "rows.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter=delimiter))
    lines = predicted(folder / "predicted.csv", delimiter)
    told = {int(line["row"]): line for line in lines}
    # A prediction is about the row `ahead` rows after the newest one of its window.
    ahead = case["rows_ahead"]
    names = [name for name in lines[0] if name not in ("row", "rows_ahead")]
    usable = [
        row
        for row in range(len(table) - n_steps + 1)
        if told.get(row + n_steps - 1 + ahead, {}).get(names[0], "") != ""
    ]
    assert usable, folder
    for batch in batches(len(usable)):
        rows = [usable[place] for place in batch]
        inputs = {put.name: raw_input(session, put, table, rows, n_steps) for put in session.get_inputs()}
        expected = [told[row + n_steps - 1 + ahead] for row in rows]
        for put, found in zip(session.get_outputs(), session.run(None, inputs), strict=True):
            if put.type == "tensor(string)":
                wanted = [line[case["classes"]] for line in expected]
                if found.tolist() != wanted:
                    yield f"{put.name}: {found.tolist()}, expected {wanted}"
                continue
            columns = columns_of(session, put.name)
            wanted = [[number(line[column]) for column in columns] for line in expected]
            yield disagreement(f"{put.name}, {len(batch)} rows", found, wanted)


def compare_arrays(session, case):
    inputs = {name: np.array(values, dtype=np.float32) for name, values in case["inputs"].items()}
    expected = [np.array(values) for values in case["outputs"]]
    outputs = session.get_outputs()
    if len(outputs) != len(expected):
        yield f"{len(outputs)} outputs, expected {len(expected)}"
        return
    if not inputs:
        for put, found, wanted in zip(outputs, session.run(None, {}), expected, strict=True):
            yield disagreement(put.name, found, wanted)
        return
    for batch in batches(len(expected[0])):
        fed = {put.name: inputs[put.name][batch] for put in session.get_inputs()}
        for put, found, wanted in zip(outputs, session.run(None, fed), expected, strict=True):
            yield disagreement(f"{put.name}, {len(batch)} rows", found, wanted[batch])


def compare(folder):
    path = folder / "model.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for put in [*session.get_inputs(), *session.get_outputs()]:
        # Without inputs there are no rows.
        if session.get_inputs() and put.shape[0] != "N":
            yield f"{put.name}: the batch size is {put.shape[0]}, not free"
        if not put.name.isidentifier():
            yield f"{put.name!r} is no identifier"
    yield from compare_rows(session, case, folder) if "classes" in case else compare_arrays(session, case)


def main():
    failed = False
    for folder in map(Path, sys.argv[1:]):
        for place in compare(folder):
            if place:
                failed = True
                print(f"{folder.name}: {place}")
    sys.exit(failed)


if __name__ == "__main__":
    main()

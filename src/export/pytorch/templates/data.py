"""The data as the network was trained on them: columns, preprocessing, samples, parts."""

import io
import json
import math
import re
from pathlib import Path

import pandas as pd
import torch

HERE = Path(__file__).parent
@CSV@

# How the file is written.
ENCODING = @ENCODING@
SKIP = @SKIP@  # lines above the table
COMMENT = @COMMENT@  # at the start of lines that are left out
HAS_HEADER = @HAS_HEADER@
# Of the model's own file: its columns, and (line, how many) that are no rows of the table.
@COLUMNS@
@LEFT_OUT@
THOUSANDS = @THOUSANDS@
DECIMAL = @DECIMAL@
@READING@
@MISSING@
# Columns of numbers with the same signs around them: what stands before and after.
@AFFIXES@
# Columns whose decimal and thousands signs are other ones than the file's.
OTHER_SIGNS = @OTHER_SIGNS@

# Each input and target of the network, in the order of its arguments: lists of columns, one list
# for each group of columns (one for each time step), else a single one. A number is
# (column, shift, scale, fill): it becomes (x - shift) / scale. A category is (column, names, seen):
# one feature for each name, 1 where the row has it; names that training never saw are all zeros.
@NODES@

# Rows typed into the drawing, used where no file is named.
@TYPED_ROWS@

N_STEPS = @N_STEPS@  # time steps
STRIDE = @STRIDE@  # rows between the starts of two windows
HORIZON = @HORIZON@  # a target lies this many rows after the newest input
WINDOWS = @WINDOWS@  # whether a sample is a window of consecutive rows
DROP_ROWS = @DROP_ROWS@  # whether a missing feature leaves a row out; else it is filled
VALIDATION = @VALIDATION@  # share of other files that validates

# What the numbers of each prediction mean: (name, shift, scale) of every feature.
@PREDICTIONS@

_state = {}


def own_file():
    """The model's own file; one of its name beside this program where that is gone."""
    path = HERE / CSV
    return path if path.exists() else HERE / re.split(r"[\\/]", CSV)[-1]


def read_table(path):
    """All cells as text, without blanks around them; the model's own file without a path."""
    text = Path(path or own_file()).read_text(encoding=ENCODING)
    lines = io.StringIO(text).readlines()
    if path is None:
        left_out = {line + n for line, count in LEFT_OUT for n in range(count)}
        lines = [line for at, line in enumerate(lines, 1) if at not in left_out]
    else:
        lines = lines[SKIP:]
        if COMMENT is not None:
            lines = [line for line in lines if not line.lstrip().startswith(COMMENT)]
    table = pd.read_csv(
        io.StringIO("".join(lines)),
        header=0 if HAS_HEADER and path is not None else None,
        names=COLUMNS if path is None else None,
        index_col=False,
        dtype=str,
        keep_default_na=False,
        skipinitialspace=True,
        **READING,
    )
    if not HAS_HEADER and path is not None:
        table.columns = [f"column {number + 1}" for number in table.columns]
    table.columns = [str(name).strip() for name in table.columns]
    around = r"^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$"
    table = table.fillna("")
    return table.apply(lambda column: column.str.replace(around, "", regex=True))


def unsigned(text):
    """A sign taken off: before a number, after it, or as the brackets of bookkeepers."""
    minus = "-\u2212\u2013"
    if text[:1] in minus or text[-1:] in minus:
        return -1.0, text.strip(minus).strip()
    if text.startswith("(") and text.endswith(")"):
        return -1.0, text[1:-1]
    return 1.0, text.removeprefix("+")


def number(text, decimal, thousands):
    """The number in a cell, digits maybe in groups; NaN where there is none."""
    if not any(sign.isdigit() for sign in text):
        return math.nan
    sign, text = unsigned(text)
    apart = re.escape(" \u00a0\u202f\u2009" + thousands)
    if thousands == "'":
        apart += "\u2019"
    middle = r"\d{2,3}" if thousands == "," else r"\d{3}"
    grouped = rf"\d{{1,3}}(?P<apart>[{apart}])(?:{middle}(?P=apart))*\d{{3}}"
    fraction = rf"(?:{re.escape(decimal)}(?P<fraction>\d*))?"
    exponent = r"(?:[eEdD](?P<exponent>[-+\u2212\u2013]?\d+))?"
    found = re.fullmatch(rf"(?P<whole>{grouped}|\d*){fraction}{exponent}", text)
    if found is None:
        return math.nan
    whole = re.sub(r"\D", "", found["whole"])
    power = re.sub("[\u2212\u2013]", "-", found["exponent"] or "0")
    value = float(f"{whole or 0}.{found['fraction'] or 0}e{power}")
    return sign * value if math.isfinite(value) else math.nan


def without_affixes(text, before, after):
    """A cell without the signs that stand around the numbers of its column."""
    sign = ""
    if text[:1] in ("-", "\u2212", "\u2013"):
        sign, text = "-", text[1:]
    return sign + text.removeprefix(before).removesuffix(after).strip()


def numbers(cells, name):
    """The cells of a column as numbers; NaN where there is none."""
    values = cells.map(lambda cell: number(cell, DECIMAL, THOUSANDS))
    rest = values.isna() & ~is_missing(cells)
    if name in AFFIXES:
        before, after = AFFIXES[name]
        bare = cells.map(lambda cell: without_affixes(cell, before, after))
        read = bare.map(lambda cell: number(cell, DECIMAL, THOUSANDS))
        values = values.where(~rest, read)
    elif name in OTHER_SIGNS:
        other = "," if DECIMAL == "." else "."
        for decimal, thousands in ((DECIMAL, other), (other, DECIMAL)):
            read = [number(cell, decimal, thousands) for cell in cells[rest]]
            if not any(math.isnan(value) for value in read):
                break
        values[rest] = read
    return torch.tensor(values.to_numpy(dtype=float))


def is_missing(cells):
    return cells.str.lower().isin(MISSING)


def category(cell):
    """A cell as the name of a category; numbers are written one way."""
    text = cell.replace(DECIMAL, ".")
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        number = float(text)
        return str(int(number)) if number == int(number) else repr(number)
    return cell


def encoded(table, column):
    """The features of one column, [rows, features], and which rows have a value."""
    if column[0] not in table:
        raise SystemExit(f"{CSV}: the column {column[0]!r} is missing")
    cells = table[column[0]]
    there = torch.tensor((~is_missing(cells)).to_numpy())
    if len(column) == 4:
        _, shift, scale, fill = column
        values = numbers(cells, column[0])
        there &= ~values.isnan()
        values = torch.where(there, values, fill)
        return ((values - shift) / scale)[:, None], there
    _, names, seen = column
    features = torch.zeros(len(table), len(names), dtype=torch.float64)
    for number, (name, is_seen) in enumerate(zip(names, seen)):
        if is_seen:
            has_it = (cells.map(category) == name).to_numpy()
            features[torch.tensor(has_it), number] = 1.0
    return features * there[:, None], there


def load(path, dtype, with_targets=True):
    """Reads the data and keeps them for the functions below."""
    is_wanted = {name: with_targets or not NODES[name]["target"] for name in NODES}
    names = [name for name in NODES if is_wanted[name]]
    values = {}
    if TYPED_ROWS and path is None:
        for name in names:
            values[name] = torch.tensor(TYPED_ROWS[name], dtype=dtype)
        n_rows = len(values[names[0]]) if names else 0
        usable = torch.ones(n_rows, dtype=torch.bool)
    else:
        if CSV is None and path is None:
            raise SystemExit("the network names no data: give a CSV file with --data")
        table = read_table(path)
        n_rows = len(table)
        usable = torch.ones(n_rows, dtype=torch.bool)
        for name in names:
            groups = []
            for group in NODES[name]["groups"]:
                features = []
                for column in group:
                    feature, there = encoded(table, column)
                    features.append(feature)
                    if DROP_ROWS or NODES[name]["target"]:
                        usable &= there
                groups.append(torch.cat(features, dim=1))
            one = torch.stack(groups, dim=1) if len(groups) > 1 else groups[0]
            values[name] = one.to(dtype)
    starts, length = samples(usable, with_targets)
    _state.update(values=values, starts=starts, names=names)
    _state["train"], _state["validation"] = split(starts, length, n_rows, path)


def samples(usable, with_targets):
    """The row at which each sample begins, and how many rows it takes."""
    if not WINDOWS:
        return torch.nonzero(usable)[:, 0], 1
    length = N_STEPS + (HORIZON if with_targets else 0)
    together = usable.unfold(0, length, STRIDE).all(dim=1)
    return torch.nonzero(together)[:, 0] * STRIDE, length


def split(starts, length, n_rows, path):
    """Training and validation samples: as they were for the model's own file, else by a share."""
    kept = json.loads((HERE / "rows.json").read_text(encoding="utf-8"))
    if path is None or kept["n_rows"] == n_rows:
        parts = [kept["train"], kept["validation"]]
        trains, validates = (
            torch.isin(starts, torch.tensor(part).long()) for part in parts
        )
    elif WINDOWS:
        border = n_rows - round(n_rows * VALIDATION)
        trains, validates = starts + length <= border, starts >= border
    else:
        border = len(starts) - round(len(starts) * VALIDATION)
        trains = torch.arange(len(starts)) < border
        validates = ~trains
    return torch.nonzero(trains)[:, 0], torch.nonzero(validates)[:, 0]


def train_rows():
    return _state["train"]


def validation_rows():
    return _state["validation"]


def all_rows():
    return torch.arange(len(_state["starts"]))


def row_numbers(rows):
    """The row of the table at which each sample begins, counted from 0."""
    return _state["starts"][rows].tolist()


def tensors(rows, device):
    """What the network takes for these samples: its inputs, and its targets."""
    inputs, targets = [], []
    for name in _state["names"]:
        node = NODES[name]
        value = _state["values"][name]
        first = _state["starts"][rows]
        if not WINDOWS:
            value = value[first]
        else:
            offset = HORIZON if node["target"] else 0
            steps = torch.arange(N_STEPS) + offset
            value = value[first[:, None] + (steps if node["per_step"] else steps[-1:])]
            value = value if node["per_step"] else value[:, 0]
        (targets if node["target"] else inputs).append(value.to(device))
    return inputs, targets


def original(numbers, prediction):
    """Numbers of the network in the units of the data."""
    units = [(shift, scale) for _, shift, scale in prediction["features"]]
    return [x * scale + shift for x, (shift, scale) in zip(numbers, units)]


def metrics(predicted, truth):
    """How good the predictions of the first loss are, in the units of the data."""
    task = PREDICTIONS[0]["task"]
    if predicted.dim() < truth.dim():
        truth = truth[:, -1]
    if task == "classes":
        right = predicted.argmax(dim=-1) == truth.argmax(dim=-1)
        return {"accuracy": right.double().mean().item()}
    if task == "yes or no":
        right = (predicted > 0.5) == (truth > 0.5)
        return {"accuracy": right.double().mean().item()}
    features = PREDICTIONS[0]["features"]
    scale = torch.tensor([scale for _, _, scale in features], dtype=torch.float64)
    error = (predicted.double() - truth.double()) * scale
    spread = (truth.double() - truth.double().mean(dim=0)) * scale
    found = {
        "mae": error.abs().mean().item(),
        "rmse": error.square().mean().sqrt().item(),
    }
    varied = spread.square().sum(dim=0) > 0
    if varied.any():
        r2 = 1 - error.square().sum(dim=0) / spread.square().sum(dim=0)
        found["r2"] = r2[varied].mean().item()
    return found


def prediction_names():
    """The columns of a table of predictions."""
    names = []
    for prediction in PREDICTIONS:
        if prediction["classes"] is not None:
            names.append(prediction["classes"]["column"])
        names.extend(name for name, _, _ in prediction["features"])
    return names


def prediction_cells(numbers):
    """The cells of one row of predictions: the class, where there are classes, and the numbers."""
    cells = []
    for prediction, of_row in zip(PREDICTIONS, numbers):
        values = of_row.tolist()
        if prediction["classes"] is not None:
            cells.append(prediction["classes"]["names"][values.index(max(values))])
        cells.extend(original(values, prediction))
    return cells

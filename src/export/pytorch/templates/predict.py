"""Predicts the targets of the rows of a CSV file, in the units of the data."""

import argparse
import csv
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

import data
from model import Network

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="the CSV file to predict for")
    parser.add_argument("--weights", type=Path, default=HERE / "weights.safetensors")
    parser.add_argument("--precision", choices=["f32", "f64"], default="@PRECISION@")
    parser.add_argument(
        "--out", type=Path, help="where to write; the terminal without it"
    )
    args = parser.parse_args()

    dtype = {"f32": torch.float32, "f64": torch.float64}[args.precision]
    data.load(args.data, dtype, with_targets=False)
    network = Network().to(dtype)
    network.load_state_dict(load_file(args.weights))
    network.eval()

    rows = data.all_rows()
    inputs, _ = data.tensors(rows, "cpu")
    with torch.no_grad():
        predictions = network.predict(*inputs)
    file = (
        sys.stdout
        if args.out is None
        else args.out.open("w", newline="", encoding="utf-8")
    )
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["row", *data.prediction_names()])
    for row, *numbers in zip(data.row_numbers(rows), *predictions):
        writer.writerow([row, *data.prediction_cells(numbers)])
    if args.out is not None:
        file.close()


if __name__ == "__main__":
    main()

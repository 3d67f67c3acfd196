"""Vastavirta and PyTorch eager side by side: alternates the two programs and prints the ratios.

    cargo build --release && python benches/peers/run.py [--rounds N] [WORKLOAD …]

Each round runs every workload once in Vastavirta and in PyTorch with 1 and with 2 threads, one after
another, so that a slower minute of the machine hits all. A ratio compares the medians over the rounds;
PyTorch counts with the better of its thread counts. Needs a Python with PyTorch, and an idle machine.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "..", "target", "release", "vastavirta")

# Ratios that the project set itself.
TARGETS = {"xor": 400.0, "auto_mpg": 8.0, "mnist": 1.8, "wide": 1.8, "rnn": 4.0, "chain": 1.0}


def samples_per_second(command):
    """What a program prints for one workload."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed.strip().splitlines()[-1])["samples_per_second"]


def processor():
    """The processor's name, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("workloads", nargs="*", default=list(TARGETS))
    arguments = parser.parse_args()
    peer = os.path.join(HERE, "pytorch.py")
    programs = {
        "vastavirta": [PROGRAM, "bench", "--json"],
        "pytorch 1": [sys.executable, peer, "1"],
        "pytorch 2": [sys.executable, peer, "2"],
    }
    speeds = {}
    for _ in range(arguments.rounds):
        for workload in arguments.workloads:
            for program, command in programs.items():
                speed = samples_per_second([*command, workload])
                speeds.setdefault((workload, program), []).append(speed)
    print(f"{processor()}, {os.cpu_count()} cores; samples per second, median of {arguments.rounds} rounds\n")
    print("| workload | Vastavirta | PyTorch, 1 thread | PyTorch, 2 threads | ratio | target |")
    print("|---|---|---|---|---|---|")
    for workload in arguments.workloads:
        ours, one, two = (statistics.median(speeds[workload, program]) for program in programs)
        ratio = ours / max(one, two)
        target = TARGETS.get(workload, 1.0)
        verdict = "" if ratio >= target else " (missed)"
        print(f"| `{workload}` | {ours:,.0f} | {one:,.0f} | {two:,.0f} | {ratio:.2f}× | {target:g}×{verdict} |")


if __name__ == "__main__":
    main()

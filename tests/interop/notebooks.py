"""Runs exported marimo notebooks as programs, as they stand and with their slider moved.

A notebook fails where its gradients by hand and PyTorch's disagree.
"""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace


def main(paths):
    failed = False
    for number, path in enumerate(map(Path, paths)):
        spec = importlib.util.spec_from_file_location(f"notebook_{number}", path)
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            _, defined = module.app.run()
            if "slider" in defined:
                moved = SimpleNamespace(value=defined["slider"].value + 0.5)
                _, after = module.app.run(defs={"slider": moved})
                if after["loss"] == defined["loss"]:
                    print(f"{path.name}: the slider moves nothing")
        except Exception as error:  # noqa: BLE001
            failed = True
            print(f"{path.name}: {error!r}")
    print(f"ran {len(paths)} notebooks")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Trains the network, in one process or, with torchrun, in several."""

import argparse
import os
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import load_file, save_file
from torch.nn.parallel import DistributedDataParallel

import data
from model import Network

HERE = Path(__file__).parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="the CSV file to learn from")
    parser.add_argument("--epochs", type=int, default=@EPOCHS@)
    parser.add_argument("--batch-size", type=int, default=@BATCH_SIZE@)
    parser.add_argument("--lr", type=float, default=@LEARNING_RATE@)
    parser.add_argument("--seed", type=int, default=@SEED@)
    parser.add_argument(
        "--shuffle", default=@SHUFFLE@, action=argparse.BooleanOptionalAction
    )
    parser.add_argument("--target-loss", type=float, default=@TARGET_LOSS@)
    parser.add_argument("--patience", type=int, default=@PATIENCE@)
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu"
    )
    parser.add_argument("--precision", choices=["f32", "f64"], default="@PRECISION@")
    parser.add_argument("--weights", type=Path, default=HERE / "weights.safetensors")
    parser.add_argument("--out", type=Path, default=HERE / "trained.safetensors")
    parser.add_argument("--checkpoint", type=Path, default=HERE / "checkpoint.pt")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint"
    )
    return parser.parse_args()


def start_processes(device):
    """This process's number, how many there are, and the device it computes on."""
    if "RANK" not in os.environ:
        return 0, 1, torch.device(device)
    device = torch.device(device)
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return dist.get_rank(), dist.get_world_size(), device


def optimizer_for(network, lr):
    trainable = [weight for weight in network.parameters() if weight.requires_grad]
    if not trainable:
        return None
    return torch.optim.@OPTIMIZER@


def load_optimizer(optimizer, network):
    """Goes on with what the optimizer remembered when the network was exported."""
    path = HERE / "optimizer.safetensors"
    if optimizer is None or not path.exists():
        return
    kept = load_file(path)
    for name, weight in network.named_parameters():
        if not weight.requires_grad or f"{name}/step" not in kept:
            continue
        state = optimizer.state[weight]
        for key in @STATE_NAMES@:
            state[key] = kept[f"{name}/{key}"].to(weight)
        if @KEEPS_STEP@:
            state["step"] = kept[f"{name}/step"].float()


def clip(network):
    """Gradient clipping, as it was chosen."""
    weights = [weight for weight in network.parameters() if weight.grad is not None]
@CLIP@


def order_of(samples, seed, epoch, shuffle):
    """The samples in the order of an epoch, the same in every process."""
    if not shuffle:
        return samples
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return samples[torch.randperm(len(samples), generator=generator)]


def total(number, device):
    """The sum of a number over all processes."""
    if not dist.is_initialized():
        return float(number)
    summed = torch.tensor([float(number)], dtype=torch.float64, device=device)
    dist.all_reduce(summed)
    return summed.item()


def train_epoch(network, forward, optimizer, rows, batch_size, rank, n_processes):
    """Learns from every row once; gives the mean loss of the batches, before each update.

    Every process takes its share of each batch. DistributedDataParallel averages the
    gradients, so a share counts n_processes times; a row is never counted twice.
    """
    network.train()
    device = next(network.parameters()).device
    loss_sum = 0.0
    for start in range(0, len(rows), batch_size):
        batch = rows[start : start + batch_size]
        own = torch.tensor_split(batch, n_processes)[rank]
        inputs, targets = data.tensors(own, device)
        loss = network.loss(forward(*inputs), *targets, n=len(batch))
        if optimizer is not None:
            optimizer.zero_grad()
            (loss * n_processes).backward()
            clip(network)
            optimizer.step()
        loss_sum += total(loss.detach(), device) * len(batch)
    return loss_sum / len(rows)


def evaluate(network, rows, chunk=1024):
    """The loss and the metrics of some rows, dropout off."""
    network.eval()
    device = next(network.parameters()).device
    loss, predictions, truths = 0.0, [], []
    with torch.no_grad():
        for start in range(0, len(rows), chunk):
            inputs, targets = data.tensors(rows[start : start + chunk], device)
            loss += network.loss(network(*inputs), *targets, n=len(rows)).item()
            predictions.append(network.predict(*inputs)[0].cpu())
            truths.append(targets[0].cpu() if targets else None)
    if truths[0] is None:
        return loss, {}
    return loss, data.metrics(torch.cat(predictions), torch.cat(truths))


def save_checkpoint(path, network, optimizer, epoch, best, waited):
    state = {
        "network": network.state_dict(),
        "epoch": epoch,
        "best": best,
        "waited": waited,
    }
    state["optimizer"] = None if optimizer is None else optimizer.state_dict()
    state["random"] = torch.get_rng_state()
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def main():
    args = arguments()
    rank, n_processes, device = start_processes(args.device)
    dtype = {"f32": torch.float32, "f64": torch.float64}[args.precision]
    torch.manual_seed(args.seed + rank)
    data.load(args.data, dtype)
    network = Network().to(device, dtype)
    network.load_state_dict(load_file(args.weights))
    optimizer = optimizer_for(network, args.lr)
    load_optimizer(optimizer, network)

    epoch, best, waited = 0, float("inf"), 0
    if args.resume and args.checkpoint.exists():
        state = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
        network.load_state_dict(state["network"])
        if optimizer is not None:
            optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        epoch, best, waited = state["epoch"], state["best"], state["waited"]

    forward = network
    if n_processes > 1 and optimizer is not None:
        forward = DistributedDataParallel(network, find_unused_parameters=True)
    while epoch < args.epochs:
        rows = order_of(data.train_rows(), args.seed, epoch, args.shuffle)
        loss = train_epoch(
            network, forward, optimizer, rows, args.batch_size, rank, n_processes
        )
        epoch += 1
        line = f"epoch {epoch}  train_loss {loss:.9g}"
        judged = loss
        if len(data.validation_rows()) > 0:
            judged, metrics = evaluate(network, data.validation_rows())
            line += f"  val_loss {judged:.9g}"
            line += "".join(
                f"  val_{name} {value:.6g}" for name, value in metrics.items()
            )
        best, waited = (judged, 0) if judged < best else (best, waited + 1)
        if rank == 0:
            print(line, flush=True)
            save_checkpoint(args.checkpoint, network, optimizer, epoch, best, waited)
        if args.target_loss is not None and loss <= args.target_loss:
            break
        if args.patience is not None and waited >= args.patience:
            break
    if rank == 0:
        weights = {
            name: weight.contiguous() for name, weight in network.state_dict().items()
        }
        save_file(weights, args.out)
        print(f"saved {args.out}")
    if n_processes > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()

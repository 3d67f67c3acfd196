def slopes(network, samples, weight, index, h):
    """The loss's slopes to the right and to the left of one entry of a parameter."""
    kept = weight[index]
    here = network.forward(*samples)
    weight[index] = kept + h
    above = network.forward(*samples)
    weight[index] = kept - h
    below = network.forward(*samples)
    weight[index] = kept
    return (above - here) / h, (here - below) / h


def compared(network, samples, weight, index, slope):
    """Whether backward's slope is that of the loss, how far it is off, whether at a kink."""
    apart = []
    smallest = np.inf
    for h in (1e-5, 1e-6, 1e-4):
        h *= max(1.0, abs(weight[index]))
        right, left = slopes(network, samples, weight, index, h)
        measured = (right + left) / 2
        rounding = 4 * np.finfo(float).eps * abs(network.loss) / h
        allowed = 1e-6 * max(abs(slope), abs(measured)) + 1e-9 + rounding
        smallest = min(smallest, abs(slope - measured))
        if abs(slope - measured) <= allowed:
            return True, smallest, False
        apart.append(abs(right - left))
    # Of a smooth loss, both slopes come together as h gets smaller.
    return False, smallest, apart[1] > 0.3 * apart[0]


def gradient_check(network, samples, most=50):
    """Compares backward with central differences; gives whether all that was compared agrees.

    Of a parameter with many entries some are taken at random. An entry at a kink of the loss,
    where it has no slope, is counted apart.
    """
    network.forward(*samples)
    network.backward()
    network.is_checking = True
    rng = np.random.default_rng(0)
    all_agree = True
    for name, grad_name in network.parameters.items():
        weight = getattr(network, name)
        grad = np.array(getattr(network, grad_name))
        entries = rng.permutation(weight.size)[:most]
        n_agree, n_kinks, largest = 0, 0, 0.0
        for entry in entries:
            index = np.unravel_index(entry, weight.shape)
            agrees, error, at_kink = compared(
                network, samples, weight, index, grad[index]
            )
            n_agree += agrees
            n_kinks += at_kink
            largest = largest if at_kink else max(largest, error)
        all_agree &= n_agree + n_kinks == len(entries)
        kinks = f", {n_kinks} at a kink" if n_kinks else ""
        print(
            f"{grad_name}: {n_agree} of {len(entries)} agree{kinks}, "
            f"largest difference {largest:.2e}"
        )
    network.is_checking = False
    return all_agree


if __name__ == "__main__":
    network = Network()
    samples = [np.array(values) for values in SAMPLES.values()]
    print("loss", network.forward(*samples))
@CHECK@

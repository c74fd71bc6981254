"""What the lift says for a physical storey: numbers left out, letters instead of them, a mezzanine and basements."""

UNLUCKY = {"4", "13", "14", "24", "34", "44", "54", "64"}
_LETTERED = {"4": "3A", "13": "12A", "14": "12B", "24": "23A", "34": "33A", "44": "43A", "54": "53A", "64": "63A"}


def storey_label(position: int, scheme: str, *, has_mezzanine: bool = False) -> str:
    """The label of a storey.

    Parameters
    ----------
    position : int
        Physical order: 1 is the ground floor, -1 the first basement.
    scheme : str
        'plain' counts on, 'skip' leaves out 4, 13, 14, 24…, 'lettered' writes 3A, 12A, 12B, 23A… instead.
    has_mezzanine : bool
        Whether the second storey is a mezzanine (M) that the numbers pass over.

    Raises
    ------
    ValueError
        For an unknown scheme.
    """
    if scheme not in ("plain", "skip", "lettered"):
        raise ValueError(f"Scheme {scheme!r} is not plain, skip or lettered.")
    if position < 0:
        return f"B{-position}"
    if has_mezzanine and position == 2:
        return "M"
    number = position - (has_mezzanine and position > 2)
    if scheme == "skip":
        return _without_unlucky(number)
    return _LETTERED.get(str(number), str(number)) if scheme == "lettered" else str(number)


def _without_unlucky(number: int) -> str:
    label = 0
    for _ in range(number):
        label += 1
        while str(label) in UNLUCKY:
            label += 1
    return str(label)

"""Whose attempts are counted together: the address of a client, of IPv6 the network that one household has whole."""

import ipaddress


def network_of(address: str | None) -> str:
    """The address that attempts are counted for: of IPv6 the /64; what is no address stands for itself, cut short."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return (address or "")[:64]
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)

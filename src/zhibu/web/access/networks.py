"""Networks as people write them: a list in CIDR, IPv4 and IPv6, with errors that say what would be right."""

from __future__ import annotations

import ipaddress
import re

from zhibu.web.accounts.devices import parsed

MOST = 100
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
APART = re.compile(r"[\s,，;；、]+")
LIKE = "写成 10.2.3.0/24（一个网段）、10.2.3.4（一台机器）或 2001:db8:1::/48"


def read(text: str) -> tuple[Network, ...]:
    """One network or address an entry; entries apart by lines, blanks or commas. Raises ValueError, a sentence."""
    entries = [entry for entry in APART.split(text) if entry]
    if len(entries) > MOST:
        raise ValueError(f"最多写 {MOST} 个网段，现在 {len(entries)} 个。挨着的网段合成一个大的")
    found = tuple(dict.fromkeys(_network(entry) for entry in entries))
    for version in (4, 6):
        if any(one.prefixlen == 0 for one in ipaddress.collapse_addresses(n for n in found if n.version == version)):
            raise ValueError(f"这些网段合起来是所有的 IPv{version} 地址，等于没有限制。不限制就全部删去")
    return found


def written(networks: tuple[Network, ...]) -> str:
    """One a line; a single machine without its /32 or /128."""
    return "\n".join(str(one.network_address) if one.num_addresses == 1 else str(one) for one in networks)


def holds(networks: tuple[Network, ...], address: str) -> bool:
    """Whether the address lies in one of them; what is no address lies in none."""
    found = parsed(address)
    return found is not None and any(found in one for one in networks if one.version == found.version)


def _network(entry: str) -> Network:
    shown = f"“{entry[:60]}”"
    if re.fullmatch(r"[0-9a-fA-F.:]+[-~～—至][0-9a-fA-F.:]+", entry):
        raise ValueError(f"{shown}是一段地址。{LIKE}")
    if "*" in entry:
        raise ValueError(f"{shown}里有星号，如 10.2.*.* 要写成 10.2.0.0/16")
    try:
        found = ipaddress.ip_network(entry, strict=False) if entry.isascii() and "%" not in entry else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"{shown}不是网段。{LIKE}")
    if isinstance(found, ipaddress.IPv6Network) and found.network_address.ipv4_mapped:
        raise ValueError(f"{shown}是写成 IPv6 的 IPv4 地址，直接写 IPv4：{found.network_address.ipv4_mapped}")
    written_address = parsed(entry.partition("/")[0])
    if "/" in entry and written_address != found.network_address:
        raise ValueError(f"{shown}的地址不是网段的开头：整个网段写 {found}，只许这一台写 {written_address}")
    return found

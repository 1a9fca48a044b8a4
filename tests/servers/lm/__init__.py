"""Loopback servers that speak as the hosts of M2 do: two protocols, five places for thinking, every known mishap."""

from tests.servers.lm.asked import Asked
from tests.servers.lm.server import Fault, Hosts, Said, Script, open_hosts
from tests.servers.lm.spoken import SERVINGS, Serving, Spoken

__all__ = ["SERVINGS", "Asked", "Fault", "Hosts", "Said", "Script", "Serving", "Spoken", "open_hosts"]

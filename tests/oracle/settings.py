"""The rules of a run, named as in a profile, and the numbers that several modules share."""
from dataclasses import dataclass, replace

SEC = 1_000_000_000
MOD = 1 << 32                   # of TCP sequence numbers
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = 1, 2, 4, 8, 16, 32, 64, 128
FLAG_BITS = (('fin', FIN), ('syn', SYN), ('rst', RST), ('psh', PSH), ('ack', ACK), ('urg', URG), ('cwr', CWR), ('ece', ECE))
TCP, UDP, ICMP, ICMP6, SCTP, GRE, UDPLITE, DCCP = 6, 17, 1, 58, 132, 47, 136, 33


@dataclass
class Settings:
    direction: str = 'role'            # role | first_packet
    continuation: str = 'inherit'      # inherit | fresh
    tcp_close: str = 'linger'          # linger | immediate
    tcp_reuse: str = 'split'           # split | merge
    flow_key: str = 'full'             # full | no_vlan | five_tuple
    decapsulate: str = 'inner'         # inner | outer
    fragments: str = 'join'            # join | drop
    udp_payload: str = 'datagram'      # datagram | packet
    protocols: tuple = ()              # empty: all
    vxlan_ports: tuple = (4789, 8472)
    geneve_ports: tuple = (6081,)
    gtpu_ports: tuple = (2152,)
    l2tpv3_cookie: int = 0             # bytes: 0, 4, 8
    idle_timeout: int = 120 * SEC      # ns, 0: never
    active_timeout: int = 3600 * SEC
    linger: int = 5 * SEC
    early_export: int = 0              # 0: no snapshots
    clock_jump: int = 600 * SEC        # 0: no packet is wild, and none that is older ends a flow
    feature_end: int = 0               # a feature asks that each flow ends with its so many-th packet; 0: none asks


DEFAULT = Settings()
COMPAT = replace(DEFAULT, direction='first_packet', continuation='fresh', tcp_close='immediate', tcp_reuse='merge',
                 flow_key='five_tuple', clock_jump=0, decapsulate='outer', fragments='drop', udp_payload='packet',
                 protocols=(TCP, UDP, ICMP, ICMP6))
MODES = {'default': DEFAULT, 'compat': COMPAT}

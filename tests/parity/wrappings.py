"""Headers and tunnels around a generated packet that few networks have; now and then a field forbids to open them."""
import frames as f

BEFORE_IP = ('cmd', 'vn_tag', 'e_tag', 'fabric_path', 'nsh', 'pbb', 'macsec', 'pseudowire')
OVER_IP = ('erspan', 'wccp', 'pptp', 'etherip', 'gre_mpls', 'l2tpv3')
OVER_UDP = {'l2tp': 1701, 'mpls_udp': 6635, 'vxlan_gpe': 4790, 'gue': 6080, 'lisp': 4341, 'capwap': 5247}

IPV4, IPV6, ETHERNET, NSH, MPLS = 1, 2, 3, 4, 5                 # what NSH and VXLAN-GPE have inside


def seldom(rng, usual, *others):
    return rng.choice(others) if rng.random() < 0.15 else usual


def before_ip(rng, wrapping, kind, packet, inner):
    """(EtherType, payload). `inner`: an Ethernet frame that holds the packet."""
    if wrapping == 'cmd':
        return 0x8909, f.cisco_metadata(kind, packet, seldom(rng, 1, 0, 2), seldom(rng, 1, 0, 2))
    if wrapping == 'vn_tag':
        return 0x8926, f.vn_tag(kind, packet)
    if wrapping == 'e_tag':
        return 0x893F, f.e_tag(kind, packet)
    if wrapping == 'fabric_path':
        return 0x8903, f.fabric_path(inner)
    if wrapping == 'pbb':
        return 0x88E7, f.i_tag(inner, seldom(rng, 0, 1, 2, 8))
    if wrapping == 'macsec':
        return 0x88E5, f.macsec(kind, packet, seldom(rng, 0, 0x20, 0x04, 0x08, 0x0C, 0x80))
    if wrapping == 'pseudowire':
        control = seldom(rng, b'', bytes(4), b'\0\0\x40\0', b'\x10\0\0\0')
        return 0x8847, f.mpls(control + inner, range(16, 16 + rng.choice((1, 2))))
    following, body = rng.choice((of_kind(kind, packet), (ETHERNET, inner), (MPLS, f.mpls(packet))))
    metadata, words = rng.choice(((1, 6), (2, 2), (2, 6)))
    return 0x894F, f.nsh(seldom(rng, following, 4, 9), body, seldom(rng, metadata, 0, 3), seldom(rng, words, 1, 7),
                         seldom(rng, 0, 1))


def of_kind(kind, packet):
    return IPV4 if kind == f.IP4 else IPV6, packet


def ppp(rng, kind, packet):
    return f.ppp(0x21 if kind == f.IP4 else 0x57, packet, framed=rng.random() < 0.5, short=rng.random() < 0.3)


def over_ip(rng, wrapping, kind, packet, inner):
    """(protocol, payload)"""
    number = rng.choice((0, 1, 2, 1000))
    if wrapping == 'erspan':
        of = rng.choice((1, 2, 3))
        body = f.erspan(of, inner, number, seldom(rng, None, 0, 1, 2, 5), seldom(rng, 0, 2, 1))
        return 47, f.gre(0x22EB if of == 3 else 0x88BE, body, sequence=seldom(rng, of > 1, of == 1))
    if wrapping == 'wccp':
        return 47, f.gre(0x883E, rng.choice((b'', b'\0\1\0\0')) + packet)
    if wrapping == 'pptp':
        return 47, f.pptp(number, ppp(rng, kind, packet), rng.random() < 0.3, seldom(rng, None, 0, 3, 2000),
                          seldom(rng, 0x3001, 0x2001, 0x3003))
    if wrapping == 'etherip':
        return 97, f.etherip(inner, seldom(rng, 0x3000, 0x3001, 0x2000))
    if wrapping == 'gre_mpls':
        return 47, f.gre(0x8847, f.mpls(rng.choice((packet, inner))))
    return 115, f.l2tpv3(seldom(rng, number + 1, 0), inner, cookie=seldom(rng, b'', bytes(4), b'\x40\0\0\1'))


def in_udp(rng, wrapping, kind, packet, inner):
    """The datagram's payload."""
    number = rng.choice((0, 1, 2, 1000))
    if wrapping == 'l2tp':
        return f.l2tp(number, 7, ppp(rng, kind, packet), rng.random() < 0.5, rng.random() < 0.3,
                      seldom(rng, None, 0, 4), seldom(rng, 2, 3, 0x8002, 0x1002))
    if wrapping == 'mpls_udp':
        return f.mpls(rng.choice((packet, inner, bytes(4) + inner)))
    if wrapping == 'vxlan_gpe':
        following, body = rng.choice((of_kind(kind, packet), (ETHERNET, inner), (MPLS, f.mpls(packet)),
                                      (NSH, f.nsh(ETHERNET, inner))))
        return f.vxlan_gpe(number, seldom(rng, following, 0, 7), body, seldom(rng, 0x0C, 0x08, 0x04, 0x0D, 0x3C))
    if wrapping == 'gue':
        if rng.random() < 0.2:
            return packet                                       # variant 1: IP at once
        proto, body = rng.choice(((4 if kind == f.IP4 else 41, packet), (47, f.gre(kind, packet)),
                                  (97, f.etherip(inner))))
        return f.gue(proto, body, rng.choice((0, 1)), rng.random() < 0.1, seldom(rng, 0, 2))
    if wrapping == 'lisp':
        return f.lisp(number, packet, seldom(rng, 0x08, 0, 0x80, 0x90, 0x0C, 0x01))
    if rng.random() < 0.5:
        control = rng.choice((b'\x08\x01', b'\x01\x08', b'\x88\x02', b'\x08\x41'))
        body, flags = f.wifi(kind, packet, control), 0x100
    else:
        body, flags = inner, 0
    return f.capwap(body, seldom(rng, 2, 1, 3), seldom(rng, 1, 0), flags | seldom(rng, 0, 0x80, 8, 1))

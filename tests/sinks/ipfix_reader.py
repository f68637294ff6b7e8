"""Reads IPFIX messages by RFC 7011 alone, and says what breaks it: lengths, sequence numbers, sets without a template."""
import ipaddress
import struct

REVERSE = 29305  # RFC 5103: the enterprise number of the other side's elements
PADDING = 210
BASIC_LIST = 291
# RFC 5610, "dataType": how the elements are read that records of the stream describe.
TYPES = {4: "unsigned", 8: "signed", 10: "float", 11: "boolean", 13: "string"}
# Those of IANA's that the program sends: https://www.iana.org/assignments/ipfix
IANA = {1: "octetDeltaCount", 2: "packetDeltaCount", 4: "protocolIdentifier", 6: "tcpControlBits", 7: "sourceTransportPort",
        8: "sourceIPv4Address", 11: "destinationTransportPort", 12: "destinationIPv4Address", 25: "minimumIpTotalLength",
        26: "maximumIpTotalLength", 27: "sourceIPv6Address", 28: "destinationIPv6Address", 52: "minimumTTL", 53: "maximumTTL",
        56: "sourceMacAddress", 60: "ipVersion", 80: "destinationMacAddress", 82: "interfaceName", 85: "octetTotalCount", 86: "packetTotalCount",
        136: "flowEndReason", 152: "flowStartMilliseconds", 153: "flowEndMilliseconds", 154: "flowStartMicroseconds",
        155: "flowEndMicroseconds", 156: "flowStartNanoseconds", 157: "flowEndNanoseconds", 210: "paddingOctets",
        243: "dot1qVlanId", 245: "dot1qCustomerVlanId", 300: "observationDomainName", 303: "informationElementId", 339: "informationElementDataType",
        340: "informationElementDescription", 341: "informationElementName", 342: "informationElementRangeBegin",
        343: "informationElementRangeEnd", 344: "informationElementSemantics", 345: "informationElementUnits",
        346: "privateEnterpriseNumber"}
ADDRESSES = {8, 12, 27, 28}
MACS = {56, 80}
TEXTS = {82, 300, 340, 341}
NTP = {154: 1_000_000, 155: 1_000_000, 156: 1_000_000_000, 157: 1_000_000_000}


class Reader:
    """Of one transport session. `rows` are data records by names of elements, `elements` what RFC 5610 records say."""

    def __init__(self, enterprise=32473):
        self.enterprise = enterprise
        self.templates = {}
        self.template_times = {}  # how often each template came
        self.options = set()
        self.elements = {}
        self.rows = []
        self.records = 0
        self.domains = set()
        self.lengths = []
        self.export_times = []

    def read_all(self, data):
        while data:
            length = struct.unpack_from(">H", data, 2)[0]
            self.read(data[:length])
            data = data[length:]
        return self

    def read(self, message):
        version, length, time, sequence, domain = struct.unpack_from(">HHIII", message)
        assert version == 10 and length == len(message), (version, length, len(message))
        assert sequence == self.records, f"sequence number {sequence} behind {self.records} records"
        self.domains.add(domain)
        self.lengths.append(length)
        self.export_times.append(time)
        at = 16
        while at < length:
            number, size = struct.unpack_from(">HH", message, at)
            assert size > 4, "a set without a record"
            self.read_set(number, message[at + 4:at + size])
            at += size
        assert at == length, "a set that ends behind its message"

    def read_set(self, number, data):
        if number in (2, 3):
            at = 0
            while at + 4 <= len(data):
                at = self.read_template(data, at, number == 3)
            return
        template = self.templates[number]
        at = 0
        while at < len(data):
            record = []
            for element, enterprise, length in template:
                if length == 65535:
                    length = data[at]
                    at += 1
                    if length == 255:
                        length = struct.unpack_from(">H", data, at)[0]
                        at += 2
                record.append((element, enterprise, data[at:at + length]))
                assert at + length <= len(data), "a cell that ends behind its set"
                at += length
            self.records += 1
            self.keep(number, record)

    def read_template(self, data, at, is_option):
        number, count = struct.unpack_from(">HH", data, at)
        at += 4
        if is_option:
            self.options.add(number)
            at += 2
        fields = []
        for _ in range(count):
            element, length = struct.unpack_from(">HH", data, at)
            at += 4
            enterprise = 0
            if element & 0x8000:
                enterprise = struct.unpack_from(">I", data, at)[0]
                at += 4
            fields.append((element & 0x7fff, enterprise, length))
        assert self.templates.setdefault(number, fields) == fields, "a template that changed"
        self.template_times[number] = self.template_times.get(number, 0) + 1
        return at

    def keep(self, number, record):
        if number in self.options:
            about = {IANA[element]: self.iana(element, cell) for element, _, cell in record}
            assert about["privateEnterpriseNumber"] == self.enterprise
            about["type"] = TYPES[about["informationElementDataType"]]
            self.elements[about["informationElementId"]] = about
            return
        row = {}
        for element, enterprise, cell in record:
            name, value = self.cell(element, enterprise, cell)
            if name == "paddingOctets":
                continue
            assert name not in row, f"{name} twice"
            row[name] = value
        self.rows.append(row)

    def cell(self, element, enterprise, cell):
        if enterprise == self.enterprise:
            return self.own(element, cell)
        if enterprise == REVERSE:
            return "reverse " + IANA[element], self.iana(element, cell)
        if element == BASIC_LIST:
            semantic, item, length, pen = struct.unpack_from(">BHHI", cell)
            assert (semantic, pen, item & 0x8000) == (4, self.enterprise, 0x8000)
            return self.items(item & 0x7fff, length, cell[9:])
        return IANA[element], self.iana(element, cell)

    def items(self, item, length, data):
        values = []
        at = 0
        while at < len(data):
            size = length
            if length == 65535:
                size = data[at]
                at += 1
                if size == 255:
                    size = struct.unpack_from(">H", data, at)[0]
                    at += 2
            values.append(self.own(item, data[at:at + size])[1])
            at += size
        return self.elements[item]["informationElementName"], values

    def own(self, element, cell):
        about = self.elements[element]
        kind = about["type"]
        if kind == "string":
            value = cell.decode()
        elif kind == "float":
            value = struct.unpack(">d", cell)[0]
        elif kind == "boolean":
            value = {1: True, 2: False}[cell[0]]
        else:
            value = int.from_bytes(cell, "big", signed=kind == "signed")
        return about["informationElementName"], value

    @staticmethod
    def iana(element, cell):
        if element in ADDRESSES:
            return str(ipaddress.ip_address(cell))
        if element in MACS:
            return ":".join(f"{byte:02x}" for byte in cell)
        if element in TEXTS:
            return cell.decode()
        number = int.from_bytes(cell, "big")
        if element in NTP:  # cut to the unit, as RFC 7011 6.1.9 and 6.1.10 have it
            return ((number >> 32) - 2_208_988_800) * NTP[element] + ((number & 0xffffffff) * NTP[element] >> 32)
        return number

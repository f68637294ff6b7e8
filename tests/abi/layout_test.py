"""What layout.py must refuse, and what it must let pass: the header changed in one place at a time."""
import os
import tempfile
import unittest

import layout
import newer_header

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = os.path.join(HERE, '..', '..', 'core', 'sdk', 'flowgauge', 'plugin.h')
COMPILER = os.environ.get('CC', 'cc')


def findings(*replacements):
    """Of today's header with each (old, new) replaced, against today's header as it is."""
    with open(HEADER) as file:
        text = file.read()
    for old, new in replacements:
        assert text.count(old) == 1, f'{old!r} stands {text.count(old)} times in the header'
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        changed = os.path.join(folder, 'plugin.h')
        with open(changed, 'w') as file:
            file.write(text)
        return layout.compare(layout.read_golden(layout.as_text(*layout.measured(HEADER, COMPILER))),
                              layout.measured(changed, COMPILER))


class Layout(unittest.TestCase):
    def expect(self, findings_, *parts):
        self.assertTrue(any(all(part in sentence for part in parts) for sentence in findings_), findings_)

    def test_the_same_header_passes(self):
        self.assertEqual(findings(), [])

    def test_a_field_appended_passes(self):
        self.assertEqual(findings(('  uint32_t tags_stride;\n} fg_emit;',
                                   '  uint32_t tags_stride;\n  const int64_t* later;\n} fg_emit;')), [])

    def test_fields_hidden_from_those_who_want_older_hosts_pass(self):
        with open(HEADER) as file:
            made = newer_header.newer(file.read())
        with tempfile.TemporaryDirectory() as folder:
            changed = os.path.join(folder, 'plugin.h')
            with open(changed, 'w') as file:
                file.write(made)
            golden = layout.read_golden(layout.as_text(*layout.measured(HEADER, COMPILER)))
            today = layout.measured(changed, COMPILER)
        self.assertEqual(layout.compare(golden, today), [])
        self.assertIn('imagined', [field for struct in today[0] for field, *_ in struct.fields if struct.name == 'fg_packet'])

    def test_a_hidden_field_in_the_middle(self):
        self.expect(findings(('  uint64_t flow_index;  ', '#if FG_TARGET_MINOR >= 1\n  uint64_t odd;\n#endif\n  uint64_t flow_index;  ')),
                    'fg_packet.odd is new at offset')

    def test_a_new_constant_and_a_new_struct_pass(self):
        self.assertEqual(findings(('#define FG_TIME 8u', '#define FG_BYTES 9u\n#define FG_TIME 8u'),
                                  ('typedef struct fg_key {', 'typedef struct fg_new { int a; } fg_new;\ntypedef struct fg_key {')), [])

    def test_a_field_removed(self):
        self.expect(findings(('  uint32_t tcp_ack;\n', '')), 'fg_packet.tcp_ack is gone')

    def test_a_field_renamed(self):
        self.expect(findings(('  uint32_t tcp_ack;\n', '  uint32_t ack;\n')), 'fg_packet.tcp_ack is gone')

    def test_a_field_moved(self):
        self.expect(findings(('  uint32_t tcp_seq;\n  uint32_t tcp_ack;\n', '  uint32_t tcp_ack;\n  uint32_t tcp_seq;\n')),
                    'fg_packet.tcp_seq was (offset 48', 'is (offset 52')

    def test_a_field_with_another_sign(self):
        self.expect(findings(('uint64_t direction_gap_ns;', 'int64_t direction_gap_ns;')), 'direction_gap_ns was', 'int64_t')

    def test_a_function_with_another_parameter(self):
        self.expect(findings(('fg_arena* arena, uint32_t row, size_t', 'fg_arena* arena, size_t')), 'fg_host.arena_alloc was')

    def test_a_field_inserted(self):
        self.expect(findings(('  uint8_t ip_protocol; /* IANA number */', '  uint8_t dscp;\n  uint8_t ip_protocol; /* IANA */')),
                    'fg_packet.dscp is new at offset 64')

    def test_a_field_in_the_place_of_a_reserve(self):
        self.expect(findings(('  uint8_t reserved[6];\n', '  uint8_t reserved[5];\n  uint8_t dscp;\n')), 'fg_flow.dscp is new')

    def test_a_value_struct_that_grows(self):
        self.expect(findings(('  uint64_t* validity;\n} fg_vector;', '  uint64_t* validity;\n  uint64_t more;\n} fg_vector;')),
                    'fg_vector had 16 bytes and has 24')

    def test_a_constant_with_another_value(self):
        self.expect(findings(('#define FG_SERIES 6u', '#define FG_SERIES 16u')), 'FG_SERIES was 6 and is 16')

    def test_a_constant_removed(self):
        self.expect(findings(('#define FG_UNIT_MS 7u', '')), 'FG_UNIT_MS was 7 and is gone')

    def test_a_field_that_the_script_cannot_read_is_a_hole(self):
        self.expect(findings(('  uint32_t tags_stride;\n} fg_emit;', '  uint32_t tags_stride;\n  fg_vector v;\n} fg_emit;'),
                             ('typedef struct fg_flows {', 'typedef struct fg_odd { uint64_t a, b, c; } fg_odd;\n'
                              'typedef struct fg_flows {')), 'fg_odd', 'belong to no field')


if __name__ == '__main__':
    unittest.main()

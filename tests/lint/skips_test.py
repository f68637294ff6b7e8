#!/usr/bin/env python3
"""skips.py finds each test that skipped, with its reason, and refuses those that may not."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import skips  # noqa: E402

ALLOWED = pathlib.Path(__file__).resolve().parents[1] / 'allowed_skips.tsv'
GTEST = '''[ RUN      ] Suite.Case
/src/some_test.cpp:41: Skipped
no rings here

[  SKIPPED ] Suite.Case (0 ms)
'''
GTEST_WITHOUT_REASON = '''/src/some_test.cpp:41: Skipped

[  SKIPPED ] Suite.Case (0 ms)
'''


def report(*cases):
    """Cases: (name, output or None of one that ran)."""
    return '<testsuite name="x">' + ''.join(
        f'<testcase name="{name}" status="run"/>' if output is None else
        f'<testcase name="{name}" status="notrun"><skipped message="x"/><system-out>{output}</system-out></testcase>'
        for name, output in cases) + '</testsuite>'


class Skips(unittest.TestCase):
    def judged(self, cases, allowed, strict=True):
        return skips.judge(report(*cases), allowed, strict)

    def test_run_without_skips(self):
        self.assertEqual(self.judged([('a', None), ('b', None)], ''),
                         (['100% tests passed, 0 tests failed out of 2'], 0))

    def test_a_program_with_a_case_that_skipped(self):
        ran = '[ RUN      ] Suite.Other\n[       OK ] Suite.Other (0 ms)\n'
        whole = f'<testsuite><testcase name="test_x" status="run"><system-out>{ran}{GTEST}{ran}</system-out></testcase></testsuite>'
        for allowed, code in (('Suite.Case\tno rings\n', 0), ('Suite.Other\tno\n', 1)):
            lines, found = skips.judge(whole, allowed, True)
            self.assertEqual((lines[0], found), ('skipped: Suite.Case: no rings here', code))

    def test_allowed_skip_tells_its_reason(self):
        lines, code = self.judged([('Suite.Case', GTEST), ('b', None)], '# a remark\nSuite.*\tno rings\n')
        self.assertEqual(code, 0)
        self.assertEqual(lines, ['skipped: Suite.Case: no rings here', '100% tests passed, 0 tests failed out of 2'])

    def test_other_skip_is_refused_and_ends_without_the_closing_line(self):
        lines, code = self.judged([('live_x', 'one\nneeds root\n')], 'live_y\tno\n')
        self.assertEqual(code, 1)
        self.assertEqual(lines[0], 'skipped: live_x: needs root')
        self.assertIn('live_x', lines[-1])
        self.assertNotIn('tests passed', lines[-1])

    def test_other_skip_is_told_alone_where_not_all_can_be_tested(self):
        self.assertEqual(self.judged([('live_x', 'needs root')], '', strict=False)[1], 0)

    def test_skip_without_a_reason_is_refused(self):
        for output in ('', GTEST_WITHOUT_REASON):
            self.assertEqual(self.judged([('Suite.Case', output)], 'Suite.Case\twhy\n')[1], 1, output)

    def test_names_match_whole(self):
        self.assertEqual(self.judged([('Suite.CaseB', GTEST)], 'Suite.Case\twhy\n')[1], 1)

    def test_a_line_without_a_reason_is_an_error(self):
        with self.assertRaises(ValueError):
            skips.allowed_names('Suite.Case\n')

    def test_this_projects_list_can_be_read(self):
        skips.allowed_names(ALLOWED.read_text(encoding='utf-8'))


if __name__ == '__main__':
    unittest.main()

#!/usr/bin/env python3
"""The include-graph check finds each kind of wrong arrow, and nothing in this project."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import include_graph  # noqa: E402

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class IncludeGraph(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return include_graph.complaints(root)

    def test_this_project_is_as_drawn(self):
        self.assertEqual(include_graph.complaints(PROJECT), [])

    def test_this_project_has_sources(self):
        self.assertGreater(len(list(include_graph.sources(PROJECT))), 20)

    def test_the_drawing_has_no_cycle(self):
        done, open_ = set(), []

        def visit(folder):
            self.assertNotIn(folder, open_, "cycle")
            if folder not in done:
                open_.append(folder)
                for below in include_graph.MAY_INCLUDE[folder]:
                    visit(below)
                open_.pop()
                done.add(folder)

        for folder in include_graph.MAY_INCLUDE:
            visit(folder)

    def test_downwards_is_fine(self):
        self.assertEqual(
            self.check({"core/flow/table.h": '#include <vector>\n#include "core/packet/event.h"\n', "core/packet/event.h": ""}), [])

    def test_table_may_see_plugin_but_not_the_other_way(self):
        files = {"core/table/a.h": '#include "core/plugin/b.h"\n', "core/plugin/b.h": '#include "core/table/a.h"\n'}
        self.assertEqual(self.check(files), ["core/plugin/b.h:1: core/plugin may not include core/table (core/table/a.h)"])

    def test_siblings(self):
        files = {"core/flow/a.h": "", "core/ingest/b.cpp": '\n  #  include "core/flow/a.h"\n'}
        self.assertEqual(self.check(files), ["core/ingest/b.cpp:2: core/ingest may not include core/flow (core/flow/a.h)"])

    def test_a_profile_sees_where_its_choices_are_declared(self):
        files = {
            "core/flow/life_cycle.h": "",
            "core/flow/flow_table.h": "",
            "core/profile/profile.h": '#include "core/flow/life_cycle.h"\n#include "core/flow/flow_table.h"\n',
            "core/labels/a.h": '#include "core/flow/life_cycle.h"\n',
        }
        self.assertEqual(self.check(files), [
            "core/labels/a.h:1: core/labels may not include core/flow (core/flow/life_cycle.h)",
            "core/profile/profile.h:2: core/profile may not include core/flow (core/flow/flow_table.h)",
        ])

    def test_upwards(self):
        files = {"core/base/a.h": '#include "core/engine/run.h"\n', "core/engine/run.h": ""}
        self.assertEqual(self.check(files), ["core/base/a.h:1: core/base may not include core/engine (core/engine/run.h)"])

    def test_plugin_includes_the_sdk_alone(self):
        files = {
            "plugins/features/a.cpp": '#include <flowgauge/sdk.hpp>\n#include "core/base/result.h"\n#include "beside.h"\n',
            "plugins/features/beside.h": "",
            "core/base/result.h": "",
        }
        self.assertEqual(self.check(files), [
            'plugins/features/a.cpp:2: a plugin includes <flowgauge/...> and files beside it, not "core/base/result.h"'])

    def test_sdk_includes_itself_alone(self):
        files = {
            "core/sdk/flowgauge/sdk.hpp": '#include "plugin.h"\n#include "sdk/row.hpp"\n#include "core/base/result.h"\n',
            "core/sdk/flowgauge/sdk/row.hpp": '#include "../plugin.h"\n#include "../../../base/result.h"\n',
            "core/sdk/flowgauge/plugin.h": "#include <stdint.h>\n",
            "core/base/result.h": "",
        }
        self.assertEqual(self.check(files), [
            'core/sdk/flowgauge/sdk.hpp:3: the SDK includes nothing but itself, not "core/base/result.h"',
            'core/sdk/flowgauge/sdk/row.hpp:2: the SDK includes nothing but itself, not "../../../base/result.h"'])

    def test_made_by_the_build(self):
        files = {"core/app/main.cpp": '#include "core/engine/version.h"\n#include "core/engine/other.h"\n', "core/engine/version.h.in": ""}
        self.assertEqual(self.check(files), [
            'core/app/main.cpp:2: includes name the full path from the root; there is no "core/engine/other.h"'])

    def test_relative_path(self):
        files = {"core/flow/a.h": '#include "b.h"\n', "core/flow/b.h": ""}
        self.assertEqual(self.check(files), ['core/flow/a.h:1: includes name the full path from the root; there is no "b.h"'])

    def test_unknown_folder(self):
        self.assertEqual(self.check({"core/util/a.h": ""}),
                         ["core/util/a.h: folder core/util is not drawn in docs/architecture.md, section 3"])


if __name__ == "__main__":
    unittest.main()

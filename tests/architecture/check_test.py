# SPDX-License-Identifier: Apache-2.0
"""Each rule of the house, broken once in a small tree: check.py must name the place."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check.py")
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEADER = SPDX + "#pragma once\n"
SOUND = {
    "framework/core/matrix.hpp": HEADER + '#include "deltaw/abi.h"\n',
    "framework/core/matrix.cpp": SPDX + '#include "core/matrix.hpp"\n\n#include <vector>\n',
    "framework/network/graph.hpp": HEADER + '#include "core/matrix.hpp"\n',
    "sdk/include/deltaw/abi.h": SPDX,
    "sdk/include/deltaw/rule.hpp": SPDX + '#include "deltaw/abi.h"\n',
    "plugins/oja-rule/oja.cpp": SPDX + "#include <deltaw/rule.hpp>\n#include <cmath>\n",
    "plugins/oja-rule/oja-rule.rule.json": "{}\n",
    "README.md": "A page.\n",
}


def said_of(changes):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**SOUND, **changes}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)
        return done.returncode, done.stdout


class ArchitectureCheck(unittest.TestCase):
    def fault(self, name, text, *expected):
        status, said = said_of({name: text})
        self.assertEqual(status, 1, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        for words in (name, *expected):
            self.assertIn(words, said)

    def test_a_sound_tree_passes_silently(self):
        self.assertEqual(said_of({}), (0, ""))

    def test_the_framework_uses_only_abi_h_of_the_sdk(self):
        self.fault("framework/rule/a.hpp", HEADER + "#include <deltaw/rule.hpp>\n", ":3:",
                   "only abi.h")

    def test_a_room_includes_no_floor_above_it(self):
        self.fault("framework/core/a.hpp", HEADER + '#include "network/graph.hpp"\n', ":3:",
                   "core (floor 1)")

    def test_rooms_of_one_floor_do_not_include_each_other(self):
        self.fault("framework/task/a.hpp", HEADER + '#include "result/a.hpp"\n',
                   "task (floor 2)")

    def test_a_room_without_a_floor_is_named(self):
        self.fault("framework/attic/a.hpp", HEADER, "'attic'")

    def test_the_framework_names_no_rule_in_strings_or_identifiers(self):
        for code in ('auto a = "oja-rule";\n', "int oja_rule = 1;\n"):
            self.fault("framework/core/a.hpp", HEADER + code, "names a rule: oja")

    def test_the_framework_may_cite_a_rule_in_a_comment(self):
        self.assertEqual(said_of({"framework/core/a.hpp": HEADER + "// as oja-rule\n"}), (0, ""))

    def test_the_framework_may_name_a_signal_that_a_rule_is_called_after(self):
        signals = {"signals": {"items": {"enum": ["pre", "oja_rule"]}}}
        schema = {"definitions": {"rule": {"properties": signals}}}
        header = {"sdk/schema/rule.schema.json": json.dumps(schema)}
        self.assertEqual(
            said_of({**header, "framework/core/a.hpp": HEADER + 'auto a = "oja_rule";\n'}), (0, ""))
        self.assertEqual(
            said_of({**header, "framework/core/a.hpp": HEADER + 'auto a = "oja-rule";\n'})[0], 1)

    def test_a_rule_uses_nothing_of_the_framework(self):
        for target in ('"core/matrix.hpp"', "<boost/dll.hpp>", '"matrix.hpp"'):
            self.fault("plugins/oja-rule/b.cpp", SPDX + f"#include {target}\n", "SDK, Armadillo and std only")

    def test_the_sdk_uses_nothing_of_the_framework(self):
        self.fault("sdk/include/deltaw/a.hpp", SPDX + '#include "core/matrix.hpp"\n',
                   "the SDK must not")

    def test_a_header_is_the_first_include_of_its_source(self):
        self.fault("framework/core/matrix.cpp",
                   SPDX + '#include <vector>\n#include "core/matrix.hpp"\n',
                   "compiles alone")

    def test_a_header_has_pragma_once(self):
        self.fault("framework/core/a.hpp", SPDX, "#pragma once")

    def test_a_type_has_a_name_of_its_own(self):
        types = HEADER + "struct Scale {\n};\n"
        status, said = said_of({"framework/core/a.hpp": types, "sdk/include/deltaw/b.hpp": types})
        self.assertEqual(status, 1)
        self.assertIn("b.hpp:3: Scale is a type of framework/core/a.hpp, too", said)
        self.assertEqual(said_of({"framework/core/a.hpp": types,
                                  "framework/network/a.hpp": HEADER + "struct Scale;\n"}), (0, ""))

    def test_a_long_file_is_named(self):
        self.fault("framework/core/a.hpp", HEADER + "\n" * 399, "401 lines")

    def test_a_file_without_spdx_is_named(self):
        self.fault("apps/main.cpp", "int main() {}\n", "SPDX")

    def test_unfinished_work_is_named(self):
        self.fault("README.md", "TO" + "DO: write\n", "finish it")

    def test_addresses_of_data_stand_in_their_one_place(self):
        line = f'{SPDX}const char* address = "https://www.cs.toronto.edu/x";\n'
        self.assertEqual(said_of({"framework/data/sources.cpp": line}), (0, ""))
        self.fault("framework/data/fetch.cpp", line, "names a host")
        self.fault("framework/data/sources.cpp", line.replace("www.cs", "www"), "names a host")

    def test_a_host_that_is_not_of_papers_is_named(self):
        self.fault("README.md", "See https://packages.example/x\n", "names a host")


if __name__ == "__main__":
    unittest.main()

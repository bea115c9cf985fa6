// SPDX-License-Identifier: Apache-2.0
// fake_report FOLDER [SEEDS [MARKUP]]: writes made-up results and their report.html.
// With MARKUP one run fails and every free text holds that markup.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "report/fake_results.hpp"
#include "report/page.hpp"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  FakeResults options;
  if (argc > 2) options.seeds = std::strtoul(argv[2], nullptr, 10);
  if (argc > 3) {
    options.fails = true;
    options.markup = argv[3];
  }
  try {
    write_fake_results(argv[1], options);
    deltaw::write_report(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// fake_report FOLDER [SEEDS [MARKUP]]: writes made-up results and their report.html.
// With MARKUP one run fails and every free text holds that markup.
// fake_report FOLDER SEEDS features UNITS SIDE CHANNELS [MARKUP]: the same of features that so many
// units learned without a teacher, from images of SIDE x SIDE pixels.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "report/fake_features.hpp"
#include "report/fake_results.hpp"
#include "report/page.hpp"

namespace {

std::size_t number(const char* text) { return std::strtoul(text, nullptr, 10); }

void write_results(int argc, char** argv) {
  FakeResults options;
  if (argc > 2) options.seeds = number(argv[2]);
  if (argc > 3) {
    options.fails = true;
    options.markup = argv[3];
  }
  write_fake_results(argv[1], options);
}

void write_features(int argc, char** argv) {
  FakeFeatures options{.seeds = number(argv[2]),
                       .units = number(argv[4]),
                       .side = number(argv[5]),
                       .channels = number(argv[6])};
  if (argc > 7) options.markup = argv[7];
  write_fake_features(argv[1], options);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  try {
    const bool are_features = argc > 6 && std::string(argv[3]) == "features";
    (are_features ? write_features : write_results)(argc, argv);
    deltaw::write_report(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

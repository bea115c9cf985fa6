// SPDX-License-Identifier: Apache-2.0
// The options of every subcommand that uses rules: --plugin, --plugin-dir, --trust-project.
#pragma once

#include "options.hpp"
#include "plugin/catalogue.hpp"

namespace deltaw {

void add_plugin_options(po::options_description& shown);

// These options again, as words of a command line that finds the same rules.
[[nodiscard]] std::vector<std::string> plugin_words(const po::variables_map& values);

// The catalogue that these options and the environment ask for; its warnings go to stderr.
[[nodiscard]] Catalogue make_catalogue(const po::variables_map& values);

void print_warnings(const std::vector<Error>& warnings);

}  // namespace deltaw

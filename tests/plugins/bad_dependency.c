/* SPDX-License-Identifier: Apache-2.0
   Needs a library: one that is missing, or one that lacks a version of a symbol. */
#include "table.h"

uint32_t stub_function(void);

const deltaw_plugin* deltaw_plugin_entry(void) {
  static deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, rule_info, create};
  plugin.n_rules = stub_function();
  return &plugin;
}

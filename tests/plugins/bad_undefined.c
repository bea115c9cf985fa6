/* SPDX-License-Identifier: Apache-2.0
   Linked without -z defs: calls what nobody defines. */
#include "table.h"

uint32_t missing_function(void);

const deltaw_plugin* deltaw_plugin_entry(void) {
  static deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, rule_info, create};
  plugin.n_rules = missing_function();
  return &plugin;
}

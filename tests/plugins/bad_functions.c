/* SPDX-License-Identifier: Apache-2.0
   Has no create(). */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, rule_info, 0};
  return &plugin;
}

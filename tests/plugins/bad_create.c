/* SPDX-License-Identifier: Apache-2.0
   create() fails with STATUS and MESSAGE. */
#include <string.h>

#include "table.h"

static deltaw_status fail(const deltaw_host* host, const char* id, const deltaw_param* params,
                          uint64_t n_params, deltaw_rule* out, deltaw_error* error) {
  (void)host, (void)id, (void)params, (void)n_params, (void)out;
  strcpy(error->message, MESSAGE);
  return STATUS;
}

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, rule_info, fail};
  return &plugin;
}

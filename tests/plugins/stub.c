/* SPDX-License-Identifier: Apache-2.0
   What bad_dependency.c needs. */
#include <stdint.h>

uint32_t stub_function(void);
uint32_t stub_function(void) { return 1; }

/* SPDX-License-Identifier: Apache-2.0
   What an instance of a rule and the Python process say to each other, in the machine's byte order:
   deltaw/bridge.py reads the same. Each message is a head and `size` bytes; each but BRIDGE_MEMORY
   is answered by a head whose kind is a deltaw_status, and a text. */
#ifndef DELTAW_PYTHON_BRIDGE_H
#define DELTAW_PYTHON_BRIDGE_H

#include <deltaw/abi.h>

enum {
  BRIDGE_HELLO = 1,   /* the rule's id and its parameters, as text */
  BRIDGE_PREPARE = 2, /* the name of the connection */
  BRIDGE_MEMORY = 3,  /* u64: its size; the descriptor of the memory comes with it */
  BRIDGE_UPDATE = 4   /* bridge_update and its views */
};

typedef struct bridge_head {
  uint32_t kind, size;
} bridge_head;

typedef struct bridge_update {
  uint64_t index, step, columns;
  double dt;
  uint32_t n_views, reserved;
} bridge_update;

#define BRIDGE_RESULT                                                        \
  UINT32_MAX /* in place of a signal: where the function's answer goes, last \
              */

/* A column-major matrix `offset` bytes into the memory. */
typedef struct bridge_view {
  uint32_t signal, dtype; /* DELTAW_PRE ...; DELTAW_F32 ... */
  uint64_t rows, cols, offset;
} bridge_view;

#endif

/* SPDX-License-Identifier: Apache-2.0
   What a rule in C needs beside abi.h: elements of matrices in either precision, parameters by
   name, and failure with a message. Not part of the ABI. Any thread. */
#ifndef DELTAW_MATRIX_H
#define DELTAW_MATRIX_H

#include <deltaw/abi.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Element (i, j) of a matrix of float32 or float64. */
static inline double deltaw_get(const deltaw_matrix* m, uint64_t i, uint64_t j) {
  const uint64_t at = i + j * m->ld;
  return m->dtype == DELTAW_F32 ? (double)((const float*)m->data)[at]
                                : ((const double*)m->data)[at];
}

/* Adds x to element (i, j): for ΔW. */
static inline void deltaw_add(const deltaw_matrix* m, uint64_t i, uint64_t j, double x) {
  const uint64_t at = i + j * m->ld;
  if (m->dtype == DELTAW_F32) {
    ((float*)m->data)[at] += (float)x;
  } else {
    ((double*)m->data)[at] += x;
  }
}

/* Sets element (i, j) to x: for weights that a rule changes in place. */
static inline void deltaw_set(const deltaw_matrix* m, uint64_t i, uint64_t j, double x) {
  const uint64_t at = i + j * m->ld;
  if (m->dtype == DELTAW_F32) {
    ((float*)m->data)[at] = (float)x;
  } else {
    ((double*)m->data)[at] = x;
  }
}

/* A number among the parameters given to create(); NaN where the manifest has no such. */
static inline double deltaw_number(const deltaw_param* params, uint64_t n, const char* name) {
  for (uint64_t i = 0; i < n; ++i) {
    if (strcmp(params[i].name, name) != 0) continue;
    return params[i].kind == DELTAW_PARAM_F64 ? params[i].value.f64 : (double)params[i].value.i64;
  }
  return NAN;
}

/* Fills in the error, if the host wants one, and returns its code. */
static inline deltaw_status deltaw_fail(deltaw_error* error, deltaw_status code,
                                        const char* message) {
  if (error != NULL) {
    error->code = code;
    snprintf(error->message, sizeof error->message, "%s", message);
  }
  return code;
}

#endif

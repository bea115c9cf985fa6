/* SPDX-License-Identifier: Apache-2.0
   Where every member of ABI 1.0 lies, and every number in it, on machines of 64 bits: compiled as C
   and as C++, never run. Nothing here may change or go; what a later minor version adds at the end of a
   struct moves none of it, and so sizes are lower bounds. */
#include <deltaw/abi.h>

#ifdef __cplusplus
#define HOLDS(what) static_assert(what, #what)
#else
#define HOLDS(what) _Static_assert(what, #what)
#endif
#define SIZE(type, bytes) HOLDS(sizeof(type) >= (bytes))
#define NEVER_GROWS(type, bytes) HOLDS(sizeof(type) == (bytes))
#define AT(type, member, bytes) HOLDS(offsetof(type, member) == (bytes))
#define IS(name, number) HOLDS((long long)(name) == (number))

HOLDS(sizeof(void *) == 8);
IS(DELTAW_ABI_MAJOR, 1);
HOLDS(DELTAW_SIGNAL_COUNT >= 16);
NEVER_GROWS(deltaw_status, 4);

SIZE(deltaw_error, 512);
AT(deltaw_error, struct_size, 0);
AT(deltaw_error, code, 4);
AT(deltaw_error, message, 8);

NEVER_GROWS(deltaw_matrix, 40);
AT(deltaw_matrix, data, 0);
AT(deltaw_matrix, rows, 8);
AT(deltaw_matrix, cols, 16);
AT(deltaw_matrix, ld, 24);
AT(deltaw_matrix, dtype, 32);
AT(deltaw_matrix, flags, 36);

NEVER_GROWS(deltaw_param, 24);
AT(deltaw_param, name, 0);
AT(deltaw_param, kind, 8);
AT(deltaw_param, reserved, 12);
AT(deltaw_param, value, 16);

SIZE(deltaw_host, 32);
AT(deltaw_host, struct_size, 0);
AT(deltaw_host, abi_minor, 4);
AT(deltaw_host, ctx, 8);
AT(deltaw_host, log, 16);
AT(deltaw_host, get_extension, 24);

NEVER_GROWS(deltaw_connection_shape, 24);
AT(deltaw_connection_shape, name, 0);
AT(deltaw_connection_shape, outputs, 8);
AT(deltaw_connection_shape, inputs, 16);

SIZE(deltaw_shape, 32);
AT(deltaw_shape, struct_size, 0);
AT(deltaw_shape, dtype, 4);
AT(deltaw_shape, max_columns, 8);
AT(deltaw_shape, n_connections, 16);
AT(deltaw_shape, connections, 24);

SIZE(deltaw_block, 80);
AT(deltaw_block, struct_size, 0);
AT(deltaw_block, n_signals, 4);
AT(deltaw_block, index, 8);
AT(deltaw_block, step, 16);
AT(deltaw_block, columns, 24);
AT(deltaw_block, dt, 32);
AT(deltaw_block, signals, 40);
AT(deltaw_block, flags, 48);
AT(deltaw_block, reserved, 52);
AT(deltaw_block, lower, 56);
AT(deltaw_block, upper, 64);
AT(deltaw_block, scale, 72);

SIZE(deltaw_rule, 64);
AT(deltaw_rule, struct_size, 0);
AT(deltaw_rule, reserved, 4);
AT(deltaw_rule, self, 8);
AT(deltaw_rule, prepare, 16);
AT(deltaw_rule, observe, 24);
AT(deltaw_rule, update, 32);
AT(deltaw_rule, reset, 40);
AT(deltaw_rule, get_extension, 48);
AT(deltaw_rule, destroy, 56);

SIZE(deltaw_rule_info, 48);
AT(deltaw_rule_info, struct_size, 0);
AT(deltaw_rule_info, scope, 4);
AT(deltaw_rule_info, id, 8);
AT(deltaw_rule_info, version, 16);
AT(deltaw_rule_info, caps, 24);
AT(deltaw_rule_info, signals, 32);
AT(deltaw_rule_info, grain, 40);
AT(deltaw_rule_info, reserved, 44);

SIZE(deltaw_plugin, 32);
AT(deltaw_plugin, struct_size, 0);
AT(deltaw_plugin, abi_major, 4);
AT(deltaw_plugin, abi_minor_needed, 8);
AT(deltaw_plugin, n_rules, 12);
AT(deltaw_plugin, rule_info, 16);
AT(deltaw_plugin, create, 24);

SIZE(deltaw_random, 32);
AT(deltaw_random, struct_size, 0);
AT(deltaw_random, reserved, 4);
AT(deltaw_random, ctx, 8);
AT(deltaw_random, normal, 16);
AT(deltaw_random, uniform, 24);

SIZE(deltaw_layer_info, 32);
AT(deltaw_layer_info, struct_size, 0);
AT(deltaw_layer_info, flags, 4);
AT(deltaw_layer_info, name, 8);
AT(deltaw_layer_info, units, 16);
AT(deltaw_layer_info, potentials, 24);

SIZE(deltaw_connection_info, 48);
AT(deltaw_connection_info, struct_size, 0);
AT(deltaw_connection_info, flags, 4);
AT(deltaw_connection_info, name, 8);
AT(deltaw_connection_info, source, 16);
AT(deltaw_connection_info, target, 20);
AT(deltaw_connection_info, outputs, 24);
AT(deltaw_connection_info, inputs, 32);
AT(deltaw_connection_info, delta, 40);

SIZE(deltaw_network, 80);
AT(deltaw_network, struct_size, 0);
AT(deltaw_network, n_layers, 4);
AT(deltaw_network, n_connections, 8);
AT(deltaw_network, reserved, 12);
AT(deltaw_network, ctx, 16);
AT(deltaw_network, layer, 24);
AT(deltaw_network, connection, 32);
AT(deltaw_network, signal, 40);
AT(deltaw_network, loss_gradient, 48);
AT(deltaw_network, layer_vjp, 56);
AT(deltaw_network, connection_vjp, 64);
AT(deltaw_network, connection_gradient, 72);

SIZE(deltaw_state, 24);
AT(deltaw_state, struct_size, 0);
AT(deltaw_state, reserved, 4);
AT(deltaw_state, save, 8);
AT(deltaw_state, load, 16);

SIZE(deltaw_monitor, 24);
AT(deltaw_monitor, struct_size, 0);
AT(deltaw_monitor, reserved, 4);
AT(deltaw_monitor, count, 8);
AT(deltaw_monitor, show, 16);

IS(DELTAW_OK, 0);
IS(DELTAW_E_INVALID_ARGUMENT, 1);
IS(DELTAW_E_UNSUPPORTED, 2);
IS(DELTAW_E_OUT_OF_MEMORY, 3);
IS(DELTAW_E_NUMERIC, 4);
IS(DELTAW_E_STATE, 5);
IS(DELTAW_E_INTERNAL, 6);
IS(DELTAW_F32, 1);
IS(DELTAW_F64, 2);
IS(DELTAW_U32, 3);
IS(DELTAW_U8, 4);
IS(DELTAW_READONLY, 1);
IS(DELTAW_PRE, 0);
IS(DELTAW_POST, 1);
IS(DELTAW_POTENTIAL, 2);
IS(DELTAW_DERIVATIVE, 3);
IS(DELTAW_PERTURBATION, 4);
IS(DELTAW_WEIGHTS, 5);
IS(DELTAW_TARGET, 6);
IS(DELTAW_ERROR, 7);
IS(DELTAW_REWARD, 8);
IS(DELTAW_BASELINE, 9);
IS(DELTAW_TRIAL_KIND, 10);
IS(DELTAW_SPIKES_PRE, 11);
IS(DELTAW_SPIKES_POST, 12);
IS(DELTAW_LEARNING_SIGNAL, 13);
IS(DELTAW_WEIGHT_PERTURBATION, 14);
IS(DELTAW_DELAYS, 15);
IS(DELTAW_PARAM_F64, 1);
IS(DELTAW_PARAM_I64, 2);
IS(DELTAW_PARAM_BOOL, 3);
IS(DELTAW_PARAM_STR, 4);
IS(DELTAW_BLOCK_IN_PLACE, 1);
IS(DELTAW_SCOPE_LOCAL, 1);
IS(DELTAW_SCOPE_NETWORK, 2);
IS(DELTAW_GRAIN_BATCH, 1);
IS(DELTAW_GRAIN_TRIAL, 2);
IS(DELTAW_GRAIN_STEP, 3);
IS(DELTAW_CAP_F32, 1);
IS(DELTAW_CAP_F64, 2);
IS(DELTAW_CAP_STRIDED, 4);
IS(DELTAW_CAP_CONCURRENT, 8);
IS(DELTAW_CAP_DETERMINISTIC, 16);
IS(DELTAW_CAP_IN_PLACE, 32);
IS(DELTAW_LAYER_INPUT, 1);
IS(DELTAW_LAYER_OUTPUT, 2);
IS(DELTAW_CONNECTION_BIAS, 1);
IS(DELTAW_CONNECTION_RECURRENT, 2);

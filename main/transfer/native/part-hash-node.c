// What JavaScript sees of it: isSupported, stateLength, begin(state), update(state, bytes) and end(state), which answers
// with 64 bytes, the linear hash and then the tree hash. `state` is a Uint8Array of stateLength bytes that JavaScript keeps.
#include "part-hash.h"
#include <node_api.h>

static int bytes_of(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
  bool is_typed_array = false;
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return 0;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok) return 0;
  *bytes = data;
  return type == napi_uint8_array;
}

// The state and, where `bytes` is not null, the second argument; null after an exception.
static PartHash *arguments(napi_env env, napi_callback_info info, uint8_t **bytes, size_t *length) {
  size_t count = 2, state_length = 0;
  napi_value values[2];
  uint8_t *state = NULL;
  const int is_right = napi_get_cb_info(env, info, &count, values, NULL, NULL) == napi_ok && count == (bytes ? 2 : 1) &&
                       bytes_of(env, values[0], &state, &state_length) && state_length == sizeof(PartHash) &&
                       (uintptr_t)state % _Alignof(PartHash) == 0 && (!bytes || bytes_of(env, values[1], bytes, length));
  if (is_right) return (PartHash *)state;
  napi_throw_type_error(env, NULL, "expected a state, and bytes where there are any to take");
  return NULL;
}

static napi_value begin(napi_env env, napi_callback_info info) {
  PartHash *hash = arguments(env, info, NULL, NULL);
  if (hash) part_hash_begin(hash);
  return NULL;
}

static napi_value update(napi_env env, napi_callback_info info) {
  uint8_t *bytes;
  size_t length;
  PartHash *hash = arguments(env, info, &bytes, &length);
  if (hash) part_hash_update(hash, bytes, length);
  return NULL;
}

static napi_value end(napi_env env, napi_callback_info info) {
  PartHash *hash = arguments(env, info, NULL, NULL);
  napi_value digests;
  uint8_t *data;
  if (!hash || napi_create_buffer(env, 2 * DIGEST, (void **)&data, &digests) != napi_ok) return NULL;
  part_hash_end(hash, data, data + DIGEST);
  return digests;
}

NAPI_MODULE_INIT() {
  napi_value is_supported, state_length;
  napi_get_boolean(env, part_hash_is_supported(), &is_supported);
  napi_create_uint32(env, sizeof(PartHash), &state_length);
  const napi_property_descriptor properties[] = {
      {"isSupported", NULL, NULL, NULL, NULL, is_supported, napi_enumerable, NULL},
      {"stateLength", NULL, NULL, NULL, NULL, state_length, napi_enumerable, NULL},
      {"begin", NULL, begin, NULL, NULL, NULL, napi_enumerable, NULL},
      {"update", NULL, update, NULL, NULL, NULL, napi_enumerable, NULL},
      {"end", NULL, end, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
  return exports;
}

// On Windows a library names the program whose functions it uses. Ours is loaded by node.exe and by Firn.exe, so it looks
// Node-API's functions up in whichever program runs it, at their first use.
#ifdef _WIN32
#include <node_api.h>
#include <windows.h>

#define FROM_PROGRAM(name, parameters, arguments)                                           \
  napi_status NAPI_CDECL name parameters {                                                  \
    static napi_status(NAPI_CDECL * found) parameters;                                      \
    if (!found) found = (void *)GetProcAddress(GetModuleHandleA(NULL), #name);              \
    return found ? found arguments : napi_generic_failure;                                  \
  }

FROM_PROGRAM(napi_get_cb_info,
             (napi_env env, napi_callback_info info, size_t *count, napi_value *values, napi_value *self, void **data),
             (env, info, count, values, self, data))
FROM_PROGRAM(napi_is_typedarray, (napi_env env, napi_value value, bool *result), (env, value, result))
FROM_PROGRAM(napi_get_typedarray_info,
             (napi_env env, napi_value array, napi_typedarray_type *type, size_t *length, void **data, napi_value *buffer,
              size_t *offset),
             (env, array, type, length, data, buffer, offset))
FROM_PROGRAM(napi_create_buffer, (napi_env env, size_t length, void **data, napi_value *result),
             (env, length, data, result))
FROM_PROGRAM(napi_get_boolean, (napi_env env, bool value, napi_value *result), (env, value, result))
FROM_PROGRAM(napi_create_uint32, (napi_env env, uint32_t value, napi_value *result), (env, value, result))
FROM_PROGRAM(napi_define_properties,
             (napi_env env, napi_value object, size_t count, const napi_property_descriptor *properties),
             (env, object, count, properties))
FROM_PROGRAM(napi_throw_type_error, (napi_env env, const char *code, const char *message), (env, code, message))
#endif

// Force-included before the sources of better-sqlite3, which wants Node-API 10, so that they run on Node-API 9
// (Node 20, Electron 33). The only thing they use of version 10 is references to primitive values; version 9 allows
// references to objects, functions, symbols and externals alone. A primitive is therefore put into an array of one
// element, and the low bit of the reference, which is a pointer and always aligned, says that this was done.
#pragma once
#undef NAPI_VERSION
#define NAPI_VERSION 9
#include <node_api.h>
#include <stdint.h>

namespace napi9 {

constexpr uintptr_t kBoxed = 1;

inline bool is_boxed(napi_ref ref) {
  return (reinterpret_cast<uintptr_t>(ref) & kBoxed) != 0;
}

inline napi_ref marked(napi_ref ref) {
  return reinterpret_cast<napi_ref>(reinterpret_cast<uintptr_t>(ref) | kBoxed);
}

inline napi_ref unmarked(napi_ref ref) {
  return reinterpret_cast<napi_ref>(reinterpret_cast<uintptr_t>(ref) & ~kBoxed);
}

// Array functions refuse to work while an exception is pending, reference functions do not: it is set aside meanwhile.
class PendingException {
 public:
  explicit PendingException(napi_env env) : env_(env) {
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && pending) napi_get_and_clear_last_exception(env, &value_);
  }
  ~PendingException() {
    if (value_ != nullptr) napi_throw(env_, value_);
  }
  PendingException(const PendingException&) = delete;
  PendingException& operator=(const PendingException&) = delete;

 private:
  napi_env env_;
  napi_value value_ = nullptr;
};

inline bool is_referable(napi_valuetype type) {
  return type == napi_object || type == napi_function || type == napi_symbol || type == napi_external;
}

inline napi_status create_reference(napi_env env, napi_value value, uint32_t count, napi_ref* result) {
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (is_referable(type)) return napi_create_reference(env, value, count, result);

  PendingException set_aside(env);
  napi_value box;
  napi_ref ref;
  if ((status = napi_create_array_with_length(env, 1, &box)) != napi_ok) return status;
  if ((status = napi_set_element(env, box, 0, value)) != napi_ok) return status;
  if ((status = napi_create_reference(env, box, count, &ref)) != napi_ok) return status;
  *result = marked(ref);
  return napi_ok;
}

// As napi_get_reference_value: null when the reference is weak and its value was collected.
inline napi_status get_reference_value(napi_env env, napi_ref ref, napi_value* result) {
  if (!is_boxed(ref)) return napi_get_reference_value(env, ref, result);

  napi_value box = nullptr;
  napi_status status = napi_get_reference_value(env, unmarked(ref), &box);
  *result = nullptr;
  if (status != napi_ok || box == nullptr) return status;
  PendingException set_aside(env);
  return napi_get_element(env, box, 0, result);
}

inline napi_status delete_reference(napi_env env, napi_ref ref) {
  return napi_delete_reference(env, unmarked(ref));
}

inline napi_status reference_ref(napi_env env, napi_ref ref, uint32_t* count) {
  return napi_reference_ref(env, unmarked(ref), count);
}

inline napi_status reference_unref(napi_env env, napi_ref ref, uint32_t* count) {
  return napi_reference_unref(env, unmarked(ref), count);
}

}  // namespace napi9

#define napi_create_reference ::napi9::create_reference
#define napi_get_reference_value ::napi9::get_reference_value
#define napi_delete_reference ::napi9::delete_reference
#define napi_reference_ref ::napi9::reference_ref
#define napi_reference_unref ::napi9::reference_unref

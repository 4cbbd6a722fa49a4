#pragma once

extern "C" {  // the headers of 1.6 don't say so
#include <jq.h>
}

#include "engine/io/shared_library.hpp"

namespace leat::pipelines {

/// The functions of libjq that leat calls; their names and meanings are libjq's own.
struct JqLibrary {
  io::SharedLibrary library{"libjq.so.1", "libjq1"};

  io::Symbol<decltype(::jq_compile)> jq_compile{library, "jq_compile"};
  io::Symbol<decltype(::jq_format_error)> jq_format_error{library, "jq_format_error"};
  io::Symbol<decltype(::jq_halted)> jq_halted{library, "jq_halted"};
  io::Symbol<decltype(::jq_init)> jq_init{library, "jq_init"};
  io::Symbol<decltype(::jq_next)> jq_next{library, "jq_next"};
  io::Symbol<decltype(::jq_set_error_cb)> jq_set_error_cb{library, "jq_set_error_cb"};
  io::Symbol<decltype(::jq_set_nomem_handler)> jq_set_nomem_handler{library, "jq_set_nomem_handler"};
  io::Symbol<decltype(::jq_start)> jq_start{library, "jq_start"};
  io::Symbol<decltype(::jq_teardown)> jq_teardown{library, "jq_teardown"};
  io::Symbol<decltype(::jv_copy)> jv_copy{library, "jv_copy"};
  io::Symbol<decltype(::jv_dump_string)> jv_dump_string{library, "jv_dump_string"};
  io::Symbol<decltype(::jv_free)> jv_free{library, "jv_free"};
  io::Symbol<decltype(::jv_get_kind)> jv_get_kind{library, "jv_get_kind"};
  io::Symbol<decltype(::jv_invalid_get_msg)> jv_invalid_get_msg{library, "jv_invalid_get_msg"};
  io::Symbol<decltype(::jv_invalid_has_msg)> jv_invalid_has_msg{library, "jv_invalid_has_msg"};
  io::Symbol<decltype(::jv_null)> jv_null{library, "jv_null"};
  io::Symbol<decltype(::jv_object_iter)> jv_object_iter{library, "jv_object_iter"};
  io::Symbol<decltype(::jv_object_iter_key)> jv_object_iter_key{library, "jv_object_iter_key"};
  io::Symbol<decltype(::jv_object_iter_next)> jv_object_iter_next{library, "jv_object_iter_next"};
  io::Symbol<decltype(::jv_object_iter_valid)> jv_object_iter_valid{library, "jv_object_iter_valid"};
  io::Symbol<decltype(::jv_object_iter_value)> jv_object_iter_value{library, "jv_object_iter_value"};
  io::Symbol<decltype(::jv_object_set)> jv_object_set{library, "jv_object_set"};
  io::Symbol<decltype(::jv_parse_sized)> jv_parse_sized{library, "jv_parse_sized"};
  io::Symbol<decltype(::jv_string_length_bytes)> jv_string_length_bytes{library, "jv_string_length_bytes"};
  io::Symbol<decltype(::jv_string_value)> jv_string_value{library, "jv_string_value"};
};

/// Loads libjq when it is first called. Whoever compiles must look at `library.fault()`; whoever has
/// something compiled need not look again.
[[nodiscard]] const JqLibrary& libjq();

}  // namespace leat::pipelines

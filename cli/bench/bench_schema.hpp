#pragma once

#include <string_view>

namespace leat::cli {

/// The JSON Schema (draft 7, with nothing that draft 4 has not) of what `json_document` writes. It allows no
/// member that it does not name, so a test holds it and the document together.
[[nodiscard]] std::string_view bench_schema();

}  // namespace leat::cli

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Checks "https://api.example.org http://127.0.0.1:8080": origins with blanks between them.
[[nodiscard]] std::optional<TextFault> check_origins(const std::string& text);

/// Gives the origins of such texts, each as http::origin_of writes it.
[[nodiscard]] std::vector<std::string> origins_of(const std::vector<std::string>& texts);

}  // namespace leat::pipelines

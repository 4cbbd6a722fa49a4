#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/origin/target.hpp"

namespace leat::origin {

struct Header {
  std::string_view name;   // as sent
  std::string_view value;  // without the blanks around it
};

/// One complete request. Its views point into the parser that made it.
struct Request {
  std::string_view method;
  Target target;
  bool http10 = false;
  bool keep_alive = true;
  std::vector<Header> headers;
  std::string body;  // the first 16 MiB of it
  std::uint64_t body_size = 0;

  /// The first header with that name, in upper or lower case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
  [[nodiscard]] bool is_head() const noexcept { return method == "HEAD"; }
};

/// True if they are equal when the case of ASCII letters is ignored.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;

/// The text without the spaces and tabs around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// True if a comma-separated list contains the word, in upper or lower case.
[[nodiscard]] bool has_token(std::string_view list, std::string_view word) noexcept;

}  // namespace leat::origin

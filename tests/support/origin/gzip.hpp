#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::origin {

/// The text in gzip format (RFC 1952).
[[nodiscard]] std::string gzip(std::string_view text);

/// A number of zero bytes in gzip format: `head`, then `unit` again and again, then `tail`.
///
/// The unit is made once and stands alone, so a bomb of any size costs neither memory nor time.
struct GzipBomb {
  std::string head;
  std::string unit;
  std::uint64_t units = 0;
  std::string tail;
};
[[nodiscard]] GzipBomb make_gzip_bomb(std::uint64_t size);

}  // namespace leat::origin

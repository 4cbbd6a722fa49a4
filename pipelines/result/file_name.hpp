#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/expr/template.hpp"

namespace leat::pipelines {

/// A component may have this many bytes.
inline constexpr std::size_t kMaxComponent = 255;

/// What a file's name is made of.
struct NameSource {
  std::string_view host;
  std::string_view path;   // of the URL, still percent-encoded
  std::uint64_t line = 0;  // 0: not from a line
  std::uint64_t id = 0;
  std::string_view sha256;          // of the body, once it is known
  std::optional<std::string> name;  // in place of the path's last part
  Input* record = nullptr;          // for the fields of the record; null: they have no value
};

/// The path below the template's base for one record: relative, of at least one component, none of them "..",
/// "." or longer than kMaxComponent, without control characters or backslashes. name_refused for a field that
/// has no value.
///
/// Percent-encoding is undone after the path is split, so that "..%2f" is a name's odd character and no way
/// out; a field of the record is one component. A path that ends in '/' names "index.html"; a name that ends
/// in ".part", which belongs to unfinished files, gets a '_'.
[[nodiscard]] Result<std::string> expand_name(const NameTemplate& name, const NameSource& source);

/// The path with ".N" before its last component's extension, as aria2 has it: "a/b.2.html". Cut if it must
/// be.
[[nodiscard]] std::string numbered(const std::string& path, unsigned number);

}  // namespace leat::pipelines

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/template.hpp"

namespace leat::http {
struct UrlParts;
}

namespace leat::pipelines {

struct Record;

/// How many bytes a component may have.
inline constexpr std::size_t kMaxComponent = 255;

/// What a file's name is made of.
struct NameSource {
  std::string_view scheme;
  std::string_view host;
  std::string_view port;
  std::string_view path;   // of the URL, still percent-encoded
  std::string_view query;  // as well, without '?'
  std::uint64_t line = 0;  // 0: not from a line
  std::uint64_t id = 0;
  std::string_view sha256;          // of the body, once it is known
  std::optional<std::string> name;  // in place of the path's last part
  Input* record = nullptr;          // for the fields of the record; null: they have no value
};

/// What a record's request says of it, and its body's digest, but not `name` and `record`. Both outlive it.
[[nodiscard]] NameSource name_source_of(const Record& record, const http::UrlParts& url);

/// The path below the template's base for one record. It is relative, has at least one component, and none
/// that is
/// "..", "." or longer than kMaxComponent, nor any with control characters or backslashes. name_refused for a
/// field that has no value.
///
/// Percent-encoding is undone after the path is split, so "..%2f" is an odd name and no way out. A field of
/// the record is one component. A path that ends in '/' names "index.html". A name that ends in ".part" gets
/// a '_', since such names belong to unfinished files.
[[nodiscard]] Result<std::string> expand_name(const NameTemplate& name, const NameSource& source);

/// The folders of a URL's path as components of a file's name, and its last segment too if `with_last`.
[[nodiscard]] std::vector<std::string> path_segments(std::string_view path, bool with_last);

/// A value as a component.
[[nodiscard]] std::string safe_component(std::string_view text);

/// A component with a URL's query behind it: "download@id=7".
[[nodiscard]] std::string with_query(const std::string& component, std::string_view query);

/// The path with ".N" before its last component's extension, as aria2 has it: "a/b.2.html". A component that
/// would be too long is cut.
[[nodiscard]] std::string numbered(const std::string& path, unsigned number);

}  // namespace leat::pipelines

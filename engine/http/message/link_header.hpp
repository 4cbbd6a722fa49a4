#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/headers.hpp"

namespace leat::http {

/// One link of a Link field (RFC 8288).
struct Link {
  std::string target;             // as written between '<' and '>'
  std::vector<std::string> rels;  // lower case, each relation type apart
  std::optional<std::string> anchor;
};

/// The links of one field's value. What is no link is skipped up to the next ',': a server's slip in one link
/// costs no other.
[[nodiscard]] std::vector<Link> parse_links(std::string_view value);

/// Where the first link with that relation type ("next") leads, over all Link fields, made absolute against
/// the URL the response came from. A link with an anchor speaks of another page unless that is this URL.
[[nodiscard]] std::optional<std::string> find_link(const Headers& headers, std::string_view rel,
                                                   const std::string& url);

}  // namespace leat::http

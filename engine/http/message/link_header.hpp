#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/headers.hpp"

namespace leat::http {

/// One link of a Link field (RFC 8288).
struct Link {
  std::string target;             // as it is written between '<' and '>'
  std::vector<std::string> rels;  // the relation types in lower case
  std::optional<std::string> anchor;
};

/// Gives the links of one field's value. Text that is no link is skipped up to the next ',', so that a
/// server's slip in one link costs no other.
[[nodiscard]] std::vector<Link> parse_links(std::string_view value);

/// Says where the first link with that relation type ("next") leads, over all Link fields, made absolute
/// against the URL that the response came from. A link with an anchor is about another page unless the anchor
/// is this URL.
[[nodiscard]] std::optional<std::string> find_link(const Headers& headers, std::string_view rel,
                                                   const std::string& url);

}  // namespace leat::http

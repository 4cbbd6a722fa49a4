#include "engine/http/message/link_header.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/message/base_url.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

/// Reads one field's value.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Link> run() {
    std::vector<Link> links;
    while (skip(" \t,"), !text_.empty()) {
      const auto end = text_.starts_with('<') ? text_.find('>') : std::string_view::npos;
      if (end == std::string_view::npos) {
        skip_link();
        continue;
      }
      Link& link = links.emplace_back();
      link.target = text_.substr(1, end - 1);
      text_.remove_prefix(end + 1);
      parameters(link);
    }
    return links;
  }

 private:
  void parameters(Link& link) {
    bool has_rel = false;
    while (skip(" \t"), text_.starts_with(';')) {
      skip(" \t;");
      const std::string_view name = take_until(" \t=;,");
      skip(text::kBlanks);
      std::string value;
      if (text_.starts_with('=')) {
        text_.remove_prefix(1);
        skip(text::kBlanks);
        value = take_value();
      }
      if (text::equal_ignoring_case(name, "rel") &&
          !std::exchange(has_rel, true)) {  // the first one counts: RFC 8288, 3.3
        link.rels = words(value);
      } else if (text::equal_ignoring_case(name, "anchor") && !link.anchor) {
        link.anchor = std::move(value);
      }
    }
    skip_link();
  }

  std::string take_value() {
    if (!text_.starts_with('"')) return std::string(take_until(" \t;,"));
    std::string value;
    std::size_t at = 1;
    for (; at < text_.size() && text_[at] != '"'; ++at) {
      if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
      value += text_[at];
    }
    text_.remove_prefix(std::min(at + 1, text_.size()));
    return value;
  }

  static std::vector<std::string> words(std::string_view value) {
    std::vector<std::string> found;
    for (;;) {
      value.remove_prefix(std::min(value.find_first_not_of(text::kBlanks), value.size()));
      if (value.empty()) return found;
      const std::string_view word = value.substr(0, value.find_first_of(text::kBlanks));
      value.remove_prefix(word.size());
      found.push_back(text::to_lower(word));
    }
  }

  // Skips what is left of a link, up to a comma that is not in quotes.
  void skip_link() {
    bool in_quotes = false;
    std::size_t at = 0;
    for (; at < text_.size() && (in_quotes || text_[at] != ','); ++at) {
      if (text_[at] == '"') in_quotes = !in_quotes;
      if (text_[at] == '\\' && in_quotes) ++at;
    }
    text_.remove_prefix(std::min(at, text_.size()));
  }

  std::string_view take_until(std::string_view ends) noexcept {
    const std::string_view taken = text_.substr(0, text_.find_first_of(ends));
    text_.remove_prefix(taken.size());
    return taken;
  }

  void skip(std::string_view characters) noexcept {
    text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
  }

  std::string_view text_;
};

}  // namespace

std::vector<Link> parse_links(std::string_view value) { return Reader(value).run(); }

std::optional<std::string> find_link(const Headers& headers, std::string_view rel, const std::string& url) {
  const BaseUrl base(url);
  const std::string context = url.substr(0, url.find('#'));
  std::optional<std::string> found;
  headers.for_each([&](std::string_view name, std::string_view value) {
    if (found || !text::equal_ignoring_case(name, "link")) return;
    for (const Link& link : parse_links(value)) {
      const bool is_named = std::any_of(link.rels.begin(), link.rels.end(),
                                        [&](const auto& r) { return text::equal_ignoring_case(r, rel); });
      if (found || !is_named || (link.anchor && base.resolve(*link.anchor) != context)) continue;
      found = base.resolve(link.target);
    }
  });
  return found;
}

}  // namespace leat::http

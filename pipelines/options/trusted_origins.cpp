#include "pipelines/options/trusted_origins.hpp"

#include <algorithm>
#include <string_view>

#include "engine/http/message/url.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\n,";

// Calls `each` with every word of the text and its place; stops where that gives true.
template <class Each>
void for_each_word(std::string_view text, Each each) {
  for (std::size_t at = 0; (at = text.find_first_not_of(kBlanks, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    if (each(text.substr(at, end - at), at)) return;
    at = end;
  }
}

bool is_origin(std::string_view word) {
  if (word.find("://") == std::string_view::npos || http::check_url(word)) return false;
  if (word.find('@') != std::string_view::npos) return false;
  const std::string_view rest = word.substr(http::Url::split(word).path);
  return rest.empty() || rest == "/";
}

}  // namespace

std::optional<TextFault> check_origins(const std::string& text) {
  std::optional<TextFault> fault;
  bool any = false;
  for_each_word(text, [&](std::string_view word, std::size_t at) {
    any = true;
    if (!is_origin(word))
      fault = TextFault{at, "takes origins such as https://api.example.org, without a path"};
    return fault.has_value();
  });
  if (!any) return TextFault{0, "takes at least one origin, such as https://api.example.org"};
  return fault;
}

std::vector<std::string> origins_of(const std::vector<std::string>& texts) {
  std::vector<std::string> origins;
  for (const auto& text : texts) {
    for_each_word(text, [&](std::string_view word, std::size_t) {
      origins.push_back(http::origin_of(word));
      return false;
    });
  }
  return origins;
}

}  // namespace leat::pipelines

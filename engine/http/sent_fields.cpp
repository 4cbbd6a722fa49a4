#include "engine/http/sent_fields.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

std::string_view name_of(std::string_view field) noexcept {
  return field.substr(0, field.find_first_of(":;"));
}

bool is_named(std::string_view field, std::string_view name) noexcept {
  return text::equal_ignoring_case(name_of(field), name);
}

template <std::size_t N>
bool is_one_of(std::string_view field, const std::array<std::string_view, N>& names) noexcept {
  return std::any_of(names.begin(), names.end(),
                     [field](std::string_view name) { return is_named(field, name); });
}

bool is_about_the_body(std::string_view field) noexcept {
  constexpr std::string_view kContent = "content-";
  constexpr std::array<std::string_view, 4> kOthers{"transfer-encoding", "expect", "digest", "trailer"};
  return is_one_of(field, kOthers) ||
         (name_of(field).size() > kContent.size() && text::starts_with_ignoring_case(field, kContent));
}

std::string_view value_of(std::string_view field) noexcept {
  field.remove_prefix(std::min(name_of(field).size() + 1, field.size()));
  return text::without_leading_blanks(field);
}

void add(Slist& list, const char* field, const Luggage& luggage, std::string* cookie) {
  if (!goes_along(field, luggage)) return;
  if (cookie == nullptr || !is_named(field, "cookie")) return append_field(list, field);
  const std::string_view value = value_of(field);
  if (!cookie->empty() && !value.empty()) *cookie += "; ";
  *cookie += value;
}

}  // namespace

void append_field(Slist& list, const char* field) {
  const std::string_view text = field;
  const std::size_t colon = text.find(':');
  if (colon == text.npos || !text::equal_ignoring_case(text.substr(0, colon), "host"))
    return append(list, field);
  const std::string_view value = text::trimmed(text.substr(colon + 1));
  append(list, value.empty() ? "Host:" : ("Host: " + std::string(value)).c_str());
}

bool goes_along(std::string_view field, const Luggage& luggage) noexcept {
  constexpr std::array<std::string_view, 3> kBody{"content-type", "content-encoding", "content-language"};
  if (luggage.is_all()) return true;
  if (is_one_of(field, kBody)) return luggage.body;
  if (is_named(field, "accept")) return luggage.accept;
  return luggage.own && (luggage.body || !is_about_the_body(field));
}

Slist sent_fields(const curl_slist* common, const Hop& hop, bool compressed, std::string* cookie) {
  Slist list;
  for (const curl_slist* item = common; item != nullptr; item = item->next)
    add(list, item->data, hop.luggage, cookie);
  if (hop.headers != nullptr) {
    for (const auto& field : *hop.headers) add(list, field.c_str(), hop.luggage, cookie);
  }
  if (hop.range != nullptr && compressed) append(list, "Accept-Encoding: identity");
  for (const auto& field : condition_fields(hop.range, hop.known)) append(list, field.c_str());
  return list;
}

void append_defaults(Slist& list, std::string_view user_agent) {
  const auto has = [&list](std::string_view name) {
    for (const curl_slist* item = list.get(); item != nullptr; item = item->next) {
      if (is_named(item->data, name)) return true;
    }
    return false;
  };
  if (!user_agent.empty() && !has("user-agent"))
    append(list, ("User-Agent: " + std::string(user_agent)).c_str());
  if (!has("accept")) append(list, "Accept: */*");
}

}  // namespace leat::http

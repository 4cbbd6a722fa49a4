#include "pipelines/expr/field_path.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace leat::pipelines {

namespace {

// Reads the number in "[12]" at the start of the text; `size` is set to the length with its brackets.
std::optional<std::int64_t> index_at(std::string_view text, std::size_t& size) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto close = text.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  std::int64_t index = 0;
  const char* const end = text.data() + close;
  const auto result = std::from_chars(text.data() + 1, end, index);
  if (result.ec != std::errc() || result.ptr != end || index > kMost || index < -kMost) return std::nullopt;
  size = close + 1;
  return index;
}

// Reads the name in `["dc:title"]` at the start of the text; `size` is set to the length with its brackets.
std::optional<std::string_view> quoted_name_at(std::string_view text, std::size_t& size) {
  const auto end = text.find("\"]", 2);
  if (!text.starts_with("[\"") || end == text.npos) return std::nullopt;
  size = end + 2;
  return text.substr(2, end - 2);
}

bool is_blank(char c) noexcept { return static_cast<unsigned char>(c) <= ' '; }

}  // namespace

Compiled<FieldPath> FieldPath::compile(std::string_view text) {
  FieldPath made;
  made.text_ = text;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(text.find_first_of(".[]", at), text.size());
    const auto name = text.substr(at, end - at);
    if (name.empty())
      return TextFault{at, "a field's name is missing here, as in {meta.k} or {json.items[0].k}"};
    if (is_blank(name.front()) || is_blank(name.back()))
      return TextFault{at, "a blank around a field's name"};
    if (at == 0) {
      made.root_ = name;
    } else {
      made.steps_.emplace_back(std::string(name));
    }
    at = end;
    while (at < text.size() && text[at] == '[') {
      std::size_t size = 0;
      if (const auto quoted = quoted_name_at(text.substr(at), size)) {
        made.steps_.emplace_back(std::string(*quoted));
      } else if (const auto index = index_at(text.substr(at), size)) {
        made.steps_.emplace_back(*index);
      } else {
        return TextFault{
            at,
            "a place in an array is a number in brackets, as in {json.items[0]}, and a name with "
            "signs in it stands there in quotes"};
      }
      at += size;
    }
    if (at == text.size()) return made;
    if (text[at] != '.') return TextFault{at, "a '.' or a '[' is missing here"};
    ++at;
  }
}

JsonValue FieldPath::find(Input& input) const {
  JsonValue value = input.field(root_);
  for (const auto& step : steps_) {
    const auto* name = std::get_if<std::string>(&step);
    value = name != nullptr ? value.get(*name) : value.at(std::get<std::int64_t>(step));
  }
  return value;
}

}  // namespace leat::pipelines

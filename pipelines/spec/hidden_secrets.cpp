#include "pipelines/spec/hidden_secrets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "engine/http/message/hidden_userinfo.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/state/secrets.hpp"

namespace leat::pipelines {

namespace {

std::string shown_at_place(std::string_view place, const std::string& text) {
  constexpr std::string_view kHeader = "header.";
  const bool is_secret = place.starts_with(kHeader) && names_a_credential(place.substr(kHeader.size()));
  return is_secret && text.find('{') == text.npos ? std::string(kHidden) : text;
}

bool is_of_key(char c) noexcept { return text::is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; }

// Where a value begins behind "key=": not in a program's "==", and only if the key is a word of its own.
struct Place {
  std::string_view key;
  std::size_t value = 0;
};

bool find_place(std::string_view text, std::size_t from, Place& place) noexcept {
  constexpr std::string_view kBefore = " \t\r\n{";
  for (auto equals = text.find('=', from); equals != text.npos; equals = text.find('=', equals + 1)) {
    std::size_t begin = equals;
    while (begin > 0 && is_of_key(text[begin - 1])) --begin;
    const bool is_word = begin < equals && (begin == 0 || kBefore.find(text[begin - 1]) != text.npos);
    if (!is_word || text.substr(equals + 1).starts_with('=')) continue;
    place = {text.substr(begin, equals - begin), equals + 1};
    return true;
  }
  return false;
}

// Gives the value's end. A quoted one that is not closed reaches to the end of the text.
std::size_t end_of_value(std::string_view text, std::size_t begin) noexcept {
  constexpr std::string_view kEnds = " \t\r\n|;()\"";
  if (!text.substr(begin).starts_with('"')) return std::min(text.find_first_of(kEnds, begin), text.size());
  for (auto at = text.find_first_of("\"\\", begin + 1); at < text.size();
       at = text.find_first_of("\"\\", at + 2)) {
    if (text[at] == '"') return at;
  }
  return text.size();
}

bool names_a_value(std::string_view value) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"$", "env:", "secret:", "file:", "("};
  return std::any_of(kNames.begin(), kNames.end(),
                     [value](std::string_view name) { return value.starts_with(name); });
}

// The arguments that hold secrets, of all stages together: a broken spec does not say of which stage one is.
class SecretArguments {
 public:
  explicit SecretArguments(std::span<const Signature> signatures) {
    for (const auto& signature : signatures) {
      for (const auto& row : signature.args) {
        if (row.shown != nullptr && !row.key.empty()) rows_.push_back(&row);
      }
    }
  }

  /// Gives how many bytes of the value may be seen.
  [[nodiscard]] std::size_t size_of(std::string_view key, const std::string& value) const {
    std::size_t size = size_shown(value, shown_at_place(key, value));
    for (const auto* row : rows_) {
      if (row->key == key) size = std::min(size, size_shown(value, row->shown(value)));
    }
    return size;
  }

 private:
  // Of a URL the userinfo is left out; that of a URL with a scheme becomes stars in any text.
  static std::size_t size_shown(std::string_view value, std::string_view shown) noexcept {
    if (shown == value) return value.size();
    if (shown.find(kHidden) == shown.npos) return value.find("://") == value.npos ? 0 : value.size();
    const auto* const differs = std::mismatch(value.begin(), value.end(), shown.begin(), shown.end()).first;
    return static_cast<std::size_t>(differs - value.begin());
  }

  std::vector<const ArgRow*> rows_;
};

// Writes stars over a value, but not over the fields of a template.
std::string starred(std::string_view value) {
  std::string stars;
  while (!value.empty()) {
    const auto closing = value.find('}');
    const bool is_field = value.starts_with('{') && !value.starts_with("{{") && closing != value.npos;
    const auto size = is_field                  ? closing + 1
                      : value.starts_with("{{") ? 2
                                                : std::max<std::size_t>(1, text::character_length(value));
    if (is_field || value.starts_with('\n') || value.starts_with('\r')) {
      stars.append(value.substr(0, size));
    } else {
      stars.append(value.starts_with("{{") ? 2 : 1, '*');
    }
    value.remove_prefix(size);
  }
  return stars;
}

}  // namespace

std::string shown_text(const BoundArg& arg, const std::string& text) {
  if (arg.row == nullptr) return arg.value.program ? text : shown_at_place(arg.key, text);
  return arg.row->shown != nullptr ? arg.row->shown(text) : text;
}

std::string with_hidden_secrets(std::string_view text, std::span<const Signature> signatures) {
  const SecretArguments secrets(signatures);
  std::string shown;
  std::size_t done = 0;
  for (Place place; find_place(text, done, place);) {
    const auto end = end_of_value(text, place.value);
    const bool is_quoted = text.substr(place.value).starts_with('"');
    const auto begin = place.value + (is_quoted ? 1 : 0);
    const std::string value(text.substr(begin, end - begin));
    const auto size = names_a_value(value) ? value.size() : secrets.size_of(place.key, value);
    shown.append(text.substr(done, begin - done)).append(value, 0, size).append(starred(value.substr(size)));
    done = end;
  }
  return http::with_hidden_userinfo(shown.append(text.substr(done)));
}

}  // namespace leat::pipelines

#include "engine/text/secrets.hpp"

#include <algorithm>

#include "engine/text/json_writer.hpp"
#include "engine/text/replacer.hpp"

namespace leat::text {

Secrets::Secrets(const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& value = values[i];
    if (value.empty()) continue;
    const std::string number = std::to_string(i);
    values_.push_back({value, "\x01" + number + "\x01"});
    JsonWriter json;
    json.string(value);
    const std::string inside(json.text().substr(1, json.text().size() - 2));
    if (inside != value) values_.push_back({inside, "\x01" + number + "j\x01"});
  }
  // A longer one may hold a shorter one.
  std::stable_sort(values_.begin(), values_.end(),
                   [](const auto& a, const auto& b) { return a.text.size() > b.text.size(); });
}

bool Secrets::hide(std::string& text) const {
  bool hidden = false;
  for (const auto& value : values_) hidden = replace_all(text, value.text, "***") || hidden;
  return hidden;
}

void Secrets::seal(std::string& text) const {
  for (const auto& value : values_) replace_all(text, value.text, value.mark);
}

void Secrets::unseal(std::string& text) const {
  for (const auto& value : values_) replace_all(text, value.mark, value.text);
}

}  // namespace leat::text

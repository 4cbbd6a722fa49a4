#include "pipelines/text/hide.hpp"

#include <algorithm>

#include "pipelines/text/json_writer.hpp"

namespace leat::pipelines {

Secrets::Secrets(const std::vector<std::string>& values) {
  for (const auto& value : values) {
    if (value.empty()) continue;
    values_.push_back(value);
    JsonWriter json;
    json.string(value);
    const std::string inside(json.text().substr(1, json.text().size() - 2));
    if (inside != value) values_.push_back(inside);
  }
  // A longer one may hold a shorter one.
  std::sort(values_.begin(), values_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

bool Secrets::hide(std::string& text) const {
  constexpr std::string_view kHidden = "***";
  bool hidden = false;
  for (const auto& value : values_) {
    for (std::size_t at = text.find(value); at != std::string::npos;
         at = text.find(value, at + kHidden.size())) {
      text.replace(at, value.size(), kHidden);
      hidden = true;
    }
  }
  return hidden;
}

}  // namespace leat::pipelines

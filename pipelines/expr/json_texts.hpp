#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

/// The outputs of a program: JSON texts, each on one line. It keeps its buffer.
class JsonTexts {
 public:
  void clear() noexcept {
    text_.clear();
    ends_.clear();
  }
  void add(std::string_view json) {
    text_ += json;
    ends_.push_back(text_.size());
  }
  void add(JsonValue value) {
    value.append_to(text_);
    ends_.push_back(text_.size());
  }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace leat::pipelines

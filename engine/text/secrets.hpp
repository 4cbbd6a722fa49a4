#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::text {

/// Puts "***" in place of secrets, wherever they stand in a text that is to be shown, as they are or as JSON
/// strings hold them. Immutable; any thread.
class Secrets {
 public:
  Secrets() = default;
  explicit Secrets(const std::vector<std::string>& values);

  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  /// True if there were any; `text` is changed then.
  bool hide(std::string& text) const;
  /// Puts marks in their place, which no JSON text holds, and `unseal` what they stand for: for JSON that is
  /// kept between two runs.
  void seal(std::string& text) const;
  void unseal(std::string& text) const;

 private:
  struct Value {
    std::string text;
    std::string mark;
  };
  std::vector<Value> values_;  // the longest first
};

}  // namespace leat::text

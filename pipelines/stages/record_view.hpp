#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/record.hpp"
#include "pipelines/stages/result_fields.hpp"

namespace leat::pipelines {

/// A record as programs and templates see it: its result's own fields, `.headers`, `.body`, `.json` and
/// `.meta`.
///
/// Each field is made when it is first asked for, and kept until `look_at` or `forget`: call that when the
/// record has changed. Loop thread only.
class RecordView final : public Input {
 public:
  void look_at(const Record& record);
  void forget();

  JsonValue field(std::string_view name) override;
  JsonValue whole() override;
  /// All of it as JSON text. Valid until the next look_at or forget.
  [[nodiscard]] std::string_view text();

 private:
  struct Made {
    std::string_view name;
    std::string text;
    JsonDoc doc;
    bool used = false;
  };
  Made& room(std::string_view name);
  JsonValue make(std::string_view name);

  const Record* record_ = nullptr;
  std::deque<Made> made_;  // buffers are kept
  Made whole_;
  ResultField::Writer writer_;
};

}  // namespace leat::pipelines

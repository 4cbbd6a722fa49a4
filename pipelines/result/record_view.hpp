#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

class Page;

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
  /// The record's body, parsed at most once whoever asks, until look_at or `close_page`: what `forget` is
  /// called for leaves it as it is.
  [[nodiscard]] const std::shared_ptr<Page>& page();
  void close_page() noexcept { page_.reset(); }
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
  std::shared_ptr<Page> page_;
};

}  // namespace leat::pipelines

#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

/// The URL that the body came from. Relative URLs in a record's body are resolved against it.
[[nodiscard]] inline const std::string& base_url(const Record& record) noexcept {
  const bool fetched = record.response && !record.response->url_effective.empty();
  return fetched ? record.response->url_effective : record.request.url.text();
}

/// The Content-Type of the answer; empty if there is none.
[[nodiscard]] inline std::string_view content_type_of(const Record& record) {
  return record.response ? record.response->head.headers.find("content-type").value_or("")
                         : std::string_view();
}

/// A record's body with all that must be known to read it. Refers to the record.
[[nodiscard]] inline PageQuestion page_of(const Record& record) {
  PageQuestion page;
  page.content_type = content_type_of(record);
  page.url = base_url(record);
  if (record.body) page.body = *record.body;
  return page;
}

class Page;
class Utf8Body;

/// A record's body as the text that `.json` and `.lines` are read from; for a record with a body. Refers to
/// the record.
[[nodiscard]] Utf8Body json_text_of(const Record& record);

/// A record as programs and templates see it: its result's own fields, `.headers`, `.body`, `.json` and
/// `.meta`.
///
/// Each field is made when it is first asked for, and kept until `look_at` or `forget`. Whoever changes the
/// record calls one of the two. Loop thread only.
class RecordView final : public Input {
 public:
  void look_at(const Record& record);
  void forget();

  JsonValue field(std::string_view name) override;
  /// Says why the body can't be read as JSON, or its lines.
  const Error* fault(std::string_view name) override;
  JsonValue whole() override;
  /// Says whether `.lines` is a part of the whole record until the next look_at or forget. Each program that
  /// takes the whole record says it anew, since neighbours share the view.
  void show_lines(bool shown) noexcept {
    if (std::exchange(with_lines_, shown) != shown) whole_.used = false;
  }
  /// The record's body as a page. It is parsed at most once until `look_at` or `close_page`. `forget` keeps
  /// it, since no stage changes a body.
  [[nodiscard]] const std::shared_ptr<Page>& page();
  void close_page() noexcept { page_.reset(); }
  /// The whole record as JSON text. Valid until the next look_at or forget.
  [[nodiscard]] std::string_view text();
  /// Writes a field as it stands in that text. A body that was read before is not read again.
  void write(const ResultField& field, ResultField::Writer& out);

 private:
  struct Made {
    std::string_view name;
    std::string text;
    JsonDoc doc;
    Status error;
    bool used = false;
  };
  Made& room(std::string_view name);
  JsonValue make(std::string_view name);

  const Record* record_ = nullptr;
  std::deque<Made> made_;  // buffers are kept
  Made whole_;
  bool with_lines_ = false;
  ResultField::Writer writer_;
  std::shared_ptr<Page> page_;
};

}  // namespace leat::pipelines

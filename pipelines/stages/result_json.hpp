#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pipelines/plan.hpp"
#include "pipelines/record.hpp"

namespace leat::pipelines {

/// Says what came of a record as one line of JSON, its newline included: DESIGN.md, "A result".
///
/// Always well-formed: bytes from the network that are no UTF-8 become U+FFFD. No credentials: userinfo is
/// taken out of URLs, and nothing of the request but its method and URL is shown. The buffer is reused.
class ResultJson {
 public:
  explicit ResultJson(WriteArgs args);
  ~ResultJson();

  /// Valid until the next call.
  std::string_view line(const Record& record);

 private:
  struct Buffer;

  void url_field(std::string_view name, std::string_view url);
  void started_at(std::chrono::system_clock::time_point time);
  void response_fields(const Record& record);
  void timing(const Record& record);
  void error(const Record& record);
  void headers(const http::Headers& headers);

  WriteArgs args_;
  std::unique_ptr<Buffer> buffer_;
};

}  // namespace leat::pipelines

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/expr/template.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// The bodies that fetch makes of a record, with the Content-Type that says what they are: json= (a program's
/// first output), form= (pairs of a form, percent-encoded) and part= (RFC 7578, with files). A Content-Type
/// of the user's own counts more. Loop thread only.
class RequestBody {
 public:
  /// The arguments have been checked.
  explicit RequestBody(const FetchArgs& args);
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// Gives the record's request its body. filter_error, file_error.
  [[nodiscard]] Status apply(Record& record, RecordView& view);
  [[nodiscard]] std::vector<const Program*> programs() const;

 private:
  struct Pair {
    std::string name;
    Template value;
    bool is_file = false;
    std::string type;  // of a file
  };

  Status make_json(Record& record, RecordView& view);
  Status make_form(Record& record, RecordView& view) const;
  Status make_parts(Record& record, RecordView& view) const;
  void set_type(Record& record, const std::string& type) const;
  static Pair pair_of(const std::string& text, bool may_be_file);

  std::optional<Program> json_;
  std::vector<Pair> form_;
  std::vector<Pair> parts_;
  JsonTexts outputs_;
  std::uint64_t limit_;
  bool has_own_type_;  // every request has
};

/// Whether a body is made of the body of the response before.
[[nodiscard]] bool body_reads_body(const FetchArgs& args);
/// Whether a request is made of anything that an earlier fetch of the same record brought.
[[nodiscard]] bool request_reads_answer(const FetchArgs& args);

}  // namespace leat::pipelines

#pragma once

#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// fetch's upload=: the file that each record's request sends, or standard input ("-"), which every one of
/// them sends as it was read once. Loop thread only.
class Upload {
 public:
  /// Of a text that check_text has passed.
  explicit Upload(const std::string& text);

  /// Reads standard input to its end, if that is what is sent, into a file without a name. Before the first
  /// `apply`; may be cancelled. file_error, disk_full.
  async::Task<Status> take_input(async::EventLoop& loop);

  /// Names the file. A URL whose path ends in a slash gets the file's name there, as in curl. The error of a
  /// record that lacks a field.
  [[nodiscard]] Status apply(Record& record, RecordView& view) const;

 private:
  bool is_input_;
  Template name_;
  io::Fd input_;  // what was read
};

}  // namespace leat::pipelines

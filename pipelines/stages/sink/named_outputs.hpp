#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/confined_path.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/outputs.hpp"
#include "pipelines/stages/sink/line_format.hpp"

namespace leat::pipelines {

/// The template that a `to=` is, such as "by-{meta.k}.csv"; nothing if it is the path of one file.
[[nodiscard]] std::optional<NameTemplate> output_template(const std::string& to);
/// The path of the file that a `to=` without fields names.
[[nodiscard]] std::string literal_path(const std::string& to);
/// A TextCheck of a `to=`.
[[nodiscard]] std::optional<TextFault> check_output(const std::string& to);

/// Files that have the same lines: those of `to=` that are no templates, or the one that a record's fields
/// name. A table of them has one heading.
struct OutputGroup {
  std::vector<OutputFile*> files;
  LineFormat::Columns columns;
  bool checked = false;  // the heading is that of the files that had lines
  bool begun = false;    // it is written, where there is one
};

/// The files of one template of `to=`. They are confined to the directory that stands before the first field,
/// as those of `save` are. At most kMostOpen are open at once: the one that was used longest ago is closed,
/// once it is written, and opened again when it is named again. Loop thread only.
class NamedOutputs {
 public:
  static constexpr std::size_t kMostOpen = 64;

  NamedOutputs(NameTemplate name, Outputs& outputs, Outputs::Standing standing)
      : name_(std::move(name)), base_(name_.base()), outputs_(outputs), standing_(standing) {}

  /// The file that the record's fields name, which is open until the next call. filter_error or name_refused
  /// if they name none, file_error, disk_full.
  async::Task<Result<OutputGroup*>> find(const Record& record);

  /// Every file that is open.
  template <class Fn>
  void for_each(Fn&& fn) const {
    for (const auto* entry : open_) fn(*entry->group.files.front());
  }

 private:
  struct Entry {
    OutputGroup group;
    std::uint64_t used = 0;  // the number of the call that named it last
    bool is_open = false;
  };

  [[nodiscard]] Result<std::string> path_of(const Record& record) const;
  async::Task<Status> close_oldest();

  NameTemplate name_;
  io::BaseDirectory base_;
  Outputs& outputs_;
  Outputs::Standing standing_;
  std::map<std::string, Entry> entries_;  // by path
  std::vector<Entry*> open_;
  std::uint64_t calls_ = 0;
};

}  // namespace leat::pipelines

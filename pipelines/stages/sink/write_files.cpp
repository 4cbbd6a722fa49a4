#include "pipelines/stages/sink/write_files.hpp"

#include <utility>

namespace leat::pipelines {

namespace {

/// Keeps a file open while it is waited for.
class Use {
 public:
  explicit Use(OutputFile& file) noexcept : file_(file) { Outputs::hold(file); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { Outputs::release(file_); }

 private:
  OutputFile& file_;
};

}  // namespace

template <class Fn>
void WriteFiles::for_each_open(Fn&& fn) const {
  for (auto* file : fixed_.files) fn(*file);
  for (const auto& named : named_) named->for_each(fn);
}

Status WriteFiles::open(const std::vector<std::string>& to, Outputs::Standing standing) {
  for (const auto& path : to) {
    if (auto name = output_template(path)) {
      named_.push_back(std::make_unique<NamedOutputs>(std::move(*name), outputs_, standing));
      continue;
    }
    auto opened = outputs_.open(literal_path(path), standing);
    if (!opened) return std::move(opened.error());
    fixed_.files.push_back(*opened);
  }
  return std::nullopt;
}

async::Task<Status> WriteFiles::find(const Record& record, std::vector<OutputGroup*>& groups) {
  if (!fixed_.files.empty()) groups.push_back(&fixed_);
  for (const auto& named : named_) {
    auto finding = named->find(record);
    auto found = co_await std::move(finding);
    if (!found) co_return std::move(found.error());
    groups.push_back(*found);
  }
  co_return std::nullopt;
}

io::OutputWriter* WriteFiles::crowded() const noexcept {
  io::OutputWriter* found = nullptr;
  for_each_open([&found](const OutputFile& file) {
    if (!file.writer().has_room()) found = &file.writer();
  });
  return found;
}

void WriteFiles::flush() const {
  for_each_open([](const OutputFile& file) { file.writer().flush(); });
}

async::Task<void> WriteFiles::drain() {
  std::vector<OutputFile*> files;
  for_each_open([&files](OutputFile& file) { files.push_back(&file); });
  for (auto* file : files) {
    if (!file->is_open()) continue;  // closed for now, when all was written
    const Use use(*file);
    auto draining = file->writer().drain();
    co_await std::move(draining);
  }
}

bool WriteFiles::is_over() const noexcept {
  return !fixed_.files.empty() && fixed_.files.front()->has_ended();
}

Status WriteFiles::failure() const {
  Status status;
  for (const auto& named : named_) {
    named->for_each([&status](const OutputFile& file) {
      if (file.has_ended()) status = output_error(file.path(), file.writer().error_number());
    });
  }
  return status;
}

}  // namespace leat::pipelines

#include "pipelines/flow/leftovers.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "engine/io/file_error.hpp"
#include "engine/io/replace_file.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/result/outputs.hpp"

namespace leat::pipelines {

namespace {

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::string_view first_line(std::string_view text) noexcept { return text.substr(0, text.find('\n')); }

}  // namespace

Status LeftoverFile::take_up(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
    return std::nullopt;
  auto content = content_of(path);
  if (!content) return io::file_failure(errno, "read", path);
  path_ = path;
  left_ = std::move(*content);
  return std::nullopt;
}

// The source has told its heading by the time when its first record comes.
void LeftoverFile::find_lines() {
  if (std::exchange(indexed_, true)) return;
  std::size_t at = !heading_.empty() && left_.starts_with(heading_) ? heading_.size() : 0;
  while (at < left_.size()) {
    const auto line = first_line(std::string_view(left_).substr(at));
    lines_.emplace(text::hash64(line), at);
    at += line.size() + 1;
  }
}

LeftoverFile::Place LeftoverFile::claim(std::string_view source) {
  if (left_.empty() || source.empty()) return std::nullopt;
  find_lines();
  const auto [first, last] = lines_.equal_range(text::hash64(first_line(source)));
  auto found = last;
  for (auto line = first; line != last; ++line) {
    const bool is_it = left_.compare(line->second, source.size(), source) == 0;
    if (is_it && (found == last || line->second < found->second)) found = line;
  }
  if (found == last) return std::nullopt;
  const std::size_t place = found->second;
  lines_.erase(found);
  return place;
}

void LeftoverFile::settle(std::string source, Place place, bool failed, bool never_ends) {
  if (!failed) {
    if (place) done_.emplace_back(*place, *place + source.size());
  } else if (place || source.empty()) {
    return;
  } else if (never_ends) {
    last_ = std::move(source);
  } else {
    write(source);
  }
}

void LeftoverFile::write(std::string_view source) {
  if (!std::exchange(begun_, true) && !heading_.empty()) writer_.append_now(heading_);
  writer_.append_now(source);
  writer_.flush();
}

async::Task<Status> LeftoverFile::finish() {
  if (!last_.empty()) write(std::exchange(last_, {}));
  auto draining = writer_.drain();
  co_await std::move(draining);
  if (done_.empty()) co_return std::nullopt;
  std::sort(done_.begin(), done_.end());
  co_return take_out();
}

// The file is replaced as a whole, so that a kill leaves the one or the other.
Status LeftoverFile::take_out() const {
  const auto content = content_of(path_);
  if (!content) return io::file_failure(errno, "read", path_);
  if (!content->starts_with(left_)) return std::nullopt;  // somebody else has written it
  std::string kept;
  std::size_t at = 0;
  for (const auto& [begin, end] : done_) {
    kept.append(*content, at, begin - at);
    at = end;
  }
  kept.append(*content, at);
  if (kept == heading_) kept.clear();
  return io::replace_file(path_, kept, Outputs::kOwner);
}

/// Writes a record of the source to the file once all that came of it has ended and any of that has failed.
class Leftovers::SourceFamily final : public Family {
 public:
  SourceFamily(LeftoverFile& file, Record& record)
      : Family(record.ticket.family()),
        file_(file),
        source_(std::move(record.source)),
        never_ends_(record.source_never_ends) {
    if (!source_.empty()) source_ += '\n';
    place_ = file_.claim(source_);
  }
  ~SourceFamily() override {
    const bool is_over = failed_ || outcome() != Outcome::cancelled;
    if (is_over) file_.settle(std::move(source_), place_, failed_, never_ends_);
  }

  void note(Outcome outcome) noexcept override {
    failed_ = failed_ || outcome == Outcome::failed;
    Family::note(outcome);
  }

 private:
  LeftoverFile& file_;
  std::string source_;
  LeftoverFile::Place place_;
  bool never_ends_;
  bool failed_ = false;
};

async::Task<Status> Leftovers::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    (*record)->ticket.belong_to(std::make_shared<SourceFamily>(file_, **record));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines

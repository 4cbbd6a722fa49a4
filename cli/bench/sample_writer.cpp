#include "cli/bench/sample_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iterator>
#include <memory>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/delimited.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text::escaped(text)) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + "\"";
}

std::string csv_text(std::string_view text) {
  std::string csv;
  text::RowText row(text::Delimited::csv, csv);
  row.field(text);
  row.end();
  csv.pop_back();  // it is not the last field
  return csv;
}

}  // namespace

SampleFormat sample_format_of(std::string_view file) noexcept {
  return file.ends_with(".ndjson") || file.ends_with(".jsonl") ? SampleFormat::ndjson : SampleFormat::csv;
}

Result<std::unique_ptr<SampleWriter>> SampleWriter::open(const std::string& file,
                                                         const load::LoadPlan& plan) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    return Error(Errc::file_error,
                 fmt::format("--samples: {}: {}", text::in_quotes(file), std::strerror(errno)));
  }
  std::vector<std::string> urls;
  for (const auto& target : plan.targets) urls.push_back(http::without_userinfo(target.url));
  return std::unique_ptr<SampleWriter>(new SampleWriter(fd, file, sample_format_of(file), std::move(urls)));
}

SampleWriter::SampleWriter(int fd, std::string file, SampleFormat format, std::vector<std::string> urls)
    : fd_(fd), file_(std::move(file)), format_(format), urls_(std::move(urls)) {
  for (auto& url : urls_) url = format_ == SampleFormat::csv ? csv_text(url) : json_text(url);
  thread_ = std::thread([this] { work(); });
}

SampleWriter::~SampleWriter() {
  (void)finish();
  close(fd_);
}

void SampleWriter::take(std::span<const load::Sample> samples) {
  std::vector<load::Sample> batch(samples.begin(), samples.end());
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < kMostWaiting || error_number_ != 0 || ended_; });
  if (error_number_ != 0 || ended_) return;
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
}

Status SampleWriter::finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (error_number_ == 0) return std::nullopt;
  return Error(Errc::file_error,
               fmt::format("--samples: {}: {}", text::in_quotes(file_), std::strerror(error_number_)));
}

void SampleWriter::work() {
  sigset_t all;  // the loop handles signals
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  write(header());
  for (;;) {
    std::vector<load::Sample> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !waiting_.empty() || ended_; });
      if (waiting_.empty()) return;
      batch = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
    }
    std::string text;
    text.reserve(batch.size() * 128);
    for (const auto& sample : batch) append(text, sample);
    write(text);
  }
}

void SampleWriter::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const std::lock_guard lock(mutex_);
      if (error_number_ == 0) error_number_ = errno;
      changed_.notify_all();
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string SampleWriter::header() const {
  return format_ == SampleFormat::csv ? "planned_ns,sent_ns,first_byte_ns,ended_ns,response_ns,status,error,"
                                        "bytes,thread,target,resent\n"
                                      : "";
}

void SampleWriter::append(std::string& text, const load::Sample& sample) const {
  const std::string_view error = sample.failed ? to_string(sample.error) : std::string_view();
  const bool answered =
      sample.first_byte.count() != 0 && sample.first_byte >= sample.sent && sample.status != 0;
  const std::string first = answered ? fmt::format("{}", sample.first_byte.count()) : "";
  const auto response = (sample.ended - sample.planned).count();
  const std::string& url = urls_[sample.target];
  if (format_ == SampleFormat::csv) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{},{},{},{}\n", sample.planned.count(),
                   sample.sent.count(), first, sample.ended.count(), response, sample.status, error,
                   sample.bytes, sample.thread, url, sample.resent);
    return;
  }
  fmt::format_to(std::back_inserter(text),
                 "{{\"planned_ns\":{},\"sent_ns\":{},\"first_byte_ns\":{},\"ended_ns\":{},\"response_ns\":{},"
                 "\"status\":{},\"error\":{}{}{},\"bytes\":{},\"thread\":{},\"target\":{},"
                 "\"resent\":{}}}\n",
                 sample.planned.count(), sample.sent.count(), first.empty() ? "null" : first,
                 sample.ended.count(), response, sample.status, sample.failed ? "\"" : "",
                 sample.failed ? error : "null", sample.failed ? "\"" : "", sample.bytes, sample.thread, url,
                 sample.resent);
}

}  // namespace leat::cli

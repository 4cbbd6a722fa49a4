#include "pipelines/state/exchange_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "engine/io/file_error.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/number.hpp"
#include "pipelines/state/recording_files.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kHeld = 64 * 1024;             // bytes of a body that are held before a file is begun
constexpr std::size_t kMostHead = 64 * 1024 * 1024;  // of an exchange without its body
constexpr std::string_view kMark = "{\"schema\":\"leat.recording/1\"}\n";

std::string mark_path(const std::string& directory) { return directory + "/leat-recording.json"; }

std::string makers_path(const std::string& directory) { return directory + "/makers"; }

std::string sequences_path(const std::string& directory) { return directory + "/sequences"; }

std::string exchange_path(const std::string& directory, std::string_view name, std::uint32_t ordinal) {
  return fmt::format("{}/exchanges/{}/{}.{}.json", directory, name.substr(0, 2), name, ordinal);
}

std::string body_path(const std::string& directory, std::string_view sha256) {
  return fmt::format("{}/bodies/{}/{}", directory, sha256.substr(0, 2), sha256);
}

// Writes the line in one go, so that it is there whole or not at all.
Status append(const std::string& path, std::string_view line) {
  const io::Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return io::file_failure(errno, "open", path);
  return write_all(fd.get(), line, path);
}

// Nothing if there is no such file.
Result<std::optional<std::string>> read_whole(const std::string& path) {
  auto opened = open_recording_file(path);
  if (!opened.ok()) return std::move(opened.error());
  const io::Fd& fd = *opened;
  if (!fd) return std::optional<std::string>();
  std::string text;
  char piece[16 * 1024];
  for (;;) {
    const ssize_t count = ::read(fd.get(), piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io::file_failure(errno, "read", path);
    if (count == 0) return std::optional(std::move(text));
    text.append(piece, static_cast<std::size_t>(count));
    if (text.size() > kMostHead) return damaged_recording(path, "it is too large");
  }
}

// Calls `take` with each line of a file that is not there or has lines of numbers, until that says that it is
// none of these. A kill may have cut the last line, which is left out then.
template <class Take>
Status read_lines(const std::string& path, Take take) {
  constexpr std::size_t kMostLine = 128;
  const auto opened = open_recording_file(path);
  if (!opened.ok()) return opened.error();
  std::ifstream lines(path);
  std::string line;
  for (std::uint64_t number = 1; std::getline(lines, line); ++number) {
    const bool is_cut = lines.eof();
    if (line.size() > kMostLine || (!is_cut && !take(line))) {
      return damaged_recording(path, fmt::format("line {} is none that leat has written", number));
    }
  }
  if (lines.bad()) return io::file_failure(errno, "read", path);
  return std::nullopt;
}

std::string sha256_of(std::string_view text) {
  Digest digest;
  digest.update(text);
  return digest.finish();
}

std::string method_of(const http::Request& request) {
  if (!request.method.empty()) return request.method;
  return request.body ? "POST" : "GET";
}

}  // namespace

ExchangeKey::ExchangeKey(const http::Request& request, const Redactor& redactor)
    : method(method_of(request)), url(redactor.url(request.url.text())) {
  if (request.body) body_sha256 = sha256_of(redactor.text(*request.body));
  const int attempt = request.times == nullptr ? 1 : request.times->attempt;
  const std::string again = attempt > 1 ? fmt::format("\n{}", attempt) : std::string();
  name = sha256_of(fmt::format("{} {}\n{}{}", method, url, body_sha256, again)).substr(0, 32);
}

std::uint32_t ExchangeCounts::next(const ExchangeKey& key) { return ++counts_[text::hash64(key.name)]; }

void ExchangeCounts::take_back(const ExchangeKey& key, std::uint32_t ordinal) {
  std::uint32_t& count = counts_[text::hash64(key.name)];
  if (count == ordinal) --count;
}

void ExchangeMakers::add(const std::string& name, std::uint32_t ordinal, std::uint64_t maker, int attempt) {
  ordinals_[text::mix64(maker) ^ text::hash64(name)] = ordinal;
  attempts_.insert(text::mix64(maker + static_cast<std::uint64_t>(attempt)));
}

std::optional<std::uint32_t> ExchangeMakers::find(const std::string& name, std::uint64_t maker) const {
  const auto at = ordinals_.find(text::mix64(maker) ^ text::hash64(name));
  return at == ordinals_.end() ? std::nullopt : std::optional(at->second);
}

bool ExchangeMakers::has_attempt(std::uint64_t maker, int attempt) const {
  return attempts_.contains(text::mix64(maker + static_cast<std::uint64_t>(attempt)));
}

Result<ExchangeStore> ExchangeStore::create(std::string directory) {
  const bool is_ours = ::access(mark_path(directory).c_str(), F_OK) == 0;
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(directory, ignored);
  if (is_there && !is_ours && !std::filesystem::is_empty(directory, ignored)) {
    return io::file_refusal(Errc::file_error, directory,
                            "it holds something else; name a directory that is empty or not there");
  }
  for (const auto& path : {directory, directory + "/exchanges", directory + "/bodies"}) {
    if (auto failed = make_recording_directory(path)) return std::move(*failed);
  }
  if (!is_ours) {
    if (auto failed = write_whole(directory, mark_path(directory), kMark)) return std::move(*failed);
  }
  return ExchangeStore(std::move(directory));
}

Result<ExchangeStore> ExchangeStore::open(std::string directory) {
  auto mark = read_whole(mark_path(directory));
  if (!mark.ok()) return std::move(mark.error());
  if (!*mark || **mark != kMark) {
    return Error(Errc::file_error, fmt::format("'{}' holds no recording that this leat can read; "
                                               "make one with --record",
                                               directory));
  }
  return ExchangeStore(std::move(directory));
}

Status ExchangeStore::put(const std::string& name, const Exchange& exchange) const {
  auto failed = write_whole(directory_ + "/exchanges", exchange_path(directory_, name, exchange.ordinal),
                            to_json(exchange));
  if (failed || exchange.times.maker == 0) return failed;
  return append(makers_path(directory_), fmt::format("{} {} {} {}\n", name, exchange.ordinal,
                                                     exchange.times.maker, exchange.times.attempt));
}

Result<ExchangeMakers> ExchangeStore::makers() const {
  ExchangeMakers makers;
  auto failed = read_lines(makers_path(directory_), [&](const std::string& line) {
    std::istringstream fields(line);
    std::string name;
    std::uint32_t ordinal = 0;
    std::uint64_t maker = 0;
    int attempt = 0;
    const bool is_one = (fields >> name >> ordinal >> maker >> attempt) && fields.eof();
    if (is_one) makers.add(name, ordinal, maker, attempt);
    return is_one;
  });
  if (failed) return std::move(*failed);
  return makers;
}

Status ExchangeStore::begin_run() const {
  std::error_code failed;
  std::filesystem::remove(makers_path(directory_), failed);
  if (!failed) std::filesystem::remove_all(sequences_path(directory_), failed);
  if (failed) return io::file_failure(failed.value(), "empty the directory", directory_);
  return make_recording_directory(sequences_path(directory_));
}

// The stages of a block have a "/" in their names.
std::string ExchangeStore::sequence_path(std::string stage) const {
  std::replace(stage.begin(), stage.end(), '/', ':');
  return sequences_path(directory_) + "/" + stage;
}

Result<std::optional<Exchange>> ExchangeStore::get(const std::string& name, std::uint32_t ordinal) const {
  const std::string path = exchange_path(directory_, name, ordinal);
  auto text = read_whole(path);
  if (!text.ok()) return std::move(text.error());
  if (!*text) return std::optional<Exchange>();
  auto exchange = exchange_from_json(**text);
  if (!exchange.ok()) return damaged_recording(path, exchange.error().message);
  return std::optional(std::move(*exchange));
}

ExchangeStore::BodyWriter::~BodyWriter() { discard(); }

void ExchangeStore::BodyWriter::discard() noexcept {
  if (!part_.empty()) ::unlink(part_.c_str());
  part_.clear();
  fd_.reset();
}

void ExchangeStore::BodyWriter::restart() {
  discard();
  digest_.restart();
  held_.clear();
  size_ = 0;
}

Status ExchangeStore::BodyWriter::write(std::string_view bytes) {
  digest_.update(bytes);
  size_ += bytes.size();
  held_.append(bytes);
  return held_.size() < kHeld ? std::nullopt : flush();
}

Status ExchangeStore::BodyWriter::flush() {
  if (!fd_) {
    auto fd = open_part(directory_ + "/bodies", part_);
    if (!fd.ok()) return std::move(fd.error());
    fd_ = std::move(*fd);
  }
  auto failed = write_all(fd_.get(), held_, part_);
  held_.clear();
  return failed;
}

Result<std::string> ExchangeStore::BodyWriter::finish() {
  if (size_ == 0) return std::string();
  std::string sha256 = digest_.finish();
  if (auto failed = store_as(sha256)) return std::move(*failed);
  return sha256;
}

Status ExchangeStore::BodyWriter::store_as(const std::string& sha256) {
  const std::string path = body_path(directory_, sha256);
  struct stat known {};
  const bool is_known =
      ::stat(path.c_str(), &known) == 0 && static_cast<std::uint64_t>(known.st_size) == size_;
  if (is_known) {
    discard();
    return std::nullopt;
  }
  if (auto failed = flush()) return failed;
  if (auto failed = rename_part(part_, path)) return failed;
  part_.clear();
  fd_.reset();
  return std::nullopt;
}

ExchangeStore::BodyReader::BodyReader(const ExchangeStore& store, const Exchange& exchange)
    : path_(body_path(store.directory(), exchange.sha256)), sha256_(exchange.sha256), left_(exchange.size) {}

Status ExchangeStore::BodyReader::open() {
  auto opened = open_recording_file(path_);
  if (!opened.ok()) return std::move(opened.error());
  fd_ = std::move(*opened);
  if (!fd_) return damaged_recording(path_, "it is missing");
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return io::file_failure(errno, "open", path_);
  if (static_cast<std::uint64_t>(status.st_size) != left_)
    return damaged_recording(path_, "it has another size");
  return std::nullopt;
}

Result<std::string_view> ExchangeStore::BodyReader::read() {
  if (left_ == 0) return std::string_view();
  if (!fd_) {
    if (auto failed = open()) return std::move(*failed);
  }
  buffer_.resize(std::min<std::uint64_t>(kPiece, left_));
  ssize_t count = 0;
  do {
    count = ::read(fd_.get(), buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return io::file_failure(errno, "read", path_);
  if (count == 0) return damaged_recording(path_, "it is cut short");
  left_ -= static_cast<std::uint64_t>(count);
  const auto piece = std::string_view(buffer_).substr(0, static_cast<std::size_t>(count));
  digest_.update(piece);
  if (left_ == 0 && digest_.finish() != sha256_) return damaged_recording(path_, "it has another checksum");
  return piece;
}

Result<SequenceFile> SequenceFile::create(const std::string& path) {
  io::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) return io::file_failure(errno, "make", path);
  return SequenceFile(path, std::move(fd));
}

Result<std::vector<std::uint64_t>> SequenceFile::read(const std::string& path) {
  std::vector<std::uint64_t> ids;
  auto failed = read_lines(path, [&](const std::string& line) {
    const auto id = text::parse_number<std::uint64_t>(line);
    if (id) ids.push_back(*id);
    return id.has_value();
  });
  if (failed) return std::move(*failed);
  return ids;
}

Status SequenceFile::add(std::uint64_t id) const {
  const fmt::format_int digits(id);
  const std::string line = std::string(digits.data(), digits.size()) + "\n";
  ssize_t written = 0;
  do {
    written = ::write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(line.size())) return std::nullopt;
  return io::file_failure(written < 0 ? errno : ENOSPC, "write", path_);
}

}  // namespace leat::pipelines

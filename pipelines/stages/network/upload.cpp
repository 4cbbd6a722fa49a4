#include "pipelines/stages/network/upload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "engine/io/file_error.hpp"
#include "engine/io/input_reader.hpp"
#include "engine/text/percent.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kCopy = "the copy of standard input";

Result<io::Fd> nameless_file() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/leat-XXXXXX";
  io::Fd file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file) return io::file_failure(errno, "make", path);
  ::unlink(path.c_str());
  return file;
}

Status write_all(const io::Fd& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return io::file_failure(count < 0 ? errno : ENOSPC, "write", kCopy);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

}  // namespace

Upload::Upload(const std::string& text) : is_input_(text == "-"), name_(compile_template(text)) {}

async::Task<Status> Upload::take_input(async::EventLoop& loop) {
  if (!is_input_ || input_) co_return std::nullopt;
  auto file = nameless_file();
  if (!file) co_return std::move(file.error());
  auto reader = io::InputReader::open(loop, "-");
  if (!reader) co_return std::move(reader.error());
  std::string chunk;
  do {
    auto reading = (*reader)->read(chunk);
    auto failed = co_await std::move(reading);
    if (!failed) failed = write_all(*file, chunk);
    if (failed) co_return failed;
  } while (!chunk.empty());
  input_ = std::move(*file);
  co_return std::nullopt;
}

Status Upload::apply(Record& record, RecordView& view) const {
  http::Request& request = record.request;
  request.upload.clear();
  if (is_input_) {  // each request opens it anew, and begins at its start
    request.upload = "/proc/self/fd/" + std::to_string(input_.get());
    return std::nullopt;
  }
  view.look_at(record);
  if (auto error = name_.expand(view, request.upload)) return error;
  std::string url = request.url.text();
  const std::size_t end = std::min(url.find_first_of("?#"), url.size());
  if (end > 0 && url[end - 1] == '/') {
    url.insert(end, text::percent_encoded(request.upload.substr(request.upload.rfind('/') + 1)));
    request.url = http::Url(std::move(url));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines

#include "pipelines/state/sequence_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "engine/io/file_error.hpp"

namespace leat::pipelines {

Result<SequenceFile> SequenceFile::create(const std::string& path) {
  io::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) return io::file_failure(errno, "make", path);
  return SequenceFile(path, std::move(fd));
}

Result<std::vector<std::uint64_t>> SequenceFile::read(const std::string& path) {
  std::vector<std::uint64_t> ids;
  std::ifstream lines(path);
  for (std::uint64_t id = 0; lines >> id;) ids.push_back(id);
  if (lines.bad()) return io::file_failure(errno, "read", path);
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

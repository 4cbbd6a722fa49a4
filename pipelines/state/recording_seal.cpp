#include "pipelines/state/recording_seal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/io/fd.hpp"
#include "engine/io/file_error.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/state/recording_files.hpp"

namespace leat::pipelines {

namespace {

std::string seal_path(const std::string& directory) { return directory + "/seal"; }

struct Sum {
  std::uint64_t lines = 0;
  std::string sha256;
};

// Nothing if there is no such file.
Result<std::optional<Sum>> sum_of(const std::string& path) {
  auto opened = open_recording_file(path);
  if (!opened.ok()) return std::move(opened.error());
  const io::Fd& fd = *opened;
  if (!fd) return std::optional<Sum>();
  Sum sum;
  Digest digest;
  std::array<char, 64 * 1024> piece;
  for (;;) {
    const ssize_t count = ::read(fd.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io::file_failure(errno, "read", path);
    if (count == 0) break;
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(count));
    sum.lines += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    digest.update(bytes);
  }
  sum.sha256 = digest.finish();
  return std::optional(std::move(sum));
}

// The lists of a recording, by their names in it.
std::vector<std::string> lists_of(const std::string& directory) {
  std::vector<std::string> names{"makers"};
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory + "/sequences", ignored))
    names.push_back("sequences/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Status seal_recording(const std::string& directory) {
  std::string text;
  for (const auto& name : lists_of(directory)) {
    auto sum = sum_of(directory + "/" + name);
    if (!sum) return std::move(sum.error());
    if (*sum) text += fmt::format("{} {} {}\n", (**sum).lines, (**sum).sha256, name);
  }
  return write_whole(directory, seal_path(directory), text);
}

Status check_recording_seal(const std::string& directory) {
  const std::string path = seal_path(directory);
  std::ifstream in(path, std::ios::binary);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::istringstream fields(line);
    std::uint64_t lines = 0;
    std::string sha256;
    std::string name;
    fields >> lines >> sha256 >> std::ws;
    if (!std::getline(fields, name) || in.eof() || name.find("..") != name.npos)
      return damaged_recording(path, fmt::format("line {} is none that leat has written", number));
    const std::string list = directory + "/" + name;
    auto sum = sum_of(list);
    if (!sum) return std::move(sum.error());
    if (!*sum) return damaged_recording(list, "it is missing");
    if ((**sum).lines < lines)
      return damaged_recording(list, fmt::format("it has {} of its {} lines", (**sum).lines, lines));
    if ((**sum).sha256 != sha256) return damaged_recording(list, "it was changed since");
  }
  return std::nullopt;
}

Status break_recording_seal(const std::string& directory) {
  if (::unlink(seal_path(directory).c_str()) == 0 || errno == ENOENT) return std::nullopt;
  return io::file_failure(errno, "remove", seal_path(directory));
}

}  // namespace leat::pipelines

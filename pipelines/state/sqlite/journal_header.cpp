#include "pipelines/state/sqlite/journal_header.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>

#include "engine/io/file_error.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kHeaderSize = 100;
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::string_view kStartAnew = "remove it to start from the beginning, or name another --state file";

using HeaderBytes = std::array<unsigned char, kHeaderSize>;

std::uint32_t big_endian(const HeaderBytes& header, std::size_t offset, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | header[offset + i];
  return value;
}

bool has_magic(const HeaderBytes& header) {
  return std::equal(kMagic.begin(), kMagic.end(), header.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

std::string version_fault(std::uint32_t version) {
  if (version > kJournalVersion) {
    return fmt::format("a newer leat wrote it (format {}, this one knows {}); use that leat, or {}", version,
                       kJournalVersion, kStartAnew);
  }
  return fmt::format("another version of leat wrote it (format {}, this one knows {}); use that leat, or {}",
                     version, kJournalVersion, kStartAnew);
}

std::string header_fault(const HeaderBytes& header) {
  if (std::all_of(header.begin(), header.end(), [](unsigned char byte) { return byte == 0; })) {
    return fmt::format("it is damaged: its beginning is all zeros; {}", kStartAnew);
  }
  if (!has_magic(header)) return "it is not a journal of leat's; name another --state file";
  if (big_endian(header, 68, 4) != kJournalApplication) {
    return "it is another program's database; name another --state file";
  }
  const std::uint32_t version = big_endian(header, 60, 4);
  return version == kJournalVersion ? std::string() : version_fault(version);
}

}  // namespace

Error journal_refusal(const std::string& path, const std::string& reason) {
  return Error(Errc::file_error, fmt::format("cannot use the journal '{}': {}", path, reason));
}

Result<JournalHeader> read_journal_header(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return io::file_failure(errno, "look at the journal", path);
  if (!S_ISREG(status.st_mode)) {
    return journal_refusal(path, "it is not a regular file; name another --state file");
  }
  if (status.st_size == 0) return journal_refusal(path, fmt::format("it is empty; {}", kStartAnew));
  HeaderBytes header{};
  const ssize_t count = ::pread(descriptor, header.data(), header.size(), 0);
  if (count < 0) return io::file_failure(errno, "read the journal", path);
  if (static_cast<std::size_t>(count) < header.size()) {
    return journal_refusal(path, has_magic(header)
                                     ? fmt::format("it is cut short; {}", kStartAnew)
                                     : "it is not a journal of leat's; name another --state file");
  }
  const std::string fault = header_fault(header);
  if (!fault.empty()) return journal_refusal(path, fault);
  const std::uint32_t page = big_endian(header, 16, 2);  // 1 stands for 65536
  const std::uint64_t size = std::uint64_t{page == 1 ? 65536 : page} * big_endian(header, 28, 4);
  JournalHeader found;
  found.complete = static_cast<std::uint64_t>(status.st_size) >= size;
  return found;
}

}  // namespace leat::pipelines

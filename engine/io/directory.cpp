#include "engine/io/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace leat::io {

namespace {

// The f_type of statfs(2) as the kernel's sources have them; not all stand in <linux/magic.h>.
constexpr std::array<std::uint32_t, 9> kLocal{
    0xEF53,      // ext2, ext3, ext4
    0x58465342,  // XFS
    0x9123683E,  // btrfs
    0x01021994,  // tmpfs
    0x858458F6,  // ramfs
    0xF2F52010,  // F2FS
    0x2FC12FC1,  // ZFS
    0xCA451A4E,  // bcachefs
    0x794C7630,  // overlayfs
};

constexpr unsigned kFoldsCase = 0x40000000;  // FS_CASEFOLD_FL, which <linux/fs.h> has since Linux 5.4

// A file system that has no such flags has no such directories.
bool folds_case(int fd) noexcept {
  unsigned flags = 0;
  return ::ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & kFoldsCase) != 0;
}

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

}  // namespace

bool Directory::is_local() const noexcept {
  Kind kind = kind_.load(std::memory_order_relaxed);
  if (kind == Kind::unknown) {
    struct statfs status {};
    const bool known = ::fstatfs(get(), &status) == 0;
    const auto type = static_cast<std::uint32_t>(status.f_type);
    kind = known && std::ranges::find(kLocal, type) != kLocal.end() ? Kind::local : Kind::other;
    kind_.store(kind, std::memory_order_relaxed);
  }
  return kind == Kind::local;
}

std::optional<std::vector<std::string>> Directory::names(std::size_t most) const {
  if (!is_local()) return std::nullopt;
  Fd fd(::openat(get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || folds_case(fd.get())) return std::nullopt;
  const std::unique_ptr<DIR, CloseDirectory> reader(::fdopendir(fd.get()));
  if (!reader) return std::nullopt;
  static_cast<void>(fd.release());
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(reader.get());
    if (entry == nullptr) break;
    const std::string_view name(entry->d_name);
    if (name == "." || name == "..") continue;
    if (names.size() == most) return std::nullopt;
    names.emplace_back(name);
  }
  if (errno != 0) return std::nullopt;
  return names;
}

}  // namespace leat::io

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/fd.hpp"

namespace leat::io {

/// An open directory, and what is known of the file system that it belongs to. Any thread.
class Directory {
 public:
  explicit Directory(Fd fd) noexcept : fd_(std::move(fd)) {}

  [[nodiscard]] int get() const noexcept { return fd_.get(); }

  /// Says whether the file system is one that the kernel keeps by itself on this machine. There `close` never
  /// reports what could not be stored, a name is just its bytes (unless `names` says otherwise), and files
  /// come only from processes of this machine. What leat doesn't know counts as not local: NFS, FUSE, FAT, …
  [[nodiscard]] bool is_local() const noexcept;

  /// Gives the names of all that stands here, at most `most`. Gives nothing if there are more, if they can't
  /// be read, or if a name that is not among them might be found all the same: where the file system is not
  /// local, or takes capital and small letters for the same.
  [[nodiscard]] std::optional<std::vector<std::string>> names(std::size_t most) const;

 private:
  enum class Kind : std::uint8_t { unknown, local, other };

  Fd fd_;
  mutable std::atomic<Kind> kind_{Kind::unknown};
};

/// A directory that stays open for as long as somebody uses it.
using DirectoryRef = std::shared_ptr<const Directory>;

}  // namespace leat::io

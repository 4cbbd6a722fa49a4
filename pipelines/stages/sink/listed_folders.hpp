#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/io/standing.hpp"
#include "pipelines/result/name_set.hpp"

namespace leat::pipelines {

/// Says what stands at a name, as io::look_at does, but with fewer system calls where a run puts many files
/// into one folder: that is read once, and a name that was not in it then needs no look. What others have put
/// there since is not seen; so whoever writes a file must not replace one unless that is wanted (see
/// io::FileWriter::create and commit). A folder is not read if it is large, or if its file system can't be
/// relied upon, see io::Directory::names. Loop thread only.
class ListedFolders {
 public:
  [[nodiscard]] Result<io::Standing> look_at(const io::BaseDirectory& base, const std::string& path);
  /// From now on this run itself may put something there, or a note beside it.
  void expect(std::string_view path) { names_.insert(path); }

 private:
  [[nodiscard]] bool is_absent(const io::BaseDirectory& base, const std::string& path);
  void read(const io::BaseDirectory& base, const std::string& path, std::string_view folder);

  NameSet names_;                           // of what stands in the folders that were read, with their paths
  NameSet read_;                            // folders
  NameSet unreadable_;                      // folders too, those that are not to be read
  std::array<std::uint8_t, 1024> looks_{};  // into folders, counted by their hashes
};

}  // namespace leat::pipelines

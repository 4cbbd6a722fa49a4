#include "pipelines/stages/sink/listed_folders.hpp"

#include "engine/io/part_note.hpp"
#include "engine/text/hash.hpp"

namespace leat::pipelines {

namespace {

constexpr std::uint8_t kWorthReading = 8;   // looks, which cost more than to read a small folder
constexpr std::size_t kMostNames = 10'000;  // some milliseconds

// With its last '/'; "./" is the base itself.
std::string_view folder_of(std::string_view path) noexcept {
  const std::string_view folder = io::folder_part(path);
  return folder.empty() ? "./" : folder;
}

std::string note_of(std::string_view path) {
  return std::string(io::folder_part(path)).append(io::note_name(io::last_component(path)));
}

}  // namespace

Result<io::Standing> ListedFolders::look_at(const io::BaseDirectory& base, const std::string& path) {
  if (!is_absent(base, path)) return io::look_at(base, path);
  io::Standing standing;
  standing.nothing = true;
  return standing;
}

bool ListedFolders::is_absent(const io::BaseDirectory& base, const std::string& path) {
  const std::string_view folder = folder_of(path);
  if (!read_.contains(folder)) {
    if (unreadable_.contains(folder)) return false;
    std::uint8_t& looks = looks_[text::hash64(folder) % looks_.size()];
    if (++looks < kWorthReading) return false;
    --looks;  // until it can be said whether it is to be read
    read(base, path, folder);
    if (!read_.contains(folder)) return false;
  }
  return !names_.contains(path) && !names_.contains(note_of(path));
}

void ListedFolders::read(const io::BaseDirectory& base, const std::string& path, std::string_view folder) {
  const auto parent = base.parent_of(path, io::MissingDirectories::leave);
  if (!parent || !parent.value()) return;  // it is not there yet
  const auto names = parent.value()->names(kMostNames);
  if (!names) {
    unreadable_.insert(folder);
    return;
  }
  read_.insert(folder);
  const std::string_view above = io::folder_part(path);
  for (const std::string& name : *names) names_.insert(std::string(above).append(name));
}

}  // namespace leat::pipelines

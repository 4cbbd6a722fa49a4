#include "pipelines/result/own_files.hpp"

#include <algorithm>
#include <utility>

#include "engine/io/confined_path.hpp"

namespace leat::pipelines {

namespace {

std::string folder_of(const std::string& path) {
  const auto folder = io::folder_part(path);
  return folder.empty() ? "." : std::string(folder);
}

}  // namespace

void OwnFiles::add(std::string what, std::string path) {
  if (path.empty() || path == "-") return;
  if (const auto id = io::id_of(path)) return add(std::move(what), *id);
  awaited_.push_back({std::move(what), std::move(path)});
}

void OwnFiles::add(std::string what, io::FileId id) { there_.push_back({std::move(what), id}); }

std::string OwnFiles::what_is(const io::FileId& id) const {
  const auto found =
      std::find_if(there_.begin(), there_.end(), [&](const File& own) { return own.id == id; });
  if (found != there_.end()) return found->what;
  for (const auto& own : awaited_) {  // it may have been made meanwhile
    if (io::id_of(own.path) == id) return own.what;
  }
  return {};
}

std::string OwnFiles::what_will_be(const std::string& path) const {
  for (const auto& own : awaited_) {
    if (io::last_component(own.path) != io::last_component(path)) continue;
    const auto folder = io::id_of(folder_of(path));
    if (folder && folder == io::id_of(folder_of(own.path))) return own.what;
  }
  return {};
}

}  // namespace leat::pipelines

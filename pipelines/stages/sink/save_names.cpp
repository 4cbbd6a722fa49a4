#include "pipelines/stages/sink/save_names.hpp"

namespace leat::pipelines {

std::string SaveNames::of_source(std::string_view path, std::string_view source) {
  std::string key(path);
  key += '\0';  // no path has one
  key += source;
  return key;
}

void SaveNames::take(std::string_view path, std::string_view source) {
  names_.insert(path);
  names_.insert(of_source(path, source));
  const auto end = path.rfind('/');
  if (end == path.npos || path.substr(0, end) == last_folder_) return;
  last_folder_ = path.substr(0, end);
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    folders_.insert(path.substr(0, slash));
}

void SaveNames::give_back(std::string_view path, std::string_view source) {
  names_.erase(path);
  names_.erase(of_source(path, source));
}

std::optional<std::size_t> SaveNames::end_of_file_above(std::string_view path) const noexcept {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    if (names_.contains(path.substr(0, slash))) return slash;
  }
  return std::nullopt;
}

}  // namespace leat::pipelines

#include "pipelines/result/other_names.hpp"

#include <algorithm>

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostFolders = 16;

bool uses(const NameTemplate& name, NameField field) noexcept {
  const auto& parts = name.parts();
  return std::any_of(parts.begin(), parts.end(), [field](const NameTemplate::Part& part) {
    return part.is_field && part.field == field;
  });
}

bool says_whole_path(const NameTemplate& name) {
  return uses(name, NameField::path) || (uses(name, NameField::dir) && uses(name, NameField::name));
}

// What may stand in front of the last component: "b/", "a/b/", "host/a/b/", "host@port/a/b/".
std::vector<std::string> folders_of(const NameTemplate& name, const NameSource& source) {
  std::vector<std::string> folders;
  std::string tail;
  const bool has_last = source.name.has_value();  // and then the URL's own name tells more than its folders
  std::vector<std::string> parts =
      says_whole_path(name) && !has_last ? std::vector<std::string>() : path_segments(source.path, has_last);
  for (auto part = parts.rbegin(); part != parts.rend() && folders.size() < kMostFolders; ++part) {
    tail.insert(0, *part + "/");
    folders.push_back(tail);
  }
  const std::string host = safe_component(source.host);
  if (!uses(name, NameField::host)) folders.push_back(host + "/" + tail);
  if (!uses(name, NameField::port)) folders.push_back(host + "@" + std::string(source.port) + "/" + tail);
  return folders;
}

}  // namespace

bool has_other_names(const NameTemplate& name) noexcept {
  return uses(name, NameField::name) || uses(name, NameField::stem) || uses(name, NameField::ext) ||
         uses(name, NameField::path);
}

std::vector<std::string> other_names(const std::string& path, const NameTemplate& name,
                                     const NameSource& source, bool same_page) {
  std::vector<std::string> names;
  if (!has_other_names(name)) return names;
  const std::size_t last = path.rfind('/') + 1;
  const std::string query = source.query.empty() || uses(name, NameField::query)
                                ? std::string()
                                : with_query(path.substr(last), source.query);
  const auto folders = folders_of(name, source);
  const auto add = [&](const std::string& folder, const std::string& component) {
    names.push_back(path.substr(0, last) + folder + component);
  };
  const auto add_all = [&](const std::string& component) {
    for (const auto& folder : folders) add(folder, component);
  };
  if (!query.empty() && same_page) add("", query);
  if (query.empty() || !same_page) add_all(path.substr(last));
  if (query.empty()) return names;
  if (!same_page) add("", query);
  add_all(query);
  return names;
}

}  // namespace leat::pipelines

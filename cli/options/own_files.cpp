#include "cli/options/own_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

constexpr std::array<std::string_view, 13> kOwn{
    "input",  "file",       "state",  "failed", "cookie-jar", "cookie",     "checksums",
    "config", "netrc-file", "cacert", "cert",   "key",        "upload-file"};

// Gives the file that the value names; empty if it names none. "@FILE" is how data, headers and parts of a
// form come from a file.
std::string file_of(const GivenOption& one) {
  if (std::find(kOwn.begin(), kOwn.end(), one.option->name) != kOwn.end()) return one.text;
  if (one.text.starts_with('@')) return one.text.substr(1);
  const auto at = one.text.find("=@");
  if (at == one.text.npos) return {};
  const std::string file = one.text.substr(at + 2);
  return file.substr(0, file.find(';'));
}

}  // namespace

std::string_view owner_of(const Given& given, System& system, const std::string& path,
                          std::string_view asking) {
  for (const auto& one : given.options) {
    if (one.option->name == asking) continue;
    const std::string file = file_of(one);
    if (file.empty() || file == "-") continue;
    if (file == path || system.is_same_file(file, path)) return one.option->name;
  }
  return {};
}

Status check_own_files(const Given& given, System& system) {
  for (const std::string_view name : {"cookie-jar", "failed"}) {
    const auto path = given.text(name);
    if (path.empty() || path == "-") continue;
    const auto owner = owner_of(given, system, path, name);
    if (owner.empty() || (name == "cookie-jar" && owner == "cookie")) continue;
    return Error(Errc::bad_input,
                 fmt::format("--{}: {}: it is the file of --{}, and would be overwritten; take "
                             "another name",
                             name, text::in_quotes(path, 400), owner));
  }
  return std::nullopt;
}

}  // namespace leat::cli

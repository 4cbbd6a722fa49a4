#include "cli/options/own_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/options/presets.hpp"
#include "engine/http/tls/certificate_name.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

constexpr std::array<std::string_view, 12> kInputs{"input",      "file",   "cookie",   "checksums",
                                                   "config",     "cacert", "key",      "pinnedpubkey",
                                                   "netrc-file", "cert",   "data-csv", "upload-file"};
constexpr std::array<std::string_view, 7> kOutputs{"cookie-jar", "failed", "state",  "save",
                                                   "html",       "csv",    "samples"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Gives the file that the value names; empty if it names none. "@FILE" is how data, headers and parts of a
// form come from a file.
std::string file_of(const GivenOption& one) {
  if (one.option->name == "cert") return http::split_certificate(one.text).first;
  if (is_one_of(kInputs, one.option->name) || is_one_of(kOutputs, one.option->name)) return one.text;
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

std::vector<std::string> inputs_of(const Given& given, System& system) {
  std::vector<std::string> files;
  for (const auto& one : given.options) {
    // The file of --cookie may be the jar; the plan knows it.
    if (is_one_of(kOutputs, one.option->name) || one.option->name == "cookie") continue;
    std::string file = file_of(one);
    if (!file.empty() && file != "-") files.push_back(std::move(file));
  }
  if (!given.has("config")) files.push_back(usual_config_file(system));
  return files;
}

Status check_own_files(const Given& given, System& system) {
  for (const auto name : kOutputs) {
    const auto path = given.text(name);
    if (path.empty() || path == "-" || path.starts_with("/dev/")) continue;  // nothing to lose
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

#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines::spec_test {

/// The stages of the tests, with an argument of every type; the real table is in pipelines/stages.

inline constexpr std::uint64_t kSecond = 1'000'000'000;

// Stands for the compiler of an embedded language, which refuses `%%`.
inline std::optional<TextFault> no_percents(const std::string& text) {
  const auto at = text.find("%%");
  if (at == std::string::npos) return std::nullopt;
  return TextFault{at, "\"%%\" makes no sense"};
}

inline std::optional<TextFault> known_fields(const std::string& text) {
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    if (text.substr(at, 2) == "{{") {
      ++at;
      continue;
    }
    const auto end = text.find('}', at);
    if (end == std::string::npos) return TextFault{at, "\"{\" is not closed; a brace itself is \"{{\""};
    const auto name = text.substr(at + 1, end - at - 1);
    if (name != "url" && name != "host" && name != "name")
      return TextFault{at + 1, "no field {" + name + "}"};
  }
  return std::nullopt;
}

inline constexpr std::array<std::string_view, 3> kFormats{"json", "csv", "tsv"};
inline constexpr std::array<std::string_view, 3> kScopes{"host", "site", "any"};
inline constexpr std::array<std::string_view, 1> kLink{"link"};

inline constexpr std::array kPathArgs{
    ArgRow{.name = "FILE", .type = ArgType::path, .help = "default: stdin"}};
inline constexpr std::array kUrlsArgs{
    ArgRow{.name = "URL", .type = ArgType::url, .help = "", .required = true, .repeatable = true}};
inline constexpr std::array kFetchArgs{
    ArgRow{.key = "n", .name = "N", .type = ArgType::count, .help = "", .least = 1, .most = 1000},
    ArgRow{.key = "rate", .name = "R", .type = ArgType::rate, .help = ""},
    ArgRow{.key = "retry", .name = "N", .type = ArgType::count, .help = "", .most = 100},
    ArgRow{.key = "frontier", .name = "N", .type = ArgType::count, .help = ""},
    ArgRow{.key = "stall",
           .name = "T",
           .type = ArgType::duration,
           .help = "",
           .least = kSecond / 1000,
           .most = 3600 * kSecond},
    ArgRow{.key = "body-limit",
           .name = "B",
           .type = ArgType::size,
           .help = "",
           .least = 1024,
           .most = std::uint64_t{1} << 30},
    ArgRow{.key = "fail", .name = "LIST", .type = ArgType::statuses, .help = ""},
    ArgRow{.key = "insecure", .name = "BOOL", .type = ArgType::flag, .help = ""},
    ArgRow{.key = "header", .name = "HEADER", .type = ArgType::header, .help = "", .repeatable = true},
    ArgRow{.key = "body", .name = "(JQ)", .type = ArgType::jq, .help = "", .check = no_percents},
    ArgRow{.key = "user", .name = "TEXT", .type = ArgType::text, .help = ""}};
inline constexpr std::array kJqArgs{
    ArgRow{.name = "(JQ)", .type = ArgType::jq, .help = "", .required = true, .check = no_percents}};
inline constexpr std::array kExtractArgs{
    ArgRow{.key = "css", .name = "CSS", .type = ArgType::css, .help = "", .check = no_percents},
    ArgRow{.key = "xpath", .name = "XPATH", .type = ArgType::xpath, .help = "", .check = no_percents},
    ArgRow{.key = "regex", .name = "RE", .type = ArgType::regex, .help = "", .check = no_percents},
    ArgRow{.key = "as", .name = "PATH", .type = ArgType::text, .help = ""}};
inline constexpr std::array kLimitArgs{
    ArgRow{.name = "N", .type = ArgType::count, .help = "", .required = true, .least = 1}};
inline constexpr std::array kSampleArgs{
    ArgRow{.name = "P", .type = ArgType::fraction, .help = "", .required = true}};
inline constexpr std::array kExecArgs{
    ArgRow{.name = "COMMAND", .type = ArgType::temp, .help = "", .required = true, .check = known_fields},
    ArgRow{.name = "ARG", .type = ArgType::temp, .help = "", .repeatable = true, .check = known_fields},
    ArgRow{.key = "stdin", .name = "(JQ)", .type = ArgType::jq, .help = ""}};
inline constexpr std::array kDelayArgs{
    ArgRow{.name = "T", .type = ArgType::duration, .help = "", .required = true}};
inline constexpr std::array kTeeArgs{
    ArgRow{.name = "{…}", .type = ArgType::block, .help = "", .required = true}};
inline constexpr std::array kCrawlArgs{
    ArgRow{
        .key = "next", .name = "{…}", .type = ArgType::block, .help = "", .required = true, .open_end = true},
    ArgRow{.key = "scope", .name = "SCOPE", .type = ArgType::word, .help = "", .choices = kScopes},
    ArgRow{.key = "n", .name = "N", .type = ArgType::count, .help = "", .least = 1}};
inline constexpr std::array kPaginateArgs{ArgRow{
    .key = "next", .name = "(JQ)", .type = ArgType::jq, .help = "", .required = true, .choices = kLink}};
inline constexpr std::array kSaveArgs{
    ArgRow{.name = "TEMPLATE", .type = ArgType::temp, .help = "", .required = true, .check = known_fields}};
inline constexpr std::array kWriteArgs{
    ArgRow{.name = "FORMAT", .type = ArgType::temp, .help = "", .choices = kFormats, .check = known_fields},
    ArgRow{.key = "to", .name = "FILE", .type = ArgType::path, .help = ""},
    ArgRow{.key = "fields", .name = "LIST", .type = ArgType::list, .help = ""}};

inline constexpr std::array kStages{
    Signature{"lines", StageKind::source, "", "", kPathArgs},
    Signature{"urls", StageKind::source, "", "", kUrlsArgs},
    Signature{"queue", StageKind::source, "", "", {}},
    Signature{"fetch", StageKind::stage, "", "", kFetchArgs},
    Signature{"paginate", StageKind::stage, "", "", kPaginateArgs},
    Signature{"crawl", StageKind::stage, "", "", kCrawlArgs},
    Signature{"where", StageKind::record, "", "", kJqArgs},
    Signature{"each", StageKind::stage, "", "", kJqArgs},
    Signature{"set", StageKind::record, "", "", {}, ArgType::jq, no_percents},
    Signature{"extract", StageKind::record, "", "", kExtractArgs},
    Signature{"limit", StageKind::stage, "", "", kLimitArgs},
    Signature{"sample", StageKind::record, "", "", kSampleArgs},
    Signature{"exec", StageKind::stage, "", "", kExecArgs},
    Signature{"delay", StageKind::stage, "", "", kDelayArgs},
    Signature{"tee", StageKind::stage, "", "", kTeeArgs},
    Signature{"save", StageKind::record, "", "", kSaveArgs},
    Signature{"write", StageKind::sink, "", "", kWriteArgs},
    Signature{"queue", StageKind::sink, "", "", {}},
    Signature{"null", StageKind::sink, "", "", {}},
};

/// The environment, the files and the --sets that the tests' specs see.
struct World {
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;
  Variables::Sets sets;
  std::string file;

  [[nodiscard]] LoadedSpec load(std::string text) const {
    SpecOptions options;
    options.file = file;
    options.sets = sets;
    options.getenv = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    options.read_file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Error(Errc::file_error, "No such file or directory");
      return found->second;
    };
    return load_spec(std::move(text), kStages, options);
  }
};

/// The errors of a spec as they are printed; empty if it has none.
inline std::string errors_of(const std::string& text, const World& world = {}) {
  return render(world.load(text).faults);
}

}  // namespace leat::pipelines::spec_test

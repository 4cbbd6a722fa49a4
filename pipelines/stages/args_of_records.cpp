#include "pipelines/stages/stage_args.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/extract/regex.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/xpath.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array kProgramRow{program_row("", "the program", true), asked_row()};
constexpr std::array kSetRow{asked_row()};

constexpr std::array kExtractRows{
    ArgRow{.key = "css",
           .name = "SELECTOR",
           .type = ArgType::css,
           .help = "elements of HTML or XML",
           .check = check_selector},
    ArgRow{.key = "xpath",
           .name = "XPATH",
           .type = ArgType::xpath,
           .help = "nodes or values of HTML or XML",
           .check = check_xpath},
    ArgRow{.key = "regex",
           .name = "REGEX",
           .type = ArgType::regex,
           .help = "every match's first group, or an object of its named groups",
           .check = check_regex},
    program_row("jq", "every output"),
    asked_row("jq"),
    ArgRow{.key = "attr",
           .name = "NAME",
           .type = ArgType::text,
           .help = "an attribute, made absolute where it is a URL (default the text)"},
    ArgRow{.key = "html",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "the markup instead of the text (default false)"},
    ArgRow{.key = "as",
           .name = "PLACE",
           .type = ArgType::text,
           .help = "where the array goes (default meta.extract)",
           .check = check_meta_place}};

constexpr std::array kDedupeRows{
    program_row("by", "what must differ (default (.url))"), asked_row("by"),
    ArgRow{.key = "memory",
           .name = "N",
           .type = ArgType::count,
           .help = "keys in memory; beyond them they are on disk (default 1000000)",
           .least = 1},
    ArgRow{.key = "show",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "what is dropped goes on to the end as skipped, with the reason (default false)"}};

constexpr std::array kLimitRows{
    ArgRow{.name = "N", .type = ArgType::count, .help = "how many", .required = true, .least = 1}};
constexpr std::array kSkipRows{
    ArgRow{.name = "N", .type = ArgType::count, .help = "how many", .required = true}};
constexpr std::array kSampleRows{
    ArgRow{.name = "PART", .type = ArgType::fraction, .help = "how likely: 0.1 or 10%", .required = true},
    ArgRow{.key = "seed",
           .name = "N",
           .type = ArgType::count,
           .help = "for the same records each time (default another one each time)",
           .least = 1}};

constexpr std::array kHashRows{ArgRow{.name = "ALGORITHM",
                                      .type = ArgType::word,
                                      .help = "sha256, sha1, md5 or sha512 (default sha256)",
                                      .choices = kDigests},
                               ArgRow{.key = "as",
                                      .name = "PLACE",
                                      .type = ArgType::text,
                                      .help = "where it goes (default meta.ALGORITHM)",
                                      .check = check_meta_place}};

constexpr std::array<std::string_view, 1> kRecords{"records"};
constexpr std::array kExecRows{
    ArgRow{.name = "WORD",
           .type = ArgType::temp,
           .help = "the command, then its arguments, each with fields of the record",
           .required = true,
           .repeatable = true,
           .check = check_text},
    program_row("stdin", "what it reads: each output, a newline between two (default nothing)"),
    ArgRow{.key = "as",
           .name = "records",
           .type = ArgType::word,
           .help = "each line that it prints is a record (default .meta.exec is what it prints)",
           .choices = kRecords},
    ArgRow{.key = "timeout",
           .name = "T",
           .type = ArgType::duration,
           .help = "a command that takes longer is stopped and fails (default none)",
           .least = 1},
    ArgRow{.key = "n",
           .name = "N",
           .type = ArgType::count,
           .help = "commands at once (default as many as there are processors)",
           .least = 1,
           .most = 65535}};

}  // namespace

std::span<const ArgRow> program_rows() noexcept { return kProgramRow; }
std::span<const ArgRow> set_rows() noexcept { return kSetRow; }
std::span<const ArgRow> extract_rows() noexcept { return kExtractRows; }
std::span<const ArgRow> dedupe_rows() noexcept { return kDedupeRows; }
std::span<const ArgRow> limit_rows() noexcept { return kLimitRows; }
std::span<const ArgRow> skip_rows() noexcept { return kSkipRows; }
std::span<const ArgRow> sample_rows() noexcept { return kSampleRows; }
std::span<const ArgRow> hash_rows() noexcept { return kHashRows; }
std::span<const ArgRow> exec_rows() noexcept { return kExecRows; }

StageArgs bind_set(const BoundStage& stage) {
  SetArgs args;
  for (const auto& arg : stage.args) {
    if (arg.row == nullptr) args.changes.emplace_back(arg.key, program_or_text(arg));
  }
  return args;
}

std::optional<std::string> verify_set(const BoundStage& stage) {
  if (!std::get<SetArgs>(bind_set(stage)).changes.empty()) return std::nullopt;
  return "\"set\" takes what is to be set, such as meta.x=(.status)";
}

StageArgs bind_extract(const BoundStage& stage) {
  using Kind = ExtractArgs::Kind;
  const ArgReader reader(stage);
  ExtractArgs args;
  for (const auto& [key, kind] :
       {std::pair{"css", Kind::css}, {"xpath", Kind::xpath}, {"regex", Kind::regex}, {"jq", Kind::jq}}) {
    if (!reader.has(key)) continue;
    args.kind = kind;
    reader.read(key, args.text);
  }
  reader.read("attr", args.attribute);
  reader.read("html", args.html);
  reader.read("as", args.as);
  return args;
}

std::optional<std::string> verify_extract(const BoundStage& stage) {
  int given = 0;
  for (const auto* key : {"css", "xpath", "regex", "jq"}) given += stage.find(key) != nullptr ? 1 : 0;
  if (given == 1) return std::nullopt;
  return "\"extract\" takes one of css= xpath= regex= jq=";
}

StageArgs bind_dedupe(const BoundStage& stage) {
  DedupeArgs args;
  const ArgReader reader(stage);
  reader.read("by", args.by);
  reader.read("memory", args.memory);
  reader.read("show", args.show);
  return args;
}

StageArgs bind_sample(const BoundStage& stage) {
  SampleArgs args;
  ArgReader(stage).read("PART", args.fraction);
  ArgReader(stage).read("seed", args.seed);
  return args;
}

StageArgs bind_hash(const BoundStage& stage) {
  HashArgs args;
  ArgReader(stage).read("ALGORITHM", args.algorithm);
  ArgReader(stage).read("as", args.as);
  return args;
}

StageArgs bind_exec(const BoundStage& stage) {
  const ArgReader reader(stage);
  ExecArgs args;
  args.argv = reader.texts("WORD");
  if (reader.has("stdin")) reader.read("stdin", args.input.emplace().text);
  args.as_records = reader.has("as");
  reader.read("timeout", args.timeout);
  reader.read("n", args.n);
  return args;
}

}  // namespace leat::pipelines
